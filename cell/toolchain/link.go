package toolchain

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// repairPackage is linked into the worker, and only there (its documentation says
// why).
const repairPackage = "gospark/cell/repair"

// compileWorker compiles the worker's main package, with two files more.
func (b *build) compileWorker(ctx context.Context, t *Toolchain, p listed) error {
	// Its imports come earlier in the list, so their archives are known.
	if err := b.writeImportcfg(b.file("importcfg"), nil); err != nil {
		return err
	}
	argv := append([]string{b.golang.tool("compile"), "-dynlink", "-p", "main", "-pack",
		"-importcfg", b.file("importcfg"), "-o", b.file("worker.a")}, codeFlags...)
	for _, name := range p.GoFiles {
		argv = append(argv, filepath.Join(p.Dir, name))
	}
	exported, err := b.apiSource(b.exported(t), nil)
	if err != nil {
		return err
	}
	more := map[string]string{"repair.go": "package main\n\nimport _ \"" + repairPackage + "\"\n", "api.go": exported}
	for name, text := range more {
		if err := os.WriteFile(b.file(name), []byte(text), 0o600); err != nil {
			return diskFull(err)
		}
		argv = append(argv, b.file(name))
	}
	_, err = command{doing: "compile the cell worker", dir: b.dir, env: b.toolEnv(t, b.dir), argv: argv}.run(ctx)
	return err
}

// exported are the packages of which the worker has all that cells can use.
func (b *build) exported(t *Toolchain) []string {
	all := slices.Concat(b.Std, t.opts.Light)
	return slices.DeleteFunc(all, func(path string) bool { return !b.links(path) })
}

// links reports whether a package is linked into the worker.
func (b *build) links(path string) bool {
	_, ok := slices.BinarySearch(b.Linked, path)
	return ok
}

// toolEnv is the environment of the compiler and the linker: what the go command
// would have told them, and temporary files in dir.
func (b *build) toolEnv(t *Toolchain, dir string) environ {
	return t.goEnv(b).
		with("GOROOT", b.golang.Root).with("GOEXPERIMENT", b.golang.Experiment).
		with("GOAMD64", b.golang.AMD64).with("GOARM64", b.golang.ARM64).
		with("TMPDIR", dir).with("GOGC", "400") // short-lived tools: memory for time
}

// makeWorker links the worker, as a position-independent program: the archives
// are in the form for plugins, which a fixed-address program cannot take.
func (t *Toolchain) makeWorker(ctx context.Context, b *build) error {
	argv := []string{b.golang.tool("link"), "-s", "-w", "-checklinkname=0", "-buildmode=pie",
		"-importcfg", b.file("importcfg"), "-extld", strings.Join(b.CC, " "), "-o", b.file("worker"), b.file("worker.a")}
	_, err := command{doing: "link the cell worker", dir: b.dir, env: b.toolEnv(t, b.dir), argv: argv}.run(ctx)
	if err != nil {
		return err
	}
	return os.Remove(b.file("worker.a"))
}

