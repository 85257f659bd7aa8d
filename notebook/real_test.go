package notebook

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"gospark/launcher"
)

func TestRealStatus(t *testing.T) {
	b := open(t, realOptions(t))
	holds(t, b.good("%spark"), "not connected", "the first query connects")
	holds(t, b.bad("%spark ui").trace(), "not connected", "%spark start")
	status := b.good("%spark start")
	holds(t, status, "connected", "sc://127.0.0.1:", "local[2]", "default", "by this notebook only", "4.", b.sessionID())
	if again := b.good("%spark start"); !strings.Contains(again, b.sessionID()) {
		t.Errorf("start made another session:\n%s", again)
	}
	holds(t, b.bad("%spark start --master local[1]").trace(), "server runs", "%spark stop")
	holds(t, b.good("%spark ui executors"), "/executors/")
	if log := b.cell("%spark logs"); strings.Count(log.out(), "\n") < 50 {
		t.Errorf("the log has %d lines", strings.Count(log.out(), "\n"))
	}
	found := b.cell("%spark logs -n 50 --grep ' INFO '").out() // the server is shared: what it said first may be long ago
	if n := strings.Count(found, "\n"); n == 0 || strings.Count(found, " INFO ") < n {
		t.Errorf("grep found %q", found)
	}
	for _, s := range []string{status, b.cell("%spark logs -n 5000").out()} {
		if token := b.token(); token == "" || strings.Contains(s, token) {
			t.Error("the token is shown")
		}
	}
}

// sessionID is the id of the notebook's session, token what its server wants.
func (b *book) sessionID() string {
	s, _ := b.spark.peek()
	return s.session.ID()
}

func (b *book) token() string {
	s, _ := b.spark.peek()
	return s.lease.Server().Token
}

func TestRealConf(t *testing.T) {
	b := open(t, realOptions(t))
	holds(t, b.good("%spark conf spark.sql.shuffle.partitions"), "spark.sql.shuffle.partitions", "2")
	b.good("%spark conf spark.sql.shuffle.partitions=7")
	holds(t, b.good("%spark conf -g shuffle.partitions"), "spark.sql.shuffle.partitions", "7")
	b.good("%spark conf --unset spark.sql.shuffle.partitions")
	holds(t, b.good("%spark conf spark.sql.ansi.enabled"), "true") // a default that nobody set
	b.good("%%spark conf\n# comment\nspark.sql.session.timeZone UTC\nspark.sql.ansi.enabled=false")
	holds(t, b.good("%sql SELECT current_timezone() AS tz, 1/0 AS q"), "UTC", "null")
	holds(t, b.bad("%spark conf spark.no.such").trace(), "SQL_CONF_NOT_FOUND", "spark.no.such", "--grep")
	holds(t, b.cell("%spark conf spark.sql.shufle.partitions=7").errs(), "spark.sql.shufle.partitions", "no setting that Spark knows")
	holds(t, b.bad("%spark conf spark.executor.memory=1g").trace(), "CANNOT_MODIFY", "%spark start --conf")
	if all := b.good("%spark conf"); strings.Contains(all, b.token()) {
		t.Error("the token is shown")
	}
}

func TestRealSQL(t *testing.T) {
	b := open(t, realOptions(t))
	holds(t, b.good("%%sql\nSELECT 40 + 2 AS n, 'ä' AS s, NULL AS z"), "n", "int", "42", "ä", "null")
	holds(t, b.good("%sql -n 3 SELECT * FROM range(10)"), "0", "1", "2", "more with -n")
	if a := b.cell("%sql -q SELECT 1"); a.err != nil || a.value != "" {
		t.Errorf("quiet: %q %v", a.value, a.err)
	}
	a := b.cell("%%sql\nCREATE OR REPLACE TEMP VIEW v AS SELECT id FROM range(5);\n-- two;\nSELECT ';' AS semi, count(*) AS n FROM v;\n\nSELECT max(id) AS m FROM v")
	if a.err != nil {
		t.Fatal(a.trace())
	}
	shown := a.texts()
	if len(shown) != 2 {
		t.Fatalf("shown %q", shown)
	}
	holds(t, shown[0], "view v created in ")
	holds(t, shown[1], ";", "5")
	holds(t, a.value, "m", "4")
	holds(t, b.good("%sql -v w SELECT id * 10 AS ten FROM v"), "40")
	holds(t, b.good("%sql SELECT sum(ten) AS s FROM w"), "100")
	holds(t, b.good("%spark tables"), "v", "w")
	holds(t, b.good("%spark tables w*"), "w")
	holds(t, b.good("%spark schema w"), "ten", "bigint")
	holds(t, b.good("%sql SELECT id FROM v WHERE id > 100"), "id", "(0 rows)")
}

