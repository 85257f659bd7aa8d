package kernelspec

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A Place says for whom the kernel is installed; at most one field is set. The
// zero Place is the active Python environment when there is one ($VIRTUAL_ENV,
// $CONDA_PREFIX), else the user.
type Place struct {
	// User is the user's own Jupyter data folder.
	User bool
	// SysPrefix is the active Python environment, as Jupyter's --sys-prefix.
	SysPrefix bool
	// Prefix is the environment in this folder.
	Prefix string
}

// askTimeout bounds how long python3 may take to say where it lives.
const askTimeout = 20 * time.Second

// ErrNoPython says that there is no Python whose environment could be meant.
var ErrNoPython = errors.New("no Python environment is active and no python3 is on PATH: activate the one that Jupyter is in, or name it with --prefix, or use --user")

// dataDir is the Jupyter data folder of a place.
func dataDir(ctx context.Context, p Place, env []string) (string, error) {
	set := 0
	for _, b := range []bool{p.User, p.SysPrefix, p.Prefix != ""} {
		if b {
			set++
		}
	}
	if set > 1 {
		return "", errors.New("use one of --user, --sys-prefix and --prefix")
	}
	active := activePrefix(env)
	switch {
	case p.Prefix != "":
		prefix, err := filepath.Abs(p.Prefix)
		if err != nil {
			return "", fmt.Errorf("find the prefix %s: %w", p.Prefix, err)
		}
		return below(prefix), nil
	case p.SysPrefix && active == "":
		prefix, err := askPython(ctx, env)
		if err != nil {
			return "", err
		}
		return below(prefix), nil
	case p.User || active == "":
		return userDataDir(env)
	default:
		return below(active), nil
	}
}

func below(prefix string) string { return filepath.Join(prefix, "share", "jupyter") }

// activePrefix is the environment that the shell has activated.
func activePrefix(env []string) string {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if d := getenv(env, name); filepath.IsAbs(d) {
			return d
		}
	}
	return ""
}

// askPython asks python3 on PATH for its sys.prefix.
func askPython(ctx context.Context, env []string) (string, error) {
	python := ""
	for _, dir := range filepath.SplitList(getenv(env, "PATH")) {
		path := filepath.Join(dir, "python3")
		if fi, err := os.Stat(path); err == nil && filepath.IsAbs(path) && fi.Mode().Perm()&0o111 != 0 && !fi.IsDir() {
			python = path
			break
		}
	}
	if python == "" {
		return "", ErrNoPython
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-c", "import sys; print(sys.prefix)")
	cmd.Env = env
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its sys.prefix: %w", python, err)
	}
	prefix := strings.TrimSpace(string(out))
	if !filepath.IsAbs(prefix) {
		return "", fmt.Errorf("%s names no folder as its sys.prefix but %q", python, prefix)
	}
	return prefix, nil
}

// userDataDir is Jupyter's own rule (jupyter_core.paths.jupyter_data_dir).
func userDataDir(env []string) (string, error) {
	if d := getenv(env, "JUPYTER_DATA_DIR"); d != "" {
		return filepath.Abs(d)
	}
	home := getenv(env, "HOME")
	if home == "" {
		return "", errors.New("$HOME is not set, so there is no Jupyter folder of the user")
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Jupyter"), nil
	}
	if d := getenv(env, "XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// searched lists the data folders that Jupyter looks into, first match first.
func searched(ctx context.Context, env []string) []string {
	dirs := filepath.SplitList(getenv(env, "JUPYTER_PATH"))
	if d, err := userDataDir(env); err == nil {
		dirs = append(dirs, d)
	}
	if prefix := activePrefix(env); prefix != "" {
		dirs = append(dirs, below(prefix))
	} else if prefix, err := askPython(ctx, env); err == nil {
		dirs = append(dirs, below(prefix))
	}
	dirs = append(dirs, below("/usr/local"), below("/usr"))
	var out []string
	for _, d := range dirs {
		if d != "" && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// getenv looks a variable up among NAME=value strings; the last one wins.
func getenv(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if k, v, ok := strings.Cut(kv, "="); ok && k == name {
			return v
		}
	}
	return ""
}
