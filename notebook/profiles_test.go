package notebook

import (
	"os"
	"path/filepath"
	"testing"

	"gospark/launcher/profile"
	"gospark/sparkclient"
)

// withProfiles are options with files of their own: text is the user's.
func withProfiles(t *testing.T, text string) (profile.Options, string) {
	t.Helper()
	dir := t.TempDir()
	o := profile.Options{Root: dir, Env: []string{"XDG_CONFIG_HOME=" + dir}}
	file, err := profile.UserFile(o)
	if err == nil {
		_, err = profile.Create(file, []byte(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	return o, filepath.Dir(file)
}

// A token that has run out is replaced by the next connection, which finds the
// same session.
func TestFreshToken(t *testing.T) {
	server := serveScript(t)
	server.token = "first"
	files, dir := withProfiles(t, "[profile.far]\nengine = 'remote'\nurl = '"+server.url("")+"'\ntoken_file = 'token'\n")
	token := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "token"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	token("first")
	b := open(t, Options{Profiles: files, Profile: "far"})
	before, err := b.spark.await(t.Context(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	server.mu.Lock()
	server.token = "second"
	server.mu.Unlock()
	token("second")
	_ = b.spark.lose(t.Context(), before.epoch, sparkclient.ErrUnauthenticated)
	after, err := b.spark.await(t.Context(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	if after.engine.SessionID() != before.engine.SessionID() || after.epoch == before.epoch {
		t.Errorf("another session: %s, then %s", before.engine.SessionID(), after.engine.SessionID())
	}
	holds(t, b.good("%spark profile"), "far", "this notebook's")
}

// A profile that cannot be used is told by the first cell that needs it, with
// its line; one that does not exist by its nearest.
func TestWrongProfiles(t *testing.T) {
	files, _ := withProfiles(t, "[profile.bad]\nmastr = 'local'\n[profile.good]\nmaster = 'local[7]'\n")
	b := open(t, Options{Profiles: files, Profile: "bad"})
	holds(t, b.bad("%sql SELECT 1").trace(), "profile cannot be used", "profiles.toml:2", "did you mean master?")
	holds(t, b.bad("%spark profile use godo").trace(), "no such profile", "did you mean good?")
	holds(t, b.good("%spark profile show good"), "local[7]", "profiles.toml:4")
	holds(t, b.good("%spark profile"), "bad", "good", "profiles.toml:2")
}
