package sparkclient

import (
	"encoding/json"
	"fmt"
)

// QueryStartedEvent tells that a streaming query has begun.
type QueryStartedEvent struct {
	ID        string   `json:"id"`
	RunID     string   `json:"runId"`
	Name      string   `json:"name"`
	Timestamp string   `json:"timestamp"` // ISO 8601, UTC
	JobTags   []string `json:"jobTags"`
}

// QueryProgressEvent tells that a batch of a streaming query is done.
type QueryProgressEvent struct {
	Progress StreamingQueryProgress `json:"progress"`
}

// QueryIdleEvent tells that a streaming query waits for rows.
type QueryIdleEvent struct {
	ID        string `json:"id"`
	RunID     string `json:"runId"`
	Timestamp string `json:"timestamp"` // ISO 8601, UTC
}

// QueryTerminatedEvent tells that a streaming query has ended.
type QueryTerminatedEvent struct {
	ID         string `json:"id"`
	RunID      string `json:"runId"`
	Exception  string `json:"exception"` // empty unless it failed
	ErrorClass string `json:"errorClassOnException"`
}

// StreamingQueryProgress is what a batch of a streaming query did. Numbers that
// Spark does not know are zero.
type StreamingQueryProgress struct {
	ID                     string                    `json:"id"`
	RunID                  string                    `json:"runId"`
	Name                   string                    `json:"name"`
	Timestamp              string                    `json:"timestamp"` // ISO 8601, UTC
	BatchID                int64                     `json:"batchId"`
	BatchDuration          int64                     `json:"batchDuration"` // milliseconds
	DurationMs             map[string]int64          `json:"durationMs"`
	EventTime              map[string]string         `json:"eventTime"`
	NumInputRows           int64                     `json:"numInputRows"`
	InputRowsPerSecond     float64                   `json:"inputRowsPerSecond"`
	ProcessedRowsPerSecond float64                   `json:"processedRowsPerSecond"`
	StateOperators         []StateOperatorProgress   `json:"stateOperators"`
	Sources                []SourceProgress          `json:"sources"`
	Sink                   SinkProgress              `json:"sink"`
	ObservedMetrics        map[string]map[string]any `json:"-"` // of [DataFrame.Observe], by its name
}

// UnmarshalJSON reads Spark's form, in which the numbers of rows are those of
// the sources and observed aggregates are rows with their schema.
func (p *StreamingQueryProgress) UnmarshalJSON(text []byte) error {
	type plain StreamingQueryProgress
	read := struct {
		*plain
		Observed map[string]observedRow `json:"observedMetrics"`
	}{plain: (*plain)(p)}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	if p.NumInputRows == 0 {
		for _, s := range p.Sources {
			p.NumInputRows += s.NumInputRows
			p.InputRowsPerSecond += s.InputRowsPerSecond
			p.ProcessedRowsPerSecond += s.ProcessedRowsPerSecond
		}
	}
	p.ObservedMetrics = map[string]map[string]any{}
	for name, row := range read.Observed {
		p.ObservedMetrics[name] = row.values
	}
	return nil
}

// observedRow is a row as JSON: an object, or its values beside a schema.
type observedRow struct{ values map[string]any }

// UnmarshalJSON reads either form.
func (r *observedRow) UnmarshalJSON(text []byte) error {
	var row struct {
		Schema struct {
			Fields []struct{ Name string }
		}
		Values []any
	}
	if err := json.Unmarshal(text, &row); err != nil {
		return fmt.Errorf("observed aggregates: %w", err)
	}
	r.values = map[string]any{}
	if row.Schema.Fields == nil {
		return json.Unmarshal(text, &r.values)
	}
	for i, f := range row.Schema.Fields {
		if i < len(row.Values) {
			r.values[f.Name] = row.Values[i]
		}
	}
	return nil
}

// StateOperatorProgress is what happened to the state of an operator.
type StateOperatorProgress struct {
	OperatorName              string           `json:"operatorName"`
	NumRowsTotal              int64            `json:"numRowsTotal"`
	NumRowsUpdated            int64            `json:"numRowsUpdated"`
	NumRowsRemoved            int64            `json:"numRowsRemoved"`
	AllUpdatesTimeMs          int64            `json:"allUpdatesTimeMs"`
	AllRemovalsTimeMs         int64            `json:"allRemovalsTimeMs"`
	CommitTimeMs              int64            `json:"commitTimeMs"`
	MemoryUsedBytes           int64            `json:"memoryUsedBytes"`
	NumRowsDroppedByWatermark int64            `json:"numRowsDroppedByWatermark"`
	NumShufflePartitions      int64            `json:"numShufflePartitions"`
	NumStateStoreInstances    int64            `json:"numStateStoreInstances"`
	CustomMetrics             map[string]int64 `json:"customMetrics"`
}

// SourceProgress is what a batch read from a source. Offsets are JSON values
// whose form is the source's.
type SourceProgress struct {
	Description            string            `json:"description"`
	StartOffset            any               `json:"startOffset"`
	EndOffset              any               `json:"endOffset"`
	LatestOffset           any               `json:"latestOffset"`
	NumInputRows           int64             `json:"numInputRows"`
	InputRowsPerSecond     float64           `json:"inputRowsPerSecond"`
	ProcessedRowsPerSecond float64           `json:"processedRowsPerSecond"`
	Metrics                map[string]string `json:"metrics"`
}

// SinkProgress is what a batch wrote; NumOutputRows is -1 where the target does
// not tell.
type SinkProgress struct {
	Description   string            `json:"description"`
	NumOutputRows int64             `json:"numOutputRows"`
	Metrics       map[string]string `json:"metrics"`
}
