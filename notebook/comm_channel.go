package notebook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"gospark/kernel"
	"gospark/nearest"
)

// StatusTarget is the target of the comm that tells how the notebook stands to
// Spark, and takes requests. docs/comm.md has its messages.
const StatusTarget = "gospark"

const (
	// commVersion is that of the messages of StatusTarget.
	commVersion = 1
	// mostChannels bounds the open comms: a page that is loaded again leaves its
	// former one open.
	mostChannels = 16
	// serversEvery is how often watched servers are looked at, operationsEvery how
	// often Spark is asked what runs.
	serversEvery    = time.Second
	operationsEvery = 2 * time.Second
)

// channel is one open comm of StatusTarget.
//
// Goroutines, all of them errands: tell sends a status, and that the catalog has
// changed, at each change; watch sends reports while they are wanted, and has one
// beside it ask Spark what runs; monitor what cells' work has come to; one for each
// request.
type channel struct {
	n    *Notebook
	comm kernel.Comm

	// mu guards the fields below.
	mu         sync.Mutex
	ended      bool
	count      int
	doing      map[int]context.CancelFunc     // what goes on for the front end, by its number
	watching   context.CancelFunc             // ends the reports; nil where nobody wants them
	reading    context.CancelFunc             // ends the wait for the log; nil where nobody waits
	seeking    context.CancelFunc             // ends a search; nil where there is none
	asked      map[string]*context.CancelFunc // requests that are not answered yet, by their id: the last of it
	monitoring context.CancelFunc             // ends what is told of cells' work; nil where nobody wants it
}

// channels are the open comms of a notebook, the oldest first.
type channels struct {
	mu  sync.Mutex // guards the field below
	all []*channel
}

// add notes a new one and returns those that are too many.
func (s *channels) add(c *channel) []*channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, c)
	many := max(len(s.all)-mostChannels, 0)
	old := slices.Clone(s.all[:many])
	s.all = slices.Delete(s.all, 0, many)
	return old
}

func (s *channels) remove(c *channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(other *channel) bool { return other == c })
}

func (n *Notebook) openChannel(comm kernel.Comm) kernel.CommHandler {
	c := &channel{n: n, comm: comm, doing: map[int]context.CancelFunc{}, asked: map[string]*context.CancelFunc{}}
	for _, old := range n.channels.add(c) {
		old.end()
		if err := old.comm.Close(kernel.CommMessage{}); err != nil {
			n.log.Info("close a front end's comm", "err", err)
		}
	}
	c.do(c.tell)
	return c
}

// Closed ends what is done for the front end.
func (c *channel) Closed(context.Context, kernel.CommMessage) {
	c.n.channels.remove(c)
	c.end()
}

func (c *channel) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	for _, cancel := range c.doing {
		cancel()
	}
}

// Message takes a request; it is answered when it is done.
func (c *channel) Message(_ context.Context, m kernel.CommMessage) {
	var r commRequest
	err := json.Unmarshal(m.Data, &r)
	// Known from now on, so that a cancel_request right behind it finds it.
	wanted, cancel := context.WithCancel(context.Background())
	c.mu.Lock()
	c.asked[r.ID] = &cancel
	c.mu.Unlock()
	c.do(func(ctx context.Context) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		defer context.AfterFunc(wanted, stop)()
		defer c.forget(r.ID, &cancel)
		c.send(c.answer(ctx, r, err))
	})
}

// forget drops a request that is answered. A front end may have used its id again
// as soon as it had the answer.
func (c *channel) forget(id string, cancel *context.CancelFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	(*cancel)()
	if c.asked[id] == cancel {
		delete(c.asked, id)
	}
}

// cancelRequest ends the work on a request, which is answered with what came of it.
func (c *channel) cancelRequest(_ context.Context, p commRequestID) (commNone, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel := c.asked[p.ID]; cancel != nil {
		(*cancel)()
	}
	return commNone{}, nil
}

// do has f done as long as the comm is open; cancel ends it before.
func (c *channel) do(f func(context.Context)) {
	c.n.errands.do(func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer c.begin(cancel)()
		f(ctx)
	})
}

