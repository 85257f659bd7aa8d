package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// legacy is the configuration of the sidebar extension of 2023, as JSON.
type legacy struct {
	Clusters    map[string]legacyCluster `json:"clusters"`
	Bundles     map[string]legacyBundle  `json:"bundles"`
	Options     json.RawMessage          `json:"options"` // names by category: we have our own
	Preselected string                   `json:"preselected_cluster"`
	Errors      []legacyAdvice           `json:"error_suggestions"`
}

type legacyCluster struct {
	DisplayName string            `json:"display_name"`
	Env         map[string]string `json:"env"`
	Script      string            `json:"pre_script"`
	Options     legacyOptions     `json:"options"`
}

type legacyBundle struct {
	DisplayName string        `json:"display_name"`
	Description string        `json:"description"`
	Options     legacyOptions `json:"options"`
	Clusters    []string      `json:"clusters"`
}

type legacyAdvice struct {
	Pattern string `json:"pattern"`
	Message string `json:"message"`
}

// legacyOption is a property; Concatenate is true, or the text between.
type legacyOption struct {
	Name        string `json:"name"`
	Value       any    `json:"value"`
	Concatenate any    `json:"concatenate"`
}

// legacyOptions are a list of options, or an object of values or of options.
type legacyOptions []legacyOption

// UnmarshalJSON reads all the forms.
func (o *legacyOptions) UnmarshalJSON(b []byte) error {
	var items []legacyOption
	if json.Unmarshal(b, &items) == nil {
		*o = items
		return nil
	}
	var byName map[string]json.RawMessage
	if err := json.Unmarshal(b, &byName); err != nil {
		return fmt.Errorf("options are a list or an object: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		one := legacyOption{}
		if json.Unmarshal(byName[name], &one) != nil || one.Value == nil {
			if err := json.Unmarshal(byName[name], &one.Value); err != nil {
				return err
			}
		}
		one.Name = name
		*o = append(*o, one)
	}
	return nil
}

// alias are other spellings of the keys that such files have been seen with.
func alias() map[string]string {
	return map[string]string{
		"cluster": "clusters", "spark_clusters": "clusters", "bundled_options": "bundles", "spark_bundles": "bundles",
		"display": "display_name", "displayname": "display_name", "name_display": "display_name", "title": "display_name",
		"environment": "env", "script": "pre_script", "prescript": "pre_script", "pre_start": "pre_script",
		"cluster_filter": "clusters", "clusterfilter": "clusters", "preselected": "preselected_cluster", "default_cluster": "preselected_cluster",
		"errors": "error_suggestions", "suggestions": "error_suggestions", "opts": "options", "text": "message",
		"concat": "concatenate", "concatenation": "concatenate", "info": "description",
	}
}

// Import turns the configuration of the sidebar extension of 2023 into the text
// of a TOML file: clusters become profiles, bundles stay bundles, {NAME} in
// values becomes ${NAME}. What has no place in a profile is named in left.
func Import(text []byte) (file []byte, left []string, err error) {
	var raw any
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, nil, fmt.Errorf("read the JSON: %w", err)
	}
	again, err := json.Marshal(rename(raw, 0))
	if err != nil {
		return nil, nil, err
	}
	var l legacy
	if err := json.Unmarshal(again, &l); err != nil {
		return nil, nil, fmt.Errorf("understand the configuration: %w", err)
	}
	if len(l.Clusters)+len(l.Bundles) == 0 {
		return nil, nil, fmt.Errorf("it names neither clusters nor bundles")
	}
	w := writer{names: map[string]string{}}
	w.all(l)
	if len(l.Options) > 0 {
		w.left = append(w.left, "options: gospark knows Spark's properties by itself")
	}
	return w.Bytes(), w.left, nil
}

// rename gives keys their usual spelling. The third level holds names that
// people chose: those of options, variables and clusters.
func rename(v any, depth int) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, inner := range v {
			next := depth + 1
			if depth == 0 || depth == 2 {
				if right, ok := alias()[strings.ToLower(k)]; ok {
					k = right
				}
			}
			out[k] = rename(inner, next)
		}
		return out
	case []any:
		for i := range v {
			v[i] = rename(v[i], max(depth, 2))
		}
	}
	return v
}

// writer writes TOML.
type writer struct {
	bytes.Buffer
	names map[string]string // of clusters, as profiles
	left  []string
}

