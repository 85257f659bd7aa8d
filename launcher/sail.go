package launcher

import (
	"path/filepath"
)

// findSail finds the program of the pysail package: in the Jupyter environment,
// else on PATH. The error is a *NotFoundError.
func findSail(o Options) (string, error) {
	for _, prefix := range Prefixes(o) {
		if path := filepath.Join(prefix, "bin", "sail"); executable(path) {
			return path, nil
		}
	}
	if path := lookPath(o.Env, "sail"); path != "" {
		return path, nil
	}
	return "", &NotFoundError{What: "Sail", Reason: "no Sail was found (the Jupyter environment's pysail, PATH)", Advice: "install it with `pip install pysail`"}
}

// sailCommand runs Sail on the loopback, on a port that the system chooses.
func (r *recipe) sailCommand() command {
	return command{
		path: r.sail, args: []string{"spark", "server", "--ip", "127.0.0.1", "--port", "0"},
		env: r.environ(), dir: r.dirs.Work,
	}
}
