package magic

import (
	"slices"
	"strings"
)

// candidates are what a word could be after the words before it.
func (s spec) candidates(words []word, typed string, lookup Lookup) []Candidate {
	given := 0 // arguments before the word
	var pending *option
	for _, w := range words {
		switch o, ok := s.option(w.text); {
		case pending != nil:
			pending = nil
		case ok && o.value != "" && o.alone == "":
			pending = &o
		case !s.isOption(w):
			given++
		}
	}
	if pending != nil {
		return pending.values(typed, "", lookup)
	}
	if name, value, given := strings.Cut(typed, "="); given {
		if o, ok := s.option(name); ok {
			return o.values(value, name+"=", lookup)
		}
	}
	if strings.HasPrefix(typed, "-") {
		return s.optionNames()
	}
	return append(s.argument(given, typed, lookup), s.optionsWhenFree(typed)...)
}

// optionsWhenFree offers options beside arguments when nothing is typed yet.
func (s spec) optionsWhenFree(typed string) []Candidate {
	if typed != "" {
		return nil
	}
	return s.optionNames()
}

func (s spec) optionNames() []Candidate {
	var all []Candidate
	for _, o := range s.options {
		for _, name := range o.spellings() {
			all = append(all, Candidate{Text: name, Type: "option", Doc: o.about})
		}
	}
	return append(all, Candidate{Text: "--help", Type: "option", Doc: "usage, options, examples"})
}

// values are what an option takes; before stands in front of each.
func (o option) values(typed, before string, lookup Lookup) []Candidate {
	var all []Candidate
	for _, choice := range o.choices {
		all = append(all, Candidate{Text: before + choice, Type: "value"})
	}
	after := ""
	if o.value == "K=V" {
		after = "="
	}
	for _, m := range ask(lookup, o.dynamic, typed, after) {
		m.Text = before + m.Text
		all = append(all, m)
	}
	return all
}

// argument are what the n-th argument could be.
func (s spec) argument(n int, typed string, lookup Lookup) []Candidate {
	if len(s.args) == 0 || n >= len(s.args) && !s.args[len(s.args)-1].many {
		return nil
	}
	a := s.args[min(n, len(s.args)-1)]
	var all []Candidate
	for _, choice := range a.choices {
		all = append(all, Candidate{Text: choice, Type: "value"})
	}
	for _, m := range ask(lookup, a.dynamic, typed, "") {
		if !slices.Contains(a.choices, m.Text) {
			all = append(all, m)
		}
	}
	if s.name == "%help" || s.name == "%spark help" {
		all = append(all, s.topics()...)
	}
	return all
}

// topics are what help can be asked about.
func (s spec) topics() []Candidate {
	var all []Candidate
	for _, t := range specs() {
		name := t.name
		if s.name == "%spark help" {
			var ok bool
			if name, ok = strings.CutPrefix(name, "%spark "); !ok {
				continue
			}
		}
		all = append(all, Candidate{Text: name, Type: "magic", Doc: t.about})
	}
	return all
}

// ask asks the notebook for dynamic values that begin with prefix.
func ask(lookup Lookup, kind Dynamic, prefix, after string) []Candidate {
	if lookup == nil || kind == "" {
		return nil
	}
	var all []Candidate
	for _, m := range lookup(kind, prefix) {
		if strings.HasPrefix(m.Text, prefix) {
			m.Text += after
			if m.Type == "" {
				m.Type = string(kind)
			}
			all = append(all, m)
		}
	}
	return all
}
