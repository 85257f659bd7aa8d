package notebook

import (
	"os"
	"path/filepath"
	"testing"

	"gospark/launcher/profile"
	"gospark/sparkclient"
)

// An administrator's advice stands below the errors that it is for, from the
// next error on.
func TestAdvice(t *testing.T) {
	root := t.TempDir()
	places := profile.Options{Root: root, Env: []string{}}
	site := filepath.Join(root, "etc", "gospark")
	if err := os.MkdirAll(site, 0o700); err != nil {
		t.Fatal(err)
	}
	b := open(t, Options{Profiles: places})
	r := &run{out: &screen{}}
	denied := &sparkclient.Error{Class: "SOMETHING", Message: "GSS initiate failed for ada"}
	if got := plain(b.explain(t.Context(), r, denied)); got != "SOMETHING: GSS initiate failed for ada" {
		t.Errorf("without a file: %q", got)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(site, "profiles.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`
[[advice]]
pattern = "("
advice  = "broken"
[[advice]]
pattern = 'GSS initiate failed for (\w+)'
advice  = "get a ticket: ` + "`kinit $1`" + `"
[[advice]]
pattern = "never"
advice  = "no"
`)
	holds(t, plain(b.explain(t.Context(), r, denied)), "GSS initiate failed", "→ get a ticket: kinit ada")
	write(`not TOML`)
	holds(t, plain(b.explain(t.Context(), r, denied)), "GSS initiate failed")
}

func TestQuotedName(t *testing.T) {
	for message, want := range map[string]string{
		"The table or view `flihgts` cannot be found.": "flihgts", "`a`.`b` and `c`": "b", "no name": "", "`open": "open",
	} {
		if got := quotedName(message); got != want {
			t.Errorf("%s: %q", message, got)
		}
	}
}