// begin notes what goes on; end must follow.
func (c *channel) begin(cancel context.CancelFunc) (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		cancel()
	}
	c.count++
	number := c.count
	c.doing[number] = cancel
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.doing, number)
	}
}

// isOpen reports whether the front end is still there.
func (c *channel) isOpen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.ended
}

// send says something to the front end, if it is still there.
func (c *channel) send(m any) {
	if !c.isOpen() {
		return
	}
	raw, err := json.Marshal(m)
	if err == nil {
		err = c.comm.Send(kernel.CommMessage{Data: raw})
	}
	if err != nil {
		c.n.log.Info("tell a front end", "target", StatusTarget, "err", err)
	}
}

// answer carries out one request.
func (c *channel) answer(ctx context.Context, r commRequest, err error) (a commAnswer) {
	a.Version = commVersion
	defer func() {
		if fault := recover(); fault != nil {
			c.n.log.Error("a front end's request", "fault", fault, "stack", string(debug.Stack()))
			a.Result, a.Error = nil, &commFailure{Name: "fault", Message: fmt.Sprintf("gospark itself failed: %v", fault)}
		}
	}()
	if err != nil {
		a.Error = &commFailure{Name: "bad request", Message: "the message is not a request: " + err.Error()}
		return a
	}
	a.ID = r.ID
	if r.Version != commVersion {
		a.Error = &commFailure{Name: "bad request", Message: fmt.Sprintf("version %d is not spoken here, but %d", r.Version, commVersion)}
		return a
	}
	routes := c.routes()
	do, ok := routes[r.Request]
	if !ok {
		a.Error = &commFailure{Name: "bad request", Message: fmt.Sprintf("there is no request %q", r.Request)}
		if near := nearest.Of(r.Request, slices.Collect(maps.Keys(routes))); near != "" {
			a.Error.Advice = []string{"did you mean `" + near + "`?"}
		}
		return a
	}
	result, err := do(ctx, r.Params)
	if err != nil {
		a.Error = c.n.commFailure(ctx, err)
		return a
	}
	a.Result = result
	return a
}

// route carries out requests of one kind.
type route func(ctx context.Context, params json.RawMessage) (any, error)

// errParams says that a request's parameters are not those of its kind.
var errParams = errors.New("the parameters are not this request's")

// on adapts a typed function: the parameters are decoded once, here.
func on[Params, Result any](f func(context.Context, Params) (Result, error)) route {
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		var p Params
		if len(raw) > 0 {
			in := json.NewDecoder(bytes.NewReader(raw))
			in.DisallowUnknownFields()
			if err := in.Decode(&p); err != nil {
				return nil, fmt.Errorf("%w: %s", errParams, strings.TrimPrefix(err.Error(), "json: "))
			}
		}
		return f(ctx, p)
	}
}

// routes are the requests. One more is a line here, its types in comm_messages.go
// or beside what answers it, and its fixture in testdata/comm.
func (c *channel) routes() map[string]route {
	return map[string]route{
		"status":       on(func(ctx context.Context, _ commNone) (commStatus, error) { return c.n.commStatus(ctx), nil }),
		"profiles":     on(c.n.commProfiles),
		"profile":      on(c.n.commProfile),
		"options":      on(c.n.commOptions),
		"start":        on(c.n.commStart),
		"connect":      on(c.n.commConnect),
		"cancel_start": on(c.n.commCancelStart),
		"disconnect":   on(c.n.commDisconnect),
		"stop":         on(c.n.commStop),
		"restart":      on(c.n.commRestart),
		"start_server": on(c.n.commStartServer),
		"report":       on(c.n.commReport),
		"watch":        on(c.watch),
		"cancel":       on(c.n.commCancel),
		"monitor":      on(c.monitor),
		"cancel_cell":  on(c.n.commCancelCell),
		"cancel_job":   on(c.n.commCancelJob),
		"log":          on(c.log),
		"conf":         on(c.n.commConf),
		"set_conf":     on(c.n.commSetConf),

		"cancel_request":  on(c.cancelRequest),
		"catalog":         on(c.n.commCatalog),
		"columns":         on(c.n.commColumns),
		"preview":         on(c.n.commPreview),
		"search_catalog":  on(c.search),
		"refresh_catalog": on(c.n.commRefresh),
		"ui":              on(c.n.commUI),
		"ui_jobs":         on(c.n.commUIJobs),
		"ui_stages":       on(c.n.commUIStages),
		"ui_executors":    on(c.n.commUIExecutors),
		"ui_queries":      on(c.n.commUIQueries),
		"ui_query":        on(c.n.commUIQuery),
	}
}

