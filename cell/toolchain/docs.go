package toolchain

import (
	"go/ast"
	gobuild "go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// Doc is the documentation of a symbol of a package that cells may import, as
// plain text: symbol is "" for the package, "Println", "Builder" or
// "Builder.String". It is empty for what is not there or cannot be read. The
// package's files are parsed at each call, some milliseconds.
func (w *Workspace) Doc(path, symbol string) string {
	p := documented(w.folderOf(path), path)
	if p == nil {
		return ""
	}
	text := p.Doc
	if symbol != "" {
		text = symbolDoc(p, symbol)
	}
	return strings.TrimSpace(string(p.Text(text)))
}

// folderOf is where a package's files are.
func (w *Workspace) folderOf(path string) string {
	w.mu.Lock()
	dir := w.extra[path].Dir
	w.mu.Unlock()
	if dir != "" {
		return dir
	}
	module, rest, _ := strings.Cut(path, "/")
	if own, _, _ := strings.Cut(w.t.opts.Worker, "/"); module == own {
		return filepath.Join(w.b.source, filepath.FromSlash(rest))
	}
	return filepath.Join(w.b.golang.Root, "src", filepath.FromSlash(path))
}

func documented(dir, path string) *doc.Package {
	listed, err := gobuild.Default.ImportDir(dir, 0)
	if err != nil {
		return nil
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range append(listed.GoFiles, listed.CgoFiles...) {
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil
		}
		files = append(files, f)
	}
	mode := doc.Mode(0)
	if path == "builtin" {
		mode = doc.AllDecls // its names begin with small letters
	}
	p, err := doc.NewFromFiles(fset, files, path, mode)
	if err != nil {
		return nil
	}
	return p
}

// symbolDoc finds the comment of a name, or of a type's method or field.
func symbolDoc(p *doc.Package, symbol string) string {
	name, member, _ := strings.Cut(symbol, ".")
	for _, t := range p.Types {
		if t.Name == name {
			if member == "" {
				return t.Doc
			}
			return funcDoc(t.Methods, member)
		}
		if text := funcDoc(t.Funcs, name) + valueDoc(t.Consts, name) + valueDoc(t.Vars, name); text != "" {
			return text
		}
	}
	return funcDoc(p.Funcs, name) + valueDoc(p.Consts, name) + valueDoc(p.Vars, name)
}

func funcDoc(funcs []*doc.Func, name string) string {
	for _, f := range funcs {
		if f.Name == name {
			return f.Doc
		}
	}
	return ""
}

func valueDoc(values []*doc.Value, name string) string {
	for _, v := range values {
		for _, n := range v.Names {
			if n == name {
				return v.Doc
			}
		}
	}
	return ""
}
