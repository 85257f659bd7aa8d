package sparkclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gospark/sparkclient/internal/plan"
)

// StreamingQuery is a query that runs on the server until it is stopped. It is
// only a handle: the query goes on without it.
type StreamingQuery struct {
	session   *Session
	id, runID string
	name      string
}

func streamingQuery(s *Session, id *plan.StreamingQueryInstanceId, name string) (*StreamingQuery, error) {
	if id == nil {
		return nil, errAnswer("the id of a streaming query")
	}
	return &StreamingQuery{s, id.Id, id.RunId, name}, nil
}

// ID is the same for all runs of the query from one checkpoint.
func (q *StreamingQuery) ID() string { return q.id }

// RunID is this run's own.
func (q *StreamingQuery) RunID() string { return q.runID }

// Name is the query's name, or empty.
func (q *StreamingQuery) Name() string { return q.name }

// StreamingQueryStatus says what a query does at the moment.
type StreamingQueryStatus struct {
	Message         string
	IsDataAvailable bool
	IsTriggerActive bool
}

// Status says what the query does at the moment.
func (q *StreamingQuery) Status(ctx context.Context) (StreamingQueryStatus, error) {
	r, err := queryStatus(ctx, q)
	if err != nil {
		return StreamingQueryStatus{}, err
	}
	return StreamingQueryStatus{r.StatusMessage, r.IsDataAvailable, r.IsTriggerActive}, nil
}

// IsActive says whether the query runs.
func (q *StreamingQuery) IsActive(ctx context.Context) (bool, error) {
	r, err := queryStatus(ctx, q)
	return err == nil && r.IsActive, err
}

func queryStatus(ctx context.Context, q *StreamingQuery) (*plan.StreamingQueryCommandResultStatusResult, error) {
	r, err := askQuery(ctx, q, plan.StreamingQueryCommand{Status: new(true)})
	if err == nil && r.Status == nil {
		err = errAnswer("the status of a streaming query")
	}
	return r.Status, err
}

// AwaitTermination waits until the query has ended, or for a timeout if one is
// given, and says whether it has. A query that failed is an error. ctx ends the
// wait, not the query.
func (q *StreamingQuery) AwaitTermination(ctx context.Context, timeout ...time.Duration) (bool, error) {
	await := &plan.StreamingQueryCommandAwaitTerminationCommand{}
	if len(timeout) > 0 {
		await.TimeoutMs = new(timeout[0].Milliseconds())
	}
	r, err := askQuery(ctx, q, plan.StreamingQueryCommand{AwaitTermination: await})
	if err != nil || len(timeout) == 0 {
		return err == nil, err
	}
	return r.AwaitTermination != nil && r.AwaitTermination.Terminated, nil
}

// ProcessAllAvailable waits until all rows that the source has now are
// processed. It is for tests.
func (q *StreamingQuery) ProcessAllAvailable(ctx context.Context) error {
	_, err := askQuery(ctx, q, plan.StreamingQueryCommand{ProcessAllAvailable: new(true)})
	return err
}

// Stop ends the query.
func (q *StreamingQuery) Stop(ctx context.Context) error {
	_, err := askQuery(ctx, q, plan.StreamingQueryCommand{Stop: new(true)})
	return err
}

// RecentProgress is the progress of the last batches, oldest first.
func (q *StreamingQuery) RecentProgress(ctx context.Context) ([]StreamingQueryProgress, error) {
	return queryProgress(ctx, q, plan.StreamingQueryCommand{RecentProgress: new(true)})
}

// LastProgress is the progress of the last batch, nil before the first.
func (q *StreamingQuery) LastProgress(ctx context.Context) (*StreamingQueryProgress, error) {
	list, err := queryProgress(ctx, q, plan.StreamingQueryCommand{LastProgress: new(true)})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[len(list)-1], nil
}

func queryProgress(ctx context.Context, q *StreamingQuery, command plan.StreamingQueryCommand) ([]StreamingQueryProgress, error) {
	r, err := askQuery(ctx, q, command)
	if err != nil || r.RecentProgress == nil {
		return nil, err
	}
	list := make([]StreamingQueryProgress, len(r.RecentProgress.RecentProgressJson))
	for i, text := range r.RecentProgress.RecentProgressJson {
		if err := json.Unmarshal([]byte(text), &list[i]); err != nil {
			return nil, fmt.Errorf("read the progress of a streaming query: %w", err)
		}
	}
	return list, nil
}

// Explain prints the plan of the last batch.
func (q *StreamingQuery) Explain(ctx context.Context, extended ...bool) error {
	s, err := q.ExplainString(ctx, extended...)
	if err == nil {
		fmt.Println(s)
	}
	return err
}

