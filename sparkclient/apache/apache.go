// Package apache gives the API of apache/spark-connect-go on a session of ours.
//
// That library's own connection loses jobs on cancel, sessions at a restart and
// results above 4 MB; so only its API is used: every request goes through
// [connect.Session.Foreign], over our connection and into our server-side
// session. Temporary views and configuration are shared, the context's tags and
// progress handler count, and a cancelled context interrupts the job. What its
// Collect makes of Spark's types is its own business; its ToArrow is exact.
//
// The package is apart from sparkclient because a cell that uses it links gRPC,
// protobuf and Arrow.
package apache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/apache/spark-connect-go/v40/spark/sql"
	"google.golang.org/grpc"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
)

// openLimit bounds the wait for a server that is still starting: the signature
// has no context, for it is written spark.Apache() in a cell.
const openLimit = 3 * time.Minute

// Session is spark-connect-go's session on the server-side session of s. Its
// Stop does nothing; it ends with s.
func Session(s *sparkclient.Session) (sql.SparkSession, error) {
	ctx, cancel := context.WithTimeout(context.Background(), openLimit)
	defer cancel()
	return SessionContext(ctx, s)
}

// SessionContext is [Session] for callers with a context.
func SessionContext(ctx context.Context, s *sparkclient.Session) (sql.SparkSession, error) {
	engine, err := s.Engine(ctx)
	if err != nil {
		return nil, err
	}
	session, ok := engine.(*connect.Session)
	if !ok {
		return nil, fmt.Errorf("spark-connect-go needs a Spark Connect server, not a %T", engine)
	}
	theirs, err := sql.NewSessionBuilder().WithChannelBuilder(builder{session}).Build(ctx)
	if err != nil {
		return nil, fmt.Errorf("session of spark-connect-go: %w", err)
	}
	return theirs, nil
}

// builder is spark-connect-go's channel.Builder for a session of ours.
type builder struct{ session *connect.Session }

func (b builder) Build(context.Context) (*grpc.ClientConn, error) { return b.session.Foreign() }
func (b builder) User() string                                    { return b.session.Options().UserID }
func (b builder) Headers() map[string]string                      { return nil }                   // ours go with every request
func (b builder) SessionId() string                               { return b.session.SessionID() } //nolint:staticcheck // the name in their interface
func (b builder) UserAgent() string                               { return b.session.Options().UserAgent }

// FromApache takes a DataFrame of spark-connect-go, made in a session of
// [Session], into ours: it is the same plan, and whatever is done with it is
// done as with our own. Nothing is sent to the server.
func FromApache(ctx context.Context, s *sparkclient.Session, df sql.DataFrame) (*sparkclient.DataFrame, error) {
	engine, err := s.Engine(ctx)
	if err != nil {
		return nil, err
	}
	relation, session, err := connect.Capture(ctx, func(ctx context.Context) { _, _ = df.Schema(ctx) })
	if err != nil {
		return nil, fmt.Errorf("the plan of spark-connect-go's DataFrame: %w", err)
	}
	if sparkclient.Engine(session) != engine {
		return nil, errors.New("the DataFrame of spark-connect-go belongs to another session: make it with spark.Apache()")
	}
	return s.FromPlan(relation), nil
}
