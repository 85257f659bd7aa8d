package kernelspec_test

import (
	"encoding/json"
	"errors"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gospark/kernelspec"
)

// program makes an executable with a name that wants escaping.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), `go <spark> & "co" $HOME é`)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func install(t *testing.T, o kernelspec.Options) string {
	t.Helper()
	dir, err := kernelspec.Install(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestInstallFindUninstall(t *testing.T) {
	prefix, exe := t.TempDir(), program(t)
	o := kernelspec.Options{Place: kernelspec.Place{Prefix: prefix}, Executable: exe}
	other := filepath.Join(prefix, "share/jupyter/kernels/python3/kernel.json")
	write(t, other, "{}")
	dir := install(t, o)
	if dir != filepath.Join(prefix, "share/jupyter/kernels/gospark") {
		t.Errorf("installed in %s", dir)
	}
	install(t, o) // again: an upgrade

	if got, want := names(t, dir), []string{"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}; !slices.Equal(got, want) {
		t.Errorf("files: %q", got)
	}
	var spec map[string]any
	b, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err == nil {
		err = json.Unmarshal(b, &spec)
	}
	if err != nil {
		t.Fatal(err)
	}
	if spec["display_name"] != "Go (Spark)" || spec["language"] != "go" || spec["interrupt_mode"] != "message" {
		t.Errorf("kernel.json: %s", b)
	}
	found := kernelspec.Find(t.Context(), o)
	if len(found) != 1 || found[0].Problem != "" || !slices.Equal(found[0].Argv, []string{exe, "kernel", "--prefix", prefix, "{connection_file}"}) {
		t.Errorf("found: %+v", found)
	}

	write(t, filepath.Join(dir, "mine.txt"), "a user's own")
	if _, err := kernelspec.Uninstall(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"mine.txt"}) {
		t.Errorf("left: %q", got)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("another kernel was touched: %v", err)
	}
	if _, err := kernelspec.Uninstall(t.Context(), o); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a second uninstall: %v", err)
	}
}

