package notebook

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gospark/launcher"
	"gospark/launcher/profile"
)

// serverProfiles are a server that runs, one that cannot start, one that is not of
// this machine and one that is described wrongly.
const serverProfiles = `
[profile.small]
master = "local[1]"
[profile.small.conf]
"spark.driver.memory" = "512m"
[profile.failing]
java_home = "/nowhere"
[profile.far]
engine = "remote"
url = "sc://far:1/;token=s3cret"
[profile.wrong]
engine = "remote"
`

// twoNotebooks have these profiles and the tests' own servers; all but the default
// one's end with the test.
func twoNotebooks(t *testing.T) (first, second *book) {
	t.Helper()
	o := realOptions(t)
	home := t.TempDir()
	file := filepath.Join(home, ".config/gospark/profiles.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(serverProfiles), 0o600); err != nil {
		t.Fatal(err)
	}
	o.Profiles = profile.Options{Env: []string{"HOME=" + home}, Root: home}
	t.Cleanup(func() {
		err := launcher.Stop(context.Background(), o.Launch, "small", true, 0)
		if err != nil && !errors.Is(err, launcher.ErrNotRunning) {
			t.Error(err)
		}
	})
	return open(t, o), open(t, o)
}

// report waits for one that is as wanted.
func (f *frontEnd) report(what string, wanted func(commReport) bool) commReport {
	f.b.t.Helper()
	return *f.event(what, func(said commSaid) bool { return said.Report != nil && wanted(*said.Report) }).Report
}

// server is the one of a profile.
func (r commReport) server(name string) (found commProfileServer) {
	for _, s := range r.Servers {
		if s.Profile == name {
			found = s
		}
	}
	return found
}

// states are the states of the servers, with a mark at the notebook's own.
func (r commReport) states() (all []string) {
	for _, s := range r.Servers {
		word := s.Profile + " " + s.State
		if s.Mine {
			word += " mine"
		}
		all = append(all, word)
	}
	return all
}

// Two notebooks on two servers each know of both, which is theirs, and what
// becomes of them; a front end starts, restarts and stops one that it does not use.
func TestRealServers(t *testing.T) {
	first, second := twoNotebooks(t)
	one, two := first.panel(), second.panel()
	watch := fixture(t, "request_watch")
	one.sends(watch)
	two.sends(watch)
	is := func(name, state string) func(commReport) bool {
		return func(r commReport) bool { return r.server(name).State == state }
	}
	first.good("%spark start")
	two.report("the other's server", is("default", launcher.Ready))
	same(t, two.asks(fixture(t, "request_start_server")).raw, fixture(t, "answer_none"))
	if s, _ := second.spark.peek(); s.stage != detached {
		t.Errorf("the notebook that asked is %v", s.stage)
	}
	holds(t, second.good("%spark start small"), "local[1]", "small")
	own := map[*frontEnd]string{one: "default", two: "small"}
	for f, want := range map[*frontEnd][]string{
		one: {"default ready mine", "failing stopped", "far elsewhere", "small ready", "wrong failed"},
		two: {"default ready", "failing stopped", "far elsewhere", "small ready mine", "wrong failed"},
	} {
		r := f.report("both", func(r commReport) bool { return slices.Equal(r.states(), want) })
		mine := r.server(own[f])
		if mine.Address == "" || mine.Spark == "" || mine.Memory == 0 || mine.Started.IsZero() || len(mine.Clients) != 1 ||
			r.server("small").Master != "local[1]" || r.server("far").Address != "sc://far:1" || r.server("wrong").Why == "" {
			t.Errorf("%+v", r.Servers)
		}
	}
	failed := one.asks([]byte(`{"version":1,"id":"7","request":"start_server","params":{"profile":"failing"}}`))
	holds(t, string(failed.raw), "/nowhere")
	r := one.report("the failure", is("failing", serverFailed))
	if f := r.server("failing"); !strings.Contains(f.Why, "/nowhere") || time.Since(f.Ended) > time.Minute {
		t.Errorf("%+v", f)
	}
	holds(t, string(one.asks([]byte(`{"version":1,"id":"7","request":"start_server","params":{"profile":"far"}}`)).raw), "runs elsewhere")
	same(t, one.asks([]byte(`{"version":1,"id":"7","request":"restart","params":{"profile":"small","force":true}}`)).raw, fixture(t, "answer_none"))
	two.state("lost", 0)
	again := one.report("the new one", func(now commReport) bool { // what was told of the old one may come before
		return is("small", launcher.Ready)(now) && now.server("small").Started.After(r.server("small").Started)
	})
	if clients := again.server("small").Clients; len(clients) != 0 {
		t.Errorf("%+v", clients)
	}
	same(t, one.asks(fixture(t, "request_stop_server")).raw, fixture(t, "answer_none"))
	stopped := time.Now()
	one.report("the end", is("small", serverStopped))
	if after := time.Since(stopped); after > 2*time.Second {
		t.Errorf("told after %v", after)
	}
	if s, _ := first.spark.peek(); s.stage != ready || profileName(s.target) != "default" {
		t.Errorf("the notebook that asked is %v at %s", s.stage, profileName(s.target))
	}
}
