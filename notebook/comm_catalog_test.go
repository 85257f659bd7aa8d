package notebook

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
)

func TestCommCatalogFixtures(t *testing.T) {
	for name, into := range map[string]any{
		"request_cancel_request": &commRequestID{}, "request_catalog": &commPlace{}, "request_columns": &commTable{},
		"request_preview": &commTable{}, "request_search_catalog": &commText{}, "request_ui_query": &commUIQueryID{},
		"answer_catalog": &commEntries{}, "answer_columns": &commEntries{}, "answer_search_catalog": &commEntries{},
		"answer_preview": &commPreview{}, "event_catalog": &commCatalogEvent{}, "answer_ui": &commUI{}, "answer_ui_jobs": &commUIJobs{},
		"answer_ui_stages": &commUIStages{}, "answer_ui_executors": &commUIExecutors{}, "answer_ui_queries": &commUIQueries{},
		"answer_ui_query": &commUIQuery{},
	} {
		decodes(t, name, into)
	}
}

// Without a session nothing is started, but said.
func TestCommCatalogStartsNothing(t *testing.T) {
	b := open(t, Options{Lazy: true})
	f := b.panel()
	for _, request := range []string{"catalog", "columns", "preview", "search_catalog", "ui", "ui_jobs", "ui_stages", "ui_executors", "ui_queries", "ui_query"} {
		if said := f.asks(fixture(t, "request_"+request)); said.Error == nil {
			t.Errorf("%s: %s", request, said.raw)
		} else {
			holds(t, said.Error.Message, "no Spark server is connected")
		}
	}
	if s, _ := b.spark.peek(); s.stage != detached {
		t.Errorf("it is %s", s.stage)
	}
}

// What is known of the catalog may change without a session, too.
func TestCommCatalogIsPushed(t *testing.T) {
	b := open(t, Options{Lazy: true})
	f := b.panel()
	f.state("detached", 0)
	same(t, f.asks(fixture(t, "request_refresh_catalog")).raw, fixture(t, "answer_none"))
	f.hears("catalog")
}

func TestNames(t *testing.T) {
	for _, parts := range [][]string{{"a"}, {"spark_catalog", "default", "odd name"}, {"a.b", "c`d"}, {"order"}, {"1st"}} {
		if got := splitName(quoted(parts)); !slices.Equal(got, parts) {
			t.Errorf("%q: %q", quoted(parts), got)
		}
	}
	if q := quoted([]string{"Order", "_x"}); q != "`Order`._x" {
		t.Errorf("%s", q)
	}
}

// entries asks for what is in the catalog.
func (f *frontEnd) entries(request string) map[string]commEntry {
	f.b.t.Helper()
	said := f.asks([]byte(`{"version":1,"id":"7",` + request + `}`))
	var got commEntries
	if said.Error != nil || json.Unmarshal(said.Result, &got) != nil {
		f.b.t.Fatalf("%s: %s", request, said.raw)
	}
	all := map[string]commEntry{}
	for _, one := range got.Entries {
		all[one.Name] = one
	}
	return all
}

// hears waits for an event; what came before it is forgotten.
func (f *frontEnd) hears(event string) commSaid {
	f.b.t.Helper()
	return f.event(event, func(said commSaid) bool { return said.Event == event })
}

// The answer to a request may be followed at once by another one of its id, which
// the end of the first must not stop.
func TestCommIDUsedAgain(t *testing.T) {
	c := &channel{asked: map[string]*context.CancelFunc{}}
	_, first := context.WithCancel(t.Context())
	again, second := context.WithCancel(t.Context())
	c.asked["7"] = &second
	c.forget("7", &first)
	if again.Err() != nil || c.asked["7"] != &second {
		t.Error("the second request was stopped with the first")
	}
	c.forget("7", &second)
	if again.Err() == nil || len(c.asked) != 0 {
		t.Error("the second request is not forgotten")
	}
}
