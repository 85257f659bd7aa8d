package launcher_test

import (
	"testing"
	"time"

	"gospark/launcher"
)

// starters is how many kernels start at the same moment.
const starters = 25

// together starts n kernels at once and returns them with their reports.
func together(t *testing.T, n int, order kernelOrder) ([]*kernel, []kernelReport) {
	t.Helper()
	kernels := make([]*kernel, n)
	for i := range kernels {
		kernels[i] = startKernel(t, order)
	}
	reports := make([]kernelReport, n)
	for i, k := range kernels {
		reports[i] = k.report(t)
	}
	return kernels, reports
}

// sameServer fails unless all reports name one server.
func sameServer(t *testing.T, reports []kernelReport) launcher.Server {
	t.Helper()
	first := reports[0]
	for i, r := range reports {
		if r.Err != "" {
			t.Fatalf("kernel %d: %s", i, r.Err)
		}
		if r.Server.PID != first.Server.PID || r.Server.Generation != first.Server.Generation || r.Server.Token != first.Server.Token {
			t.Fatalf("two servers: %+v and %+v", first.Server, r.Server)
		}
	}
	return first.Server
}

func TestManyStartersShareOneServer(t *testing.T) {
	o := fakeOptions(t, "")
	kernels, reports := together(t, starters, kernelOrder{Options: o, Profile: launcher.Profile{Idle: time.Minute}})
	server := sameServer(t, reports)

	servers, err := launcher.Status(t.Context(), o)
	if err != nil || len(servers) != 1 {
		t.Fatalf("status: %v, %v", servers, err)
	}
	if s := servers[0]; s.Clients != starters || s.PID != server.PID || s.Token != "" || s.State != launcher.Ready {
		t.Errorf("status: %+v", s)
	}
	for _, k := range kernels {
		k.end()
	}
	eventually(t, "the leases are given back", func() bool {
		servers, err := launcher.Status(t.Context(), o)
		return err == nil && len(servers) == 1 && servers[0].Clients == 0
	})
}

func TestProfilesHaveServersOfTheirOwn(t *testing.T) {
	o := fakeOptions(t, "")
	a := attach(t, o, launcher.Profile{Name: "a"})
	b := attach(t, o, launcher.Profile{Name: "b"})
	if a.Server().PID == b.Server().PID || a.Server().Token == b.Server().Token {
		t.Errorf("one server for two profiles: %+v", a.Server())
	}
	if servers, err := launcher.Status(t.Context(), o); err != nil || len(servers) != 2 {
		t.Errorf("status: %v, %v", servers, err)
	}
}

func TestManyStartersOfABrokenSparkAllHearWhy(t *testing.T) {
	o := fakeOptions(t, "say:Could not parse Master URL: 'moon'")
	_, reports := together(t, 8, kernelOrder{Options: o})
	for _, r := range reports {
		if want := "Spark did not start: Spark does not know the master moon: use local[*], spark://HOST:PORT, yarn or k8s://URL"; r.Err != want {
			t.Errorf("got %q\nwant %q", r.Err, want)
		}
	}
}

func TestDifferencesAreNamed(t *testing.T) {
	o := fakeOptions(t, "")
	attach(t, o, launcher.Profile{Conf: map[string]string{"a": "1", "b": "2"}})
	l := attach(t, o, launcher.Profile{Conf: map[string]string{"a": "1", "b": "3", "c": "4"}, Master: "local[1]"})
	if got := l.Differs(); len(got) != 3 || got[0] != "b" || got[1] != "c" || got[2] != "master" {
		t.Errorf("differs: %q", got)
	}
}
