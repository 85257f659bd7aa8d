package launcher

import (
	"regexp"
)

// reading is what one line of a starting server's log tells.
type reading struct {
	phase  string // a step that begins, for a person; empty when none does
	listen string // host:port of Spark Connect, when it listens
	uiPort string // port of the Web UI, when it is up
}

// rule recognises a line; text is a template of regexp.Expand.
type rule struct {
	pattern *regexp.Regexp
	text    string
}

// recogniser turns log lines into readings.
type recogniser struct {
	phases         []rule
	listen, uiPort *regexp.Regexp
}

func newRecogniser() *recogniser {
	re := regexp.MustCompile
	return &recogniser{
		phases: []rule{
			{re(`SparkConnectServer: Starting Spark session`), "Java is up"},
			{re(`resolving dependencies ::`), "Resolving packages"},
			{re(`^downloading \S*/([^/\s]+) \.\.\.`), "Downloading $1"},
			{re(`SparkContext: Running Spark version (\S+)`), "Starting Spark $1"},
			{re(`StandaloneAppClient\S*: Connecting to master (\S+?)\.{3}`), "Connecting to $1"},
			{re(`Client: Requesting a new application from cluster`), "Asking YARN for an application"},
			{re(`Client: Uploading resource \S*/([^/\s]+)`), "Uploading $1"},
			{re(`BlockManager: Initialized BlockManager`), "Spark is up; opening Spark Connect"},
		},
		listen: re(`(?:SparkConnectServer: Spark Connect server started at:|sail_cli::spark::server\] Starting the Spark Connect server on) (\S+?:\d+)`),
		uiPort: re(`Successfully started service 'SparkUI' on port (\d+)`),
	}
}

// read looks at one line.
func (r *recogniser) read(line string) reading {
	var out reading
	for _, p := range r.phases {
		if m := p.pattern.FindStringSubmatchIndex(line); m != nil {
			out.phase = string(p.pattern.ExpandString(nil, p.text, line, m))
			break
		}
	}
	if m := r.listen.FindStringSubmatch(line); m != nil {
		out.listen = m[1]
	}
	if m := r.uiPort.FindStringSubmatch(line); m != nil {
		out.uiPort = m[1]
	}
	return out
}
