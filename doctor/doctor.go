// Package doctor says what gospark needs on a machine, what of it is there, and
// what to type where something is not.
//
// Each [Check] is one fact that can be wrong by itself. A check never mends
// anything and never starts a server.
package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gospark/cell"
	"gospark/kernelspec"
	"gospark/launcher"
	"gospark/launcher/profile"
)

// State says how a check went.
type State string

// The states of a check.
const (
	OK   State = "ok"
	Note State = "note" // works, but something else would be better
	Bad  State = "bad"
)

// Check is one line of the report.
type Check struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	// Found is what is there, or what is wrong.
	Found string `json:"found"`
	// Mend is the command or the setting that helps; empty where all is well.
	Mend string `json:"mend,omitempty"`
}

// Options say what to look at.
type Options struct {
	Version  string // of gospark
	Launch   launcher.Options
	Profiles profile.Options
	// Go returns the version of the Go that builds cells, a *cell.MissingTool
	// where a tool lacks; nil leaves it out.
	Go func(context.Context) (string, error)
}

func (o Options) withDefaults() Options {
	if o.Launch.Env == nil {
		o.Launch.Env = os.Environ()
	}
	return o
}

// getenv looks a variable up; the last one wins.
func (o Options) getenv(name string) string {
	for _, kv := range slices.Backward(o.Launch.Env) {
		if k, v, ok := strings.Cut(kv, "="); ok && k == name {
			return v
		}
	}
	return ""
}

// Run makes all checks, in the order in which a person would mend them.
func Run(ctx context.Context, o Options) []Check {
	o = o.withDefaults()
	out := []Check{{Name: "gospark", State: OK, Found: o.Version}}
	out = append(out, kernels(ctx, o)...)
	out = append(out, o.jupyter(), o.serverProxy())
	out = append(out, o.golang(ctx)...)
	java, javaErr := launcher.FindJava(ctx, o.Launch, launcher.Profile{})
	out = append(out, found("Java", javaErr, java.Version+" in "+java.Home))
	spark, sparkErr := launcher.FindSpark(ctx, o.Launch, launcher.Profile{})
	out = append(out, found("Spark", sparkErr, spark.Version+" in "+spark.Home))
	out = append(out, o.profiles()...)
	out = append(out, o.stateFolder(), o.disk(), o.memory(), o.loopback(ctx), o.proxies(), o.files())
	return append(out, o.servers(ctx)...)
}

// Sick counts what is bad.
func Sick(checks []Check) int {
	n := 0
	for _, c := range checks {
		if c.State == Bad {
			n++
		}
	}
	return n
}

// found is a check of something that is there or not.
func found(name string, err error, what string) Check {
	if err == nil {
		return Check{Name: name, State: OK, Found: what}
	}
	c := Check{Name: name, State: Bad, Found: err.Error()}
	switch e := err.(type) { //nolint:errorlint // the finders return these very types
	case *launcher.NotFoundError:
		c.Found, c.Mend = e.Reason, e.Advice
	case *cell.MissingTool:
		c.Found, c.Mend = e.Tool+" was not found", e.Advice
		if e.Found != "" {
			c.Found = "found " + e.Found + "; Go cells need " + e.Tool
		}
	case *launcher.FolderError:
		c.Found = e.Path + " " + e.Problem
		c.Mend = "rm -r '" + e.Path + "', or set GOSPARK_RUNTIME_DIR to a folder of your own with mode 0700"
	}
	return c
}

// kernels says where Jupyter finds the kernel.
func kernels(ctx context.Context, o Options) []Check {
	var out []Check
	all := kernelspec.Find(ctx, kernelspec.Options{Environ: o.Launch.Env})
	for _, prefix := range launcher.Prefixes(o.Launch) { // that of this program, say, which no shell has activated
		if len(all) == 0 {
			all = kernelspec.Find(ctx, kernelspec.Options{Environ: o.Launch.Env, Place: kernelspec.Place{Prefix: prefix}})
		}
	}
	for _, k := range all {
		c := Check{Name: "kernel", State: OK, Found: k.Dir}
		if k.Problem != "" {
			c.State, c.Found, c.Mend = Bad, k.Dir+" "+k.Problem, "gospark install"
		}
		out = append(out, c, extension(k))
	}
	if len(out) == 0 {
		out = append(out, Check{Name: "kernel", State: Note, Found: "Jupyter does not know the kernel yet", Mend: "gospark install"})
	}
	return out
}

