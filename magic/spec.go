package magic

import (
	"slices"
	"strings"
	"sync"
)

// spec describes one magic, or one subcommand of it. Parsing, help and
// completion all follow it, so a new magic is one spec and one Command type.
type spec struct {
	name     string // as typed: "%spark start", "%%sql"
	about    string // one line
	detail   string // Markdown; may be empty
	options  []option
	args     []argument
	body     string // what the lines below a cell magic are; empty: it has none
	raw      bool   // the last argument is the rest of the line as it stands
	examples []example
	build    func(in input) (Command, error)
}

type option struct {
	long, short string // without dashes; either may be empty
	value       string // what follows, for help: "URL"; empty for a switch
	alone       string // the value when =VALUE is left out; empty: VALUE is needed
	more        string // for help: words behind the value that belong to it, up to the next option, where the cell has a body
	many        bool   // may be given several times
	about       string
	choices     []string
	dynamic     Dynamic
}

type argument struct {
	name     string
	optional bool
	many     bool
	choices  []string
	dynamic  Dynamic
}

type example struct{ line, about string }

// made holds the specs once somebody asked for them.
var made struct {
	once sync.Once
	all  []spec
}

// specs are all magics, in the order of the help page; callers only read them.
func specs() []spec {
	made.once.Do(func() { made.all = slices.Concat(sparkSpecs(), sqlSpecs(), goSpecs(), systemSpecs()) })
	return made.all
}

// find is the spec of a magic and its subcommand, and how many words of the
// line its subcommand took.
func find(name string, words []word) (s spec, taken int, ok bool) {
	for _, s := range specs() {
		if len(words) > 0 && s.name == name+" "+words[0].text {
			return s, 1, true
		}
	}
	for _, s := range specs() {
		if s.name == name {
			return s, 0, true
		}
	}
	return spec{name: name}, 0, false
}

// subcommands are the specs below a name.
func subcommands(name string) []spec {
	var all []spec
	for _, s := range specs() {
		if strings.HasPrefix(s.name, name+" ") {
			all = append(all, s)
		}
	}
	return all
}

// names are all magics without subcommands, each once.
func names() []string {
	var all []string
	for _, s := range specs() {
		name, _, _ := strings.Cut(s.name, " ")
		if len(all) == 0 || all[len(all)-1] != name {
			all = append(all, name)
		}
	}
	return all
}

// usage is the one line that says how a magic is typed.
func (s spec) usage() string {
	const most = 6 // options on the line; the help page lists them all
	parts := []string{s.name}
	if len(s.options) > most {
		parts = append(parts, "[OPTION]…")
	}
	for _, o := range s.options {
		if len(s.options) > most {
			break
		}
		part := "[" + o.form() + "]"
		if o.many {
			part += "…"
		}
		parts = append(parts, part)
	}
	for _, a := range s.args {
		part := a.name
		if a.many {
			part += "…"
		}
		if a.optional {
			part = "[" + part + "]"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

// form is an option as usage lines show it: "-n ROWS", "--explain[=MODE]".
func (o option) form() string {
	switch name := o.typed(); {
	case o.alone != "":
		return name + "[=" + o.value + "]"
	case o.more != "":
		return name + " " + o.value + " " + o.more
	case o.value != "":
		return name + " " + o.value
	default:
		return name
	}
}

// typed is an option's name with its dashes, the short one if it has one.
func (o option) typed() string {
	if o.short != "" {
		return "-" + o.short
	}
	return "--" + o.long
}

// spellings are all that may be typed for an option.
func (o option) spellings() []string {
	var all []string
	if o.short != "" {
		all = append(all, "-"+o.short)
	}
	if o.long != "" {
		all = append(all, "--"+o.long)
	}
	return all
}

// option finds an option by what was typed.
func (s spec) option(typed string) (option, bool) {
	for _, o := range s.options {
		if o.long != "" && typed == "--"+o.long || o.short != "" && typed == "-"+o.short {
			return o, true
		}
	}
	return option{}, false
}

// wrong makes a usage error of this magic.
func (s spec) wrong(message, nearest string) *UsageError {
	return &UsageError{Magic: s.name, Message: message, Nearest: nearest, Usage: s.usage()}
}
