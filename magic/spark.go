package magic

import (
	"fmt"
	"strconv"
	"strings"
)

// The commands of %spark and %%spark.
type (
	// SparkStatus is %spark and %spark status.
	SparkStatus struct{}
	// SparkStart is %spark start [PROFILE].
	SparkStart struct {
		Profile string
		Master  string
		Conf    []Setting
	}
	// SparkConnect is %spark connect URL.
	SparkConnect struct {
		URL  string // sc://…
		Conf []Setting
	}
	// SparkStop is %spark stop.
	SparkStop struct{ Force bool }
	// SparkRestart is %spark restart.
	SparkRestart struct{ Force bool }
	// SparkProfile is %spark profile [list|show|use|save] [NAME].
	SparkProfile struct {
		Action string // "list", "show", "use", "save"
		Name   string // of use and save; of show, optional
	}
	// SparkDoctor is %spark doctor.
	SparkDoctor struct{}
	// SparkConf is %spark conf and %%spark conf. Without settings it shows
	// the configuration, or that of Keys.
	SparkConf struct {
		Keys  []string  // to show
		Set   []Setting // to set
		Unset []string
		Grep  string // show only keys that match
	}
	// SparkLogs is %spark logs.
	SparkLogs struct {
		Lines  int // 0 is the default
		Follow bool
		Grep   string // regular expression; compiles
	}
	// SparkUI is %spark ui [PAGE].
	SparkUI struct{ Page string }
	// SparkCancel is %spark cancel [ID|JOB|all]; without any it means this
	// notebook's operations.
	SparkCancel struct {
		ID    string // of an operation
		Job   int64  // number of a job, where IsJob
		IsJob bool
		All   bool
	}
	// SparkJobs is %spark jobs.
	SparkJobs struct {
		Lines int // 0 is the default
		All   bool
	}
	// SparkTables is %spark tables [PATTERN].
	SparkTables struct{ Pattern string }
	// SparkSchema is %spark schema TABLE.
	SparkSchema struct{ Table string }
	// SparkSession is %spark session [list|new|use NAME|share NAME|clone|restore].
	SparkSession struct {
		Action string // "list", "new", "use", "share", "clone", "restore"
		Name   string // of use and share
	}
)

func (SparkStatus) command()  {}
func (SparkStart) command()   {}
func (SparkConnect) command() {}
func (SparkStop) command()    {}
func (SparkRestart) command() {}
func (SparkProfile) command() {}
func (SparkDoctor) command()  {}
func (SparkConf) command()    {}
func (SparkLogs) command()    {}
func (SparkUI) command()      {}
func (SparkCancel) command()  {}
func (SparkTables) command()  {}
func (SparkSchema) command()  {}
func (SparkSession) command() {}
func (SparkJobs) command()    {}

func sparkSpecs() []spec {
	return append(serverSpecs(), sessionSpecs()...)
}

func confOption() option {
	return option{long: "conf", short: "c", value: "K=V", many: true, dynamic: ConfKeys, about: "one Spark setting"}
}

func forceOption() option {
	return option{long: "force", short: "f", about: "also when other notebooks use the server"}
}

