package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const header = `{"msg_id":"1","session":"s","username":"u","date":"2026-01-02T03:04:05.6Z","msg_type":"kernel_info_request","version":"5.3","new":1}`

// signed are the frames of a message as a front end sends it.
func signed(s *Signer, identities []string, parts ...string) [][]byte {
	var out [][]byte
	for _, i := range identities {
		out = append(out, []byte(i))
	}
	var raw [][]byte
	for _, p := range parts {
		raw = append(raw, []byte(p))
	}
	out = append(out, []byte(delimiter), s.sign(raw[:min(4, len(raw))]))
	return append(out, raw...)
}

func TestDecode(t *testing.T) {
	s := NewSigner([]byte("key"))
	many := slices.Repeat([]string{"x"}, MaxIdentities+1)
	for _, tt := range []struct {
		name   string
		frames [][]byte
		err    error
	}{
		{"good", signed(s, []string{"id"}, header, "{}", "{}", "{}"), nil},
		{"buffers", signed(s, nil, header, "{}", "{}", "{}", "b1", "b2"), ErrReplayed}, // the same four parts
		{"null parts", signed(s, nil, header, "null", "null", "null"), nil},
		{"another key", signed(NewSigner([]byte("other")), nil, header, "{}", "{}", `{"a":1}`), ErrSignature},
		{"no key", signed(NewSigner(nil), nil, header, "{}", "{}", `{"a":1}`), ErrSignature},
		{"nothing", nil, ErrFrames},
		{"no delimiter", [][]byte{[]byte("a")}, ErrFrames},
		{"too few", signed(s, nil, header, "{}", "{}"), ErrFrames},
		{"too many identities", signed(s, many, header, "{}", "{}", "{}"), ErrFrames},
		{"too many buffers", append(signed(s, nil, header, "{}", "{}", "{}"), make([][]byte, MaxBuffers+1)...), ErrFrames},
		{"long header", signed(s, nil, header+strings.Repeat(" ", MaxHeader), "{}", "{}", "{}"), ErrFrames},
		{"null header", signed(s, nil, "null", "{}", "{}", "{}"), ErrFrames},
		{"list header", signed(s, nil, "[]", "{}", "{}", "{}"), ErrFrames},
		{"content no JSON", signed(s, nil, header, "{}", "{}", "{"), ErrFrames},
		{"content a list", signed(s, nil, header, "{}", "{}", "[]"), ErrFrames},
		{"number as msg_id", signed(s, nil, `{"msg_id":1}`, "{}", "{}", "{}"), ErrFrames},
	} {
		m, err := s.Decode(tt.frames)
		if !errors.Is(err, tt.err) || (tt.err == nil) != (err == nil) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err == nil && (m.Header.MsgID != "1" || m.Header.MsgType != "kernel_info_request" || string(m.RawHeader) != header) {
			t.Errorf("%s: %+v", tt.name, m)
		}
	}
}

func TestUnsigned(t *testing.T) {
	s := NewSigner(nil)
	for range 2 { // without a key nothing is known again
		if _, err := s.Decode(signed(s, nil, header, "{}", "{}", "{}")); err != nil {
			t.Error(err)
		}
	}
}

func TestReplayMemoryIsBounded(t *testing.T) {
	s := NewSigner([]byte("key"))
	for i := range remembered + 10 {
		if !s.remember(mark{byte(i), byte(i >> 8), byte(i >> 16), 1}) {
			t.Fatal(i)
		}
	}
	if len(s.seen) != remembered || len(s.ring) != remembered {
		t.Errorf("%d remembered, %d in the ring", len(s.seen), len(s.ring))
	}
	if s.remember(mark{20, 0, 0, 1}) {
		t.Error("forgot one that is not old")
	}
	if !s.remember(mark{5, 0, 0, 1}) {
		t.Error("remembers the oldest for ever")
	}
}

func TestEncode(t *testing.T) {
	s := NewSigner([]byte("key"))
	m, err := New(Stream{Name: Stdout, Text: "<b>&\xff</b>"}, "session", json.RawMessage(header))
	if err != nil {
		t.Fatal(err)
	}
	m.Identities, m.Buffers = [][]byte{[]byte("topic")}, [][]byte{[]byte("buffer")}
	frames, err := s.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(frames[6]); got != `{"name":"stdout","text":"<b>&\ufffd</b>"}` {
		t.Errorf("content %s", got)
	}
	back, err := s.Decode(frames)
	if err != nil {
		t.Fatal(err)
	}
	if back.Header != m.Header || back.ParentID() != "1" || string(back.Identities[0]) != "topic" || string(back.Buffers[0]) != "buffer" {
		t.Errorf("%+v", back)
	}
	if _, err := time.Parse(time.RFC3339Nano, back.Header.Date); err != nil || back.Header.Version != "5.4" {
		t.Errorf("%+v", back.Header)
	}
}

func TestExecuteDefaults(t *testing.T) {
	for in, want := range map[string]string{
		``: "{ false true map[] true true}", `null`: "{ false true map[] true true}",
		`{"code":"x","silent":true,"store_history":true}`:                   "{x true false map[] true true}",
		`{"store_history":false,"allow_stdin":false,"stop_on_error":false}`: "{ false false map[] false false}",
		`{"user_expressions":{"a":"1"}}`:                                    "{ false true map[a:1] true true}",
	} {
		got, err := Into[ExecuteRequest](Message{Content: json.RawMessage(in)})
		if err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, %v, want %s", in, got, err, want)
		}
	}
	if _, err := Into[ExecuteRequest](Message{Content: json.RawMessage(`{"code":1}`)}); err == nil {
		t.Error("a number as code")
	}
}

func TestJSON(t *testing.T) {
	out := "2"
	for want, v := range map[string]any{
		`{"status":"ok"}`:                       InterruptReply{},
		`{"status":"incomplete","indent":"  "}`: IsCompleteReply{Status: Incomplete, Indent: "  "},
		`{"status":"ok","history":[[1,2,"x"]]}`: HistoryReply{History: []HistoryEntry{{Session: 1, Line: 2, Input: "x"}}},
		`[1,2,["<x>","2"]]`:                     HistoryEntry{Session: 1, Line: 2, Input: "<x>", Output: &out, WithOutput: true},
		`[1,2,["x",null]]`:                      HistoryEntry{Session: 1, Line: 2, Input: "x", WithOutput: true},
		`{"status":"aborted"}`:                  AbortedReply{Type: "x", Status: Aborted},
		`{"status":"error","ename":"","evalue":"","traceback":[]}`: ErrorReply{
			Type: "x", Status: Failed, Traceback: []string{},
		},
	} {
		got, err := marshal(v)
		if err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(delimiter), []byte(""), []byte(header), []byte("{}"), []byte("{}"), []byte(`{"code":"x"}`))
	f.Add([]byte("id"), []byte(delimiter), []byte(""), []byte(header), []byte("null"), []byte(`{"code":1e999}`))
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g []byte) {
		s := NewSigner(nil)
		m, err := s.Decode([][]byte{a, b, c, d, e, g})
		if err != nil {
			if !errors.Is(err, ErrFrames) {
				t.Error(err)
			}
			return
		}
		_ = m.ParentID()
		for _, err := range []error{
			into[ExecuteRequest](m), into[CompleteRequest](m), into[HistoryRequest](m), into[CommOpen](m), into[InputReply](m),
		} {
			_ = err // any error will do, a panic will not
		}
		if _, err := s.Encode(m); err != nil {
			t.Error(err)
		}
	})
}

func into[T Content](m Message) error {
	_, err := Into[T](m)
	return err
}
