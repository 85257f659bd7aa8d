package sparkclient

import "testing"

func TestIsQuery(t *testing.T) {
	for statement, want := range map[string]bool{
		"select 1":                           true,
		"SELECT":                             true,
		" -- why\n/* for */ (\n(Select 1))":  true,
		"values (1)":                         true,
		"VALUES(1)":                          true,
		"table t":                            true,
		"select*from t":                      true,
		"":                                   false,
		"selection":                          false,
		"with a as (select 1) insert into t": false,
		"from t insert into u select *":      false,
		"insert into t select 1":             false,
		"-- select 1":                        false,
		"/* select */ drop table t":          false,
		"/* a /* select */ */ drop table t":  false,
		"/*/ select 1":                       false,
		"tables":                             false,
		"show tables":                        false,
	} {
		if got := isQuery(statement); got != want {
			t.Errorf("%q: %v", statement, got)
		}
	}
}
