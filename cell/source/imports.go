package source

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Imports lists the paths in the import lines of a cell, as far as they can be
// parsed.
func Imports(code string) []string {
	c := &cell{text: newText(code, -1), fset: token.NewFileSet()}
	_ = c.parseImports(scan(code).chunks(importChunk)) // Compile says what is wrong
	var paths []string
	for _, s := range c.imports {
		if p, err := strconv.Unquote(s.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// importPackage reads a package.
func (n *Notebook) importPackage(p string) (*types.Package, error) {
	if p == "unsafe" {
		return types.Unsafe, nil
	}
	pkg, err := n.opts.Importer.Import(p)
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", p, err)
	}
	return pkg, nil
}

// resolveImports finds the packages that the cell names: by its own import
// lines, those of earlier cells, the prelude's, and the standard library's.
func (c *compilation) resolveImports() error {
	if err := c.explicitImports(); err != nil {
		return err
	}
	for name, p := range c.old.imports {
		if _, here := c.imports[name]; !here {
			if pkg, err := c.nb.importPackage(p); err == nil {
				c.pkgs[name] = pkg
			}
		}
	}
	used := c.selectors()
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if c.pkgs[name] != nil || c.old.live[name] != nil || c.declares(name) {
			continue
		}
		if pkg := c.nb.guess(name, used[name]); pkg != nil {
			c.pkgs[name] = pkg
		}
	}
	return nil
}

func (c *compilation) explicitImports() error {
	failed := &CompileError{Number: c.cell.number}
	for _, s := range c.cell.imports {
		p, err := strconv.Unquote(s.Path.Value)
		if err == nil && p == "C" {
			err = fmt.Errorf("cells cannot use cgo (import \"C\")")
		}
		var pkg *types.Package
		if err == nil {
			pkg, err = c.nb.importPackage(p)
		}
		if err != nil {
			line, col := c.cell.position(c.cell.offset(s.Path.Pos()))
			failed.Diagnostics = append(failed.Diagnostics, Diagnostic{line, col, err.Error()})
			continue
		}
		name := pkg.Name()
		if s.Name != nil {
			name = s.Name.Name
		}
		switch name {
		case "_":
			c.blanks = append(c.blanks, p)
		case ".":
			c.dots = append(c.dots, p)
		default:
			c.imports[name] = p
			c.pkgs[name] = pkg
		}
	}
	if len(failed.Diagnostics) > 0 {
		return failed
	}
	return nil
}

// selectors are the names that stand before a dot, with what follows.
func (c *compilation) selectors() map[string][]string {
	used := map[string][]string{}
	visit := func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				used[id.Name] = append(used[id.Name], sel.Sel.Name)
			}
		}
		return true
	}
	c.inspect(visit)
	return used
}

// inspect visits all of the cell.
func (c *compilation) inspect(visit func(ast.Node) bool) {
	for _, d := range slices.Concat(c.decls, c.inits) {
		ast.Inspect(d.node, visit)
	}
	for n := range c.statementNodes() {
		ast.Inspect(n, visit)
	}
}

// preferred packages of a name that several have, best first.
var preferred = map[string][]string{
	"rand":     {"math/rand", "math/rand/v2", "crypto/rand"},
	"template": {"text/template", "html/template"},
	"scanner":  {"text/scanner", "go/scanner"},
	"pprof":    {"runtime/pprof", "net/http/pprof"},
	"heap":     {"container/heap"},
	"sql":      {"database/sql"},
}

// guess is the package that an unimported name means: the first candidate that
// has all the selected members, else the best candidate.
func (n *Notebook) guess(name string, members []string) *types.Package {
	if p, ok := n.opts.Prelude.Imports[name]; ok {
		if pkg, err := n.importPackage(p); err == nil {
			return pkg
		}
	}
	if name == "rand" && !slices.ContainsFunc(members, func(m string) bool { return m != "Read" }) {
		members = []string{"Reader"} // crypto's, as goimports has it
	}
	var first *types.Package
	for _, p := range n.candidates(name) {
		pkg, err := n.importPackage(p)
		if err != nil || pkg.Name() != name {
			continue
		}
		if first == nil {
			first = pkg
		}
		if hasAll(pkg, members) {
			return pkg
		}
	}
	return first
}

func (n *Notebook) candidates(name string) []string {
	out := slices.Clone(preferred[name])
	for _, p := range n.std[name] {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return slices.DeleteFunc(out, func(p string) bool { return !slices.Contains(n.std[name], p) })
}

func hasAll(p *types.Package, members []string) bool {
	return !slices.ContainsFunc(members, func(m string) bool {
		return !token.IsExported(m) || p.Scope().Lookup(m) == nil
	})
}

var versionElem = regexp.MustCompile(`^v[0-9]+$`)

// byName lists import paths by the package name that they promise.
func byName(paths []string) map[string][]string {
	out := map[string][]string{}
	for _, p := range paths {
		if strings.Contains("/"+p+"/", "/internal/") || strings.HasPrefix(p, "vendor/") || strings.HasPrefix(p, "cmd/") {
			continue
		}
		name := path.Base(p)
		if versionElem.MatchString(name) {
			name = path.Base(path.Dir(p))
		}
		out[name] = append(out[name], p)
	}
	for _, l := range out {
		slices.SortFunc(l, func(a, b string) int {
			if d := strings.Count(a, "/") - strings.Count(b, "/"); d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
	}
	return out
}