// ExplainString is what Explain prints.
func (q *StreamingQuery) ExplainString(ctx context.Context, extended ...bool) (string, error) {
	explain := &plan.StreamingQueryCommandExplainCommand{Extended: len(extended) > 0 && extended[0]}
	r, err := askQuery(ctx, q, plan.StreamingQueryCommand{Explain: explain})
	if err != nil {
		return "", err
	}
	if r.Explain == nil {
		return "", errAnswer("the plan of a streaming query")
	}
	return r.Explain.Result, nil
}

// Exception is the *[Error] that ended the query, nil where there is none.
func (q *StreamingQuery) Exception(ctx context.Context) (*Error, error) {
	r, err := askQuery(ctx, q, plan.StreamingQueryCommand{Exception: new(true)})
	if err != nil || r.Exception == nil || r.Exception.ExceptionMessage == nil {
		return nil, err
	}
	return &Error{Class: deref(r.Exception.ErrorClass, ""), Message: *r.Exception.ExceptionMessage}, nil
}

func askQuery(ctx context.Context, q *StreamingQuery, command plan.StreamingQueryCommand) (*plan.StreamingQueryCommandResult, error) {
	none := &plan.StreamingQueryCommandResult{}
	command.QueryId = &plan.StreamingQueryInstanceId{Id: q.id, RunId: q.runID}
	answers, err := run(ctx, q.session, &plan.Command{CommandType: &command})
	if err != nil {
		return none, fmt.Errorf("streaming query %s: %w", q.label(), err)
	}
	for _, a := range answers {
		if a.StreamingQueryCommandResult != nil {
			return a.StreamingQueryCommandResult, nil
		}
	}
	return none, nil
}

// label is how people know the query.
func (q *StreamingQuery) label() string {
	if q.name != "" {
		return q.name
	}
	return q.id
}

// StreamingQueries knows the streaming queries of a session.
type StreamingQueries struct{ session *Session }

// Streams are the streaming queries of the session.
func (s *Session) Streams() StreamingQueries { return StreamingQueries{s} }

// Active lists the queries that run.
func (m StreamingQueries) Active(ctx context.Context) ([]*StreamingQuery, error) {
	r, err := askQueries(ctx, m.session, plan.StreamingQueryManagerCommand{Active: new(true)})
	if err != nil || r.Active == nil {
		return nil, err
	}
	list := make([]*StreamingQuery, len(r.Active.ActiveQueries))
	for i, q := range r.Active.ActiveQueries {
		if list[i], err = streamingQuery(m.session, q.Id, deref(q.Name, "")); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ErrNoQuery is what [StreamingQueries.Get] returns for an id that no
// running query has.
var ErrNoQuery = errors.New("no streaming query of that id runs")

// Get finds a running query by its id.
func (m StreamingQueries) Get(ctx context.Context, id string) (*StreamingQuery, error) {
	r, err := askQueries(ctx, m.session, plan.StreamingQueryManagerCommand{GetQuery: &id})
	if err != nil {
		return nil, err
	}
	if r.Query == nil || r.Query.Id == nil {
		return nil, ErrNoQuery
	}
	return streamingQuery(m.session, r.Query.Id, deref(r.Query.Name, ""))
}

// AwaitAnyTermination waits until any query of the session has ended since the
// last ResetTerminated, or for a timeout if one is given, and says whether one
// has.
func (m StreamingQueries) AwaitAnyTermination(ctx context.Context, timeout ...time.Duration) (bool, error) {
	await := &plan.StreamingQueryManagerCommandAwaitAnyTerminationCommand{}
	if len(timeout) > 0 {
		await.TimeoutMs = new(timeout[0].Milliseconds())
	}
	r, err := askQueries(ctx, m.session, plan.StreamingQueryManagerCommand{AwaitAnyTermination: await})
	if err != nil || len(timeout) == 0 {
		return err == nil, err
	}
	return r.AwaitAnyTermination != nil && r.AwaitAnyTermination.Terminated, nil
}

// ResetTerminated forgets the queries that have ended.
func (m StreamingQueries) ResetTerminated(ctx context.Context) error {
	_, err := askQueries(ctx, m.session, plan.StreamingQueryManagerCommand{ResetTerminated: new(true)})
	return err
}

func askQueries(ctx context.Context, s *Session, command plan.StreamingQueryManagerCommand) (*plan.StreamingQueryManagerCommandResult, error) {
	none := &plan.StreamingQueryManagerCommandResult{}
	answers, err := run(ctx, s, &plan.Command{CommandType: &command})
	if err != nil {
		return none, fmt.Errorf("streaming queries: %w", err)
	}
	for _, a := range answers {
		if a.StreamingQueryManagerCommandResult != nil {
			return a.StreamingQueryManagerCommandResult, nil
		}
	}
	return none, nil
}
