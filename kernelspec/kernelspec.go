package kernelspec

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Name is the kernel's name and the name of its folder.
const Name = "gospark"

// DisplayName is what a person picks in Jupyter.
const DisplayName = "Go (Spark)"

// Options say where and how to install; the zero value is right for most.
type Options struct {
	Place Place
	// Executable is the gospark program to start; empty means this one. It is
	// written as an absolute path, with its links left as they are.
	Executable string
	// Relocatable writes the program's path relative to the kernel's folder, so
	// that the environment can be packed and moved. The program must be in the
	// environment's folder bin, by which it finds its environment again.
	Relocatable bool
	// Env is set for the kernel. Values are taken literally.
	Env map[string]string
	// Environ is the environment to look in; nil means the process's own.
	Environ []string
}

func (o Options) environ() []string {
	if o.Environ == nil {
		return os.Environ()
	}
	return o.Environ
}

//go:embed logo/logo-32x32.png logo/logo-64x64.png logo/logo-svg.svg
var logos embed.FS

const specFile = "kernel.json"

// spec is kernel.json, as jupyter_client's KernelSpec reads it.
type spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env,omitempty"`
	Metadata      metadata          `json:"metadata"`
}

type metadata struct {
	Debugger bool `json:"debugger"`
	// Encryption tells jupyter_client that its transport_encryption works. Ours
	// is a list; other kernels' may be a string.
	Encryption any `json:"supported_encryption"`
	// Gospark marks a folder as ours; null in anybody else's.
	Gospark *mark `json:"gospark,omitempty"`
}

// mark lists what Install wrote, for Uninstall.
type mark struct {
	Files []string `json:"files"`
}

// gospark reports whether the kernel is gospark: by its mark, or because it was
// written by hand to run it.
func (s spec) gospark() bool {
	return s.Metadata.Gospark != nil || len(s.Argv) > 1 && filepath.Base(s.Argv[0]) == Name && s.Argv[1] == "kernel"
}

// files lists what Install wrote.
func (s spec) files() []string {
	if s.Metadata.Gospark == nil {
		return []string{specFile}
	}
	return s.Metadata.Gospark.Files
}

// ForeignError says that a folder is not gospark's to change.
type ForeignError struct{ Dir, Problem string }

// Error names the folder and what is wrong.
func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s %s: move it away first", e.Dir, e.Problem)
}

// Install writes the kernel's folder and returns its path, and beside it the
// browser part. An older install of gospark is replaced; each file appears whole or
// not at all, kernel.json last.
func Install(ctx context.Context, o Options) (string, error) {
	dir, err := kernelDir(ctx, o)
	if err != nil {
		return "", err
	}
	argv, err := o.command(dir)
	if err != nil {
		return "", err
	}
	if err := ours(dir); err != nil {
		return "", err
	}
	files, names, err := logoFiles()
	if err != nil {
		return "", err
	}
	s := spec{
		Argv: argv, DisplayName: DisplayName, Language: "go", InterruptMode: "message",
		Env:      literal(o.Env),
		Metadata: metadata{Encryption: []string{"curve"}, Gospark: &mark{Files: append(names, specFile)}},
	}
	text, err := encode(s)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", writeError(err)
	}
	for i, name := range names {
		if err := writeFile(filepath.Join(dir, name), files[i]); err != nil {
			return "", writeError(err)
		}
	}
	if err := writeFile(filepath.Join(dir, specFile), text); err != nil {
		return "", writeError(err)
	}
	return dir, installExtension(extensionDir(dir), o.Relocatable)
}

// Uninstall removes what Install wrote and returns the folder's path. Files that
// somebody else put there stay. An fs.ErrNotExist means that it was not installed.
func Uninstall(ctx context.Context, o Options) (string, error) {
	dir, err := kernelDir(ctx, o)
	if err != nil {
		return "", err
	}
	s, err := read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return dir, fmt.Errorf("gospark is not installed in %s: %w", dir, fs.ErrNotExist)
	}
	if err != nil {
		return dir, err
	}
	if err := ours(dir); err != nil {
		return dir, err
	}
	for _, name := range s.files() {
		if name != filepath.Base(name) { // the list may have been edited
			continue
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return dir, writeError(err)
		}
	}
	_ = os.Remove(dir) // only when it is empty
	return dir, uninstallExtension(extensionDir(dir))
}

// Found is one place where a kernel of this name is installed.
type Found struct {
	Dir  string   // its folder
	Argv []string // what Jupyter starts
	// Problem is why it will not work; empty when nothing speaks against it.
	Problem string
	// Extension is the folder of the browser part beside it, ExtensionProblem
	// what is wrong with that.
	Extension, ExtensionProblem string
}

