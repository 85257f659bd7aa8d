package launcher

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const sparkAdvice = "install it with `pip install 'pyspark>=4'`, or set SPARK_HOME"

// Spark is a Spark distribution that can serve Spark Connect.
type Spark struct {
	Home    string
	Version string // as in "4.3.0"
}

// FindSpark finds a Spark for the profile: its SparkHome, $SPARK_HOME, the
// pyspark package of the Jupyter environment (o.Prefixes, the environment that
// this executable is installed in, $VIRTUAL_ENV, $CONDA_PREFIX), and at last the
// one that python3 on PATH knows. One that is named but unfit is an error,
// never skipped. The error is a *NotFoundError.
func FindSpark(ctx context.Context, o Options, p Profile) (Spark, error) {
	o = o.withDefaults()
	if p.SparkHome != "" {
		return sparkAt(p.SparkHome, "the profile's Spark")
	}
	if home := getenv(o.Env, "SPARK_HOME"); home != "" {
		return sparkAt(home, "$SPARK_HOME")
	}
	var first error
	for _, home := range pysparks(ctx, o) {
		s, err := sparkAt(home, "pyspark")
		if err == nil {
			return s, nil
		}
		if first == nil {
			first = err
		}
	}
	if first != nil {
		return Spark{}, first
	}
	return Spark{}, &NotFoundError{What: "Spark", Reason: "no Spark was found ($SPARK_HOME, the Jupyter environment's pyspark, python3's)", Advice: sparkAdvice}
}

// pysparks lists the pyspark packages in reach, best first.
func pysparks(ctx context.Context, o Options) []string {
	var homes []string
	for _, prefix := range Prefixes(o) {
		homes = append(homes, sitePackages(prefix, "pyspark")...)
	}
	if len(homes) > 0 {
		return homes
	}
	if home := askPython(ctx, o.Env); home != "" {
		homes = append(homes, home)
	}
	return homes
}

// sparkAt looks at the Spark in home; who names it in messages.
func sparkAt(home, who string) (Spark, error) {
	unfit := func(reason string) error {
		return &NotFoundError{What: "Spark", Reason: fmt.Sprintf("%s (%s) %s", who, home, reason), Advice: sparkAdvice}
	}
	s := Spark{Home: home}
	entries, err := os.ReadDir(s.jars())
	if err != nil {
		return s, unfit("has no folder jars, so it cannot run a server")
	}
	connect := false
	for _, e := range entries {
		if v, ok := jarVersion(e.Name(), "spark-core_"); ok {
			s.Version = v
		}
		if _, ok := jarVersion(e.Name(), "spark-connect_"); ok {
			connect = true
		}
	}
	major, _, _ := strings.Cut(s.Version, ".")
	n, _ := strconv.Atoi(major)
	switch {
	case s.Version == "":
		return s, unfit("has no spark-core in its folder jars")
	case n < 4:
		return s, unfit(fmt.Sprintf("is Spark %s; gospark needs Spark 4 or newer", s.Version))
	case !connect:
		return s, unfit(fmt.Sprintf("is Spark %s without its spark-connect jar", s.Version))
	}
	return s, nil
}

func (s Spark) jars() string { return filepath.Join(s.Home, "jars") }

// jarVersion is 4.3.0 for spark-core_2.13-4.3.0.jar.
func jarVersion(name, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return "", false
	}
	rest, ok = strings.CutSuffix(rest, ".jar")
	if !ok {
		return "", false
	}
	_, version, ok := strings.Cut(rest, "-")
	return version, ok
}

// Prefixes lists the Jupyter environments that may hold Python packages for us.
func Prefixes(o Options) []string {
	o = o.withDefaults()
	out := slices.Clone(o.Prefixes)
	if exe, err := os.Executable(); err == nil {
		out = append(out, exePrefix(exe))
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			out = append(out, exePrefix(real))
		}
	}
	out = append(out, getenv(o.Env, "VIRTUAL_ENV"), getenv(o.Env, "CONDA_PREFIX"))
	var seen []string
	for _, p := range out {
		if p != "" && !slices.Contains(seen, p) {
			seen = append(seen, p)
		}
	}
	return seen
}

// exePrefix is the environment that a program is installed in: the one above
// bin/, or the one above share/jupyter/kernels/NAME/; else empty.
func exePrefix(exe string) string {
	dir := filepath.Dir(exe)
	if filepath.Base(dir) == "bin" {
		return filepath.Dir(dir)
	}
	if above, _, ok := strings.Cut(dir, filepath.Join("share", "jupyter", "kernels")); ok {
		return filepath.Clean(above)
	}
	return ""
}

// sitePackages lists the folders of a package in an environment, newest Python first.
func sitePackages(prefix, pkg string) []string {
	var out []string
	for _, pattern := range []string{"lib/python3*/site-packages", "lib64/python3*/site-packages", "lib/python3*/dist-packages"} {
		found, _ := filepath.Glob(filepath.Join(globEscape(prefix), pattern, pkg))
		slices.Reverse(found)
		out = append(out, found...)
	}
	return out
}

// globEscape keeps the characters of a path from meaning a pattern.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// askPython asks python3 on PATH where its pyspark is; empty when it has none.
func askPython(ctx context.Context, env []string) string {
	python := lookPath(env, "python3")
	if python == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	const script = "import importlib.util as u; s = u.find_spec('pyspark'); print(s.submodule_search_locations[0] if s else '')"
	cmd := exec.CommandContext(ctx, python, "-c", script)
	cmd.Env = env
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
