package profile

import (
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gospark/nearest"
)

// Engines.
const (
	EngineSpark  = "spark"  // the shared server of package launcher
	EngineSail   = "sail"   // the same with Sail in Spark's place
	EngineRemote = "remote" // a Spark Connect server that runs elsewhere
)

// kind says how a setting is written.
type kind int

const (
	word     kind = iota // a text
	filePath             // a text; relative to its file
	span                 // "10m", or "never"
	onOff                // true or false
	list                 // a list of texts
	dict                 // a table of texts; the values of each key are merged
)

// field is one setting that a profile or a bundle may have.
type field struct {
	kind    kind
	choices []string
	about   string // one line for "gospark profile edit"
}

// profileFields are the settings of [profile.NAME].
func profileFields() map[string]field {
	return map[string]field{
		"title":               {kind: word, about: "what a person calls it"},
		"about":               {kind: word, about: "a sentence or two"},
		"listed":              {kind: onOff, about: "false hides it from lists; it works by name"},
		"engine":              {kind: word, choices: []string{EngineSpark, EngineSail, EngineRemote}, about: "what runs the queries"},
		"master":              {kind: word, about: "local[*], spark://HOST:PORT, yarn, k8s://URL"},
		"url":                 {kind: word, about: "sc://HOST:PORT of a remote server"},
		"token":               {kind: word, about: "bearer token of a remote server; better by ${NAME}, a file or a command"},
		"token_file":          {kind: filePath, about: "a file that holds the token; read again at each connection"},
		"token_command":       {kind: list, about: "a program with its arguments that prints the token; run at each connection"},
		"spark_home":          {kind: filePath, about: "a Spark distribution"},
		"java_home":           {kind: filePath, about: "a Java"},
		"idle":                {kind: span, about: "how long the server stays without a notebook"},
		"unused":              {kind: span, about: "how long it stays without a job while notebooks are attached; they are told"},
		"packages":            {kind: list, about: "Maven coordinates, GROUP:ARTIFACT:VERSION"},
		"jars":                {kind: list, about: "files for the class path"},
		"script":              {kind: filePath, about: "a shell script to run before the start; what it exports is the server's environment"},
		"bundles":             {kind: list, about: "bundles that are switched on"},
		"conf":                {kind: dict, about: "Spark properties"},
		"env":                 {kind: dict, about: "the server's environment"},
		"locked":              {kind: list, about: `settings that later files cannot change: "master", "conf.KEY", "*"`},
		"hidden":              {kind: list, about: `settings whose values are not shown`},
		"open_to_local_users": {kind: onOff, about: "sail only: start it although it asks nobody for a token"},
	}
}

// bundleFields are the settings of [bundle.NAME].
func bundleFields() map[string]field {
	return map[string]field{
		"title":    {kind: word},
		"about":    {kind: word},
		"profiles": {kind: list, about: `profiles that it fits, with * and ?; none means all`},
		"conf":     {kind: dict},
		"env":      {kind: dict},
	}
}

// rootFields are what stands above all tables.
func rootFields() []string { return []string{"default", "locked", "profile", "bundle", "advice"} }

// names lists the fields of a schema.
func names(fields map[string]field) []string { return slices.Sorted(maps.Keys(fields)) }

// meant is the advice that names the nearest right word.
func meant(wrong string, right []string) string {
	if near := nearest.Of(wrong, right); near != "" {
		return "did you mean " + near + "?"
	}
	return "it may be one of " + strings.Join(right, ", ")
}

// check reads a node as a field; what is returned is the value as text or list.
func (f field) check(name string, n *node) (Value, *Problem) {
	v := Value{Origin: n.at}
	wrong := func(text, advice string) (Value, *Problem) {
		return v, &Problem{Origin: n.at, Text: text, Advice: advice}
	}
	if f.kind == list {
		items, ok := n.texts()
		if !ok {
			return wrong(name+" is a list of texts", `write `+name+` = ["…", "…"]`)
		}
		v.List, v.Text = items, strings.Join(items, ", ")
		return v, nil
	}
	text, ok := n.text()
	if !ok {
		return wrong(name+" is one value, not a table or a list", "")
	}
	v.Text = text
	switch f.kind {
	case onOff:
		if _, err := strconv.ParseBool(text); err != nil {
			return wrong(name+" is true or false, not "+strconv.Quote(text), "")
		}
	case span:
		if _, err := parseSpan(text); err != nil {
			return wrong(fmt.Sprintf("%s is no time: %q", name, text), `write 10m, 2h30m or never`)
		}
	case filePath:
		if !filepath.IsAbs(text) && !strings.HasPrefix(text, "$") && !strings.HasPrefix(text, "~/") {
			v.Text = filepath.Join(filepath.Dir(n.at.File), text)
		}
	case word:
		if len(f.choices) > 0 && !slices.Contains(f.choices, text) {
			return wrong(fmt.Sprintf("%s is one of %s, not %q", name, strings.Join(f.choices, ", "), text), meant(text, f.choices))
		}
	}
	return v, checkAddress(name, v)
}

// checkAddress looks at the two settings that are addresses.
func checkAddress(name string, v Value) *Problem {
	p := &Problem{Origin: v.Origin}
	switch {
	case strings.Contains(v.Text, "${"):
		return nil
	case name == "master" && !isMaster(v.Text):
		p.Text, p.Advice = fmt.Sprintf("%q is no Spark master", v.Text), "use local[*], spark://HOST:PORT, yarn or k8s://URL"
	case name == "url":
		if u, err := url.Parse(v.Text); err == nil && u.Scheme == "sc" && u.Host != "" {
			return nil
		}
		p.Text, p.Advice = fmt.Sprintf("%q is no Spark Connect address", withoutParameters(v.Text)), "write sc://HOST:PORT, with /;use_ssl=true for TLS"
	default:
		return nil
	}
	return p
}

// withoutParameters cuts an address before its parameters: a token may be one.
func withoutParameters(address string) string {
	base, _, _ := strings.Cut(address, ";")
	return base
}

func isMaster(s string) bool {
	if s == "yarn" || s == "local" {
		return true
	}
	return strings.HasPrefix(s, "local[") && strings.HasSuffix(s, "]") ||
		strings.HasPrefix(s, "local-cluster[") || strings.HasPrefix(s, "spark://") || strings.HasPrefix(s, "k8s://")
}

// parseSpan reads a duration; never is negative, as package launcher has it.
func parseSpan(s string) (time.Duration, error) {
	if s == "never" {
		return -1, nil
	}
	d, err := time.ParseDuration(s)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%s is not positive", s)
	}
	return d, err
}
