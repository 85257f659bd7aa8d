package magic

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// input is a command line that was checked against its spec.
type input struct {
	spec   spec
	seg    Segment
	values map[string][]string // by option.typed
	args   []string
	rest   string // of a raw spec: the last argument as it stands
	restAt int    // byte offset of rest in the cell
}

// Command is the typed command of a segment that is no Go. The error is a
// *[UsageError].
func (s Segment) Command() (Command, error) {
	if s.Kind == Shell {
		return Script{Shell: "sh", Text: s.Args}, nil
	}
	words := split(s.Args)
	sp, taken, ok := find(s.typed(), words)
	if !ok && len(words) > 0 && isHelp(words[0].text) && len(subcommands(sp.name)) > 0 {
		return Help{Topic: sp.name, Text: sp.help()}, nil
	}
	if !ok {
		return nil, unknown(s, words)
	}
	in, help, err := sp.read(s, words[taken:])
	if err != nil {
		return nil, err
	}
	if help {
		return Help{Topic: sp.name, Text: sp.help()}, nil
	}
	return sp.build(in)
}

// typed is a magic's name with its percent signs.
func (s Segment) typed() string {
	if s.Kind == Cell {
		return "%%" + s.Name
	}
	return "%" + s.Name
}

// unknown explains a name that is none.
func unknown(s Segment, words []word) *UsageError {
	name := s.typed()
	if subs := subcommands(name); len(subs) > 0 {
		return noSubcommand(name, words, subs)
	}
	other := "%%" + s.Name
	if s.Kind == Cell {
		other = "%" + s.Name
	}
	if slices.Contains(names(), other) {
		return &UsageError{Magic: name, Message: "there is no " + name + ", only " + other, Nearest: other}
	}
	near := nearest(name, names())
	return &UsageError{Magic: name, Message: "there is no magic " + name, Nearest: near, Usage: "%help lists all magics"}
}

func noSubcommand(name string, words []word, subs []spec) *UsageError {
	var all []string
	for _, sub := range subs {
		all = append(all, strings.TrimPrefix(sub.name, name+" "))
	}
	e := &UsageError{Magic: name, Message: name + " needs a subcommand", Usage: name + " " + strings.Join(all, "|")}
	if len(words) > 0 {
		e.Message = name + " has no subcommand " + strconv.Quote(words[0].text)
		if near := nearest(words[0].text, all); near != "" {
			e.Nearest = name + " " + near
		}
	}
	return e
}

// read sorts words into options and arguments, and says whether help was asked.
func (s spec) read(seg Segment, words []word) (in input, help bool, err error) {
	in = input{spec: s, seg: seg, values: map[string][]string{}, restAt: seg.argsAt + len(seg.Args)}
	for len(words) > 0 {
		w := words[0]
		isOption := s.isOption(w)
		if !isOption && s.raw {
			in.restAt = seg.argsAt + w.start
			in.rest = seg.Args[w.start:]
			break
		}
		words = words[1:]
		switch {
		case isOption && isHelp(w.text):
			return in, true, nil
		case w.text == "--" && !w.quoted:
			for _, w := range words {
				in.args = append(in.args, w.text)
			}
			words = nil
		case isOption:
			if words, err = in.readOption(w, words); err != nil {
				return in, false, err
			}
		default:
			in.args = append(in.args, w.text)
		}
	}
	return in, false, in.check()
}

// isOption reports whether a word is an option and not an argument. A line of
// code after %time may begin with a minus.
func (s spec) isOption(w word) bool {
	if len(w.text) < 2 || w.text[0] != '-' || w.quoted || w.text == "--" {
		return false
	}
	return !s.raw || len(s.options) > 0 || isHelp(w.text)
}

func isHelp(text string) bool { return text == "--help" || text == "-h" }

// readOption reads one option, with its value from the following words where
// it needs one, and returns the words that are left.
func (in *input) readOption(w word, words []word) ([]word, error) {
	name, value, given := cutOption(w.text)
	o, ok := in.spec.option(name)
	if !ok {
		return nil, in.spec.wrong("there is no option "+name, in.nearestOption(name))
	}
	switch {
	case o.value == "" && given:
		return nil, in.spec.wrong(name+" takes no value", "")
	case o.value == "":
		value = "true"
	case !given && o.alone != "":
		value = o.alone
	case !given && len(words) == 0:
		return nil, in.spec.wrong(name+" needs a value: "+o.value, "")
	case !given:
		value, words = words[0].text, words[1:]
	}
	chosen := value
	if o.more != "" {
		chosen, _, _ = strings.Cut(value, ",")
	}
	if len(o.choices) > 0 && !slices.Contains(o.choices, chosen) {
		return nil, in.spec.wrong(fmt.Sprintf("%s is one of %s, not %q", name, strings.Join(o.choices, ", "), chosen), nearest(chosen, o.choices))
	}
	if !o.many && len(in.values[o.typed()]) > 0 && o.value != "" {
		return nil, in.spec.wrong(name+" is given twice", "")
	}
	in.values[o.typed()] = append(in.values[o.typed()], value)
	for o.more != "" && in.seg.hasBody() && len(words) > 0 && !in.spec.isOption(words[0]) {
		in.values[o.typed()] = append(in.values[o.typed()], words[0].text)
		words = words[1:]
	}
	return words, nil
}

