package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"

	"gospark/sparkclient"
)

// proxy stands before a server and cuts each connection when that many bytes
// have come from the server.
type proxy struct {
	listener net.Listener
	target   string
	limit    atomic.Int64 // 0: none
	cuts     atomic.Int64
	wait     sync.WaitGroup

	mu   sync.Mutex // guards live
	live []net.Conn
}

// cut cuts all connections now.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.live {
		_ = c.Close()
	}
	p.live = nil
	p.cuts.Add(1)
}

func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, target: target}
	p.wait.Go(p.serve)
	t.Cleanup(func() {
		_ = listener.Close()
		p.wait.Wait()
	})
	return p
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.live = append(p.live, client)
		p.mu.Unlock()
		p.wait.Go(func() {
			_, _ = io.Copy(server, client)
			_ = errors.Join(client.Close(), server.Close())
		})
		p.wait.Go(func() {
			if n := p.limit.Load(); n > 0 {
				if copied, _ := io.CopyN(client, server, n); copied == n {
					p.cuts.Add(1)
				}
			} else {
				_, _ = io.Copy(client, server)
			}
			_ = errors.Join(client.Close(), server.Close())
		})
	}
}

// throughProxy is a session on the real server by way of a proxy, and how often
// each method was called.
func throughProxy(t *testing.T) (*Session, *proxy, func(method string) int) {
	t.Helper()
	o, err := Parse(spark.Remote(t))
	if err != nil {
		t.Fatal(err)
	}
	p := startProxy(t, o.Address)
	o.Address = p.listener.Addr().String()
	if o, err = o.check(); err != nil {
		t.Fatal(err)
	}
	var calls sync.Map
	l, err := newLink(o, grpc.WithStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, cc *grpc.ClientConn, method string, streamer grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
		n, _ := calls.LoadOrStore(path.Base(method), new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
		return streamer(ctx, d, cc, method, options...)
	}))
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(l, o.SessionID)
	t.Cleanup(func() {
		p.limit.Store(0)
		_ = s.Release(context.Background())
	})
	return s, p, func(method string) int {
		n, ok := calls.Load(method)
		if !ok {
			return 0
		}
		return int(n.(*atomic.Int64).Load())
	}
}

// The connection to the real server breaks again and again in the middle of a
// result: every row comes once, and the plan goes out once.
func TestDroppedConnections(t *testing.T) {
	s, p, calls := throughProxy(t)
	p.limit.Store(2 << 20)
	query(t, s, "select 1")
	before := calls("ExecutePlan")
	const rows = 300_000
	stream, err := s.Execute(t.Context(), sqlPlan(fmt.Sprintf("select id, repeat('x', 20) as s from range(0, %d, 1, 4)", rows)))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	var count, sum, squares int64
	for {
		b, err := stream.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		ids := b.Columns()[0].(sparkclient.Int64Vector)
		for i := range b.Len() {
			id := ids.Int64(i)
			count, sum, squares = count+1, sum+id, squares+id*id%97
		}
	}
	want := int64(0)
	for id := range int64(rows) {
		want += id * id % 97
	}
	if count != rows || sum != rows*(rows-1)/2 || squares != want {
		t.Errorf("%d rows, sum %d, squares %d for %d", count, sum, squares, want)
	}
	if n := calls("ExecutePlan") - before; n != 1 || p.cuts.Load() < 2 || calls("ReattachExecute") < 2 {
		t.Errorf("the plan went out %d times; %d cuts, %d reattached", n, p.cuts.Load(), calls("ReattachExecute"))
	}
}

// A command whose connection breaks while it runs is not run again.
func TestDroppedCommand(t *testing.T) {
	s, p, calls := throughProxy(t)
	table := "t_" + strings.ReplaceAll(s.SessionID(), "-", "_")
	if _, err := run(t.Context(), s, commandPlan("create table "+table+" (s string) using parquet")); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = run(context.Background(), s, commandPlan("drop table "+table)) }()
	before := calls("ExecutePlan")
	ctx := sparkclient.WithProgress(t.Context(), func(got sparkclient.Progress) {
		if p.cuts.Load() < 3 && !got.Finished && !got.Started {
			p.cut()
		}
	})
	if _, err := run(ctx, s, commandPlan("insert into "+table+" select sha2(string(id), 512) from range(0, 150000, 1, 4)")); err != nil {
		t.Error(err)
	}
	r := query(t, s, "select count(*) from "+table)
	if n := r.rows[0][0]; n != int64(150_000) || calls("ExecutePlan")-before != 2 || p.cuts.Load() == 0 {
		t.Errorf("%v rows, %d plans, %d cuts", n, calls("ExecutePlan")-before, p.cuts.Load())
	}
}
