package profile

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gospark/launcher"
	"gospark/nearest"
)

// A Profile is one profile with its bundles, as it would be used.
type Profile struct {
	Name string `json:"name"`
	// Values are by name, "conf.KEY" and "env.NAME" for those of tables.
	Values map[string]Value `json:"values"`

	set *Set
	own *part
}

// UnknownError says that no file names a profile.
type UnknownError struct {
	Name, Nearest string
}

// Error names the nearest one.
func (e *UnknownError) Error() string {
	if e.Nearest == "" {
		return "there is no profile " + e.Name
	}
	return fmt.Sprintf("there is no profile %s; did you mean %s?", e.Name, e.Nearest)
}

// Profile returns a profile; an *UnknownError where no file names it.
func (s *Set) Profile(name string) (*Profile, error) {
	own := s.profiles[name]
	if own == nil {
		return nil, s.unknown(name)
	}
	return s.made(own, own.settings["bundles"].List), nil
}

// unknown is the error for a profile that no file names.
func (s *Set) unknown(name string) error {
	return &UnknownError{Name: name, Nearest: nearest.Of(name, s.Names(true))}
}

// made is a profile with the bundles of that list that fit it.
func (s *Set) made(own *part, bundles []string) *Profile {
	p := &Profile{Name: own.name, Values: map[string]Value{}, set: s, own: own}
	for _, b := range bundles {
		if bundle := s.bundles[b]; bundle != nil && bundle.fits(own.name) {
			p.add(bundle.settings, b)
		}
	}
	p.add(own.settings, "")
	for name, v := range p.Values {
		v.Hidden = own.hides(name)
		_, v.Locked = own.lockedBy(name)
		p.Values[name] = v
	}
	return p
}

// hides reports whether the value of a name is not shown.
func (p *part) hides(name string) bool {
	return secret(name) || slices.ContainsFunc(p.settings["hidden"].List, func(pattern string) bool { return matches(pattern, name) })
}

// add merges settings: those of tables take the place of earlier ones, or are
// joined to them.
func (p *Profile) add(from settings, bundle string) {
	for name, v := range from {
		table := strings.HasPrefix(name, "conf.") || strings.HasPrefix(name, "env.")
		if bundle != "" && !table {
			continue
		}
		v.Bundle = bundle
		if old, ok := p.Values[name]; ok {
			if v.Concatenate != "" {
				v.Text = old.Text + v.Concatenate + v.Text
			}
			v.Over = append(slices.Clone(old.Over), old.Origin)
		}
		p.Values[name] = v
	}
}

// secret reports whether a name, by Spark's own rule, is that of a secret.
func secret(name string) bool {
	return regexp.MustCompile(`(?i)secret|password|token$|access[.]?key|credential`).MatchString(name)
}

// Shown is a value as it may be shown.
func (v Value) Shown() string {
	if v.Hidden {
		return "(hidden)"
	}
	return v.Text
}

// MarshalJSON leaves out what is hidden.
func (v Value) MarshalJSON() ([]byte, error) {
	type plain Value
	if v.Hidden {
		v.Text, v.List = "", nil
	}
	return json.Marshal(plain(v))
}

// Names lists the values by name.
func (p *Profile) Names() []string { return slices.Sorted(maps.Keys(p.Values)) }

// Engine is what runs the queries.
func (p *Profile) Engine() string {
	if v, ok := p.Values["engine"]; ok {
		return v.Text
	}
	return EngineSpark
}

// Launch is the profile for package launcher; for a remote engine see Remote.
// The error is the first problem of its files, or a variable that is not set.
func (p *Profile) Launch() (launcher.Profile, error) {
	out := launcher.Profile{Name: p.Name, Conf: map[string]string{}, Env: map[string]string{}, Advice: p.set.Advice}
	if p.own.broken != nil {
		return out, p.own.broken
	}
	x := expander{options: p.set.options}
	for name, v := range p.Values {
		text := x.expand(v)
		key, isConf := strings.CutPrefix(name, "conf.")
		variable, isEnv := strings.CutPrefix(name, "env.")
		switch {
		case isConf:
			out.Conf[key] = text
		case isEnv:
			out.Env[variable] = text
		case name == "engine" && text == EngineSail:
			out.Engine = launcher.Sail
		case name == "master":
			out.Master = text
		case name == "spark_home":
			out.SparkHome = text
		case name == "java_home":
			out.JavaHome = text
		case name == "script":
			out.Script = text
		case name == "idle":
			out.Idle, _ = parseSpan(text) // checked when it was read
		case name == "unused":
			out.Unused, _ = parseSpan(text)
		}
	}
	p.libraries(&x, out.Conf)
	return out, x.failed
}

// libraries adds packages and jars to what the properties name.
func (p *Profile) libraries(x *expander, conf map[string]string) {
	for name, key := range map[string]string{"packages": "spark.jars.packages", "jars": "spark.jars"} {
		v, ok := p.Values[name]
		if !ok {
			continue
		}
		var all []string
		if conf[key] != "" {
			all = append(all, conf[key])
		}
		for _, item := range v.List {
			item = x.expand(Value{Text: item, Origin: v.Origin})
			if name == "jars" && !filepath.IsAbs(item) && !strings.Contains(item, ":") {
				item = filepath.Join(filepath.Dir(v.Origin.File), item)
			}
			all = append(all, item)
		}
		conf[key] = strings.Join(all, ",")
	}
}

// expander puts variables of the environment in the place of ${NAME}; $${NAME}
// stays as ${NAME}. Spark's own ${env:X} and ${spark.x} are left to Spark.
type expander struct {
	options Options
	failed  error // the first variable that is not set
}

// expand expands one value, and ~/ at its beginning.
func (x *expander) expand(v Value) string {
	text := v.Text
	if rest, ok := strings.CutPrefix(text, "~/"); ok {
		home, _ := x.options.getenv("HOME")
		text = filepath.Join(home, rest)
	}
	return regexp.MustCompile(`\$?\$\{[A-Za-z_][A-Za-z0-9_]*\}`).ReplaceAllStringFunc(text, func(m string) string {
		if strings.HasPrefix(m, "$$") {
			return m[1:]
		}
		name := m[2 : len(m)-1]
		value, ok := x.options.getenv(name)
		if !ok && x.failed == nil {
			x.failed = &Problem{Origin: v.Origin, Text: "the variable " + name + " is not set", Advice: "export it where Jupyter is started"}
		}
		return value
	})
}
