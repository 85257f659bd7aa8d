package toolchain

import (
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// standInName is the file name of the worker's stand-in; extld knows it.
const standInName = "libworker.so"

// errUnbound is why a cell cannot be bound to the worker.
var errUnbound = errors.New("the cell needs what the worker does not export")

// provided is what the worker has when a cell is loaded.
type provided struct {
	packages map[string]bool
	files    []string // the worker and imports plugins, in the order of loading
}

// provide tells what the worker will have. It is what the loader of the cell does
// with the imports, told in advance.
func (w *Workspace) provide(imports []string) provided {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := provided{maps.Clone(w.linked), slices.Concat([]string{w.b.file("worker")}, w.plugins)}
	for _, path := range imports {
		if o, ok := w.origin[path]; ok && !p.packages[path] {
			p.files = append(p.files, o.Plugin)
			for _, path := range o.Packages {
				p.packages[path] = true
			}
		}
	}
	return p
}

// bind links a cell against what the worker exports: the plugin then holds
// nothing but the cell, and no other archive is read. It is how the Go linker
// links against a shared library, for which a stand-in of the worker is made.
//
// What the worker has not got is no fault of the cell: link makes a plugin of it
// all the same.
func (t *Toolchain) bind(ctx context.Context, b *build, dir string, c Cell) error {
	archive, err := os.ReadFile(filepath.Join(dir, c.Name+".a"))
	if err != nil {
		return err
	}
	o, err := readObject(archive)
	if err != nil {
		return err
	}
	x, err := openExports(c.provided.files)
	if err != nil {
		return err
	}
	defer x.close()
	aside := filepath.Join(dir, c.Name+".bind")
	if err := os.Mkdir(aside, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(aside)
	extra, err := os.ReadFile(b.file("bind.o"))
	if err != nil {
		return err
	}
	library, config, cell := filepath.Join(aside, standInName), filepath.Join(aside, "importcfg"), filepath.Join(aside, "cell.a")
	var lines strings.Builder
	for _, path := range o.imports {
		if !c.provided.packages[path] {
			return fmt.Errorf("%w: package %s", errUnbound, path)
		}
		fmt.Fprintf(&lines, "packageshlib %s=%s\n", path, library)
	}
	err = errors.Join(
		os.WriteFile(library, newStandIn(x, o).file(x), 0o600),
		os.WriteFile(config, []byte(lines.String()), 0o600),
		os.WriteFile(cell, withFirst(archive, "bind.o", extra), 0o600),
	)
	if err != nil {
		return err
	}
	plugin := filepath.Join(dir, c.Name+".so")
	if err := t.link(ctx, b, plugin, c, config, cell, "-linkshared", "-E", bindFirst); err != nil {
		return err
	}
	return x.satisfy(plugin)
}

// satisfy reports whether a plugin needs nothing else; loading it would fail.
func (x exports) satisfy(plugin string) error {
	f, err := elf.Open(plugin)
	if err != nil {
		return err
	}
	defer f.Close()
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return err
	}
	for _, s := range symbols {
		if s.Section != elf.SHN_UNDEF || elf.ST_BIND(s.Info) == elf.STB_WEAK {
			continue
		}
		if _, ok := x.find(s.Name); !ok {
			return fmt.Errorf("%w: %s", errUnbound, s.Name)
		}
	}
	return nil
}
