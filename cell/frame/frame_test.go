package frame

import (
	"bytes"
	"errors"
	"io"
	"net"
	"reflect"
	"testing"

	"gospark/display"
)

func samples() []Message {
	code := 3
	value := display.Plain("x")
	return []Message{
		Load{Path: "/c/cell7.so", Entry: "Cell7"},
		Run{ID: 1, Cell: "a", Number: 7, Entry: "Cell7", Meta: map[string]string{"tag": "t"}, Background: true},
		Interrupt{Run: 1},
		Reply{Seq: 9, Payload: []byte{0, 255, '\n'}, Error: "no"},
		Ready{GoVersion: "go1.26"},
		Ack{Error: "bad", Took: 4},
		Done{Run: 1, Gone: []RunID{4}, Value: &value, Took: 5, Exit: &code, Interrupted: true, Abandoned: true,
			Panic:  &Panic{Value: "v", Frames: []Frame{{Func: "f", File: "cell[7]", Line: 2}}},
			Failed: &Failed{Message: "m", Type: "*T", Causes: []string{"c"}, Value: &value, Canceled: true}},
		Show{Seq: 1, Run: 1, Output: display.Output{Bundle: value, ID: "d", Update: true}},
		Clear{Seq: 2, Run: 1, Wait: true},
		Input{Seq: 3, Run: 1, Prompt: "?", Password: true},
		Panicked{Run: 1, Number: 7, Panic: Panic{Value: "v"}},
		Ping{},
		Chdir{Dir: "/"},
		Setenv{Name: "A", Value: "b"},
		Write{Run: 1, Stderr: true, Text: []byte("\xc3")},
		CommTarget{Target: "t"},
		CommOpen{Seq: 5, Run: 1, Comm: "w1", ID: "i", Target: "t", Data: []byte(`{"a":1}`), Buffers: [][]byte{{0, 255}}},
		CommMsg{Seq: 6, Comm: "w1", Data: []byte(`1`), Buffers: [][]byte{{7}}},
		CommClose{Seq: 7, Comm: "w1", Data: []byte(`{}`)},
		Call{Seq: 4, Run: 1, Name: "spark", Payload: []byte("p")},
	}
}

func TestEveryMessageComesBack(t *testing.T) {
	seen := map[kind]bool{}
	for _, m := range samples() {
		data, err := Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(bytes.NewReader(data))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%T: got %+v, %v; want %+v", m, got, err, m)
		}
		seen[m.kind()] = true
	}
	for k := kind(1); decoder(k) != nil; k++ {
		if !seen[k] {
			t.Errorf("kind %d has no sample", k)
		}
	}
}

func TestBadBytes(t *testing.T) {
	good, _ := Encode(Interrupt{Run: 1})
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, io.EOF},
		{"half a header", good[:3], io.ErrUnexpectedEOF},
		{"half a body", good[:len(good)-2], io.ErrUnexpectedEOF},
		{"unknown type", []byte{0, 0, 0, 3, 200, '{', '}'}, ErrFormat},
		{"type zero", []byte{0, 0, 0, 3, 0, '{', '}'}, ErrFormat},
		{"length zero", []byte{0, 0, 0, 0, 1}, ErrFormat},
		{"huge length", []byte{255, 255, 255, 255, 1}, ErrFormat},
		{"large length, no body", []byte{10, 0, 0, 0, 1}, io.ErrUnexpectedEOF},
		{"not JSON", []byte{0, 0, 0, 3, 1, '{', '{'}, ErrFormat},
	}
	for _, tt := range tests {
		if _, err := Read(bytes.NewReader(tt.data)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestConnKeepsFramesWhole(t *testing.T) {
	a, b := net.Pipe()
	from, to := NewConn(a), NewConn(b)
	const senders, each = 8, 50
	for i := range senders {
		go func() {
			for range each {
				_ = from.Send(Run{Cell: string(rune('a' + i)), Number: i})
			}
		}()
	}
	for range senders * each {
		m, err := to.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if run := m.(Run); run.Cell != string(rune('a'+run.Number)) {
			t.Fatalf("torn frame: %+v", run)
		}
	}
	_ = from.Close()
	if _, err := to.Receive(); !errors.Is(err, io.EOF) {
		t.Errorf("after close: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, m := range samples() {
		data, _ := Encode(m)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		again, err := Encode(m)
		if err != nil {
			t.Fatalf("cannot encode what was decoded: %v", err)
		}
		m2, err := Read(bytes.NewReader(again))
		if err != nil {
			t.Fatalf("%+v does not come back: %v", m, err)
		}
		// An empty slice may come back as none; the bytes are the same.
		if last, err := Encode(m2); err != nil || !bytes.Equal(last, again) {
			t.Fatalf("%s became %s, %v", again, last, err)
		}
	})
}
