package sparkclient

import (
	"context"
	"slices"
	"testing"
)

func TestRelativePaths(t *testing.T) {
	s := New(func(context.Context) (Engine, error) { return nil, ErrNoSession })
	in := []string{"data/x.csv", "/abs/y.csv", "s3a://bucket/z", "file:/tmp/q", "glob/*.csv", "", "a b:c"}
	if got := s.paths(in); !slices.Equal(got, in) {
		t.Errorf("without a folder: %q", got)
	}
	s.UseFolder("/home/me")
	want := []string{"/home/me/data/x.csv", "/abs/y.csv", "s3a://bucket/z", "file:/tmp/q", "/home/me/glob/*.csv", "", "/home/me/a b:c"}
	if got := s.paths(in); !slices.Equal(got, want) {
		t.Errorf("with a folder: %q\nwant %q", got, want)
	}
}
