package magic

import (
	"fmt"
	"slices"
	"strings"
)

// helpOn is the help page of one magic, named with or without percent signs.
func helpOn(in input, topic string) (Command, error) {
	all := helpTopics()
	for _, name := range []string{topic, "%" + topic, "%%" + topic} {
		if slices.Contains(all, name) {
			s := specNamed(name)
			return Help{Topic: name, Text: s.help()}, nil
		}
	}
	typed := "%" + strings.TrimLeft(topic, "%")
	near := nearest(topic, all)
	if near == "" {
		near = nearest(typed, all)
	}
	return nil, in.spec.wrong(fmt.Sprintf("there is no magic %s", topic), near)
}

// helpTopics are all names that have a page.
func helpTopics() []string {
	all := names()
	for _, s := range specs() {
		all = append(all, s.name)
	}
	return all
}

// specNamed is a magic's spec; a name that has only subcommands gets one.
func specNamed(name string) spec {
	s, _, _ := find(name, nil)
	for _, sub := range specs() {
		if sub.name == name {
			return sub
		}
	}
	return s
}

// summary is a magic in one line.
func (s spec) summary() string {
	if s.about != "" {
		return s.about
	}
	var subs []string
	for _, sub := range subcommands(s.name) {
		subs = append(subs, strings.TrimPrefix(sub.name, s.name+" "))
	}
	return strings.Join(subs, ", ")
}

// help is a magic's page: usage, options, examples, subcommands. It is
// Markdown that reads well as plain text too.
func (s spec) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### `%s`\n\n", s.usage())
	if s.about != "" {
		b.WriteString(sentence(s.about) + "\n\n")
	}
	if s.detail != "" {
		b.WriteString(s.detail + "\n\n")
	}
	if s.body != "" {
		b.WriteString("The lines below hold " + s.body + ".\n\n")
	}
	if len(s.options) > 0 {
		b.WriteString("**Options**\n\n")
		for _, o := range s.options {
			b.WriteString(o.help())
		}
		b.WriteString("\n")
	}
	if subs := subcommands(s.name); len(subs) > 0 {
		b.WriteString("**Commands**\n\n" + list(subs) + "\n")
	}
	s.writeExamples(&b)
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func (s spec) writeExamples(b *strings.Builder) {
	if len(s.examples) == 0 {
		return
	}
	b.WriteString("**Examples**\n\n")
	for _, e := range s.examples {
		if e.about != "" {
			b.WriteString(sentence(e.about) + "\n\n")
		}
		b.WriteString("```\n" + e.line + "\n```\n\n")
	}
}

// help is an option's line: its spellings, what it does, what it takes.
func (o option) help() string {
	names := o.spellings()
	last := len(names) - 1
	switch {
	case o.alone != "":
		names[last] += "[=" + o.value + "]"
	case o.more != "":
		names[last] += " " + o.value + " " + o.more
	case o.value != "":
		names[last] += " " + o.value
	}
	line := "- `" + strings.Join(names, "`, `") + "` – " + o.about
	if len(o.choices) > 0 {
		line += ": " + strings.Join(o.choices, ", ")
	}
	if o.alone != "" {
		line += "; alone it means " + o.alone
	}
	if o.many {
		line += "; may be repeated"
	}
	return line + "\n"
}

// list is one line per magic.
func list(all []spec) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "- `%s` – %s\n", s.usage(), s.about)
	}
	return b.String()
}

// overview is the page of %help.
func overview() string {
	return "### Magics\n\n" +
		"A line that begins with `%` or `!` is no Go. `%%name` takes the rest of the cell. Each has `--help` and completes with Tab.\n\n" +
		"**Spark**\n\n" + list(sparkSpecs()) +
		"\n**SQL**\n\n" + list(sqlSpecs()) +
		"\n**Go**\n\n" + list(goSpecs()) +
		"\n**System**\n\n- `!COMMAND` – run a shell command; a result that is a negation is written `(!x)`\n" + list(systemSpecs())
}

func sentence(s string) string {
	if strings.HasPrefix(s, "`") {
		return s + "."
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:]) + "."
}
