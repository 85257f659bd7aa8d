package measure

import (
	"errors"
	"testing"
)

func TestBenchPanics(t *testing.T) {
	want := errors.New("boom")
	defer func() {
		if v := recover(); v != want { //nolint:errorlint // the very value
			t.Errorf("got %v", v)
		}
	}()
	Bench("X", func(*testing.B) { panic(want) })
	t.Error("no panic")
}
