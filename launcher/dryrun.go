package launcher

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// hiddenValue stands where a secret would.
const hiddenValue = "(hidden)"

// DryRun is what a start of the profile would run: the command as a shell would
// take it, the variables that are set or changed, and the properties. Nothing is
// started, no script is run, and secrets are hidden.
func DryRun(ctx context.Context, o Options, p Profile) (string, error) {
	o, p = o.withDefaults(), p.withDefaults()
	if err := p.check(); err != nil {
		return "", err
	}
	base, err := Folder(o)
	if err != nil {
		return "", err
	}
	outside := o.Env
	o.Env = withEnv(o.Env, p.Env)
	r := &recipe{
		profile: p, env: o.Env, token: hiddenValue, memory: memory("/"), folder: &folder{path: filepath.Join(base, p.Name)},
		pages: &pages{key: []byte(rand.Text())},
	}
	data, err := userDir(o.Env, "XDG_DATA_HOME", filepath.Join(".local", "share"))
	if err != nil {
		return "", err
	}
	r.dirs = Dirs{Work: getenv(o.Env, "HOME"), Data: filepath.Join(data, "gospark", p.Name)}
	r.dirs.Warehouse, r.dirs.Scratch = filepath.Join(r.dirs.Data, "warehouse", "START"), filepath.Join("/tmp", scratchPrefix+"START")
	c, err := r.plan(ctx, o)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if p.Script != "" {
		fmt.Fprintf(&b, "# before: %s (what it exports is not shown)\n", p.Script)
	}
	fmt.Fprintf(&b, "cd %s\n", quoteWord(c.dir))
	for _, kv := range c.env {
		name, value, _ := strings.Cut(kv, "=")
		if getenv(outside, name) != value {
			fmt.Fprintf(&b, "export %s=%s\n", name, quoteWord(hide(name, value)))
		}
	}
	b.WriteString(quoteWord(c.path))
	for _, a := range c.args {
		key, value, ok := strings.Cut(a, "=")
		if ok {
			a = key + "=" + hide(key, value)
		}
		b.WriteString(" \\\n  " + quoteWord(a))
	}
	b.WriteString("\n")
	if len(r.conf) > 0 {
		fmt.Fprintf(&b, "\n# %s\n", r.folder.file(confFile))
		for _, k := range slices.Sorted(maps.Keys(r.conf)) {
			fmt.Fprintf(&b, "%s=%s\n", k, hide(k, r.conf[k]))
		}
	}
	return b.String(), nil
}

// plan is the command of a recipe with all its arguments, which a start puts
// into a private file.
func (r *recipe) plan(ctx context.Context, o Options) (command, error) {
	if err := r.find(ctx, o); err != nil {
		return command{}, err
	}
	if r.profile.Engine == Sail {
		return r.sailCommand(), nil
	}
	args, err := r.javaArgs()
	return command{path: r.java.Bin(), args: args, env: r.environ(), dir: r.dirs.Work}, err
}

// hide hides a value whose name, by Spark's own rule, says that it is a secret,
// and one that carries such a setting inside.
func hide(name, value string) string {
	secret := regexp.MustCompile(`(?i)secret|password|token|access[.]?key|credential`)
	if secret.MatchString(name) || secret.MatchString(value) && strings.Contains(value, "=") {
		return hiddenValue
	}
	return value
}

// quoteWord writes a word for a shell.
func quoteWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("@%+=:,./-_", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
