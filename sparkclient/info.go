package sparkclient

import (
	"context"

	"gospark/sparkclient/internal/plan"
)

// ExecutionInfo is what the server told of an operation when it had ended
// (ExecutePlanResponse.Metrics and ObservedMetrics).
type ExecutionInfo struct {
	OperationID string
	// Metrics are those of the physical plan, a node each.
	Metrics []PlanMetrics
	// Observed are the values of [DataFrame.Observe], by its name.
	Observed map[string]map[string]any
}

// PlanMetrics are the metrics of a node of the physical plan.
type PlanMetrics struct {
	Name           string
	PlanID, Parent int64 // ids of nodes
	Metrics        map[string]MetricValue
}

// MetricValue is one metric: the type tells the unit, for example nsTiming,
// size (bytes) or sum.
type MetricValue struct {
	Name  string
	Value int64
	Type  string
}

type infoKey struct{}

// WithExecutionInfo returns a context under which each operation that ended
// well is told to handler, from the goroutine that reads it.
func WithExecutionInfo(ctx context.Context, handler func(ExecutionInfo)) context.Context {
	return context.WithValue(ctx, infoKey{}, handler)
}

// executed gives what a stream brought beside rows to those who want it.
func (s *Session) executed(ctx context.Context, stream Stream) error {
	handler, _ := ctx.Value(infoKey{}).(func(ExecutionInfo))
	if len(stream.Answers()) == 0 && handler == nil {
		return nil
	}
	list, err := answers(stream)
	if err != nil {
		return err
	}
	info := ExecutionInfo{OperationID: stream.OperationID(), Observed: map[string]map[string]any{}}
	for _, a := range list {
		for _, m := range a.ObservedMetrics {
			values, err := observedValues(m)
			s.observed(m.PlanId, values, err)
			if err == nil {
				info.Observed[m.Name] = values
			}
		}
		info.Metrics = append(info.Metrics, planMetrics(a.Metrics)...)
	}
	if handler != nil {
		handler(info)
	}
	return nil
}

func planMetrics(p *plan.ExecutePlanResponseMetrics) []PlanMetrics {
	if p == nil {
		return nil
	}
	list := make([]PlanMetrics, len(p.Metrics))
	for i, m := range p.Metrics {
		list[i] = PlanMetrics{m.Name, m.PlanId, m.Parent, map[string]MetricValue{}}
		for key, v := range m.ExecutionMetrics {
			list[i].Metrics[key] = MetricValue{v.Name, v.Value, v.MetricType}
		}
	}
	return list
}
