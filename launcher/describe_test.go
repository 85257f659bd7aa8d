package launcher_test

import (
	"testing"

	"gospark/launcher"
)

// Others see what the holder of a lease says of itself; who it is stays as it
// was when it came.
func TestLeaseIsDescribed(t *testing.T) {
	o := fakeOptions(t, "")
	l := attach(t, o, launcher.Profile{Name: "p"})
	if err := l.Describe(launcher.Client{PID: 1, Name: "a.ipynb", Session: "s1"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the session is told", func() bool {
		all, err := launcher.Status(t.Context(), o)
		if err != nil || len(all) != 1 || len(all[0].Attached) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		c := all[0].Attached[0]
		return c.Name == "a.ipynb" && c.Session == "s1" && c.PID > 1
	})
}
