package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Cell is a file to be made into a plugin.
type Cell struct {
	// Name is the plugin's package path and file name: "cell7".
	Name   string
	Source []byte
	// Imports are the packages that the worker gets, where it has not got them yet,
	// before the cell is loaded: imports plugins bring them, in this order.
	Imports []string

	importcfg string
	provided  provided
}

// Plugin is a cell that can be loaded.
type Plugin struct {
	Path          string
	Compile, Link time.Duration
	// Whole tells that the plugin holds the packages that the cell imports, too: it
	// could not be bound to those in the worker.
	Whole bool

	shared bool // kept in the cache
}

// buildCell compiles and links a cell in dir.
func (t *Toolchain) buildCell(ctx context.Context, b *build, dir string, c Cell) (Plugin, error) {
	file := func(ext string) string { return filepath.Join(dir, c.Name+ext) }
	defer func() { _, _ = os.Remove(file(".go")), os.Remove(file(".a")) }()
	if err := os.WriteFile(file(".go"), c.Source, 0o600); err != nil {
		return Plugin{}, fmt.Errorf("write a cell's source: %w", diskFull(err))
	}
	start := time.Now()
	if err := t.compile(ctx, b, dir, c); err != nil {
		return Plugin{}, err
	}
	compiled := time.Now()
	whole := !b.Binds || t.bind(ctx, b, dir, c) != nil
	if whole {
		if err := t.link(ctx, b, file(".so"), c, c.importcfg, file(".a")); err != nil {
			return Plugin{}, err
		}
	}
	return Plugin{Path: file(".so"), Compile: compiled.Sub(start), Link: time.Since(compiled), Whole: whole}, nil
}

// link links a compiled cell as a plugin.
func (t *Toolchain) link(ctx context.Context, b *build, plugin string, c Cell, importcfg, archive string, flags ...string) error {
	dir := filepath.Dir(plugin)
	argv := append([]string{b.golang.tool("link"), "-s", "-w", "-compressdwarf=false",
		"-buildmode=plugin", "-pluginpath", c.Name, "-importcfg", importcfg,
		"-extld", quote(b.file("extld")), "-o", plugin}, flags...)
	_, err := command{doing: "link the cell", dir: dir, env: b.toolEnv(t, dir), argv: append(argv, archive)}.run(ctx)
	if err != nil {
		_ = os.Remove(plugin)
	}
	return err
}

// quote protects a path in an option that takes several words.
func quote(path string) string {
	if strings.ContainsAny(path, " \t'\"") {
		return `"` + path + `"`
	}
	return path
}

func (t *Toolchain) compile(ctx context.Context, b *build, dir string, c Cell) error {
	argv := append([]string{b.golang.tool("compile"), "-dynlink", "-p", "repl", "-pack",
		"-importcfg", c.importcfg, "-o", filepath.Join(dir, c.Name+".a")}, codeFlags...)
	argv = append(argv, filepath.Join(dir, c.Name+".go"), b.file("bind.go"))
	_, err := command{doing: "compile the cell", dir: dir, env: b.toolEnv(t, dir), argv: argv}.run(ctx)
	var failed *CommandError
	if errors.As(err, &failed) && !errors.Is(err, ErrDiskFull) {
		if lines := diagnostics(failed.Output); len(lines) > 0 {
			return &CompileError{Lines: lines}
		}
	}
	return err
}

// diagnostics are the compiler's messages about cells, their folders dropped.
func diagnostics(output string) []string {
	var out []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\n")
		at := strings.Index(line, "cell[")
		if at < 0 {
			if len(out) > 0 && strings.HasPrefix(line, "\t") {
				out[len(out)-1] += "\n" + line
			}
			continue
		}
		out = append(out, line[at:])
	}
	return out
}

// Remove removes the plugin's file; one that is loaded stays loaded.
func (p Plugin) Remove() {
	if !p.shared {
		_ = os.Remove(p.Path)
	}
}
