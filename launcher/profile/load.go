package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"gospark/launcher"
)

// Value is one setting of a profile and where it comes from.
type Value struct {
	Text   string   `json:"value"`
	List   []string `json:"list,omitempty"` // of a setting that is a list
	Origin Origin   `json:"origin"`
	Layer  Layer    `json:"layer,omitempty"`
	// Bundle is the bundle that it comes from; empty for the profile's own.
	Bundle string `json:"bundle,omitempty"`
	// Concatenate joins it to the value that bundles before it give, with this
	// between; empty replaces that value.
	Concatenate string `json:"concatenate,omitempty"`
	// Locked says that later files cannot change it, Hidden that it is not shown.
	Locked bool `json:"locked,omitempty"`
	Hidden bool `json:"hidden,omitempty"`
	// Over are the values that it took the place of.
	Over []Origin `json:"over,omitempty"`
}

// settings are values by name; those of a table are named "conf.KEY".
type settings map[string]Value

// part is a profile or a bundle as the files have it, merged.
type part struct {
	name     string
	at       Origin
	settings settings
	locks    map[string]Origin // patterns of names that later layers cannot change
	broken   *Problem          // the first problem that keeps it from being used
}

// Set is all that the files say.
type Set struct {
	// Files are the files that were read, the weakest first.
	Files []string `json:"files"`
	// Problems are what could not be used, in the order of the files.
	Problems []Problem `json:"problems"`
	// Advice explains errors of this site; see launcher.Advice.
	Advice []launcher.Advice `json:"advice,omitempty"`

	options  Options
	fallback Value // the default profile; locked where an administrator says so
	profiles map[string]*part
	bundles  map[string]*part
}

// Load reads all files. It never fails: what is wrong is in Problems.
func Load(o Options) *Set {
	s := &Set{
		options: o.withDefaults(), fallback: Value{Text: launcher.DefaultProfile},
		profiles: map[string]*part{}, bundles: map[string]*part{},
	}
	s.profiles[launcher.DefaultProfile] = newPart(launcher.DefaultProfile, Origin{})
	for _, p := range s.options.places() {
		l := layering{set: s, layer: p.layer}
		for _, file := range p.files() {
			l.file(file)
		}
		l.lock()
	}
	s.checkReferences()
	return s
}

func newPart(name string, at Origin) *part {
	return &part{name: name, at: at, settings: settings{}, locks: map[string]Origin{}}
}

// Default is the profile that a notebook begins with.
func (s *Set) Default() string { return s.fallback.Text }

// DefaultLocked says who keeps notebooks from beginning with another profile.
func (s *Set) DefaultLocked() (Origin, bool) { return s.fallback.Origin, s.fallback.Locked }

// Names lists the profiles, without those that are not listed unless all is set.
func (s *Set) Names(all bool) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(s.profiles)) {
		if all || s.profiles[name].settings["listed"].Text != "false" {
			out = append(out, name)
		}
	}
	return out
}

// Wrong lists the problems that keep something from working.
func (s *Set) Wrong() []Problem {
	return slices.DeleteFunc(slices.Clone(s.Problems), func(p Problem) bool { return p.Mild })
}

// problem notes what is wrong; p may be nil.
func (s *Set) problem(of *part, p *Problem) {
	if p == nil {
		return
	}
	if of != nil {
		p.About = of.name
		if !p.Mild && of.broken == nil {
			of.broken = p
		}
	}
	s.Problems = append(s.Problems, *p)
}

// layering is the reading of one layer's files.
type layering struct {
	set   *Set
	layer Layer
	locks []func() // what this layer locks, for the layers after it
}

// lock makes the locks of this layer count.
func (l *layering) lock() {
	for _, f := range l.locks {
		f()
	}
}

// file reads one file, if it is there.
func (l *layering) file(name string) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	l.set.Files = append(l.set.Files, name)
	if err != nil {
		l.set.problem(nil, &Problem{Origin: Origin{File: name}, Text: "it cannot be read: " + errors.Unwrap(err).Error()})
		return
	}
	root, wrong := parse(name, text)
	if wrong != nil {
		if strings.Contains(wrong.Text, "already") {
			wrong.Advice = `quote Spark's property names where one continues another: "spark.x" = …`
		}
		l.set.problem(nil, wrong)
		return
	}
	for _, key := range root.keys {
		l.root(key, root.values[key])
	}
}

