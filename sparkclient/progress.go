package sparkclient

import (
	"context"
	"slices"
)

// Progress is what is known of a running operation
// (ExecutePlanResponse.ExecutionProgress; the server sends one about every two
// seconds). The first one of an operation has Started set and the last one
// Finished, whatever the operation's end was.
type Progress struct {
	OperationID string
	Stages      []StageProgress
	InFlight    int64 // tasks running now
	Started     bool
	Finished    bool
}

// StageProgress is one stage of a job.
type StageProgress struct {
	ID        int64
	Tasks     int64
	Done      int64 // tasks
	BytesRead int64
	Complete  bool
}

type tagsKey struct{}

type progressKey struct{}

type answersKey struct{}

// WithTags returns a context under which every operation carries the tags, in
// addition to those that ctx has already. [Session.InterruptTag] stops
// operations by tag. A tag is not empty and has no comma.
func WithTags(ctx context.Context, tags ...string) context.Context {
	if len(tags) == 0 {
		return ctx
	}
	all := slices.Concat(Tags(ctx), tags)
	slices.Sort(all)
	return context.WithValue(ctx, tagsKey{}, slices.Compact(all))
}

// Tags are the tags that operations under ctx carry.
func Tags(ctx context.Context) []string {
	tags, _ := ctx.Value(tagsKey{}).([]string)
	return tags
}

// WithProgress returns a context under which operations report to handler, and
// to the handler that ctx has already. It is called from the goroutine that
// reads the operation's stream and must not block.
func WithProgress(ctx context.Context, handler func(Progress)) context.Context {
	if outer := ProgressHandler(ctx); outer != nil {
		inner := handler
		handler = func(p Progress) {
			inner(p)
			outer(p)
		}
	}
	return context.WithValue(ctx, progressKey{}, handler)
}

// ProgressHandler is the handler that operations under ctx report to, or nil.
func ProgressHandler(ctx context.Context) func(Progress) {
	handler, _ := ctx.Value(progressKey{}).(func(Progress))
	return handler
}

// WithAnswers returns a context under which an operation gives what it answers
// beside rows to handler as it comes, instead of keeping it for
// [Stream.Answers]: an operation without an end would keep ever more.
func WithAnswers(ctx context.Context, handler func(answer []byte)) context.Context {
	return context.WithValue(ctx, answersKey{}, handler)
}

// AnswerHandler is the handler that operations under ctx give their answers to,
// or nil.
func AnswerHandler(ctx context.Context) func(answer []byte) {
	handler, _ := ctx.Value(answersKey{}).(func([]byte))
	return handler
}