// serverSpecs are about the server that notebooks share.
func serverSpecs() []spec {
	return []spec{
		{name: "%spark", about: "where am I: server, version, master, session, links",
			build: func(input) (Command, error) { return SparkStatus{}, nil }},
		{name: "%spark status", about: "the same as %spark alone",
			build: func(input) (Command, error) { return SparkStatus{}, nil }},
		{name: "%spark start", about: "start the shared server, or join it when it runs",
			detail: "The first query starts a server by itself; this is for a profile, a master or settings of your own.",
			options: []option{
				{long: "master", short: "m", value: "URL", about: "where Spark runs: `local[*]`, `spark://…`, `yarn`, `k8s://…`"},
				confOption()},
			args:     []argument{{name: "PROFILE", optional: true, dynamic: Profiles}},
			examples: []example{{"%spark start", "the default profile"}, {`%spark start --master "local[2]" -c spark.sql.shuffle.partitions=8`, "two cores, one setting"}},
			build:    buildStart},
		{name: "%spark connect", about: "use a Spark Connect server that runs elsewhere",
			options:  []option{confOption()},
			args:     []argument{{name: "URL"}},
			examples: []example{{"%spark connect sc://spark.example.org:15002", ""}, {`%spark connect "sc://host:443/;use_ssl=true;token=…"`, "with TLS and a token"}},
			build:    buildConnect},
		{name: "%spark stop", about: "stop the shared server, or leave a remote one", options: []option{forceOption()},
			examples: []example{{"%spark stop -f", "also where other notebooks use it"}},
			build:    func(in input) (Command, error) { return SparkStop{in.on("-f")}, nil }},
		{name: "%spark restart", about: "stop the server and start it again", options: []option{forceOption()},
			examples: []example{{"%spark restart", "then `%spark session restore` for the temporary views"}},
			build:    func(in input) (Command, error) { return SparkRestart{in.on("-f")}, nil }},
		{name: "%spark profile", about: "list the profiles, show or use one, or save this notebook's settings as one",
			args: []argument{
				{name: "list|show|use|save", optional: true, choices: []string{"list", "show", "use", "save"}},
				{name: "NAME", optional: true, dynamic: Profiles}},
			examples: []example{{"%spark profile use cluster", "start or join the server of a profile"}},
			build:    buildProfile},
		{name: "%spark doctor", about: "look at what Spark needs on this machine, and say what would mend it",
			build: func(input) (Command, error) { return SparkDoctor{}, nil }},
		{name: "%spark logs", about: "the last lines of the server's log",
			options: []option{
				{long: "lines", short: "n", value: "N", about: "how many lines"},
				{long: "follow", short: "f", about: "go on showing new lines until the cell is interrupted"},
				{long: "grep", short: "g", value: "RE", about: "only lines that match a regular expression"}},
			examples: []example{{"%spark logs -n 50", ""}, {`%spark logs -f --grep "ERROR|WARN"`, "watch for trouble"}},
			build:    buildLogs},
		{name: "%spark ui", about: "the address of the Spark Web UI",
			args: []argument{{name: "PAGE", optional: true, dynamic: UIPages,
				choices: []string{"jobs", "stages", "storage", "environment", "executors", "sql", "connect"}}},
			examples: []example{{"%spark ui executors", ""}},
			build:    func(in input) (Command, error) { return SparkUI{in.arg(0)}, nil }},
	}
}

// sessionSpecs are about this notebook's session.
func sessionSpecs() []spec {
	return []spec{
		{name: "%spark conf", about: "show or set the session's configuration",
			detail: "`KEY` shows one setting, `KEY=VALUE` sets it for this notebook, nothing shows all.",
			options: []option{
				{long: "grep", short: "g", value: "RE", about: "only keys that match a regular expression"},
				{long: "unset", short: "u", value: "KEY", many: true, dynamic: ConfKeys, about: "back to the default"}},
			args:     []argument{{name: "KEY[=VALUE]", optional: true, many: true, dynamic: ConfKeys}},
			examples: []example{{"%spark conf --grep shuffle", ""}, {"%spark conf spark.sql.shuffle.partitions=8", ""}},
			build:    buildConf},
		{name: "%spark cancel", about: "cancel this notebook's running operations, one by its id, one job by its number, or all",
			args: []argument{{name: "ID|JOB|all", optional: true, dynamic: Running}},
			examples: []example{{"%spark cancel all", "what Go cells left running in the background, too"},
				{"%spark cancel 12", "job 12 of `%spark jobs`; what waits for it fails"}},
			build: buildCancel},
		{name: "%spark jobs", about: "this notebook's jobs, and what slows their stages down",
			options: []option{
				{long: "lines", short: "n", value: "N", about: "how many jobs"},
				{long: "all", short: "a", about: "the jobs of all notebooks"}},
			examples: []example{{"%spark jobs", "skewed stages, spilled bytes and failed tasks are pointed out"}},
			build:    buildJobs},
		{name: "%spark tables", about: "tables and views, also those that match a pattern",
			args:     []argument{{name: "PATTERN", optional: true, dynamic: Tables}},
			examples: []example{{"%spark tables flight*", ""}},
			build:    func(in input) (Command, error) { return SparkTables{in.arg(0)}, nil }},
		{name: "%spark schema", about: "the columns of a table or view",
			args:     []argument{{name: "TABLE", dynamic: Tables}},
			examples: []example{{"%spark schema flights", ""}},
			build:    func(in input) (Command, error) { return SparkSchema{in.arg(0)}, nil }},
		{name: "%spark session", about: "the session: list those that are shared, begin a new one, use or share one by name, copy it",
			detail: "By default a notebook has a session of its own: settings and temporary views are not seen by others. `share NAME` lets other notebooks " +
				"of yours `use NAME`, and work in the same one. `clone` goes on in a copy. `restore` makes the temporary views and settings again that " +
				"magics of this notebook made, after the server was restarted.",
			args: []argument{
				{name: "list|new|use|share|clone|restore", optional: true, choices: []string{"list", "new", "use", "share", "clone", "restore"}},
				{name: "NAME", optional: true, dynamic: Sessions}},
			examples: []example{{"%spark session share team", ""}, {"%spark session use team", "in another notebook"},
				{"%spark session new", "a fresh one: settings and temporary views of the old are left behind"}},
			build: buildSession},
		{name: "%spark help", about: "this help",
			args:     []argument{{name: "COMMAND", optional: true}},
			examples: []example{{"%spark help session", "the same as %spark session --help"}},
			build:    buildSparkHelp},
		{name: "%%spark conf", about: "set the session's configuration, one `key value` on a line",
			body:     "lines of `key value` or `key=value`; # begins a comment",
			examples: []example{{"%%spark conf\nspark.sql.shuffle.partitions 8\nspark.sql.ansi.enabled true", ""}},
			build:    buildConfBody},
	}
}

