package notebook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"gospark/kernel"
	"gospark/launcher"
	"gospark/launcher/profile"
	"gospark/magic"
)

// frontEnd is a front end's side of a comm.
type frontEnd struct {
	b       *book
	handler kernel.CommHandler
	heard   chan kernel.CommMessage
	closed  chan struct{}
	events  []commSaid // heard while an answer was waited for
}

func (*frontEnd) ID() string                        { return "1" }
func (f *frontEnd) Close(kernel.CommMessage) error  { close(f.closed); return nil }
func (f *frontEnd) Send(m kernel.CommMessage) error { f.heard <- m; return nil }

// panel opens the comm; it is closed with the test.
func (b *book) panel() *frontEnd {
	b.t.Helper()
	f := &frontEnd{b: b, heard: make(chan kernel.CommMessage, 100), closed: make(chan struct{})}
	h, ok := b.CommOpen(b.t.Context(), f, StatusTarget, kernel.CommMessage{})
	if !ok {
		b.t.Fatal("the target is unknown")
	}
	f.handler = h
	b.t.Cleanup(func() { h.Closed(context.Background(), kernel.CommMessage{}) })
	return f
}

// commSaid is any message of the kernel's.
type commSaid struct {
	ID, Event string
	Result    json.RawMessage
	Error     *commFailure
	Status    *commStatus
	Catalog   *commCatalogEvent
	Monitor   *commMonitor
	Report    *commReport
	raw       []byte
}

// next is the next message.
func (f *frontEnd) next(what string) commSaid {
	f.b.t.Helper()
	select {
	case m := <-f.heard:
		said := commSaid{raw: m.Data}
		if err := json.Unmarshal(m.Data, &said); err != nil {
			f.b.t.Fatal(err)
		}
		return said
	case <-f.b.t.Context().Done():
		f.b.t.Fatalf("not heard: %s", what)
		return commSaid{}
	}
}

// asks sends a request and returns the answer.
func (f *frontEnd) asks(request []byte) commSaid {
	f.b.t.Helper()
	f.sends(request)
	return f.answer()
}

func (f *frontEnd) sends(request []byte) {
	f.handler.Message(f.b.t.Context(), kernel.CommMessage{Data: request})
}

// answer is the next answer; events before it are kept.
func (f *frontEnd) answer() commSaid {
	f.b.t.Helper()
	for {
		said := f.next("an answer")
		if said.Event == "" {
			return said
		}
		f.events = append(f.events, said)
	}
}

// state waits for a status; what came before it is forgotten.
func (f *frontEnd) state(state string, running int) commSaid {
	f.b.t.Helper()
	return f.event(state, func(said commSaid) bool {
		return said.Status != nil && said.Status.State == state && said.Status.Running == running
	})
}

// event waits for one that is wanted, of those that were kept first; what came
// before it is forgotten.
func (f *frontEnd) event(what string, wanted func(commSaid) bool) commSaid {
	f.b.t.Helper()
	for {
		var said commSaid
		if len(f.events) > 0 {
			said, f.events = f.events[0], f.events[1:]
		} else {
			said = f.next(what)
		}
		if wanted(said) {
			return said
		}
	}
}

// fixture is a message as docs/comm.md has it, with names put in.
func fixture(t *testing.T, name string, names ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "comm", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.NewReplacer(names...).Replace(string(b)))
}