// tell sends the status at each change, and that the catalog has changed, until the
// comm is closed.
func (c *channel) tell(ctx context.Context) {
	var last []byte
	known, _ := c.n.catalog.changes()
	for {
		_, changed := c.n.spark.peek()
		began := c.n.running.changes()
		version, forgot := c.n.catalog.changes()
		if version != known {
			known = version
			c.send(commEvent{Version: commVersion, Event: "catalog", Catalog: &commCatalogEvent{version}})
		}
		now := c.n.commStatus(ctx)
		seconds := now.Seconds
		now.Seconds = 0
		if text, err := json.Marshal(now); err == nil && !bytes.Equal(text, last) {
			last, now.Seconds = text, seconds
			c.send(commEvent{Version: commVersion, Event: "status", Status: &now})
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-began:
		case <-forgot:
		}
	}
}

// only makes ctx the one of its kind: the one before, kept in slot, ends.
func (c *channel) only(ctx context.Context, slot *context.CancelFunc) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if *slot != nil {
		(*slot)()
	}
	*slot = cancel
	return ctx, cancel
}

// while has f done from now on in place of what goes on in slot, or only ends that.
func (c *channel) while(ctx context.Context, on bool, slot *context.CancelFunc, f func(context.Context)) (commNone, error) {
	if _, cancel := c.only(ctx, slot); !on {
		cancel()
		return commNone{}, nil
	}
	c.do(func(ctx context.Context) {
		ctx, cancel := c.only(ctx, slot)
		defer cancel()
		f(ctx)
	})
	return commNone{}, nil
}

// watch begins or ends the reports that are sent whenever the server has changed.
func (c *channel) watch(ctx context.Context, p commWatch) (commNone, error) {
	return c.while(ctx, p.On, &c.watching, c.report)
}

// report sends what is new of the servers, and of what runs on the notebook's own.
// Spark may take its time to say what runs: the servers are told meanwhile.
func (c *channel) report(ctx context.Context) {
	look, ask := time.NewTicker(serversEvery), time.NewTicker(operationsEvery)
	defer look.Stop()
	defer ask.Stop()
	var asking sync.WaitGroup
	defer asking.Wait()
	answers := make(chan []commOperation, 1)
	operations, isDue, isAsking := []commOperation{}, true, false
	var last []byte
	for ctx.Err() == nil {
		s, changed := c.n.spark.peek()
		began := c.n.running.changes()
		now := c.n.commServers(ctx, s)
		now.Operations = operations
		if text, err := json.Marshal(now.steady()); err == nil && !bytes.Equal(text, last) {
			last = text
			c.send(commEvent{Version: commVersion, Event: "report", Report: &now})
		}
		if isDue && !isAsking {
			isDue, isAsking = false, true
			asking.Go(func() { answers <- c.n.sparkOperations(ctx, s, now.clients()) })
		}
		select {
		case <-ctx.Done():
		case operations = <-answers:
			isAsking = false
		case <-changed:
			isDue = true
		case <-began:
			isDue = true
		case <-ask.C:
			isDue = true
		case <-look.C:
		}
	}
}

// log answers when there is something new in the log; a later question takes its
// place.
func (c *channel) log(ctx context.Context, p commLog) (commLogPart, error) {
	ctx, cancel := c.only(ctx, &c.reading)
	defer cancel()
	return c.n.commLog(ctx, p)
}
