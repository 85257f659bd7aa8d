package kernelspec_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gospark/kernelspec"
)

// The browser part comes and goes with the kernel; what others put beside it
// stays, what an older version had goes.
func TestExtension(t *testing.T) {
	o := kernelspec.Options{Place: kernelspec.Place{Prefix: t.TempDir()}, Executable: program(t)}
	install(t, o)
	dir := filepath.Join(o.Place.Prefix, "share/jupyter/labextensions/gospark")
	for _, name := range []string{"package.json", "install.json", "schemas/gospark/plugin.json", "static/style.js"} {
		if fi, err := os.Stat(filepath.Join(dir, name)); err != nil || fi.Mode().Perm() != 0o644 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f := kernelspec.Find(t.Context(), o); len(f) != 1 || f[0].Extension != dir || f[0].ExtensionProblem != "" {
		t.Errorf("%+v", f)
	}
	write(t, filepath.Join(dir, "static/former.js"), "")
	write(t, filepath.Join(dir, "package.json"), "{}")
	list, err := os.ReadFile(filepath.Join(dir, "install.json"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "install.json"), strings.Replace(string(list), `"files": [`, `"files": ["static/former.js", "../outside",`, 1))
	write(t, filepath.Join(dir, "../outside"), "")
	if f := kernelspec.Find(t.Context(), o); len(f) != 1 || f[0].ExtensionProblem != "is of another version of gospark" {
		t.Errorf("%+v", f)
	}
	install(t, o)
	if _, err := os.Stat(filepath.Join(dir, "static/former.js")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what the former version had is still there: %v", err)
	}
	write(t, filepath.Join(dir, "static/mine.js"), "")
	if _, err := kernelspec.Uninstall(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(got) != 1 || len(names(t, filepath.Join(dir, "static"))) != 1 {
		t.Errorf("left: %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "../outside")); err != nil {
		t.Errorf("a file outside was removed: %v", err)
	}
}

func TestForeignExtensionIsRefused(t *testing.T) {
	o := kernelspec.Options{Place: kernelspec.Place{Prefix: t.TempDir()}, Executable: program(t)}
	write(t, filepath.Join(o.Place.Prefix, "share/jupyter/labextensions/gospark/package.json"), "{}")
	_, err := kernelspec.Install(t.Context(), o)
	var foreign *kernelspec.ForeignError
	if !errors.As(err, &foreign) {
		t.Errorf("install: %v", err)
	}
}