func TestUninstallLeavesNothing(t *testing.T) {
	o := kernelspec.Options{Place: kernelspec.Place{Prefix: t.TempDir()}, Executable: program(t)}
	dir := install(t, o)
	if _, err := kernelspec.Uninstall(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

// A kernel.json that somebody wrote by hand to run gospark may be replaced.
func TestHandMadeSpecIsReplaced(t *testing.T) {
	o := kernelspec.Options{Place: kernelspec.Place{Prefix: t.TempDir()}, Executable: program(t)}
	spec := filepath.Join(o.Place.Prefix, "share/jupyter/kernels/gospark/kernel.json")
	write(t, spec, `{"argv": ["/old/gospark", "kernel", "{connection_file}"]}`)
	if found := kernelspec.Find(t.Context(), o); len(found) != 1 || !strings.Contains(found[0].Problem, "install again") {
		t.Errorf("found: %+v", found)
	}
	install(t, o)
	if found := kernelspec.Find(t.Context(), o); len(found) != 1 || found[0].Problem != "" {
		t.Errorf("found: %+v", found)
	}
}

func TestForeignFoldersAreRefused(t *testing.T) {
	for name, make := range map[string]func(dir string){
		"another kernel": func(dir string) { write(t, filepath.Join(dir, "kernel.json"), `{"argv": ["x"], "metadata": {}}`) },
		"damaged":        func(dir string) { write(t, filepath.Join(dir, "kernel.json"), `{`) },
		"a link": func(dir string) {
			if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(t.TempDir(), dir); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := kernelspec.Options{Place: kernelspec.Place{Prefix: t.TempDir()}, Executable: program(t)}
			make(filepath.Join(o.Place.Prefix, "share/jupyter/kernels/gospark"))
			_, err := kernelspec.Install(t.Context(), o)
			var foreign *kernelspec.ForeignError
			if !errors.As(err, &foreign) {
				t.Errorf("install: %v", err)
			}
			if _, err := kernelspec.Uninstall(t.Context(), o); err == nil {
				t.Error("uninstalled what is not ours")
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	exe, dir := program(t), t.TempDir()
	python := filepath.Join(dir, "bin/python3")
	write(t, python, "#!/bin/sh\necho "+dir+"/asked\n")
	if err := os.Chmod(python, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		place kernelspec.Place
		env   []string
		want  string
	}{
		"venv":             {env: []string{"VIRTUAL_ENV=" + dir + "/v", "HOME=" + dir}, want: dir + "/v/share/jupyter"},
		"conda":            {kernelspec.Place{SysPrefix: true}, []string{"CONDA_PREFIX=" + dir + "/c"}, dir + "/c/share/jupyter"},
		"python3":          {kernelspec.Place{SysPrefix: true}, []string{"PATH=" + dir + "/bin"}, dir + "/asked/share/jupyter"},
		"nothing: user":    {env: []string{"HOME=" + dir + "/h"}, want: dir + "/h/.local/share/jupyter"},
		"user in a venv":   {kernelspec.Place{User: true}, []string{"VIRTUAL_ENV=" + dir + "/v", "HOME=" + dir + "/h"}, dir + "/h/.local/share/jupyter"},
		"user by variable": {kernelspec.Place{User: true}, []string{"JUPYTER_DATA_DIR=" + dir + "/j"}, dir + "/j"},
	} {
		t.Run(name, func(t *testing.T) {
			got := install(t, kernelspec.Options{Place: c.place, Executable: exe, Environ: c.env})
			if want := c.want + "/kernels/gospark"; got != want {
				t.Errorf("installed in %s, want %s", got, want)
			}
		})
	}
}

func TestNoPython(t *testing.T) {
	o := kernelspec.Options{Place: kernelspec.Place{SysPrefix: true}, Executable: program(t), Environ: []string{"PATH=/nowhere"}}
	if _, err := kernelspec.Install(t.Context(), o); !errors.Is(err, kernelspec.ErrNoPython) {
		t.Errorf("install: %v", err)
	}
	o.Place = kernelspec.Place{User: true, Prefix: "/x"}
	if _, err := kernelspec.Install(t.Context(), o); err == nil || !strings.Contains(err.Error(), "use one of") {
		t.Errorf("two places: %v", err)
	}
}

func TestProgramsThatCannotBeStarted(t *testing.T) {
	braces := filepath.Join(t.TempDir(), "{prefix}")
	write(t, braces, "")
	if err := os.Chmod(braces, 0o755); err != nil {
		t.Fatal(err)
	}
	for exe, want := range map[string]string{braces: "braces", t.TempDir(): "no program"} {
		o := kernelspec.Options{Place: kernelspec.Place{Prefix: t.TempDir()}, Executable: exe}
		if _, err := kernelspec.Install(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", exe, err)
		}
	}
}

func TestFindSeesAMissingProgram(t *testing.T) {
	exe := program(t)
	o := kernelspec.Options{Executable: exe, Environ: []string{"JUPYTER_DATA_DIR=" + t.TempDir()}}
	install(t, o)
	if err := os.Remove(exe); err != nil {
		t.Fatal(err)
	}
	if found := kernelspec.Find(t.Context(), o); len(found) == 0 || !strings.Contains(found[0].Problem, "install again") {
		t.Errorf("found: %+v", found)
	}
}

// Jupyter itself must read what was written: the argv and the environment, with
// all that it replaces in them.
func TestJupyterReadsIt(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the real jupyter_client")
	}
	exe, data := program(t), t.TempDir()
	value := `a "b" $HOME ${HOME} $$ <c> é`
	install(t, kernelspec.Options{Executable: exe, Env: map[string]string{"V": value}, Environ: []string{"JUPYTER_DATA_DIR=" + data}})
	script := `
import json, string
from jupyter_client import KernelManager
m = KernelManager(kernel_name="gospark", connection_file="/c.json")
env = {k: string.Template(v).safe_substitute({"HOME": "/wrong"}) for k, v in m.kernel_spec.env.items()}
print(json.dumps({"argv": m.format_kernel_cmd(), "env": env, "name": m.kernel_spec.display_name, "encryption": m.kernel_spec.metadata["supported_encryption"], "logo": sorted(__import__("os").listdir(m.kernel_spec.resource_dir))}))`
	cmd := exec.Command("../.venv/bin/python", "-c", script)
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	var got struct {
		Argv       []string
		Env        map[string]string
		Name       string
		Encryption []string
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Argv, []string{exe, "kernel", "/c.json"}) || got.Env["V"] != value || got.Name != "Go (Spark)" || !slices.Equal(got.Encryption, []string{"curve"}) {
		t.Errorf("jupyter reads %s", out)
	}
}

func TestLogosHaveTheirSizes(t *testing.T) {
	for name, n := range map[string]int{"logo/logo-32x32.png": 32, "logo/logo-64x64.png": 64} {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		c, err := png.DecodeConfig(f)
		if err != nil || c.Width != n || c.Height != n {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A wheel is unpacked anywhere: its kernel.json finds the program from its own
// folder, and what Jupyter makes of that is what Find tells.
func TestRelocatableSpecMoves(t *testing.T) {
	staging, moved := t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")
	exe := filepath.Join(staging, "bin/gospark")
	write(t, exe, "#!/bin/sh\n")
	if err := os.Chmod(exe, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := install(t, kernelspec.Options{Place: kernelspec.Place{Prefix: staging}, Executable: exe, Relocatable: true})
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil || strings.Contains(string(text), staging) || !strings.Contains(string(text), "{resource_dir}/../../../../bin/gospark") {
		t.Errorf("kernel.json: %v\n%s", err, text)
	}
	text, err = os.ReadFile(filepath.Join(staging, "share/jupyter/labextensions/gospark/install.json"))
	if err != nil || !strings.Contains(string(text), `"packageManager": "python"`) || !strings.Contains(string(text), "pip uninstall gospark") {
		t.Errorf("install.json: %v\n%s", err, text)
	}
	if err := os.Rename(staging, moved); err != nil {
		t.Fatal(err)
	}
	found := kernelspec.Find(t.Context(), kernelspec.Options{Place: kernelspec.Place{Prefix: moved}})
	want := []string{filepath.Join(moved, "bin/gospark"), "kernel", "{connection_file}"}
	if len(found) != 1 || found[0].Problem != "" || !slices.Equal(found[0].Argv, want) {
		t.Errorf("found: %+v", found)
	}
}

func TestRelocatableNeedsTheProgramInTheEnvironment(t *testing.T) {
	o := kernelspec.Options{Place: kernelspec.Place{Prefix: t.TempDir()}, Executable: program(t), Relocatable: true}
	if _, err := kernelspec.Install(t.Context(), o); err == nil || !strings.Contains(err.Error(), "copy it there") {
		t.Errorf("got %v", err)
	}
}
