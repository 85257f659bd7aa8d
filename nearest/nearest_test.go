package nearest

import "testing"

func TestOf(t *testing.T) {
	names := []string{"ToUpper", "ToTitle", "Title", "Split"}
	for wrong, want := range map[string]string{"toupper": "ToUpper", "ToUper": "ToUpper", "Titel": "Title", "Spl": "Split", "Join": ""} {
		if got := Of(wrong, names); got != want {
			t.Errorf("%q: %q, not %q", wrong, got, want)
		}
	}
}
