package profile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Layer says whose a file is.
type Layer string

// The layers, the weakest first.
const (
	System      Layer = "system"
	Environment Layer = "environment"
	User        Layer = "user"
)

// Options say where files are looked for; the zero value is right outside tests.
type Options struct {
	// Env is the environment, as os.Environ gives it; nil means the process's.
	Env []string
	// Prefixes are Jupyter environments, the most important first; each may
	// have a folder etc/gospark.
	Prefixes []string
	// Root is "/" outside tests: where etc/gospark of the system is.
	Root string
}

func (o Options) withDefaults() Options {
	if o.Env == nil {
		o.Env = os.Environ()
	}
	if o.Root == "" {
		o.Root = "/"
	}
	return o
}

// getenv looks a variable up; the last one wins.
func (o Options) getenv(name string) (string, bool) {
	for _, kv := range slices.Backward(o.Env) {
		if k, v, ok := strings.Cut(kv, "="); ok && k == name {
			return v, true
		}
	}
	return "", false
}

// place is a folder that may hold configuration.
type place struct {
	layer Layer
	dir   string
}

// places lists the folders, the weakest first.
func (o Options) places() []place {
	dirs, _ := o.getenv("XDG_CONFIG_DIRS")
	if dirs == "" {
		dirs = filepath.Join(o.Root, "etc", "xdg")
	}
	out := []place{{System, filepath.Join(o.Root, "etc", "gospark")}}
	for _, d := range slices.Backward(filepath.SplitList(dirs)) {
		if filepath.IsAbs(d) {
			out = append(out, place{System, filepath.Join(d, "gospark")})
		}
	}
	for _, prefix := range slices.Backward(o.Prefixes) {
		if dir := filepath.Join(prefix, "etc", "gospark"); !slices.Contains(out, place{System, dir}) {
			out = append(out, place{Environment, dir})
		}
	}
	if file, err := UserFile(o); err == nil {
		out = append(out, place{User, filepath.Dir(file)})
	}
	return out
}

// UserFile is the file that "gospark profile edit" opens:
// $XDG_CONFIG_HOME/gospark/profiles.toml, else below ~/.config.
func UserFile(o Options) (string, error) {
	o = o.withDefaults()
	if d, _ := o.getenv("XDG_CONFIG_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "gospark", fileName), nil
	}
	home, _ := o.getenv("HOME")
	if home == "" {
		return "", fmt.Errorf("neither $XDG_CONFIG_HOME nor $HOME is set, so there is no place for %s", fileName)
	}
	return filepath.Join(home, ".config", "gospark", fileName), nil
}

// fileName is the file of a folder; the files of dropIns come after it.
const (
	fileName = "profiles.toml"
	dropIns  = "profiles.d"
)

// files lists what a folder may hold, in the order in which it counts.
func (p place) files() []string {
	more, _ := filepath.Glob(filepath.Join(escape(p.dir), dropIns, "*.toml"))
	return append([]string{filepath.Join(p.dir, fileName)}, more...)
}

// escape keeps the characters of a path from meaning a pattern.
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
