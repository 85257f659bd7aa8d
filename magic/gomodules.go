package magic

import "strings"

// The commands around Go modules.
type (
	// GoGet is %go get M[@V]…; without modules it only sets Auto.
	GoGet struct {
		Modules []string
		// Auto is "on" or "off" where imports shall get unknown modules, or no
		// longer; else empty.
		Auto string
	}
	// GoMod is %go mod [init [PATH]]: the go.mod of the notebook; Init writes it
	// beside the notebook.
	GoMod struct {
		Init bool
		Path string
	}
	// GoList is %go list: the modules and their versions.
	GoList struct{}
)

func (GoGet) command()  {}
func (GoMod) command()  {}
func (GoList) command() {}

func moduleSpecs() []spec {
	return []spec{
		{name: "%go get", about: "get modules or packages for this notebook, as `go get` does",
			detail: "They come from where `GOPROXY`, `GOPRIVATE` and the other settings of Go say. The module of the notebook's folder " +
				"gets the requirement; a folder without `go.mod` has a private one, which `%go mod` shows.",
			options: []option{{long: "auto", value: "on", alone: "on", choices: []string{"on", "off"},
				about: "from now on an `import` of an unknown module gets it (`GOSPARK_AUTO_GET=1` for all notebooks)"}},
			args:     []argument{{name: "MODULE[@VERSION]", optional: true, many: true}},
			examples: []example{{"%go get gonum.org/v1/gonum/stat@v0.17.0", ""}, {"%go get github.com/google/go-cmp/cmp@latest", ""}, {"%go get --auto", ""}},
			build:    buildGoGet},
		{name: "%go mod", about: "the `go.mod` in which imports are looked up; `init` writes one beside the notebook, with what was got so far",
			args:     []argument{{name: "init", optional: true, choices: []string{"init"}}, {name: "PATH", optional: true}},
			examples: []example{{"%go mod init example.com/me/notebook", ""}},
			build:    func(in input) (Command, error) { return GoMod{Init: in.arg(0) != "", Path: in.arg(1)}, nil }},
		{name: "%go list", about: "the modules of this notebook: version, and whether it is loaded",
			build: func(input) (Command, error) { return GoList{}, nil }},
	}
}

func buildGoGet(in input) (Command, error) {
	c := GoGet{Modules: in.args, Auto: in.text("--auto")}
	if len(c.Modules) == 0 && c.Auto == "" {
		return nil, in.spec.wrong("MODULE is missing", "")
	}
	for _, m := range c.Modules {
		if strings.HasPrefix(m, "http://") || strings.HasPrefix(m, "https://") {
			_, path, _ := strings.Cut(m, "://")
			return nil, in.spec.wrong("a module's path has no "+m[:strings.Index(m, "/")+2], strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".git"))
		}
	}
	return c, nil
}
