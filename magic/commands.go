package magic

// Command is what a person asked for: one of the types of this package.
type Command interface{ command() }

// Setting is one key=value.
type Setting struct{ Key, Value string }

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
		Lines  int
		Follow bool
		Grep   string // regular expression; compiles
	}
	// SparkUI is %spark ui [PAGE].
	SparkUI struct{ Page string }
	// SparkCancel is %spark cancel [ID|all]; ID is empty for this notebook's
	// operations.
	SparkCancel struct {
		ID  string
		All bool
	}
	// SparkTables is %spark tables [PATTERN].
	SparkTables struct{ Pattern string }
	// SparkSchema is %spark schema TABLE.
	SparkSchema struct{ Table string }
	// SparkSession is %spark session [list|new|use NAME].
	SparkSession struct {
		Action string // "list", "new", "use"
		Name   string
	}
)

// SQL is %%sql and %sql.
type SQL struct {
	Query   string // one or more statements; see sqltext.Split
	Line    int    // number of Query's first line in the cell
	Var     string // -o: Go variable that gets the last statement's DataFrame
	View    string // -v: temporary view that it becomes
	Rows    int    // -n: rows to show; 0 is the default
	Quiet   bool   // -q: show nothing
	Explain string // --explain: "", or the mode ("simple" by default)
}

// The commands around Go and the shell.
type (
	// GoVersion is %go version.
	GoVersion struct{}
	// GoVars is %go vars.
	GoVars struct{}
	// Reset is %reset.
	Reset struct{}
	// Help is %help, and --help of any magic: Text is Markdown.
	Help struct{ Topic, Text string }
	// Time is %time and %%time: the time that a cell text takes, which may
	// hold magics itself.
	Time struct {
		Text string
		Line int
	}
	// ChangeDir is %cd; an empty Dir is the home folder.
	ChangeDir struct{ Dir string }
	// Env is %env [K[=V]…].
	Env struct {
		Keys []string // to show; none shows all, when nothing is set
		Set  []Setting
	}
	// Script is !command and %%bash: a script for a shell.
	Script struct {
		Shell string // "sh" or "bash"
		Text  string
	}
	// WriteFile is %%writefile [-a] FILE.
	WriteFile struct {
		Path   string
		Append bool
		Text   string
	}
)

func (SparkStatus) command()  {}
func (SparkStart) command()   {}
func (SparkConnect) command() {}
func (SparkStop) command()    {}
func (SparkRestart) command() {}
func (SparkConf) command()    {}
func (SparkLogs) command()    {}
func (SparkUI) command()      {}
func (SparkCancel) command()  {}
func (SparkTables) command()  {}
func (SparkSchema) command()  {}
func (SparkSession) command() {}
func (SQL) command()          {}
func (GoVersion) command()    {}
func (GoVars) command()       {}
func (Reset) command()        {}
func (Help) command()         {}
func (Time) command()         {}
func (ChangeDir) command()    {}
func (Env) command()          {}
func (Script) command()       {}
func (WriteFile) command()    {}

// UsageError is a magic that was typed wrong. Its message is made for people.
type UsageError struct {
	Magic   string // "%spark start"; may be empty
	Message string // "no option --mastr"
	Nearest string // what was probably meant: "--master"; may be empty
	Usage   string // "%spark start [PROFILE] [--master URL] [--conf K=V]…"
}

func (e *UsageError) Error() string { return e.Message }
