package sparkclient

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"sync"

	"gospark/sparkclient/internal/plan"
)

// Observation gets the aggregates of [DataFrame.Observe]: they are computed on
// the way, while an action on the DataFrame runs. The zero value is ready to
// use; an Observation belongs to one DataFrame.
type Observation struct {
	// Name tells observations of one query apart; empty means a random one.
	Name string

	once sync.Once
	done chan struct{} // closed when the first action has brought the values

	// mu guards the fields below.
	mu     sync.Mutex
	used   bool
	values map[string]any
	err    error
}

// NewObservation is an observation with a name, or without one.
func NewObservation(name ...string) *Observation {
	o := &Observation{}
	if len(name) > 0 {
		o.Name = name[0]
	}
	return o
}

// Get waits for the first action on the observed DataFrame to end and returns
// the aggregates by the names of their columns.
func (o *Observation) Get(ctx context.Context) (map[string]any, error) {
	o.mu.Lock()
	used := o.used
	o.mu.Unlock()
	if !used {
		return nil, errors.New("the observation observes no DataFrame: use it in Observe first")
	}
	select {
	case <-o.ready():
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.values), o.err
}

func (o *Observation) ready() chan struct{} {
	o.once.Do(func() { o.done = make(chan struct{}) })
	return o.done
}

// claim makes the observation one DataFrame's and names it.
func (o *Observation) claim() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.used {
		return errors.New("the observation is in use already: make one for each DataFrame")
	}
	o.used = true
	if o.Name == "" {
		o.Name = rand.Text()
	}
	return nil
}

// deliver takes the values of an action; those of the first one stay.
func (o *Observation) deliver(values map[string]any, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.values != nil || o.err != nil {
		return
	}
	o.values, o.err = values, err
	close(o.ready())
}

// Observe computes aggregates of the rows that pass while an action runs. to is
// an *[Observation], which gets them, or a name, under which they are in the
// [ExecutionInfo] of the action and in the progress of a streaming query.
func (df *DataFrame) Observe(to any, aggregates ...Column) *DataFrame {
	name, ok := to.(string)
	o, _ := to.(*Observation)
	if o != nil {
		if err := o.claim(); err != nil {
			return df.session.failed(err)
		}
		name = o.Name
	}
	if !ok && o == nil || name == "" {
		return df.session.failed(fmt.Errorf("Observe takes an *Observation or a name, not the Go %T %v", to, to))
	}
	if len(aggregates) == 0 {
		return df.session.failed(errors.New("Observe needs an aggregate, for example F.Count(\"*\").As(\"rows\")"))
	}
	next := df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.CollectMetrics{Input: in, Name: name, Metrics: e}}
	}, aggregates...)
	if o != nil && next.err == nil {
		df.session.observe(next.id, o)
	}
	return next
}

// observe has the session give what the relation with that plan id observes
// to o.
func (s *Session) observe(id int64, o *Observation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.observations == nil {
		s.observations = map[int64]*Observation{}
	}
	s.observations[id] = o
}

// observed gives what an operation observed of the relation with that plan id to whom
// it was promised.
func (s *Session) observed(id int64, values map[string]any, err error) {
	s.mu.Lock()
	o := s.observations[id]
	delete(s.observations, id)
	s.mu.Unlock()
	if o != nil {
		o.deliver(values, err)
	}
}

func observedValues(m *plan.ExecutePlanResponseObservedMetrics) (map[string]any, error) {
	if m.RootErrorIdx != nil {
		return nil, fmt.Errorf("observe %s: %w", m.Name, observedError(m))
	}
	values := make(map[string]any, len(m.Values))
	for i, l := range m.Values {
		key := fmt.Sprintf("observed_metric_%d", i)
		if i < len(m.Keys) {
			key = m.Keys[i]
		}
		value, err := literalValue(l)
		if err != nil {
			return nil, fmt.Errorf("observe %s: %s: %w", m.Name, key, err)
		}
		values[key] = value
	}
	return values, nil
}

func observedError(m *plan.ExecutePlanResponseObservedMetrics) error {
	i := int(*m.RootErrorIdx)
	if i < 0 || i >= len(m.Errors) {
		return errAnswer("the reason of a failure")
	}
	e := &Error{Message: m.Errors[i].Message, Types: m.Errors[i].ErrorTypeHierarchy}
	if t := m.Errors[i].SparkThrowable; t != nil {
		e.Class, e.SQLState, e.Params = deref(t.ErrorClass, ""), deref(t.SqlState, ""), t.MessageParameters
	}
	return e
}