func buildStart(in input) (Command, error) {
	conf, err := in.settings(in.values["-c"])
	return SparkStart{Profile: in.arg(0), Master: in.text("-m"), Conf: conf}, err
}

func buildConnect(in input) (Command, error) {
	url := in.arg(0)
	if !strings.HasPrefix(url, "sc://") {
		return nil, in.spec.wrong("a Spark Connect address begins with sc://", "sc://"+url[strings.LastIndexByte(url, '/')+1:])
	}
	conf, err := in.settings(in.values["-c"])
	return SparkConnect{URL: url, Conf: conf}, err
}

func buildProfile(in input) (Command, error) {
	c := SparkProfile{Action: in.arg(0), Name: in.arg(1)}
	switch {
	case c.Action == "":
		c.Action = "list"
	case c.Name == "" && (c.Action == "use" || c.Action == "save"):
		return nil, in.spec.wrong("which profile? `%spark profile list` shows them", "")
	}
	return c, nil
}

func buildLogs(in input) (Command, error) {
	n, err := in.number("-n")
	if err != nil {
		return nil, err
	}
	re, err := in.pattern("-g")
	return SparkLogs{Lines: n, Follow: in.on("-f"), Grep: re}, err
}

func buildConf(in input) (Command, error) {
	re, err := in.pattern("-g")
	if err != nil {
		return nil, err
	}
	c := SparkConf{Unset: in.values["-u"], Grep: re}
	for _, a := range in.args {
		if key, value, ok := strings.Cut(a, "="); ok {
			c.Set = append(c.Set, Setting{key, value})
		} else {
			c.Keys = append(c.Keys, a)
		}
	}
	return c, nil
}

// buildConfBody reads "key value" and "key=value" lines.
func buildConfBody(in input) (Command, error) {
	var c SparkConf
	for i, line := range strings.Split(in.seg.Body, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		at := strings.IndexAny(line, " \t=")
		if at <= 0 {
			return nil, in.spec.wrong(fmt.Sprintf("line %d: %q is no `key value`", in.seg.BodyLine+i, line), "")
		}
		value := strings.TrimSpace(line[at:])
		value = strings.TrimSpace(strings.TrimPrefix(value, "="))
		c.Set = append(c.Set, Setting{line[:at], value})
	}
	return c, nil
}

func buildCancel(in input) (Command, error) {
	if in.arg(0) == "all" {
		return SparkCancel{All: true}, nil
	}
	if job, err := strconv.ParseInt(in.arg(0), 10, 64); err == nil {
		return SparkCancel{Job: job, IsJob: true}, nil
	}
	return SparkCancel{ID: in.arg(0)}, nil
}

func buildJobs(in input) (Command, error) {
	n, err := in.number("-n")
	return SparkJobs{Lines: n, All: in.on("-a")}, err
}

func buildSession(in input) (Command, error) {
	c := SparkSession{Action: in.arg(0), Name: in.arg(1)}
	switch {
	case c.Action == "":
		c.Action = "list"
	case (c.Action == "use" || c.Action == "share") && c.Name == "":
		return nil, in.spec.wrong("under which name? `%spark session list` shows those that are shared", "")
	case c.Action != "use" && c.Action != "share" && c.Name != "":
		return nil, in.spec.wrong(fmt.Sprintf("%q is too much", c.Name), "")
	}
	return c, nil
}

func buildSparkHelp(in input) (Command, error) {
	if topic := in.arg(0); topic != "" {
		return helpOn(in, "%spark "+topic)
	}
	return helpOn(in, "%spark")
}