// root reads what stands at the top of a file.
func (l *layering) root(key string, n *node) {
	switch key {
	case "default":
		l.choose(n)
	case "locked":
		if items, _ := n.texts(); slices.Contains(items, "default") {
			l.locks = append(l.locks, func() { l.set.fallback.Locked = true })
		}
	case "profile":
		l.parts(n, l.set.profiles, profileFields())
	case "bundle":
		l.parts(n, l.set.bundles, bundleFields())
	case "advice":
		for i := range n.list {
			l.advice(&n.list[i])
		}
	default:
		l.set.problem(nil, &Problem{Origin: n.at, Text: "there is no " + key, Advice: meant(key, rootFields())})
	}
}

// choose reads default = "NAME".
func (l *layering) choose(n *node) {
	name, ok := n.text()
	switch {
	case !ok:
		l.set.problem(nil, &Problem{Origin: n.at, Text: "default is the name of a profile"})
	case l.set.fallback.Locked:
		l.set.problem(nil, &Problem{Origin: n.at, Mild: true, Text: "default is locked by " + l.set.fallback.Origin.String()})
	default:
		l.set.fallback = Value{Text: name, Origin: n.at, Layer: l.layer}
	}
}

// parts reads [profile.…] or [bundle.…].
func (l *layering) parts(n *node, into map[string]*part, fields map[string]field) {
	if n.table == nil {
		l.set.problem(nil, &Problem{Origin: n.at, Text: "a table with names was expected", Advice: "write [profile.NAME] or [bundle.NAME]"})
		return
	}
	for _, name := range n.table.keys {
		at := n.table.values[name]
		p := into[name]
		if p == nil {
			p = newPart(name, at.at)
			into[name] = p
		}
		if err := launcher.CheckName(name); err != nil {
			l.set.problem(p, &Problem{Origin: at.at, Text: err.Error()})
		}
		if at.table == nil {
			l.set.problem(p, &Problem{Origin: at.at, Text: name + " is no table"})
			continue
		}
		for _, key := range at.table.keys {
			l.field(p, fields, key, at.table.values[key])
		}
	}
}

// field reads one setting of a profile or bundle.
func (l *layering) field(p *part, fields map[string]field, key string, n *node) {
	f, ok := fields[key]
	switch {
	case !ok:
		l.set.problem(p, &Problem{Origin: n.at, Text: "there is no setting " + key, Advice: meant(key, names(fields))})
	case f.kind == dict && n.table == nil:
		l.set.problem(p, &Problem{Origin: n.at, Text: key + " is a table", Advice: "write [profile." + p.name + "." + key + "] and its lines below"})
	case f.kind == dict:
		l.dict(p, key, "", n.table)
	default:
		v, wrong := f.check(key, n)
		l.set.problem(p, wrong)
		if wrong == nil {
			l.put(p, key, v)
		}
	}
}

// dict reads a table of texts; what is nested is one dotted name, so that
// spark.sql.x = 1 may be written with and without quotes.
func (l *layering) dict(p *part, key, prefix string, t *table) {
	for _, k := range t.keys {
		n, name := t.values[k], prefix+k
		v := Value{Origin: n.at}
		if n.table != nil && n.table.values["concatenate"] != nil {
			sep, _ := n.table.values["concatenate"].text()
			inner := n.table.values["value"]
			if inner == nil {
				l.set.problem(p, &Problem{Origin: n.at, Text: name + " has no value", Advice: `write { value = "…", concatenate = "," }`})
				continue
			}
			v.Concatenate, n = sep, inner
		} else if n.table != nil {
			l.dict(p, key, name+".", n.table)
			continue
		}
		items, ok := n.texts()
		if !ok {
			l.set.problem(p, &Problem{Origin: n.at, Text: name + " is no text and no list of texts"})
			continue
		}
		v.Text = strings.Join(items, ",")
		wrong := checkKey(key, name, n.at)
		l.set.problem(p, wrong)
		if wrong == nil || wrong.Mild {
			l.put(p, key+"."+name, v)
		}
	}
}

