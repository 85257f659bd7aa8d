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
	// Unused is how long the server stays without a job although clients are
	// attached, who are told when it ends; 0 means for ever.
	Unused time.Duration `json:"unused,omitempty"`
	// Env is added to the server's environment.
	Env map[string]string `json:"env,omitempty"`
	// Script is a shell script to run before each start. What it exports is
	// added to the server's environment; an error ends the start.
	Script string `json:"script,omitempty"`
	// Engine is what serves Spark Connect: Spark where it is empty, or Sail.
	Engine string `json:"engine,omitempty"`
	// Advice explains errors of this site, before gospark's own explanations.
	Advice []Advice `json:"advice,omitempty"`
}

// Sail is the engine of the pysail package: a Spark Connect server without a
// JVM. It asks nobody for a token.
const Sail = "sail"

// Advice says what a line of the server's log means.
type Advice struct {
	// Pattern is a regular expression for the line.
	Pattern string `json:"pattern"`
	// Cause and Advice are templates with $1, $2 … for the pattern's groups; an
	// empty Cause is what the pattern matched.
	Cause  string `json:"cause,omitempty"`
	Advice string `json:"advice"`
}

// Client describes who holds a lease, for Status.
type Client struct {
	PID int `json:"pid"`
	// Name is what a person calls it, e.g. the notebook's file name.
	Name string `json:"name,omitempty"`
	// Session is the id of its Spark session, where it has told it.
	Session string `json:"session,omitempty"`
	// Running is how many cells it runs, and Since when one last began or ended;
	// zero where it has told nothing.
	Running int       `json:"running,omitempty"`
	Since   time.Time `json:"since,omitzero"`
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
	// Version is gospark's own; a server of another version says so.
	Version string
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
	if err := CheckName(p.Name); err != nil {
		return err
	}
	if p.Engine != "" && p.Engine != Sail {
		return fmt.Errorf("profile %s: there is no engine %q", p.Name, p.Engine)
	}
	for _, a := range p.Advice {
		if _, err := regexp.Compile(a.Pattern); err != nil {
			return fmt.Errorf("profile %s: the pattern of an advice: %w", p.Name, err)
		}
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

// CheckName says what is wrong with the name of a profile.
func CheckName(name string) error {
	if ok, _ := regexp.MatchString(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`, name); !ok {
		return fmt.Errorf("%q is no name for a profile: use up to 64 letters, digits, '.', '_' or '-'", name)
	}
	return nil
}

// differs names the settings in which want is not what p is, sorted.
func (p Profile) differs(want Profile) []string {
	var keys []string
	for key, value := range map[string][2]string{
		"master": {p.Master, want.Master}, "script": {p.Script, want.Script}, "engine": {p.Engine, want.Engine},
	} {
		if value[0] != value[1] {
			keys = append(keys, key)
		}
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
	Version    string        `json:"version"`
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
	o := Options{RuntimeDir: l.Options.RuntimeDir, Prefixes: l.Options.Prefixes, Stall: l.Options.Stall, starter: l.Options.Starter, Version: l.Options.Version}
	return o, l.Profile, true, nil
}
