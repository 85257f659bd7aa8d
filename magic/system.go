package magic

import "strings"

// The commands around the system.
type (
	// Help is %help, and --help of any magic: Text is Markdown.
	Help struct{ Topic, Text string }
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

func (Help) command()      {}
func (ChangeDir) command() {}
func (Env) command()       {}
func (Script) command()    {}
func (WriteFile) command() {}

func systemSpecs() []spec {
	return []spec{
		{name: "%cd", about: "change the folder in which cells run; none means home",
			args: []argument{{name: "FOLDER", optional: true, dynamic: Folders}}, examples: []example{{"%cd ~/data", ""}},
			build: func(in input) (Command, error) { return ChangeDir{in.arg(0)}, nil }},
		{name: "%env", about: "show or set environment variables",
			args:     []argument{{name: "KEY[=VALUE]", optional: true, many: true, dynamic: EnvKeys}},
			examples: []example{{"%env GODEBUG=gctrace=1", ""}, {"%env HOME PATH", ""}},
			build:    buildEnv},
		{name: "%%bash", about: "run the cell as a shell script", body: "a script for bash",
			examples: []example{{"!ls -l", "one line needs only an exclamation mark"}, {"%%bash\nfor f in *.csv; do wc -l \"$f\"; done", ""}},
			build:    func(in input) (Command, error) { return Script{Shell: "bash", Text: in.seg.Body}, nil }},
		{name: "%%writefile", about: "write the cell to a file", body: "the file's text",
			options:  []option{{long: "append", short: "a", about: "add to the file instead of replacing it"}},
			args:     []argument{{name: "FILE", dynamic: Files}},
			examples: []example{{"%%writefile -a notes.txt\none more line", ""}},
			build: func(in input) (Command, error) {
				return WriteFile{Path: in.arg(0), Append: in.on("-a"), Text: in.seg.Body}, nil
			}},
		{name: "%help", about: "all magics, or one in full", args: []argument{{name: "MAGIC", optional: true, many: true}},
			examples: []example{{"%help %%sql", "the same as %%sql --help"}}, build: buildHelp},
	}
}

func buildEnv(in input) (Command, error) {
	var c Env
	for _, a := range in.args {
		if key, value, ok := strings.Cut(a, "="); ok && key != "" {
			c.Set = append(c.Set, Setting{key, value})
		} else if ok {
			return nil, in.spec.wrong("a variable needs a name before =", "")
		} else {
			c.Keys = append(c.Keys, a)
		}
	}
	return c, nil
}

func buildHelp(in input) (Command, error) {
	topic := strings.Join(in.args, " ")
	if topic == "" {
		return Help{Text: overview()}, nil
	}
	return helpOn(in, topic)
}
