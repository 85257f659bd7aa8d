package launcher

import (
	"maps"
	"slices"
	"strings"
)

// getenv looks a variable up in an environment of NAME=value strings; the last
// one wins, as in a process.
func getenv(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if k, v, ok := strings.Cut(kv, "="); ok && k == name {
			return v
		}
	}
	return ""
}

// withEnv returns env with the variables of set, in place of older ones.
func withEnv(env []string, set map[string]string) []string {
	out := withoutEnv(env, func(name string) bool { _, ok := set[name]; return ok })
	for _, k := range slices.Sorted(maps.Keys(set)) {
		out = append(out, k+"="+set[k])
	}
	return out
}

// withoutEnv returns a copy of env without the variables that drop names.
func withoutEnv(env []string, drop func(name string) bool) []string {
	out := make([]string, 0, len(env))
	for _, kv := range env {
		if name, _, _ := strings.Cut(kv, "="); !drop(name) {
			out = append(out, kv)
		}
	}
	return out
}
