package profile

import (
	_ "embed" // the catalogue
	"slices"
	"strings"

	"gospark/nearest"
)

//go:generate sh -c "../../.venv/bin/python generate.py > catalogue.tsv.new && mv catalogue.tsv.new catalogue.tsv"

//go:embed catalogue.tsv
var catalogue string

// Option is a property that Spark documents.
type Option struct {
	Key      string `json:"key"`
	Category string `json:"category"`
	Default  string `json:"default,omitempty"`
	About    string `json:"about"` // one sentence
}

// Catalogue lists the properties that Spark documents, by key.
func Catalogue() []Option {
	var out []Option
	for line := range strings.Lines(catalogue) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) == 4 {
			out = append(out, Option{Key: f[0], Category: f[1], Default: f[2], About: f[3]})
		}
	}
	return out
}

// free are beginnings of keys whose ends are anybody's own.
func free() []string {
	return []string{
		"spark.hadoop.", "spark.executorEnv.", "spark.sql.catalog.", "spark.kubernetes.driver.", "spark.kubernetes.executor.",
		"spark.kubernetes.authenticate.", "spark.yarn.appMasterEnv.", "spark.metrics.conf.", "spark.plugins.", "spark.ssl.",
		"spark.driver.resource.", "spark.executor.resource.", "spark.task.resource.", "spark.hive.", "spark.shuffle.service.",
		"spark.sql.extensions", "spark.databricks.", "spark.delta.", "spark.gluten.", "spark.rapids.", "spark.org.apache.", "spark.redaction.",
	}
}

// ours are properties that gospark sets, so that the server stays private.
func ours() []string {
	return []string{"spark.connect.grpc.binding.address", "spark.connect.authenticate.token", "spark.submit.deployMode", "spark.remote", "spark.api.mode"}
}

// checkKey looks at the name of a property or a variable.
func checkKey(table, key string, at Origin) *Problem {
	switch {
	case table == "env":
		if key == "" || strings.ContainsAny(key, "=\x00 ") {
			return &Problem{Origin: at, Text: "no variable of the environment can have the name " + key}
		}
		return nil
	case !strings.HasPrefix(key, "spark."):
		return &Problem{Origin: at, Text: key + " is no Spark property", Advice: "Spark reads only names that begin with spark."}
	case slices.Contains(ours(), key):
		return &Problem{Origin: at, Text: key + " is set by gospark"}
	case slices.ContainsFunc(free(), func(p string) bool { return strings.HasPrefix(key, p) }):
		return nil
	}
	var known []string
	for _, o := range Catalogue() {
		if o.Key == key {
			return nil
		}
		known = append(known, o.Key)
	}
	near := nearest.Of(key, known)
	if near == "" || len(near) > len(key)+4 {
		return nil // a plugin's own, most likely
	}
	return &Problem{Origin: at, Mild: true, Text: key + " is no property that Spark documents", Advice: "did you mean " + near + "?"}
}

// Search lists the properties with a word in their key, category or description,
// by category.
func Search(word string) []Option {
	word = strings.ToLower(word)
	out := slices.DeleteFunc(Catalogue(), func(o Option) bool {
		return !strings.Contains(strings.ToLower(o.Key+" "+o.Category+" "+o.About), word)
	})
	slices.SortStableFunc(out, func(a, b Option) int { return strings.Compare(a.Category, b.Category) })
	return out
}