// The plan of a command is shown; the command does not run.
func TestRealExplain(t *testing.T) {
	b := open(t, realOptions(t))
	b.good("%sql CREATE OR REPLACE TEMP VIEW kept AS SELECT 1 AS one")
	for mode, want := range map[string]string{"": "== Physical Plan ==", "=extended": "== Analyzed Logical Plan ==", "=formatted": "== Physical Plan ==",
		"=cost": "== Optimized Logical Plan ==", "=codegen": "WholeStageCodegen"} {
		holds(t, b.good("%sql --explain"+mode+" SELECT id + 1 FROM range(3)"), want)
	}
	b.good("%sql --explain DROP VIEW kept")
	holds(t, b.good("%sql SELECT one FROM kept"), "1")
	holds(t, b.bad("%%sql --explain\nSELECT nope\nFROM kept").trace(), "UNRESOLVED_COLUMN", "cell", "SELECT nope", "^")
	holds(t, b.bad("%%sql --explain=extended\nSELEC 1").trace(), "PARSE_SYNTAX_ERROR", "SELEC 1\n", "^")
}

func TestRealErrors(t *testing.T) {
	b := open(t, realOptions(t))
	b.good("%sql CREATE OR REPLACE TEMP VIEW close AS SELECT 1")
	for code, want := range map[string][]string{
		"%%sql\n\nSELECT *\nFROM nowhere":          {"TABLE_OR_VIEW_NOT_FOUND", "42P01", "4 │ FROM nowhere\n", "│      ^^^^^^^", "%spark tables"},
		"%%sql\nSELECT 1;\nSELEC 2;\nSELECT 3":     {"PARSE_SYNTAX_ERROR", "42601", "3 │ SELEC 2\n", "│ ^"},
		"%%sql\nSELECT 'ä', '😀', nope":             {"UNRESOLVED_COLUMN", "42703", "SELECT 'ä', '😀', nope\n", "│                   ^^^^"},
		"%%sql\nSELECT id,\n  1 / 0 FROM range(1)": {"DIVIDE_BY_ZERO", "22012", "3 │   1 / 0 FROM", "│   ^^^^^", "try_divide"},
		"%sql SELECT :name":                        {"there is no Go variable name"},
		"%sql SELECT * FROM clse":                  {"TABLE_OR_VIEW_NOT_FOUND", "did you mean close?"},
		"%sql SELECT lenght('a')":                  {"UNRESOLVED_ROUTINE", "did you mean length?"},
		"%sql SELECT * FROM delta.`/nowhere`":      {"spark.jars.packages=io.delta:delta-spark"},
		"%sql SELECT id, count(*) FROM range(3)":   {"any_value"},
		"%sql -v 'a b c' SELECT 1":                 {"make"},
		"%spark schema nowhere":                    {"TABLE_OR_VIEW_NOT_FOUND", "nowhere"},
		"%spark session use mine":                  {"mine", "no session's id"},
	} {
		trace := b.bad(code).trace()
		for _, w := range want {
			if !strings.Contains(trace, w) && !(w == "make" && strings.Contains(trace, "view")) {
				t.Errorf("%s: %q is missing in:\n%s", code, w, trace)
			}
		}
		t.Log(trace)
		if strings.Contains(trace, "org.apache.spark") || strings.Contains(trace, "rpc") {
			t.Errorf("%s: too long:\n%s", code, trace)
		}
	}
	if a := b.cell("%%sql\nSELECT 1 AS before;\nSELEC 2"); len(a.texts()) != 1 {
		t.Errorf("what ran before the error is not shown: %q", a.texts())
	}
}

// endless is a query that runs until somebody ends it, and then ends at once: Spark looks for that after each thousand of
// a range's rows, so a join in their place would go on.
const endless = "SELECT count(*) FROM range(1000000000000) WHERE id % 7 = rand()"

