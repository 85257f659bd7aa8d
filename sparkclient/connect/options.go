package connect

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"
)

// DefaultPort is where a Spark Connect server listens unless told otherwise.
const DefaultPort = 15002

// DefaultMaxMessage is the size limit of one gRPC message, as in Spark's own
// clients.
const DefaultMaxMessage = 128 << 20

// Options say where a server is and how to speak to it. Printing them hides the
// token and the values of headers.
type Options struct {
	// Address is host:port, or unix:/path for a socket.
	Address string
	// Token is sent as "authorization: Bearer …". Without TLS it is sent to
	// this machine only.
	Token string
	// TLS asks for an encrypted connection.
	TLS bool
	// TLSConfig, for example with an own authority or a client certificate,
	// is used with TLS; nil means the system's authorities.
	TLSConfig *tls.Config
	// UserID and SessionID together name the server-side session. They
	// default to the user of this process and a new UUID.
	UserID, SessionID string
	// UserAgent begins the client type that the server logs.
	UserAgent string
	// MaxMessage is the size limit of one message in bytes; 0 is
	// DefaultMaxMessage.
	MaxMessage int
	// Headers go with every request.
	Headers map[string]string
	// Keepalive finds dead connections; the zero value means pings every
	// minute to other machines and none to this one.
	Keepalive Keepalive
	// Patience is how long an unreachable server is tried again. 0 means
	// 3 seconds on this machine and a minute elsewhere.
	Patience time.Duration
}

// Keepalive is the pinging of an idle connection.
type Keepalive struct {
	Off          bool
	Every        time.Duration // 0: one minute
	Timeout      time.Duration // 0: 20 seconds
	OnlyInFlight bool          // no pings while no request runs
}

// local says whether the address is on this machine for certain.
func (o Options) local() bool {
	if o.unix() {
		return true
	}
	host, _, err := net.SplitHostPort(o.Address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

func (o Options) unix() bool { return strings.HasPrefix(o.Address, "unix:") }

// check completes o and says what is wrong with it.
func (o Options) check() (Options, error) {
	if o.Address == "" {
		return o, errors.New("no address of a Spark server")
	}
	if o.Token != "" && !o.TLS && !o.local() {
		return o, fmt.Errorf("the token is not sent to %s without encryption: use TLS (;use_ssl=true)", o.Address)
	}
	if !printable(o.Token) {
		return o, errors.New("the token has characters that cannot be sent")
	}
	o.UserID = cmp.Or(o.UserID, os.Getenv("SPARK_USER"), os.Getenv("USER"), "gospark")
	o.SessionID = cmp.Or(o.SessionID, uuid.NewString())
	if err := uuid.Validate(o.SessionID); err != nil || len(o.SessionID) != 36 {
		return o, fmt.Errorf("the session id %q is not a UUID such as %s", o.SessionID, uuid.Nil)
	}
	o.MaxMessage = cmp.Or(o.MaxMessage, DefaultMaxMessage)
	o.UserAgent = cmp.Or(o.UserAgent, "gospark")
	if o.Patience == 0 {
		o.Patience = time.Minute
		if o.local() {
			o.Patience = 3 * time.Second
		}
	}
	return o, nil
}

// clientType is what the server logs about the client.
func (o Options) clientType() string {
	return fmt.Sprintf("%s spark/4.3.0 os/%s go/%s", o.UserAgent, runtime.GOOS, strings.TrimPrefix(runtime.Version(), "go"))
}

// String is the address without anything secret.
func (o Options) String() string {
	if o.unix() {
		return o.Address
	}
	return "sc://" + o.Address
}

// GoString is [Options.String].
func (o Options) GoString() string { return "connect.Options(" + o.String() + ")" }

// LogValue is [Options.String].
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// printable says whether s can be the value of a header.
func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}
