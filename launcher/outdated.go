package launcher

import (
	"context"
	"fmt"
)

// Outdated says in what a running server is older than what a start would give
// now: an upgrade never ends a server, it waits for the next start. o.Version is
// the caller's gospark.
func Outdated(ctx context.Context, o Options, s Server) []string {
	var out []string
	if o.Version != "" && s.Version != "" && o.Version != s.Version {
		out = append(out, fmt.Sprintf("it was started by gospark %s, this is %s", s.Version, o.Version))
	}
	if s.SparkHome == "" {
		return out
	}
	there, err := sparkAt(s.SparkHome, "the server's Spark")
	switch {
	case err != nil:
		return append(out, fmt.Sprintf("its Spark %s was removed from %s", s.SparkVersion, s.SparkHome))
	case there.Version != s.SparkVersion:
		return append(out, fmt.Sprintf("it runs Spark %s, and %s holds %s now", s.SparkVersion, s.SparkHome, there.Version))
	}
	if now, err := FindSpark(ctx, o, Profile{}); err == nil && now.Home != s.SparkHome && now.Version != s.SparkVersion {
		out = append(out, fmt.Sprintf("it runs Spark %s, a new one would run %s", s.SparkVersion, now.Version))
	}
	return out
}
