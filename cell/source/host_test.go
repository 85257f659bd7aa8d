package source

import (
	"bufio"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// toolbox builds cells with the stock toolchain and runs them in a host.
type toolbox struct {
	dir, host, importcfg, tools string
	std                         []string
	exports                     map[string]string
}

// tools builds the host once for all tests.
var tools = sync.OnceValues(func() (*toolbox, error) {
	dir, err := os.MkdirTemp("", "gospark-source-")
	if err != nil {
		return nil, err
	}
	b := &toolbox{dir: dir, host: filepath.Join(dir, "host"), importcfg: filepath.Join(dir, "importcfg"), exports: map[string]string{}}
	if _, err := command("go", "build", "-o", b.host, "./testdata/host"); err != nil {
		return nil, err
	}
	list, err := command("go", "list", "-export", "-deps", "-buildmode=plugin",
		"-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}", "./testdata/host", "runtime/cgo", "plugin")
	if err != nil {
		return nil, err
	}
	var cfg strings.Builder
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if p, file, ok := strings.Cut(line, "="); ok && !strings.HasSuffix(p, "testdata/host") {
			b.exports[p] = file
			fmt.Fprintf(&cfg, "packagefile %s\n", line)
		}
	}
	for p := range b.exports {
		if !strings.HasPrefix(p, "gospark/") {
			b.std = append(b.std, p)
		}
	}
	slices.Sort(b.std)
	if b.tools, err = command("go", "env", "GOTOOLDIR"); err != nil {
		return nil, err
	}
	b.tools = strings.TrimSpace(b.tools)
	return b, os.WriteFile(b.importcfg, []byte(cfg.String()), 0o600)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if b, err := tools(); err == nil {
		_ = os.RemoveAll(b.dir)
	}
	os.Exit(code)
}

func command(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w\n%s", name, err, exit.Stderr)
	}
	return string(out), err
}

func (b *toolbox) importer() types.Importer {
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		f, ok := b.exports[path]
		if !ok {
			return nil, fmt.Errorf("no package %s", path)
		}
		return os.Open(f)
	})
}

func getTools(t testing.TB) *toolbox {
	t.Helper()
	b, err := tools()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// session is a notebook with a live process.
type session struct {
	t     testing.TB
	tools *toolbox
	dir   string
	nb    *Notebook
	last  *Unit
	in    io.Writer
	pipe  *os.File
	out   *bufio.Reader
	built map[string]string // key → the command that runs it
}

func newSession(t testing.TB, opts Options) *session {
	b := getTools(t)
	opts.Importer, opts.Std = b.importer(), b.std
	s := &session{t: t, tools: b, dir: t.TempDir(), nb: New(opts), built: map[string]string{}}
	cmd := exec.Command(b.host)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() { in.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait(); r.Close() })
	s.in, s.pipe, s.out = in, r, bufio.NewReader(r)
	return s
}

// run is all that a cell shows: diagnostics, notices, output, results.
func (s *session) run(code string, number int) string {
	s.t.Helper()
	return s.runAt(code, number, "")
}

// runAt does so for a run of the notebook's cell of that name.
func (s *session) runAt(code string, number int, place string) string {
	s.t.Helper()
	u, err := s.nb.Compile(Cell{Code: code, Number: number, Shown: number, Place: place, Run: fmt.Sprint(number)})
	if err != nil {
		return err.Error() + "\n"
	}
	s.last = u
	var out strings.Builder
	if len(u.Dropped) > 0 {
		fmt.Fprintf(&out, "dropped: %s\n", strings.Join(u.Dropped, " "))
	}
	if len(u.Broken) > 0 {
		fmt.Fprintf(&out, "broken: %s\n", strings.Join(u.Broken, " "))
	}
	cmd, ok := s.built[u.Key]
	if ok {
		out.WriteString("reused\n")
	} else {
		if cmd, err = s.build(u); err != nil {
			return out.String() + fmt.Sprintf("BUILD %v\n%s", err, u.Source)
		}
		s.built[u.Key] = cmd
	}
	s.nb.Commit(u)
	if _, err := fmt.Fprintln(s.in, cmd); err != nil {
		s.t.Fatal(err)
	}
	// A cell that never ends must not hold up the tests.
	if err := s.pipe.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		s.t.Fatal(err)
	}
	for {
		line, err := s.out.ReadString('\n')
		if before, ok := strings.CutSuffix(line, "\x01\n"); ok {
			out.WriteString(before)
			return s.nb.Original(out.String())
		}
		out.WriteString(line)
		if err != nil {
			return out.String() + "DIED\n" + string(u.Source)
		}
	}
}

func (s *session) build(u *Unit) (string, error) {
	base := filepath.Join(s.dir, fmt.Sprintf("c%d", u.Number))
	if err := os.WriteFile(base+".go", u.Source, 0o600); err != nil {
		return "", err
	}
	compile := exec.Command(filepath.Join(s.tools.tools, "compile"), "-dynlink", "-p", "repl", "-importcfg", s.tools.importcfg,
		"-trimpath", s.dir+"=>", "-pack", "-o", base+".a", filepath.Base(base)+".go")
	compile.Dir = s.dir
	if out, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	link := exec.Command(filepath.Join(s.tools.tools, "link"), "-s", "-w", "-o", base+".so", "-importcfg", s.tools.importcfg,
		"-buildmode=plugin", "-pluginpath", fmt.Sprintf("cell%d", u.Number), "-extld", "gcc", base+".a")
	if _, err := exec.LookPath("mold"); err == nil {
		link.Args = slices.Insert(link.Args, 1, "-extldflags=-fuse-ld=mold")
	}
	if out, err := link.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return base + ".so " + u.Entry, nil
}
