package toolchain

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"testing"
)

// cellOf is a cell that runs statements.
func cellOf(imports, decls, body string) Cell {
	var lines string
	for _, path := range bytes.Fields([]byte(imports)) {
		lines += fmt.Sprintf("import _i%s %q\n", bytes.ReplaceAll(path, []byte("/"), nil), path)
	}
	return Cell{Name: "cell1", Source: []byte("package main\n\n" + lines + decls + "\nfunc Cell() {\n" + body + "\n}\n\nfunc main() {}\n")}
}

// What the worker has is not linked into a cell again.
func TestCellsAreBound(t *testing.T) {
	w := prepared(t)
	if !w.b.Binds {
		t.Fatal("cells are not bound to the worker")
	}
	for name, c := range map[string]Cell{
		"functions":                    cellOf("fmt strings sort", "", `s := _istrings.Fields("b a"); _isort.Strings(s); _ifmt.Println(_istrings.Map(func(r rune) rune { return r + 1 }, s[0]))`),
		"types":                        cellOf("time sync bytes", "var when _itime.Time\nvar mu _isync.Mutex\nvar buf [2]_ibytes.Buffer\nvar all map[string]*_ibytes.Buffer", `mu.Lock(); when = _itime.Now(); buf[1].WriteString(when.String())`),
		"generics":                     cellOf("slices maps cmp", "type pair[T any] struct{ a, b T }", `m := map[string]pair[int]{}; _ = _islices.SortedFunc(_imaps.Keys(m), _icmp.Compare[string])`),
		"unexported parts of generics": cellOf("reflect runtime", "import rt \"gospark/cell/rt\"\n\ntype iface interface{ M() }\n\nfunc as[T any](v any) T { return v.(T) }", `f := rt.Wrap(func(a ...int) {}); f(); x := new(int); _iruntime.AddCleanup(x, func(int) {}, 1); _, _ = _ireflect.TypeAssert[int](_ireflect.ValueOf(1)); _ = as[iface](x)`),
		"embedding":                    cellOf("sync io strings", "type locked struct {\n_isync.Mutex\n_iio.Reader\n}", `var r _iio.Reader = &locked{Reader: _istrings.NewReader("")}; _, _ = r.(_iio.Writer)`),
		"reflection":                   cellOf("reflect encoding/json", "type point struct{ X, Y float64 }\nfunc (p point) Sum() float64 { return p.X + p.Y }", `_, _ = _iencodingjson.Marshal(point{}); _ = _ireflect.TypeFor[point]().NumMethod()`),
		"variables":                    cellOf("os unicode math/rand/v2", "", `_, _ = _ios.Args, _iunicode.Latin; _ = _imathrandv2.N(7)`),
		"closures, defer":              cellOf("errors context", "", `ctx, cancel := _icontext.WithCancel(_icontext.Background()); defer cancel(); go func() { <-ctx.Done() }(); defer func() { _ = recover() }(); panic(_ierrors.New("x"))`),
		"big types":                    cellOf("net/http text/template", "var client _inethttp.Client\nvar page *_itexttemplate.Template", `_ = client; page = _itexttemplate.New("x")`),
	} {
		p, err := w.Build(t.Context(), c)
		if err != nil || p.Whole {
			t.Errorf("%s: whole %v, %v", name, p.Whole, err)
		}
		if info, err := os.Stat(p.Path); err == nil && info.Size() > 200_000 {
			t.Errorf("%s: a plugin of %d bytes", name, info.Size())
		}
	}
}

// What the worker lacks is no error.
func TestCellsThatCannotBeBound(t *testing.T) {
	w := prepared(t)
	for name, c := range map[string]Cell{
		"a package that the worker has not got": cellOf("expvar", "", `_iexpvar.NewInt("x")`),
		"a function that the linker left out":   cellOf("", "import \"golang.org/x/sys/unix\"\n", `_, _ = unix.Getpriority(0, 0)`),
	} {
		p, err := w.Build(t.Context(), c)
		if err != nil || !p.Whole {
			t.Errorf("%s: whole %v, %v", name, p.Whole, err)
		}
	}
	w.b.Binds = false
	if p, err := w.Build(t.Context(), cellOf("fmt", "", "_ifmt.Println()")); err != nil || !p.Whole {
		t.Errorf("bound all the same: %v", err)
	}
}

func TestObjectsOfOtherFormsAreRefused(t *testing.T) {
	header := "_go_.o          0           0     0     644     20        `\n"
	for _, archive := range []string{
		"", "!<arch>\n", "!<arch>\n" + header, "!<arch>\n" + header + "go object\n!\n\x00go999ld",
		"!<arch>\n" + header + "go o\n!\n\x00go120ld\xff\xff\xff\xff\xff",
	} {
		if _, err := readObject([]byte(archive)); !errors.Is(err, errObject) {
			t.Errorf("%q: %v", archive, err)
		}
	}
}

func TestExports(t *testing.T) {
	w := prepared(t)
	x, err := openExports([]string{w.b.file("worker")})
	if err != nil {
		t.Fatal(err)
	}
	defer x.close()
	for name, want := range map[string]bool{
		"fmt.Println": true, "strings.(*Builder).WriteString": true, exportedName("type:*net/http.Client"): true,
		addModuleData: true, "fmt.println": false, "": false,
	} {
		if _, ok := x.find(name); ok != want {
			t.Errorf("%s: %v", name, ok)
		}
	}
	if _, err := openExports([]string{w.b.file("manifest.json")}); err == nil {
		t.Error("a file that is no program was opened")
	}
}
