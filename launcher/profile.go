package launcher

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
)

// DefaultProfile is the name of a profile that has none.
const DefaultProfile = "default"

// DefaultIdle is how long a server stays after its last lease when its profile
// does not say.
const DefaultIdle = 10 * time.Minute

// defaultStall is how long a starting JVM may say nothing before it is given up.
const defaultStall = 5 * time.Minute

// A Profile says which server is wanted. Two callers with the same Name share
// one server; when the rest differs, the one that runs wins and
// [Lease.Differs] names the differences.
type Profile struct {
	// Name is a word of letters, digits, '.', '_' and '-'; empty means "default".
	Name string `json:"name"`
	// Master is a Spark master URL; empty means what spark-defaults.conf says,
	// else local[*].
	Master string `json:"master,omitempty"`
	// Conf are Spark properties, over those of spark-defaults.conf. They reach
	// the JVM in a private file, never on a command line.
	Conf map[string]string `json:"conf,omitempty"`
	// SparkHome and JavaHome override what FindSpark and FindJava look for.
	SparkHome string `json:"spark_home,omitempty"`
	JavaHome  string `json:"java_home,omitempty"`
	// Idle is how long the server stays after the last lease is gone: 0 means
	// DefaultIdle, negative means for ever.
	Idle time.Duration `json:"idle,omitempty"`
	// Env is added to the server's environment.
	Env map[string]string `json:"env,omitempty"`
}

// Client describes who holds a lease, for Status.
type Client struct {
	PID int `json:"pid"`
	// Name is what a person calls it, e.g. the notebook's file name.
	Name string `json:"name,omitempty"`
}

// describe is what a person calls the client.
func (c Client) describe() string {
	if c.Name != "" {
		return c.Name
	}
	return fmt.Sprintf("process %d", c.PID)
}

// Options say where and for whom the package works; the zero value is right
// outside tests.
type Options struct {
	// RuntimeDir overrides the state folder; see Folder.
	RuntimeDir string
	// Env is the environment to look in, as os.Environ gives it; nil means the
	// process's own.
	Env []string
	// Prefixes are Jupyter environments to look for pyspark in, before the ones
	// that the environment names.
	Prefixes []string
	// Command starts the supervisor; nil means this executable with "server run
	// --profile NAME". The program must call Launched and then Supervise.
	Command []string
	// Client is the caller; a zero PID is replaced by the process's own.
	Client Client
	// Stall is how long a starting JVM may stay silent; 0 means five minutes.
	Stall time.Duration
	// Log receives what the supervisor does; nil means nothing is logged.
	Log *slog.Logger
	// Warm uses a server for a moment, with queries like a notebook's, so that
	// the class archive holds what they load; nil leaves it at the start. Only
	// supervisors and BuildArchive call it.
	Warm func(context.Context, Server) error `json:"-"`

	// starter is the process that started this supervisor and will attach.
	starter int
}

func (o Options) withDefaults() Options {
	if o.Env == nil {
		o.Env = os.Environ()
	}
	if o.Client.PID == 0 {
		o.Client.PID = os.Getpid()
	}
	if o.Stall == 0 {
		o.Stall = defaultStall
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (p Profile) withDefaults() Profile {
	if p.Name == "" {
		p.Name = DefaultProfile
	}
	if p.Idle == 0 {
		p.Idle = DefaultIdle
	}
	return p
}

// check reports what would make the profile unsafe as a folder name, a
// properties file or an environment.
func (p Profile) check() error {
	if err := checkName(p.Name); err != nil {
		return err
	}
	for k, v := range p.Env {
		if k == "" || strings.ContainsAny(k, "=\x00") || strings.Contains(v, "\x00") {
			return fmt.Errorf("profile %s: %q is no name of an environment variable", p.Name, k)
		}
	}
	for k := range p.Conf {
		if strings.TrimSpace(k) == "" {
			return fmt.Errorf("profile %s: a Spark property has no name", p.Name)
		}
	}
	return nil
}

func checkName(name string) error {
	if ok, _ := regexp.MatchString(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`, name); !ok {
		return fmt.Errorf("%q is no name for a profile: use up to 64 letters, digits, '.', '_' or '-'", name)
	}
	return nil
}

// differs names the settings in which want is not what p is, sorted.
func (p Profile) differs(want Profile) []string {
	var keys []string
	if p.Master != want.Master {
		keys = append(keys, "master")
	}
	if want.SparkHome != "" && p.SparkHome != want.SparkHome {
		keys = append(keys, "spark home")
	}
	if want.JavaHome != "" && p.JavaHome != want.JavaHome {
		keys = append(keys, "java home")
	}
	keys = append(keys, differentKeys(p.Conf, want.Conf)...)
	for _, k := range differentKeys(p.Env, want.Env) {
		keys = append(keys, "$"+k)
	}
	sort.Strings(keys)
	return keys
}

func differentKeys(a, b map[string]string) []string {
	var keys []string
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			keys = append(keys, k)
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	return slices.Compact(keys)
}

// launchEnv marks a process that Attach started; the launch is on its stdin.
const launchEnv = "GOSPARK_LAUNCH"

// launch is what a starter hands to the supervisor that it starts.
type launch struct {
	Options launchOptions `json:"options"`
	Profile Profile       `json:"profile"`
}

type launchOptions struct {
	RuntimeDir string        `json:"runtime_dir"`
	Prefixes   []string      `json:"prefixes"`
	Stall      time.Duration `json:"stall"`
	Starter    int           `json:"starter"`
}

// Launched returns what [Attach] handed to the supervisor process it started,
// read from standard input: no property, and no secret in one, is ever on a
// command line. It reports false in a process that Attach did not start.
// "gospark server run" calls it before it looks at its own flags.
func Launched() (Options, Profile, bool, error) {
	if os.Getenv(launchEnv) == "" {
		return Options{}, Profile{}, false, nil
	}
	var l launch
	if err := json.NewDecoder(os.Stdin).Decode(&l); err != nil {
		return Options{}, Profile{}, true, fmt.Errorf("read what the starter wants: %w", err)
	}
	o := Options{RuntimeDir: l.Options.RuntimeDir, Prefixes: l.Options.Prefixes, Stall: l.Options.Stall, starter: l.Options.Starter}
	return o, l.Profile, true, nil
}