// hasBody reports whether a cell magic has something below its first line.
func (s Segment) hasBody() bool { return s.Kind == Cell && strings.TrimSpace(s.Body) != "" }

// cutOption splits "--name=value" and "-n5".
func cutOption(text string) (name, value string, given bool) {
	if strings.HasPrefix(text, "--") {
		return strings.Cut(text, "=")
	}
	if len(text) > 2 {
		return text[:2], strings.TrimPrefix(text[2:], "="), true
	}
	return text, "", false
}

func (in *input) nearestOption(name string) string {
	var all []string
	for _, o := range in.spec.options {
		all = append(all, o.spellings()...)
	}
	return nearest(name, append(all, "--help"))
}

// check holds the arguments against the spec.
func (in *input) check() error {
	need, most := 0, 0
	for _, a := range in.spec.args {
		if !a.optional {
			need++
		}
		if a.many {
			most = len(in.args)
		}
		most++
	}
	have := len(in.args)
	if in.spec.raw && (in.rest != "" || in.seg.Kind == Cell) {
		have++
	}
	switch {
	case have < need:
		return in.spec.wrong(in.spec.args[have].name+" is missing", "")
	case have > most:
		return in.spec.unexpected(in.args, most)
	}
	for i, a := range in.spec.args {
		if i < len(in.args) && len(a.choices) > 0 && !slices.Contains(a.choices, in.args[i]) {
			return in.spec.wrong(fmt.Sprintf("%q is none of %s", in.args[i], strings.Join(a.choices, ", ")),
				nearest(in.args[i], a.choices))
		}
	}
	return nil
}

// unexpected explains a word too many: often a mistyped subcommand.
func (s spec) unexpected(args []string, most int) *UsageError {
	if most == 0 {
		if subs := subcommands(s.name); len(subs) > 0 {
			return noSubcommand(s.name, []word{{text: args[0]}}, subs)
		}
	}
	return s.wrong(fmt.Sprintf("%q is too much", args[most]), "")
}

// text is an option's value, empty when it was not given.
func (in input) text(option string) string {
	if v := in.values[option]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

func (in input) on(option string) bool { return in.text(option) != "" }

// arg is the i-th argument, empty when it was not given.
func (in input) arg(i int) string {
	if i < len(in.args) {
		return in.args[i]
	}
	return ""
}

// number is an option's value as a positive number, 0 when it was not given.
func (in input) number(option string) (int, error) {
	s := in.text(option)
	if s == "" && len(in.values[option]) == 0 {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.ReplaceAll(s, "_", ""))
	if err != nil || n < 1 {
		return 0, in.spec.wrong(fmt.Sprintf("%s wants a number above 0, not %q", option, s), "")
	}
	return n, nil
}

// duration is an option's value as a time; a bare number is seconds.
func (in input) duration(option string) (time.Duration, error) {
	s := in.text(option)
	if s == "" && len(in.values[option]) == 0 {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if seconds, ok := strconv.ParseFloat(s, 64); ok == nil {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || d <= 0 {
		return 0, in.spec.wrong(fmt.Sprintf("%s wants a time such as 30s or 5m, not %q", option, s), "")
	}
	return d, nil
}

// exclusive refuses more than one of some options.
func (in input) exclusive(options ...string) error {
	before := ""
	for _, o := range options {
		switch {
		case len(in.values[o]) == 0:
		case before != "":
			return in.spec.wrong(before+" and "+o+" do not go together", "")
		default:
			before = o
		}
	}
	return nil
}

// pattern is an option's value as a regular expression that compiles.
func (in input) pattern(option string) (string, error) {
	s := in.text(option)
	if _, err := regexp.Compile(s); err != nil {
		why := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		return "", in.spec.wrong(fmt.Sprintf("%q is no regular expression: %s", s, why), "")
	}
	return s, nil
}

// settings reads key=value words.
func (in input) settings(words []string) ([]Setting, error) {
	var all []Setting
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		if !ok || strings.TrimSpace(key) == "" {
			return nil, in.spec.wrong(fmt.Sprintf("%q is no KEY=VALUE", w), "")
		}
		all = append(all, Setting{strings.TrimSpace(key), value})
	}
	return all, nil
}