// Find lists where Jupyter finds the kernel; it takes the first.
func Find(ctx context.Context, o Options) []Found {
	var out []Found
	dirs := searched(ctx, o.environ())
	if named, err := kernelDir(ctx, o); err == nil && o.Place != (Place{}) {
		dirs = []string{filepath.Dir(filepath.Dir(named))}
	}
	for _, data := range dirs {
		dir := filepath.Join(data, "kernels", Name)
		s, err := read(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		f := Found{Dir: dir, Argv: s.Argv, Extension: extensionDir(dir)}
		f.ExtensionProblem = extensionProblem(f.Extension)
		switch {
		case err != nil:
			f.Problem = err.Error()
		case !s.gospark():
			f.Problem = "is not gospark"
		case len(s.Argv) == 0 || !executable(s.Argv[0]):
			f.Problem = "its program is not there: run gospark install again"
		}
		out = append(out, f)
	}
	return out
}

func kernelDir(ctx context.Context, o Options) (string, error) {
	data, err := dataDir(ctx, o.Place, o.environ())
	if err != nil {
		return "", err
	}
	return filepath.Join(data, "kernels", Name), nil
}

// prefix is the environment that the kernel's folder is in; empty for the
// user's own folder, which belongs to no environment.
func (o Options) prefix(dir string) string {
	p := o.Place
	if p.User || p == (Place{}) && activePrefix(o.environ()) == "" {
		return ""
	}
	return filepath.Clean(strings.TrimSuffix(dir, filepath.Join("share", "jupyter", "kernels", Name)))
}

// resourceDir is what Jupyter replaces by the kernel's folder.
const resourceDir = "{resource_dir}"

// command is the argv of the kernel in dir; --prefix tells it where to look for
// pyspark first. Jupyter replaces {name} in it, which cannot be escaped.
func (o Options) command(dir string) ([]string, error) {
	exe, prefix := o.Executable, o.prefix(dir)
	if exe == "" {
		var err error
		if exe, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("find gospark's own program: %w", err)
		}
	}
	exe, err := filepath.Abs(exe)
	if err != nil {
		return nil, fmt.Errorf("find the program %s: %w", exe, err)
	}
	if !executable(exe) {
		return nil, fmt.Errorf("%s is no program", exe)
	}
	if o.Relocatable {
		bin := filepath.Join(prefix, "bin")
		up, err := filepath.Rel(dir, filepath.Join(bin, filepath.Base(exe)))
		if err != nil || prefix == "" || filepath.Dir(exe) != bin {
			return nil, fmt.Errorf("%s is not in the environment's folder bin, so no relative path to it lasts: copy it there and run that one, with --prefix", exe)
		}
		return []string{resourceDir + "/" + filepath.ToSlash(up), "kernel", "{connection_file}"}, nil
	}
	argv := []string{exe, "kernel"}
	if prefix != "" {
		argv = append(argv, "--prefix", prefix)
	}
	for _, arg := range argv {
		if regexp.MustCompile(`\{[A-Za-z0-9_]+\}`).MatchString(arg) {
			return nil, fmt.Errorf("the path %s has a word in braces, which Jupyter would replace: choose another", arg)
		}
	}
	return append(argv, "{connection_file}"), nil
}

// literal escapes what Jupyter would take for a variable in a value.
func literal(env map[string]string) map[string]string {
	out := make(map[string]string, len(env))
	for k, v := range env {
		out[k] = strings.ReplaceAll(v, "$", "$$")
	}
	return out
}

// ours reports, as an error, a folder that gospark must not change.
func ours(dir string) error {
	fi, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the kernel's folder: %w", err)
	}
	if !fi.IsDir() {
		return &ForeignError{Dir: dir, Problem: "is a link or a file, not a folder of gospark"}
	}
	s, err := read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || !s.gospark() {
		return &ForeignError{Dir: dir, Problem: "holds a kernel that gospark did not install"}
	}
	return nil
}

func read(dir string) (spec, error) {
	var s spec
	path := filepath.Join(dir, specFile)
	b, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("%s is damaged: %w", path, err)
	}
	for i, arg := range s.Argv { // as Jupyter starts it
		if rest, ok := strings.CutPrefix(arg, resourceDir); ok {
			s.Argv[i] = filepath.Join(dir, rest)
		}
	}
	return s, nil
}

func encode(s spec) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return nil, fmt.Errorf("write kernel.json: %w", err)
	}
	return b.Bytes(), nil
}

func logoFiles() (files [][]byte, names []string, err error) {
	entries, err := logos.ReadDir("logo")
	if err != nil {
		return nil, nil, fmt.Errorf("read the logos: %w", err)
	}
	for _, e := range entries {
		b, err := logos.ReadFile("logo/" + e.Name())
		if err != nil {
			return nil, nil, fmt.Errorf("read the logos: %w", err)
		}
		files, names = append(files, b), append(names, e.Name())
	}
	return files, names, nil
}

// writeFile replaces a file in one step; it is readable for all, whatever the
// umask: a kernel in a shared environment is for all its users.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".gospark-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// writeError adds what to do when the folder may not be written.
func writeError(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w: use --user, or --prefix with an environment of your own", err)
	}
	return err
}

func executable(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.Mode().IsRegular() && fi.Mode().Perm()&0o111 != 0
}