// extension says whether JupyterLab has the browser part beside a kernel.
func extension(k kernelspec.Found) Check {
	c := Check{Name: "browser part", State: OK, Found: k.Extension}
	if k.ExtensionProblem != "" {
		c.State, c.Found, c.Mend = Note, k.Extension+" "+k.ExtensionProblem, "gospark install --no-build"
	}
	return c
}

// wheel is the version of a Python package in one of the environments.
func (o Options) wheel(name string) (version, prefix string) {
	for _, prefix := range launcher.Prefixes(o.Launch) {
		for _, lib := range []string{"lib", "lib64"} {
			dirs, _ := filepath.Glob(filepath.Join(prefix, lib, "python3*", "site-packages", name+"-*.dist-info"))
			for _, d := range dirs {
				return strings.TrimSuffix(strings.TrimPrefix(filepath.Base(d), name+"-"), ".dist-info"), prefix
			}
		}
	}
	return "", ""
}

func (o Options) jupyter() Check {
	for _, name := range []string{"jupyterlab", "notebook", "jupyter_server", "jupyter_client"} {
		if v, prefix := o.wheel(name); v != "" {
			return Check{Name: "Jupyter", State: OK, Found: fmt.Sprintf("%s %s in %s", name, v, prefix)}
		}
	}
	for _, dir := range filepath.SplitList(o.getenv("PATH")) {
		if fi, err := os.Stat(filepath.Join(dir, "jupyter")); err == nil && fi.Mode()&0o111 != 0 {
			return Check{Name: "Jupyter", State: OK, Found: filepath.Join(dir, "jupyter")}
		}
	}
	return Check{Name: "Jupyter", State: Note, Found: "no Jupyter was found in this environment or on PATH", Mend: "pip install jupyterlab"}
}

func (o Options) serverProxy() Check {
	const name = "server-proxy"
	if v, prefix := o.wheel("jupyter_server_proxy"); v != "" {
		return Check{Name: name, State: OK, Found: v + " in " + prefix}
	}
	return Check{Name: name, State: Note, Found: "without jupyter-server-proxy the Spark Web UI opens only in a browser on this machine",
		Mend: "pip install jupyter-server-proxy"}
}

// golang looks at Go and the C linker.
func (o Options) golang(ctx context.Context) []Check {
	if o.Go == nil {
		return nil
	}
	version, err := o.Go(ctx)
	out := []Check{found("Go", err, version)}
	for _, dir := range filepath.SplitList(o.getenv("PATH")) {
		for _, name := range []string{"gcc", "clang", "cc", "zig"} {
			if fi, statErr := os.Stat(filepath.Join(dir, name)); statErr == nil && fi.Mode()&0o111 != 0 {
				return append(out, Check{Name: "linker", State: OK, Found: filepath.Join(dir, name)})
			}
		}
	}
	if err == nil { // Go found one elsewhere: $CC, or the ziglang wheel
		return append(out, Check{Name: "linker", State: OK, Found: "the one that Go cells are built with"})
	}
	return append(out, Check{Name: "linker", State: Bad, Found: "no C compiler (gcc, clang) on PATH",
		Mend: "install gcc with your system's packages, or `pip install ziglang`"})
}

// profiles looks for mistakes in the files.
func (o Options) profiles() []Check {
	set := profile.Load(o.Profiles)
	var out []Check
	for _, p := range set.Problems {
		c := Check{Name: "profiles", State: Bad, Found: p.Origin.String() + ": " + p.Text, Mend: p.Advice}
		if p.Mild {
			c.State = Note
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		out = append(out, Check{Name: "profiles", State: OK, Found: strings.Join(set.Names(true), ", ")})
	}
	return out
}
