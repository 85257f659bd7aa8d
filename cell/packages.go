package cell

import (
	"fmt"
	"go/token"
	"go/types"
	"io"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// packages reads packages from their export data, each once. It is safe for
// concurrent use: a completion may ask while a cell is compiled.
type packages struct {
	lookup func(path string) (io.ReadCloser, error)
	fset   *token.FileSet

	// mu guards read. It is held while a package is read.
	mu   sync.Mutex
	read map[string]*types.Package
}

func newPackages(lookup func(path string) (io.ReadCloser, error)) *packages {
	return &packages{lookup: lookup, fset: token.NewFileSet(), read: map[string]*types.Package{}}
}

// Import implements [types.Importer].
func (p *packages) Import(path string) (*types.Package, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := p.read[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	file, err := p.lookup(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := gcexportdata.NewReader(file) //nolint:staticcheck // cells are compiled to archives, which the pinned x/tools reads
	if err != nil {
		return nil, fmt.Errorf("read package %s: %w", path, err)
	}
	return gcexportdata.Read(data, p.fset, p.read, path)
}

// forget makes packages be read again: others stand in their place now. Nothing
// that is live may mention them.
func (p *packages) forget(paths []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, path := range paths {
		delete(p.read, path)
	}
}
