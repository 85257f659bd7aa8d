package connect

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// detailsLimit bounds the request for the details of an error.
const detailsLimit = 5 * time.Second

// maxCauses bounds the chain of causes, which comes from outside.
const maxCauses = 64

// The sub-classes of INVALID_HANDLE that mean something to this package.
const (
	operationNotFound = "OPERATION_NOT_FOUND"
	operationExists   = "OPERATION_ALREADY_EXISTS"
	sessionNotFound   = "SESSION_NOT_FOUND"
	sessionChanged    = "SESSION_CHANGED"
	sessionClosed     = "SESSION_CLOSED"
)

// invalidHandle is the sub-class of INVALID_HANDLE that the server refused a
// request with, or empty.
func invalidHandle(err error) string {
	message := status.Convert(err).Message()
	_, rest, ok := strings.Cut(message, "INVALID_HANDLE.")
	if !ok {
		return ""
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') })
	if end < 0 {
		return rest
	}
	return rest[:end]
}

// explain turns what gRPC says of a request of me into the errors of package
// sparkclient.
func (s *Session) explain(ctx context.Context, me identity, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	st, ok := status.FromError(err)
	if !ok {
		return err // not from gRPC
	}
	switch invalidHandle(err) {
	case sessionChanged, sessionNotFound:
		s.lose(me, false)
		return fmt.Errorf("%w: the server was restarted or has forgotten it", sparkclient.ErrSessionLost)
	case sessionClosed:
		s.lose(me, true)
		return fmt.Errorf("%w: it was closed on the server", sparkclient.ErrSessionLost)
	}
	switch st.Code() {
	case codes.Unauthenticated, codes.PermissionDenied:
		return fmt.Errorf("%w at %s", sparkclient.ErrUnauthenticated, s.link.options)
	case codes.Unavailable:
		return fmt.Errorf("%w at %s: %s", sparkclient.ErrUnavailable, s.link.options, s.clean(whyUnreachable(st.Message())))
	case codes.ResourceExhausted:
		return fmt.Errorf("a message to or from the Spark server is too large: %s", s.clean(st.Message()))
	}
	if st.Code() == codes.DeadlineExceeded && errorInfo(st) == nil {
		return context.DeadlineExceeded // it was ctx's, whose timer is a moment behind gRPC's
	}
	if st.Code() == codes.Canceled && errorInfo(st) == nil {
		// Not our context and not Spark's word: the connection was closed under the
		// request, as by a session that learnt of its server's end first.
		return fmt.Errorf("%w at %s: the connection was closed", sparkclient.ErrUnavailable, s.link.options)
	}
	if contextStopped(st.Message()) {
		return fmt.Errorf("%w at %s: its SparkContext has stopped", sparkclient.ErrUnavailable, s.link.options)
	}
	return s.sparkError(ctx, me, st)
}

// contextStopped recognises a server that still answers but will never run a
// plan again: it is shutting down, or ran out of memory.
func contextStopped(message string) bool {
	return strings.Contains(message, "Cannot call methods on a stopped SparkContext") ||
		strings.Contains(message, "SparkContext was shut down")
}

// dialing is what gRPC says around the reason for which it has no connection.
var dialing = regexp.MustCompile(`(?s)^connection error: desc = "(?:transport: )?(?:Error while dialing: )?(?:dial \w+ \S+: connect: )?(.*)"$`)

// whyUnreachable is a reason in the words of the system, without those of gRPC.
func whyUnreachable(message string) string {
	if m := dialing.FindStringSubmatch(message); m != nil {
		return m[1]
	}
	return message
}

// clean keeps the token out of a text.
func (s *Session) clean(text string) string {
	if token := s.link.options.Token; token != "" {
		text = strings.ReplaceAll(text, token, "…")
	}
	return text
}

// sparkError is what Spark says about a plan, with the details where the server
// gives them.
func (s *Session) sparkError(ctx context.Context, me identity, st *status.Status) error {
	e := &sparkclient.Error{Message: s.clean(messageOnly(st.Message()))}
	info := errorInfo(st)
	if info == nil {
		if e.Message == "" {
			e.Message = "the server gave no reason (" + st.Code().String() + ")"
		}
		return e
	}
	e.Class, e.SQLState = info.GetMetadata()["errorClass"], info.GetMetadata()["sqlState"]
	_ = json.Unmarshal([]byte(info.GetMetadata()["messageParameters"]), &e.Params) // shortened ones are no JSON
	_ = json.Unmarshal([]byte(info.GetMetadata()["classes"]), &e.Types)
	if id := info.GetMetadata()["errorId"]; id != "" {
		if full := s.errorDetails(ctx, me, id); full != nil {
			return full
		}
	}
	return e
}

func errorInfo(st *status.Status) *errdetails.ErrorInfo {
	for _, detail := range st.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info
		}
	}
	return nil
}

// errorDetails fetches the whole error; nil when the server does not have it.
func (s *Session) errorDetails(ctx context.Context, me identity, id string) *sparkclient.Error {
	ctx, cancel := context.WithTimeout(ctx, detailsLimit)
	defer cancel()
	response, err := s.link.stub.FetchErrorDetails(ctx, &pb.FetchErrorDetailsRequest{
		SessionId: me.id, ClientObservedServerSideSessionId: me.observed, UserContext: me.user, ClientType: me.client, ErrorId: id,
	})
	if err != nil || response.RootErrorIdx == nil {
		return nil
	}
	return s.chain(response.GetErrors(), response.RootErrorIdx, 0)
}

// chain is the error at index with its causes.
func (s *Session) chain(all []*pb.FetchErrorDetailsResponse_Error, index *int32, depth int) *sparkclient.Error {
	if index == nil || *index < 0 || int(*index) >= len(all) || depth > maxCauses {
		return nil
	}
	from := all[*index]
	thrown := from.GetSparkThrowable()
	e := &sparkclient.Error{
		Class: thrown.GetErrorClass(), SQLState: thrown.GetSqlState(), Message: s.clean(messageOnly(from.GetMessage())),
		Params: thrown.GetMessageParameters(), Types: from.GetErrorTypeHierarchy(),
	}
	for _, c := range thrown.GetQueryContexts() {
		e.Contexts = append(e.Contexts, queryContext(c))
	}
	for _, f := range from.GetStackTrace() {
		e.StackTrace = append(e.StackTrace, fmt.Sprintf("%s.%s(%s:%d)", f.GetDeclaringClass(), f.GetMethodName(), f.GetFileName(), f.GetLineNumber()))
	}
	e.Cause = s.chain(all, from.CauseIdx, depth+1)
	return e
}

func queryContext(c *pb.FetchErrorDetailsResponse_QueryContext) sparkclient.QueryContext {
	context := sparkclient.QueryContext{
		ObjectType: c.GetObjectType(), ObjectName: c.GetObjectName(), Start: int(c.GetStartIndex()), Stop: int(c.GetStopIndex()),
		Fragment: c.GetFragment(), CallSite: c.GetCallSite(), Summary: c.GetSummary(),
	}
	if c.GetContextType() == pb.FetchErrorDetailsResponse_QueryContext_DATAFRAME {
		context.Start, context.Stop = -1, -1
	}
	return context
}

// messageOnly is a message without the JVM stack that some servers append.
func messageOnly(message string) string {
	message, _, _ = strings.Cut(message, "\n\nJVM stacktrace:")
	return strings.TrimSpace(message)
}