// same compares JSON; a duration may be any.
func same(t *testing.T, got, want []byte) {
	t.Helper()
	var g, w map[string]any
	for raw, into := range map[*[]byte]*map[string]any{&got: &g, &want: &w} {
		if err := json.Unmarshal(*raw, into); err != nil {
			t.Fatalf("%v: %s", err, *raw)
		}
		if s, ok := (*into)["status"].(map[string]any); ok && s["seconds"] != nil {
			s["seconds"] = 0
		}
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// The status is pushed at every change, also while a cell waits for the server,
// and told to who asks.
func TestCommStatus(t *testing.T) {
	server := serveScript(t)
	server.gate = make(chan struct{})
	b := open(t, Options{Remote: server.url(";token=secret")})
	f := b.panel()
	same(t, f.state("detached", 0).raw, fixture(t, "status_detached", "ADDRESS", server.address))
	cell := make(chan answer)
	go func() { cell <- b.cell("%%sql\nselect 1") }()
	same(t, f.state("connecting", 1).raw, fixture(t, "status_connecting", "ADDRESS", server.address))
	close(server.gate)
	<-cell
	told := f.state("ready", 0)
	same(t, told.raw, fixture(t, "status_ready", "ADDRESS", server.address, "SESSION", told.Status.Session))
	asked := f.asks(fixture(t, "request_status"))
	var now commStatus
	if err := json.Unmarshal(asked.Result, &now); err != nil || asked.ID != "7" || !reflect.DeepEqual(now, *told.Status) {
		t.Errorf("%s, %v", asked.raw, err)
	}
	if bytes.Contains(told.raw, []byte("secret")) {
		t.Error("the token is told")
	}
}

// A front end connects, cancels and disconnects; nobody types anything.
func TestCommConnects(t *testing.T) {
	server := serveScript(t)
	b := open(t, Options{Remote: blackHole(t)})
	f := b.panel()
	same(t, f.asks(fixture(t, "request_restart")).raw, fixture(t, "answer_none"))
	f.state("connecting", 0)
	same(t, f.asks(fixture(t, "request_cancel_start")).raw, fixture(t, "answer_none"))
	f.state("detached", 0)
	same(t, f.asks(fixture(t, "request_connect", "ADDRESS", server.address)).raw, fixture(t, "answer_none"))
	f.state("ready", 0)
	f.asks(fixture(t, "request_disconnect"))
	f.state("detached", 0)
	if len(server.ended()) != 1 {
		t.Errorf("released %v", server.ended())
	}
	f.asks(fixture(t, "request_connect", "ADDRESS", nobody(t)))
	if said := f.state("failed", 0); said.Status.Failure == nil || said.Status.Failure.Message == "" {
		t.Errorf("%s", said.raw)
	}
}

func TestCommRefuses(t *testing.T) {
	b := open(t, Options{})
	f := b.panel()
	for request, want := range map[string]string{
		`7`:  "not a request",
		`{}`: "version 0 is not spoken here, but 1",
		`{"version":1,"id":"x","request":"repot"}`:                          `there is no request \"repot\"","advice":["did you mean ` + "`report`" + `?"]`,
		`{"version":1,"id":"x","request":"stop","params":{"forse":true}}`:   `unknown field \"forse\"`,
		`{"version":1,"id":"x","request":"start","params":{"profile":7}}`:   "cannot unmarshal number",
		`{"version":1,"id":"x","request":"log","params":{"match":"("}}`:     "missing closing )",
		`{"version":1,"id":"x","request":"conf"}`:                           "not connected",
		`{"version":1,"id":"x","request":"profile","params":{"name":"no"}}`: "no such profile",
	} {
		holds(t, string(f.asks([]byte(request)).raw), want)
	}
	if _, ok := b.CommOpen(context.Background(), f, "other", kernel.CommMessage{}); ok {
		t.Error("a target that nobody knows is opened")
	}
}

// Profiles are told with the origins of their settings, and without secrets.
func TestCommProfiles(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, ".config/gospark/profiles.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "default = \"small\"\n\n[profile.small]\ntitle = \"Two cores\"\nabout = \"For trying things out\"\nmaster = \"local[2]\"\n[profile.small.conf]\n\"spark.sql.shuffle.partitions\" = 8\n[profile.small.env]\nSITE_TOKEN = \"s3cret\"\n[profile.broken]\nengine = \"remote\"\n" +
		"[bundle.lake]\ntitle = \"The lake\"\nabout = \"Its catalog and key\"\nprofiles = [\"s*\"]\n[bundle.lake.conf]\n\"spark.sql.ansi.enabled\" = false\n[bundle.lake.env]\nLAKE_TOKEN = \"s3cret\"\n[bundle.far]\nprofiles = [\"broken\"]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, Options{Profiles: profile.Options{Env: []string{"HOME=" + home}, Root: home}})
	f := b.panel()
	same(t, f.asks(fixture(t, "request_profiles")).raw, fixture(t, "answer_profiles", "FILE", file))
	same(t, f.asks(fixture(t, "request_profile")).raw, fixture(t, "answer_profile", "FILE", file))
	same(t, f.asks(fixture(t, "request_profile_bundles")).raw, fixture(t, "answer_profile_bundles", "FILE", file))
	for bundle, want := range map[string]string{"lakee": "did you mean lake?", "far": "the profile small has no bundle far"} {
		said := f.asks([]byte(`{"version":1,"id":"7","request":"start","params":{"profile":"small","bundles":["` + bundle + `"]}}`))
		holds(t, string(said.raw), "no such bundle", want)
	}
	holds(t, string(f.asks(fixture(t, "request_options")).raw), `"key":"spark.sql.shuffle.partitions","category":"SQL`)
}

// A start from a panel takes a profile as its files have it, with the bundles and
// options that were chosen and nothing of the starts before; one that says nothing
// goes on to what the notebook wanted.
func TestCommWanted(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, ".config/gospark/profiles.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "[profile.p]\nbundles = [\"a\"]\n[profile.far]\nengine = \"remote\"\nurl = \"sc://far:1\"\n[bundle.a.conf]\n\"spark.sql.ansi.enabled\" = true\n[bundle.b.conf]\n\"spark.sql.caseSensitive\" = true\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, Options{Profiles: profile.Options{Env: []string{"HOME=" + home}, Root: home}})
	now := target{Profile: launcher.Profile{Name: "p", Idle: time.Hour, Conf: map[string]string{"spark.before": "1"}}, custom: true}
	far := target{URL: "sc://far:1", Profile: launcher.Profile{Name: "far"}, Session: "s"}
	for _, c := range []struct {
		name   string
		now    target
		ask    commStart
		conf   string
		custom bool
	}{
		{"as the files have it", now, commStart{Profile: "p"}, "map[spark.sql.ansi.enabled:true]", false},
		{"another bundle", now, commStart{Profile: "p", Bundles: []string{"b"}}, "map[spark.sql.caseSensitive:true]", true},
		{"none", now, commStart{Profile: "p", Bundles: []string{}}, "map[]", true},
		{"an option over it", now, commStart{Profile: "p", Conf: map[string]string{"spark.sql.ansi.enabled": "false"}}, "map[spark.sql.ansi.enabled:false]", true},
		{"again", now, commStart{}, "map[spark.before:1]", true},
		{"from elsewhere", far, commStart{Profile: "p"}, "map[spark.sql.ansi.enabled:true]", false},
	} {
		got, err := b.commWanted(c.now, c.ask)
		if err != nil || fmt.Sprint(got.Profile.Conf) != c.conf || got.custom != c.custom || got.URL != "" {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
		if c.now.Profile.Idle != got.Profile.Idle {
			t.Errorf("%s: it stays %v", c.name, got.Profile.Idle)
		}
	}
	for _, ask := range []commStart{{}, {Profile: "far"}} {
		if got, err := b.commWanted(far, ask); err != nil || got.URL != "sc://far:1" || (ask.Profile == "") != (got.Session == "s") {
			t.Errorf("%+v: %+v, %v", ask, got, err)
		}
	}
	if got, err := b.wanted(far, magic.SparkStart{Profile: "far"}); err != nil || got.URL != "sc://far:1" {
		t.Errorf("by name, from there: %+v, %v", got, err)
	}
}

// Every message has a fixture, which is what its type makes of it.
func TestCommFixtures(t *testing.T) {
	for name, into := range map[string]any{
		"answer_none": &commNone{}, "answer_report": &commReport{}, "answer_cancel": &commCancelled{}, "answer_log": &commLogPart{},
		"answer_conf": &commConf{}, "answer_set_conf": &commChanged{}, "answer_options": &commOptions{}, "answer_profiles": &commProfiles{},
		"answer_profile": &commProfile{}, "answer_profile_bundles": &commProfile{}, "request_profile_bundles": &commProfileName{}, "request_start": &commStart{}, "request_connect": &commConnect{}, "request_stop": &commForce{},
		"request_stop_server": &commForce{}, "request_start_server": &commStartServer{},
		"request_restart": &commForce{}, "request_watch": &commWatch{}, "request_cancel": &commCancel{}, "request_log": &commLog{},
		"request_set_conf": &commChange{}, "request_profile": &commProfileName{},
		"request_monitor": &commWatch{}, "request_cancel_cell": &commCell{}, "request_cancel_job": &commJob{}, "monitor_running": &commMonitor{}, "monitor_gone": &commMonitor{},
		"status_shared": &commStatus{}, "status_lost": &commStatus{}, "status_failed": &commStatus{}, "answer_error": &commFailure{},
	} {
		decodes(t, name, into)
	}
	routes := (&channel{n: &Notebook{}}).routes()
	for request := range routes {
		if !bytes.Contains(fixture(t, "request_"+request), []byte(fmt.Sprintf(`"request": %q`, request))) {
			t.Errorf("no fixture asks for %s", request)
		}
	}
}

// decodes reads a fixture's content into its type, which has to know every field.
func decodes(t *testing.T, name string, into any) {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal(fixture(t, name), &m); err != nil {
		t.Fatal(name, err)
	}
	for _, key := range []string{"result", "params", "status", "catalog", "monitor", "error"} {
		if m[key] == nil {
			continue
		}
		in := json.NewDecoder(bytes.NewReader(m[key]))
		in.DisallowUnknownFields()
		if err := in.Decode(into); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A page that is loaded again and again does not pile comms up.
func TestCommsAreBounded(t *testing.T) {
	b := open(t, Options{})
	first := b.panel()
	for range mostChannels {
		b.panel().state("detached", 0)
	}
	<-first.closed
	if n := len(b.channels.all); n != mostChannels {
		t.Errorf("%d comms", n)
	}
}

// Operations are told by the text of their cell, in one line.
func TestOutline(t *testing.T) {
	for code, want := range map[string]string{
		"%%sql -o df\nselect 1,\n  2": "select 1, 2",
		"%sql select 1":               "%sql select 1",
		"df.Count(ctx)":               "df.Count(ctx)",
		"%%bash":                      "%%bash",
		strings.Repeat("é", 100):      strings.Repeat("é", 79) + "…",
	} {
		if got := outline(code); got != want {
			t.Errorf("%q: %q", code, got)
		}
	}
	job := sparkJob{Description: "Spark Connect - session_id: x", Tags: []string{
		"SparkConnect_OperationTag_User_u_v_Session_s1_Operation_o1", "SparkConnect_Execution_User_u_v_Session_s1_Tag_gospark-c1_2",
	}}
	if s, o := job.operation(); s != "s1" || o != "o1" || job.cell() != "c1_2" || job.about() != "" {
		t.Errorf("%q, %q, %q, %q", s, o, job.cell(), job.about())
	}
}