// put sets a value unless an earlier layer locked it.
func (l *layering) put(p *part, name string, v Value) {
	if lock, ok := p.lockedBy(name); ok {
		l.set.problem(p, &Problem{Origin: v.Origin, Mild: true, Text: name + " is locked by " + lock.String() + " and stays as it is there"})
		return
	}
	if old, ok := p.settings[name]; ok {
		v.Over = append(slices.Clone(old.Over), old.Origin)
	}
	v.Layer = l.layer
	switch name {
	case "locked":
		for _, pattern := range v.List {
			l.locks = append(l.locks, func() { p.locks[pattern] = v.Origin })
		}
	case "hidden": // grows: a user cannot make an administrator's value visible
		v.List = append(slices.Clone(p.settings[name].List), v.List...)
	}
	p.settings[name] = v
}

// lockedBy says where a name was locked.
func (p *part) lockedBy(name string) (Origin, bool) {
	for pattern, at := range p.locks {
		if matches(pattern, name) {
			return at, true
		}
	}
	return Origin{}, false
}

// matches reports whether a pattern with * and ? means a name. Names hold dots
// but no slashes, so * goes over dots.
func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// advice reads one [[advice]].
func (l *layering) advice(n *node) {
	get := func(key string) string {
		if v := n.table.values[key]; v != nil {
			s, _ := v.text()
			return s
		}
		return ""
	}
	for _, key := range n.table.keys {
		if right := []string{"pattern", "cause", "advice"}; !slices.Contains(right, key) {
			l.set.problem(nil, &Problem{Origin: n.table.values[key].at, Text: "there is no setting " + key, Advice: meant(key, right)})
		}
	}
	a := launcher.Advice{Pattern: get("pattern"), Cause: get("cause"), Advice: get("advice")}
	if _, err := regexp.Compile(a.Pattern); err != nil || a.Pattern == "" || a.Advice == "" {
		text := "an advice needs pattern and advice"
		if err != nil {
			text = fmt.Sprintf("the pattern is no regular expression: %v", err)
		}
		l.set.problem(nil, &Problem{Origin: n.at, Text: text})
		return
	}
	// The user's own come first, as elsewhere.
	l.set.Advice = append([]launcher.Advice{a}, l.set.Advice...)
}

// checkReferences looks at the names that profiles use of each other.
func (s *Set) checkReferences() {
	if _, ok := s.profiles[s.Default()]; !ok {
		s.problem(nil, &Problem{Origin: s.fallback.Origin, Text: "there is no profile " + s.Default(), Advice: meant(s.Default(), s.Names(true))})
	}
	for _, name := range s.Names(true) {
		p := s.profiles[name]
		for _, b := range p.settings["bundles"].List {
			at := p.settings["bundles"].Origin
			switch bundle := s.bundles[b]; {
			case bundle == nil:
				s.problem(p, &Problem{Origin: at, Text: "there is no bundle " + b, Advice: meant(b, slices.Sorted(maps.Keys(s.bundles)))})
			case !bundle.fits(name):
				s.problem(p, &Problem{Origin: at, Text: fmt.Sprintf("the bundle %s does not fit the profile %s (%s)", b, name, bundle.settings["profiles"].Text)})
			case bundle.broken != nil && p.broken == nil:
				p.broken = bundle.broken
			}
		}
		s.problem(p, p.complete())
	}
}

// fits reports whether a bundle may be switched on in a profile.
func (p *part) fits(profile string) bool {
	v, ok := p.settings["profiles"]
	return !ok || slices.ContainsFunc(v.List, func(pattern string) bool { return matches(pattern, profile) })
}

// complete says which setting lacks, or stands where it has no effect.
func (p *part) complete() *Problem {
	engine := p.settings["engine"].Text
	remote := engine == EngineRemote
	url, hasURL := p.settings["url"]
	switch {
	case remote && !hasURL:
		return &Problem{Origin: p.settings["engine"].Origin, Text: "a remote engine needs url", Advice: "write url = \"sc://HOST:PORT\""}
	case !remote && hasURL:
		return &Problem{Origin: url.Origin, Text: "url is for engine = \"remote\" only"}
	case engine == EngineSail && p.settings["open_to_local_users"].Text != "true":
		return &Problem{Origin: p.settings["engine"].Origin, Text: "Sail asks nobody for a token, so every user of this machine may use its port",
			Advice: "write open_to_local_users = true where that is all right"}
	}
	if remote {
		for _, name := range []string{"master", "script", "packages", "jars", "spark_home", "java_home", "idle", "unused"} {
			if v, ok := p.settings[name]; ok {
				return &Problem{Origin: v.Origin, Mild: true, Text: name + " has no effect on a server that runs elsewhere"}
			}
		}
	}
	return nil
}
