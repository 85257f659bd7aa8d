package toolchain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// environ is the environment that commands run in: the user's, without what
// would change how packages are built.
type environ []string

// overridden are the variables that must not reach the go command.
var overridden = []string{
	"GOFLAGS", "GOWORK", "GO111MODULE", "GOTOOLCHAIN", "GOOS", "GOARCH",
	"CGO_ENABLED", "CC", "GOROOT", "PWD",
}

func (e environ) get(name string) string {
	for _, entry := range slices.Backward(e) {
		if v, ok := strings.CutPrefix(entry, name+"="); ok {
			return v
		}
	}
	return ""
}

// look is exec.LookPath in this environment, and then in folders.
func (e environ) look(name string, folders ...string) string {
	if all := e.lookAll(name, folders...); len(all) > 0 {
		return all[0]
	}
	return ""
}

// lookAll is look for every program of that name, the first one first.
func (e environ) lookAll(name string, folders ...string) []string {
	var out []string
	for _, dir := range append(filepath.SplitList(e.get("PATH")), folders...) {
		if dir == "" {
			continue
		}
		path := filepath.Join(dir, name)
		if !isProgram(path) {
			continue
		}
		if abs, err := filepath.Abs(path); err == nil {
			out = append(out, abs)
		}
	}
	return out
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// build is the environment of the go command. GOFLAGS must not be empty: an
// empty value would let the user's "go env -w" through.
func (e environ) build(cacheDir string) environ {
	out := e.without(overridden...)
	out = append(out, "GOFLAGS=-buildvcs=false", "GOWORK=off", "GO111MODULE=on",
		"GOTOOLCHAIN=local", "CGO_ENABLED=1")
	if e.get("HOME") == "" && e.get("XDG_CACHE_HOME") == "" && e.get("GOCACHE") == "" {
		out = append(out, "GOCACHE="+filepath.Join(cacheDir, "go-build"))
	}
	if e.get("HOME") == "" && e.get("GOPATH") == "" {
		out = append(out, "GOPATH="+filepath.Join(cacheDir, "gopath"))
	}
	return out
}

func (e environ) without(names ...string) environ {
	return slices.DeleteFunc(slices.Clone(e), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(names, name)
	})
}
