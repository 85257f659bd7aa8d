package connect

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// The windows of HTTP/2 flow control: how much of a result may wait here unread.
const (
	streamWindow     = 4 << 20
	connectionWindow = 8 << 20
)

// dial prepares a connection; nothing is sent before the first request.
func dial(o Options, extra ...grpc.DialOption) (*grpc.ClientConn, error) {
	options := []grpc.DialOption{
		grpc.WithUserAgent(o.clientType()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(o.MaxMessage), grpc.MaxCallSendMsgSize(o.MaxMessage)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 5 * time.Second},
			MinConnectTimeout: 10 * time.Second,
		}),
		grpc.WithInitialWindowSize(streamWindow),
		grpc.WithInitialConnWindowSize(connectionWindow),
		grpc.WithDisableServiceConfig(),
		grpc.WithPerRPCCredentials(bearer{token: o.Token, headers: o.Headers}),
		grpc.WithTransportCredentials(transport(o)),
	}
	if k, on := o.keepalive(); on {
		options = append(options, grpc.WithKeepaliveParams(k))
	}
	target := o.Address
	if o.local() {
		options = append(options, grpc.WithContextDialer(dialLocal), grpc.WithNoProxy())
		target = "passthrough:///" + o.Address
	}
	if o.unix() {
		options = append(options, grpc.WithAuthority("localhost"))
	}
	conn, err := grpc.NewClient(target, append(options, extra...)...)
	if err != nil {
		return nil, fmt.Errorf("the address %s of a Spark server: %w", o.Address, err)
	}
	return conn, nil
}

func transport(o Options) credentials.TransportCredentials {
	if !o.TLS {
		return insecure.NewCredentials()
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.TLSConfig != nil {
		config = o.TLSConfig.Clone()
	}
	return credentials.NewTLS(config)
}

// keepalive is off by default on this machine: a connection there cannot die
// silently, and a server that is busy collecting garbage must not lose it.
func (o Options) keepalive() (keepalive.ClientParameters, bool) {
	on := !o.Keepalive.Off && (!o.local() || o.Keepalive != Keepalive{})
	return keepalive.ClientParameters{
		Time:                cmp.Or(o.Keepalive.Every, time.Minute),
		Timeout:             cmp.Or(o.Keepalive.Timeout, 20*time.Second),
		PermitWithoutStream: !o.Keepalive.OnlyInFlight,
	}, on
}

// dialLocal connects to this machine and to no other, whatever a name resolves
// to: a token may go over this connection unencrypted.
func dialLocal(ctx context.Context, address string) (net.Conn, error) {
	var dialer net.Dialer
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return dialer.DialContext(ctx, "unix", path)
	}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("%s is not on this machine", address), conn.Close())
	}
	return conn, nil
}

// bearer puts the token and the headers on every request. Whether the transport
// is safe enough is decided by [Options.check], not per request.
type bearer struct {
	token   string
	headers map[string]string
}

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	metadata := make(map[string]string, len(b.headers)+1)
	for k, v := range b.headers {
		metadata[k] = v
	}
	if b.token != "" {
		metadata["authorization"] = "Bearer " + b.token
	}
	return metadata, nil
}

func (bearer) RequireTransportSecurity() bool { return false }