// runs calls then once, when the cell's query runs: its progress is shown.
func runs(s *screen, stop <-chan struct{}, then func()) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		s.mu.Lock()
		running := strings.Contains(strings.Join(s.every, "\n"), "tasks")
		s.mu.Unlock()
		if running {
			then()
			return
		}
		pauseBriefly()
	}
}

func TestRealInterrupt(t *testing.T) {
	b := open(t, realOptions(t))
	ctx, interrupt := context.WithCancel(t.Context())
	a := b.whileRunning(ctx, "%sql "+endless, interrupt)
	if a.err == nil || a.err.Name != "interrupted" {
		t.Errorf("got %v", a.err)
	}
	if left := a.texts(); len(left) != 0 {
		t.Errorf("the progress line stays: %q", left)
	}
	if ids := b.good("%spark cancel"); ids != "nothing was running" {
		t.Errorf("the query went on: %s", ids)
	}
	holds(t, b.good("%sql SELECT 1 AS one"), "1")
}

// whileRunning runs a cell and calls then when its query runs.
func (b *book) whileRunning(ctx context.Context, code string, then func()) answer {
	b.t.Helper()
	s := &screen{}
	stop, watched := make(chan struct{}), make(chan struct{})
	go func() { defer close(watched); runs(s, stop, then) }()
	a := b.cellWith(ctx, code, s)
	close(stop)
	<-watched
	return a
}

// %spark cancel ends what a notebook's session runs; here from beside.
func TestRealCancel(t *testing.T) {
	b := open(t, realOptions(t))
	a := b.whileRunning(t.Context(), "%sql "+endless, func() {
		s, _ := b.spark.peek()
		if ids, err := s.session.InterruptAll(t.Context()); err != nil || len(ids) != 1 {
			t.Errorf("interrupted %v, %v", ids, err)
		}
	})
	holds(t, a.trace(), "OPERATION_CANCELED")
	holds(t, b.good("%spark cancel all"), "nothing was running")
	if a := b.cell("%spark cancel 00000000-0000-0000-0000-000000000000"); a.err != nil {
		t.Error(a.trace())
	}
}

func TestRealTwoNotebooks(t *testing.T) {
	first := open(t, realOptions(t))
	o := realOptions(t)
	o.Launch.Client = launcher.Client{PID: os.Getppid(), Name: "other.ipynb"}
	o.Master = "local[1]"
	second := open(t, o)
	first.good("%sql CREATE OR REPLACE TEMP VIEW mine AS SELECT 1 AS one")
	holds(t, second.bad("%sql SELECT * FROM mine").trace(), "TABLE_OR_VIEW_NOT_FOUND")
	if first.sessionID() == second.sessionID() {
		t.Error("two notebooks have one session")
	}
	a, b := first.good("%spark"), second.good("%spark")
	holds(t, a, "by this notebook and 1 other client\n")
	holds(t, b, "by this notebook and 1 other client\n", "other settings", "master", "%spark restart")
	holds(t, first.bad("%spark stop").trace(), "server in use", "other.ipynb", "-f")
	holds(t, first.bad("%spark restart").trace(), "server in use", "other.ipynb", "-f")
	holds(t, first.good("%sql SELECT * FROM mine"), "1") // nothing happened

	second.good("%spark session use " + first.sessionID())
	holds(t, second.good("%sql SELECT * FROM mine"), "1")
	second.good("%spark session new")
	holds(t, second.bad("%sql SELECT * FROM mine").trace(), "TABLE_OR_VIEW_NOT_FOUND")
	holds(t, first.good("%sql SELECT * FROM mine"), "1") // the guest left, the session stays
}

// A restart ends the session with all its views, for every notebook, and says so
// to each.
func TestRealRestart(t *testing.T) {
	first, second := open(t, realOptions(t)), open(t, realOptions(t))
	for _, b := range []*book{first, second} {
		b.good("%sql CREATE OR REPLACE TEMP VIEW v AS SELECT 1 AS one")
	}
	before := first.sessionID()
	a := first.cell("%spark restart")
	holds(t, a.value, "connected")
	holds(t, a.errs(), sessionEnded, "temporary views")
	if first.sessionID() == before {
		t.Error("the session is the old one")
	}
	holds(t, first.bad("%sql SELECT * FROM v").trace(), "TABLE_OR_VIEW_NOT_FOUND")
	reaches(t, second.spark, lost)
	holds(t, second.good("%spark"), "not connected", "because")
	a = second.cell("%sql SELECT 2 AS two")
	holds(t, a.value, "2")
	holds(t, a.errs(), sessionEnded, "temporary views")
	if a := second.cell("%sql SELECT 3 AS three"); a.errs() != "" {
		t.Errorf("told twice: %q", a.errs())
	}
}