func (w *writer) all(l legacy) {
	w.line("# Imported from the configuration of the sidebar extension of 2023.")
	for _, name := range slices.Sorted(maps.Keys(l.Clusters)) {
		w.names[name] = plain(name)
	}
	if l.Preselected != "" {
		w.line("default = %s", quote(plain(l.Preselected)))
	}
	for _, name := range slices.Sorted(maps.Keys(l.Clusters)) {
		w.cluster(name, l.Clusters[name])
	}
	for _, name := range slices.Sorted(maps.Keys(l.Bundles)) {
		w.bundle(name, l.Bundles[name])
	}
	for _, a := range l.Errors {
		w.line("\n[[advice]]\npattern = %s\nadvice = %s", quote(a.Pattern), quote(a.Message))
	}
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.Buffer, format+"\n", args...) }

func (w *writer) cluster(name string, c legacyCluster) {
	profile := w.names[name]
	w.line("\n[profile.%s]", quote(profile))
	w.title(c.DisplayName, name, profile)
	master := -1
	for i, o := range c.Options {
		if o.Name == "spark.master" {
			master = i
			w.line("master = %s", quote(placeholders(fmt.Sprint(o.Value))))
		}
	}
	if c.Script != "" {
		w.line("script = %s", quote(c.Script))
	}
	if master >= 0 {
		c.Options = slices.Delete(slices.Clone(c.Options), master, master+1)
	}
	w.conf("profile."+quote(profile), c.Options)
	if len(c.Env) > 0 {
		w.line("\n[profile.%s.env]", quote(profile))
		for _, k := range slices.Sorted(maps.Keys(c.Env)) {
			w.line("%s = %s", quote(k), quote(placeholders(c.Env[k])))
		}
	}
}

func (w *writer) bundle(name string, b legacyBundle) {
	bundle := plain(name)
	w.line("\n[bundle.%s]", quote(bundle))
	w.title(b.DisplayName, name, bundle)
	if b.Description != "" {
		w.line("about = %s", quote(b.Description))
	}
	if len(b.Clusters) > 0 {
		fits := make([]string, 0, len(b.Clusters))
		for _, c := range b.Clusters {
			if right, ok := w.names[c]; ok {
				c = right
			}
			fits = append(fits, quote(c))
		}
		w.line("profiles = [%s]", strings.Join(fits, ", "))
	}
	w.conf("bundle."+quote(bundle), b.Options)
}

// title keeps the name that people know where it is not the profile's.
func (w *writer) title(display, name, plain string) {
	switch {
	case display != "":
		w.line("title = %s", quote(display))
	case name != plain:
		w.line("title = %s", quote(name))
	}
}

func (w *writer) conf(table string, options legacyOptions) {
	if len(options) == 0 {
		return
	}
	w.line("\n[%s.conf]", table)
	for _, o := range options {
		value := quote(placeholders(fmt.Sprint(o.Value)))
		if sep := separator(o); sep != "" {
			value = fmt.Sprintf("{ value = %s, concatenate = %s }", value, quote(sep))
		}
		w.line("%s = %s", quote(o.Name), value)
	}
}

// separator is what stands between the values of an option that is concatenated.
func separator(o legacyOption) string {
	switch c := o.Concatenate.(type) {
	case string:
		return c
	case bool:
		switch {
		case !c:
			return ""
		case strings.HasSuffix(o.Name, "JavaOptions"):
			return " "
		case strings.HasSuffix(o.Name, "ClassPath") || strings.HasSuffix(o.Name, "LibraryPath"):
			return ":"
		}
		return ","
	}
	return ""
}

// placeholders writes {NAME} as ${NAME}.
func placeholders(s string) string {
	return regexp.MustCompile(`(^|[^$])\{([A-Za-z_][A-Za-z0-9_]*)\}`).ReplaceAllString(s, "$1$${$2}")
}

// plain makes a name that a profile may have.
func plain(name string) string {
	name = strings.Trim(regexp.MustCompile(`[^A-Za-z0-9._-]+`).ReplaceAllString(name, "-"), "-._")
	if name == "" {
		name = "imported"
	}
	return name[:min(len(name), 64)]
}

// quote writes a TOML string; JSON's escapes are TOML's.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s)
	}
	return string(b)
}
