package rt

import (
	"fmt"
	"sync"
)

// keptResults is how many cells' results can still be named by later cells. What
// a cell has named is a variable from then on and does not count.
const keptResults = 100

// kept are the values of former cells that no later cell has named yet.
type kept struct {
	// mu guards the fields below.
	mu     sync.Mutex
	values map[int]any
	order  []int // of cells, the oldest first
	taken  map[int]bool
}

// keep notes the value of a cell.
func (k *kept) keep(number int, value any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.values == nil {
		k.values, k.taken = map[int]any{}, map[int]bool{}
	}
	if _, again := k.values[number]; !again {
		k.order = append(k.order, number)
	}
	k.values[number] = value
	delete(k.taken, number)
	if len(k.order) > keptResults {
		delete(k.values, k.order[0])
		k.order = append([]int(nil), k.order[1:]...)
	}
}

// take hands a value over. first is false where that has happened before.
func (k *kept) take(number int) (value any, first bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.taken[number] {
		return nil, false
	}
	value, there := k.values[number]
	if !there {
		panic(fmt.Errorf("the result of cell %d is not there: the cell did not end well, or is not one of the last %d that showed something", number, keptResults))
	}
	delete(k.values, number)
	k.taken[number] = true
	for i, n := range k.order {
		if n == number {
			k.order = append(k.order[:i:i], k.order[i+1:]...)
			break
		}
	}
	return value, true
}

// Keep has the run's result, a single value, kept for later cells under the
// cell's number.
func Keep() {
	if r := Running(); r != nil {
		r.mu.Lock()
		r.keeps = true
		r.mu.Unlock()
	}
}

// Recall puts the value that a cell showed into the variable that stands for it,
// when it is called first.
func Recall[T any](number int, to *T) {
	if value, first := former.take(number); first && value != nil {
		*to = value.(T)
	}
}