func TestRealStop(t *testing.T) {
	b := open(t, realOptions(t))
	b.good("%spark start")
	holds(t, b.good("%spark stop"), "has stopped")
	holds(t, b.good("%spark stop"), "no Spark server was running")
	holds(t, b.good("%spark"), "not connected")
	if servers, err := launcher.Status(t.Context(), b.spark.launch); err != nil || len(servers) != 0 {
		t.Errorf("left: %v, %v", servers, err)
	}
}

// The server is killed under a query: the cell says what happened, the next one
// runs on a new server.
func TestRealServerDies(t *testing.T) {
	b := open(t, realOptions(t))
	b.good("%spark start")
	var killed atomic.Int64
	a := b.whileRunning(t.Context(), "%sql "+endless, func() {
		servers, err := launcher.Status(t.Context(), b.spark.launch)
		if err != nil || len(servers) != 1 {
			t.Errorf("servers %v, %v", servers, err)
			return
		}
		killed.Store(int64(servers[0].PID))
		if err := syscall.Kill(servers[0].PID, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	})
	t.Log(a.trace())
	holds(t, a.trace(), "the Spark server ended", "killed", "run the cell again")
	next := b.cell("%sql SELECT 1 AS one")
	holds(t, next.value, "1")
	holds(t, next.errs(), sessionEnded)
	if servers, err := launcher.Status(t.Context(), b.spark.launch); err != nil || len(servers) != 1 || int64(servers[0].PID) == killed.Load() {
		t.Errorf("servers %v, %v", servers, err)
	}
}

// A session is shared by its name, copied, and furnished again after a restart.
func TestRealSessions(t *testing.T) {
	first, second := open(t, realOptions(t)), open(t, realOptions(t))
	first.good("%sql CREATE OR REPLACE TEMP VIEW mine AS SELECT 1 AS one")
	first.good("%sql -q -v kept SELECT 2 AS two")
	first.good("%spark conf spark.sql.shuffle.partitions=7")
	holds(t, second.bad("%spark session use team").trace(), "team", "none is shared")
	holds(t, first.good("%spark session share team"), "%spark session use team")
	list := first.good("%spark session list")
	holds(t, list, first.sessionID(), "team", "(this one)", "connected")
	holds(t, list, "session "+first.sessionID()[:8]+": running a cell for ")
	holds(t, list, "session "+second.sessionID()[:8]+": idle for ")
	second.good("%spark session use team")
	holds(t, second.good("%sql SELECT * FROM mine"), "1")
	holds(t, first.bad("%spark session share ../x").trace(), "no name for a session")

	second.good("%spark session clone")
	if second.sessionID() == first.sessionID() {
		t.Error("the copy is the session itself")
	}
	holds(t, second.good("%sql SELECT * FROM mine"), "1")
	second.good("%sql DROP VIEW mine")
	holds(t, first.good("%sql SELECT * FROM mine"), "1") // the copy is on its own

	a := first.cell("%spark restart -f")
	holds(t, a.errs(), sessionEnded, "Gone: view mine, view kept, setting spark.sql.shuffle.partitions", "%spark session restore")
	holds(t, first.bad("%sql SELECT * FROM mine").trace(), "TABLE_OR_VIEW_NOT_FOUND")
	holds(t, first.good("%spark session restore"), "made again: view mine, view kept, setting")
	holds(t, first.good("%sql SELECT one, two FROM mine, kept"), "1", "2")
	holds(t, first.good("%spark conf spark.sql.shuffle.partitions"), "7")
	holds(t, first.good("%spark session restore"), "nothing to make again")
}

// The jobs of a notebook, with what is wrong in words.
func TestRealJobs(t *testing.T) {
	b := open(t, realOptions(t))
	holds(t, b.bad("%spark jobs").trace(), "not connected")
	b.good("%spark start")
	holds(t, b.good("%spark jobs"), "no jobs yet")
	b.good("%sql SELECT id % 3 AS k, count(*) AS n FROM range(0, 1000, 1, 4) GROUP BY 1")
	a := b.cell("%spark jobs")
	if a.err != nil {
		t.Fatal(a.trace())
	}
	holds(t, strings.Join(append(a.texts(), a.value), "\n"), "Stages of the last cell", "stage ", "complete", "task", "Web UI", "/connect/session/?id="+b.sessionID(), "job", "what", "status", "succeeded")
	page := a.result.Value.Data["text/html"].(string)
	holds(t, page, "<summary>Jobs</summary>", "cell 4: %sql SELECT id % 3 AS k, count(*) AS n", "<summary>Timeline</summary>", "job ", "gs-good", "<summary>Tasks</summary>", "success",
		"<summary>Executors</summary>", "driver", "active")
}

// Of a server with little memory: one key has most rows, and its task sorts them
// on disk.
func TestRealSkewAndSpill(t *testing.T) {
	o := realOptions(t)
	o.Profile = "little"
	b := open(t, o)
	b.good("%spark start -c spark.driver.memory=1g -c spark.memory.fraction=0.05 -c spark.sql.shuffle.partitions=8 -c spark.sql.adaptive.coalescePartitions.enabled=false")
	b.good(`%%sql
SELECT max(place), max(pad) FROM (
  SELECT row_number() OVER (PARTITION BY k ORDER BY pad) AS place, pad
  FROM (SELECT IF(id % 10 < 9, 0, id % 7) AS k, concat(repeat('x', 100), id) AS pad FROM range(0, 2000000, 1, 2)))`)
	a := b.cell("%spark jobs")
	if a.err != nil {
		t.Fatal(a.trace())
	}
	holds(t, strings.Join(a.texts(), "\n"), "spilled", "is skewed: its longest task took ", "the median one ", "skewJoin", "spilled ", "to disk", "shuffle.partitions", "executor.memory")
	holds(t, a.result.Value.Data["text/html"].(string), "<summary>Tasks</summary>", "spilled", "MiB")
	b.good("%spark stop")
}

// The session's settings by the comm: which there are, which can be changed, what
// Spark says of a value that it does not take.
func TestRealConfByComm(t *testing.T) {
	b := open(t, realOptions(t))
	f := b.panel()
	b.good("%spark conf spark.sql.shuffle.partitions=7")
	ask := func(request string, into any) {
		t.Helper()
		said := f.asks([]byte(`{"version":1,"id":"7",` + request + `}`))
		if said.Error != nil {
			t.Fatalf("%s: %s", request, said.raw)
		}
		if err := json.Unmarshal(said.Result, into); err != nil {
			t.Fatal(err)
		}
	}
	of := func() (map[string]commSetConf, []string) {
		t.Helper()
		var conf commConf
		ask(`"request":"conf"`, &conf)
		byKey := map[string]commSetConf{}
		for _, s := range conf.Settings {
			byKey[s.Key] = s
		}
		return byKey, conf.Unset
	}
	set, unset := of()
	if s := set["spark.sql.shuffle.partitions"]; s.Value != "7" || s.Fixed {
		t.Errorf("%+v", s)
	}
	if s := set["spark.app.name"]; s.Value == "" || !s.Fixed {
		t.Errorf("%+v", s)
	}
	if !slices.Contains(unset, "spark.sql.ansi.enabled") || slices.Contains(unset, "spark.executor.memory") {
		t.Errorf("%q", unset)
	}
	var changed commChanged
	ask(`"request":"set_conf","params":{"set":{"spark.sql.ansi.enabled":"false","my.key":"1"},"unset":["spark.sql.shuffle.partitions"]}`, &changed)
	if !slices.Equal(changed.Unknown, []string{"my.key"}) {
		t.Errorf("%q", changed.Unknown)
	}
	set, _ = of()
	if s := set["my.key"]; s.Value != "1" || s.Fixed || set["spark.sql.ansi.enabled"].Value != "false" || set["spark.sql.shuffle.partitions"].Value == "7" {
		t.Errorf("%+v", set)
	}
	for params, want := range map[string]string{
		`{"set":{"spark.sql.shuffle.partitions":"many"}}`: "many",
		`{"set":{"spark.executor.memory":"1g"}}`:          "CANNOT_MODIFY",
	} {
		holds(t, string(f.asks([]byte(`{"version":1,"id":"7","request":"set_conf","params":`+params+`}`)).raw), want)
	}
}
