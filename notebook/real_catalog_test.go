package notebook

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestRealCatalogByComm(t *testing.T) {
	b := open(t, realOptions(t))
	f := b.panel()
	b.good("%%sql\nCREATE OR REPLACE TEMP VIEW recent AS SELECT 'UA' AS carrier, named_struct('a', 1) AS `odd name`;\n" +
		"CREATE OR REPLACE GLOBAL TEMP VIEW shared_by_all AS SELECT 1 AS one;\n" +
		"DROP SCHEMA IF EXISTS tree_of_names CASCADE;\nCREATE SCHEMA tree_of_names;\n" +
		"CREATE TABLE tree_of_names.flown (id INT, `left` STRING) USING parquet;\n" +
		"CREATE VIEW tree_of_names.odd_view AS SELECT count(*) AS n FROM range(3)")
	defer b.cell("%sql DROP SCHEMA tree_of_names CASCADE")

	root := f.entries(`"request":"catalog"`)
	if c := root["spark_catalog"]; c.Kind != "catalog" || !c.Current || root["recent"].Kind != temporaryKind || root["shared_by_all"].SQL != "global_temp.shared_by_all" {
		t.Errorf("%+v", root)
	}
	schemas := f.entries(`"request":"catalog","params":{"path":["spark_catalog"]}`)
	if s := schemas["tree_of_names"]; s.Kind != "schema" || s.Current || !schemas["default"].Current {
		t.Errorf("%+v", schemas)
	}
	tables := f.entries(`"request":"catalog","params":{"path":["spark_catalog","tree_of_names"]}`)
	if len(tables) != 2 || tables["flown"].Kind != tableKind || tables["odd_view"].Kind != viewKind || tables["odd_view"].SQL != "tree_of_names.odd_view" {
		t.Errorf("%+v", tables)
	}
	columns := f.entries(`"request":"columns","params":{"table":"tree_of_names.flown"}`)
	if columns["id"].Type != "int" || columns["left"].SQL != "`left`" {
		t.Errorf("%+v", columns)
	}
	if odd := f.entries(`"request":"columns","params":{"table":"recent"}`)["odd name"]; odd.Type != "struct<a:int>" {
		t.Errorf("%+v", odd)
	}
	found := f.entries(`"request":"search_catalog","params":{"text":"LEF"}`)
	if c := found["left"]; c.Kind != "column" || c.Table != "tree_of_names.flown" {
		t.Errorf("%+v", found)
	}
	if v := f.entries(`"request":"search_catalog","params":{"text":"dd_vi"}`)["odd_view"]; strings.Join(v.Path, "/") != "spark_catalog/tree_of_names" {
		t.Errorf("%+v", v)
	}
	preview := f.asks([]byte(`{"version":1,"id":"7","request":"preview","params":{"table":"tree_of_names.odd_view"}}`))
	holds(t, string(preview.raw), "text/html", "text/plain")
	said := f.asks([]byte(`{"version":1,"id":"7","request":"columns","params":{"table":"tree_of_names.none"}}`))
	holds(t, string(said.raw), "tree_of_names", "none")

	f.events = nil
	b.good("%sql DROP TABLE tree_of_names.flown")
	f.hears("catalog")
	if tables = f.entries(`"request":"catalog","params":{"path":["spark_catalog","tree_of_names"]}`); len(tables) != 1 {
		t.Errorf("%+v", tables)
	}
}

// Spark's own catalog is not the only one. This one has no views, and keeps nothing.
func TestRealSecondCatalog(t *testing.T) {
	b := open(t, realOptions(t))
	f := b.panel()
	b.good("%spark conf spark.sql.catalog.derby=org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog " +
		"spark.sql.catalog.derby.driver=org.apache.derby.jdbc.EmbeddedDriver 'spark.sql.catalog.derby.url=jdbc:derby:memory:gospark;create=true'")
	if root := f.entries(`"request":"catalog"`); root["derby"].Kind != "catalog" {
		t.Errorf("%+v", root)
	}
	schemas := f.entries(`"request":"catalog","params":{"path":["derby"]}`)
	if schemas["APP"].SQL != "derby.APP" {
		t.Errorf("%+v", schemas)
	}
	f.entries(`"request":"catalog","params":{"path":["derby","APP"]}`)
}

// A preview that nobody waits for any more is stopped; the answer says so.
func TestRealCancelPreview(t *testing.T) {
	b := open(t, realOptions(t))
	f := b.panel()
	b.good("%sql CREATE OR REPLACE TEMP VIEW endless AS SELECT sum(id % 7) AS s FROM range(0, 400000000000, 1, 64)")
	f.sends([]byte(`{"version":1,"id":"6","request":"preview","params":{"table":"endless"}}`))
	f.sends(fixture(t, "request_cancel_request"))
	for range 2 {
		if said := f.answer(); said.ID == "6" && said.Error == nil {
			t.Errorf("%s", said.raw)
		}
	}
}

func TestRealPagesByComm(t *testing.T) {
	b := open(t, realOptions(t))
	f := b.panel()
	b.good("%%sql\nselect id % 3 as k, count(*) from range(100) group by 1")
	said := f.asks(fixture(t, "request_ui"))
	holds(t, string(said.raw), "http://127.0.0.1:", "/open/")
	var jobs commUIJobs
	var stages commUIStages
	var executors commUIExecutors
	var queries commUIQueries
	for request, into := range map[string]any{"ui_jobs": &jobs, "ui_stages": &stages, "ui_executors": &executors, "ui_queries": &queries} {
		said := f.asks(fixture(t, "request_"+request))
		if said.Error != nil || json.Unmarshal(said.Result, into) != nil {
			t.Fatalf("%s", said.raw)
		}
	}
	if len(jobs.Jobs) == 0 || !jobs.Jobs[0].Mine || jobs.Jobs[0].Status != "succeeded" || jobs.Jobs[0].Submitted.IsZero() || len(jobs.Jobs[0].Stages) == 0 {
		t.Errorf("%+v", jobs)
	}
	if len(stages.Stages) == 0 || stages.Stages[0].About == "" {
		t.Errorf("%+v", stages)
	}
	if len(executors.Executors) == 0 || executors.Executors[0].ID != "driver" || executors.Executors[0].Cores == 0 {
		t.Errorf("%+v", executors)
	}
	if len(queries.Queries) == 0 || queries.Queries[0].Submitted.IsZero() {
		t.Fatalf("%+v", queries)
	}
	id, _ := json.Marshal(queries.Queries[0].ID)
	plan := f.asks([]byte(`{"version":1,"id":"7","request":"ui_query","params":{"id":` + string(id) + `}}`))
	holds(t, string(plan.raw), "Physical Plan")
}
