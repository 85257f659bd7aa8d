package sqltext

import "testing"

func TestEffectOf(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1":                       "",
		"WITH a AS (SELECT 1) TABLE a":   "",
		"(SELECT 1)":                     "",
		"SHOW TABLES":                    "",
		"":                               "",
		"CREATE":                         "created",
		"create table t (a int)":         "table t created",
		"CREATE TABLE IF NOT EXISTS a.b": "table a.b created",
		"CREATE OR REPLACE TEMP VIEW `my view` AS SELECT 1":    "view `my view` created",
		"CREATE GLOBAL TEMPORARY VIEW g AS SELECT 1":           "view g created",
		"CREATE FUNCTION f(x INT) RETURNS INT RETURN x":        "function f created",
		"DROP VIEW IF EXISTS v":                                "view v dropped",
		"ALTER TABLE c.s.t ADD COLUMN x INT":                   "table c.s.t altered",
		"CREATE SCHEMA s":                                      "schema s created",
		"REPLACE TABLE t AS SELECT 1":                          "table t replaced",
		"INSERT INTO t VALUES (1)":                             "inserted into t",
		"INSERT OVERWRITE TABLE s.t SELECT 1":                  "inserted into table s.t",
		"DELETE FROM t WHERE a":                                "deleted from t",
		"UPDATE t SET a = 1":                                   "t updated",
		"MERGE INTO t USING s ON a":                            "merged into t",
		"TRUNCATE TABLE t":                                     "table t emptied",
		"CACHE LAZY TABLE t":                                   "table t cached",
		"UNCACHE TABLE IF EXISTS t":                            "table t uncached",
		"REFRESH TABLE t":                                      "table t refreshed",
		"ANALYZE TABLE t COMPUTE STATISTICS":                   "table t analyzed",
		"USE s":                                                "now using s",
		"-- c\nUSE SCHEMA s":                                   "now using s",
		"SET VAR x = 1":                                        "",
		"INSERT INTO TABLE t (a, b) SELECT 1, 2 -- and a note": "inserted into table t",
	} {
		if got := EffectOf(text).String(); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
	if e := EffectOf("CREATE OR REPLACE TEMP VIEW v AS SELECT 1"); !e.Temporary || e.Object != "v" || !e.ChangesCatalog() {
		t.Errorf("%+v", e)
	}
	if EffectOf("INSERT INTO t VALUES (1)").ChangesCatalog() {
		t.Error("INSERT makes no other tables")
	}
}

func FuzzEffectOf(f *testing.F) {
	f.Add("CREATE OR REPLACE TEMP VIEW a.`b` AS SELECT 1")
	f.Fuzz(func(_ *testing.T, text string) { _ = EffectOf(text).String() })
}
