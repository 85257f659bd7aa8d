package kernel

import (
	"context"
	"sync"
)

// task is a request and who answers it.
type task struct {
	*request
	handler
}

// queue holds tasks in the order of their arrival. Any goroutine pushes, one
// takes. It has no bound: front ends that hold the key may fill it.
type queue struct {
	wake chan struct{} // holds a token when there may be tasks

	// mu guards the fields below.
	mu    sync.Mutex
	tasks []task
}

func (q *queue) init() { q.wake = make(chan struct{}, 1) }

func (q *queue) push(t task) {
	q.mu.Lock()
	q.tasks = append(q.tasks, t)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// next is the oldest task, if there is one.
func (q *queue) next() (task, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tasks) == 0 {
		q.tasks = nil
		return task{}, false
	}
	t := q.tasks[0]
	q.tasks[0] = task{}
	q.tasks = q.tasks[1:]
	return t, true
}

// take waits for a task. When ctx has ended it returns those that are left, and
// then false.
func (q *queue) take(ctx context.Context) (task, bool) {
	for {
		if t, ok := q.next(); ok {
			return t, true
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
			return q.next()
		}
	}
}
