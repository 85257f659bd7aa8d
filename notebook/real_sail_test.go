package notebook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A notebook on Sail, with the pysail of GOSPARK_PYSAIL (the python of an
// environment that has it; see sparkclient/pysail_test.go).
func TestRealSail(t *testing.T) {
	python := os.Getenv("GOSPARK_PYSAIL")
	if python == "" {
		t.Skip("GOSPARK_PYSAIL names no python with pysail")
	}
	o := realOptions(t)
	o.Launch.Prefixes = []string{filepath.Dir(filepath.Dir(python))}
	files, _ := withProfiles(t, "[profile.instant]\nengine = 'sail'\nopen_to_local_users = true\n")
	o.Profile, o.Master, o.Profiles = "instant", "", files
	b := open(t, o)
	started := b.good("%spark start")
	holds(t, started, "connected", "sail", "instant")
	if strings.Contains(started, "Web UI") {
		t.Error(started)
	}
	holds(t, b.good("%%sql -v seven\nselect sum(id) as total from range(8)"), "28")
	holds(t, b.good("%sql select * from seven"), "28")
	holds(t, b.bad("%spark ui").trace(), "without a Web UI", "Sail")
	holds(t, b.bad("%spark jobs").trace(), "nothing is known of its jobs")
	holds(t, b.bad("%sql select * from nowhere").trace(), "not found")
	holds(t, b.good("%spark stop"), "stopped")
}