// makeLinker builds extld and finds a linker that it can call directly. Without
// one, cells link through the C compiler: slower, but as good.
func (t *Toolchain) makeLinker(ctx context.Context, b *build) error {
	if err := t.makeBinding(ctx, b); err != nil {
		return err
	}
	_, err := command{
		doing: "build the external linker program", dir: b.source,
		env:  t.goEnv(b).with("CGO_ENABLED", "0"),
		argv: []string{b.golang.Command, "build", "-ldflags=-s -w", "-o", b.file("extld"), extldPackage},
	}.run(ctx)
	if err != nil {
		return err
	}
	before, after, ok := t.linkerArguments(ctx, b)
	if ok {
		for _, name := range []string{"mold", "ld.lld", "ld"} {
			linker := t.env.look(name)
			if linker != "" && t.tryLinker(ctx, b, extldConf{linker: linker, before: before, after: after}) {
				b.Linker = linker
				break
			}
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	conf := extldConf{b.CC, b.Linker, before, after}
	b.Binds = true
	b.Binds = t.tryLinker(ctx, b, conf)
	return conf.write(b)
}

// makeBinding makes what goes into cells beside their own code.
func (t *Toolchain) makeBinding(ctx context.Context, b *build) error {
	for name, text := range map[string]string{"bind.go": bindSource, "bind.s": bindAssembly} {
		if err := os.WriteFile(b.file(name), []byte(text), 0o600); err != nil {
			return diskFull(err)
		}
	}
	_, err := command{doing: "assemble what cells need", dir: b.dir, env: b.toolEnv(t, b.dir), argv: []string{
		b.golang.tool("asm"), "-dynlink", "-linkshared", "-p", "repl", "-I", filepath.Join(b.golang.Root, "pkg", "include"),
		"-o", b.file("bind.o"), b.file("bind.s")}}.run(ctx)
	return err
}

// extldPackage is the external linker program's import path.
const extldPackage = "gospark/cell/toolchain/extld"

// extldConf is the file that extld reads (see its documentation).
type extldConf struct {
	cc            []string
	linker        string
	before, after []string
}

func (c extldConf) write(b *build) error {
	lines := []string{strings.Join(c.cc, "\x00"), c.linker, strings.Join(c.before, "\x00"), strings.Join(c.after, "\x00")}
	return writeFile(b.file("extld.conf"), []byte(strings.Join(lines, "\n")+"\n"))
}

// tryLinker links a cell, without the C compiler to fall back on where conf names
// none, and bound to the worker where b.Binds.
func (t *Toolchain) tryLinker(ctx context.Context, b *build, conf extldConf) bool {
	if conf.write(b) != nil {
		return false
	}
	dir, err := os.MkdirTemp(b.dir, "try-*")
	if err != nil {
		return false
	}
	defer os.RemoveAll(dir)
	has := provided{map[string]bool{}, []string{b.file("worker")}}
	for _, path := range b.Linked {
		has.packages[path] = true
	}
	p, err := t.buildCell(ctx, b, dir, Cell{Name: "try", Source: []byte(tryCell), importcfg: b.file("importcfg"), provided: has})
	return err == nil && p.Whole != b.Binds
}

// tryCell needs most of the run-time.
const tryCell = "package main\n\nimport \"fmt\"\n\nfunc Try() { fmt.Println(1) }\n\nfunc main() {}\n"

// linkerArguments asks the C compiler for the linker's arguments before and
// after the objects of a shared library.
func (t *Toolchain) linkerArguments(ctx context.Context, b *build) (before, after []string, ok bool) {
	const object, out = "gospark-object.o", "gospark-out.so"
	said, err := command{
		doing: "ask the C compiler", dir: b.dir, env: t.goEnv(b).with("LC_ALL", "C"), merge: true,
		argv: append(slices.Clone(b.CC), "-###", "-shared", "-o", out, object, "-lpthread"),
	}.run(ctx)
	if err != nil {
		return nil, nil, false
	}
	for line := range strings.Lines(string(said)) {
		words := split(line)
		if at := slices.Index(words, object); at > 0 && slices.Contains(words, "-shared") {
			return linkerOptions(words[1:at]), linkerOptions(words[at+1:]), true
		}
	}
	return nil, nil, false
}

// linkerOptions drops what belongs to link-time optimisation and to the output.
func linkerOptions(words []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "-plugin" || w == "-o":
			i++
		case strings.HasPrefix(w, "-plugin-opt"), strings.HasPrefix(w, "--build-id"):
		default:
			out = append(out, w)
		}
	}
	return out
}

// split cuts a command line as -### prints it: words, some in double quotes.
func split(line string) []string {
	var words []string
	var word strings.Builder
	quoted, started := false, false
	flush := func() {
		if started {
			words = append(words, word.String())
		}
		word.Reset()
		started = false
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted, started = !quoted, true
		case c == '\\' && i+1 < len(line):
			i++
			word.WriteByte(line[i])
			started = true
		case !quoted && (c == ' ' || c == '\t' || c == '\n'):
			flush()
		default:
			word.WriteByte(c)
			started = true
		}
	}
	flush()
	return words
}
