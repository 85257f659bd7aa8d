package sparkclient_test

import (
	"strings"
	"testing"

	F "gospark/sparkclient/functions"
)

// TestLargePlan sends a plan that is larger than the 4 MB gRPC takes by default.
func TestLargePlan(t *testing.T) {
	long := strings.Repeat("x", 6<<20)
	if got := values(t, open(t).Range(1).Select(F.Length(F.Lit(long)).As("n"))); got[0] != "{6291456}" {
		t.Errorf("got %v", got)
	}
}

// TestLargeLocalData is uploaded in one part.
func TestLargeLocalData(t *testing.T) {
	spark := open(t)
	data := make([]mixed, 100_000)
	for i := range data {
		data[i] = mixed{ID: int64(i), S: "a string of some length, so that it weighs something"}
	}
	df := spark.CreateDataFrame(t.Context(), data)
	if got := values(t, df.Agg(F.Max("ID"), F.Count("*"))); got[0] != "{99999, 100000}" {
		t.Errorf("got %v", got)
	}
}

// TestHugeLocalData is uploaded once; every plan that uses it is small.
func TestHugeLocalData(t *testing.T) {
	spark := open(t)
	data := make([]mixed, 300_000)
	for i := range data {
		data[i] = mixed{ID: int64(i), S: "a string of some length, so that it weighs something"}
	}
	df := spark.CreateDataFrame(t.Context(), data)
	if got := values(t, df.Agg(F.Max("ID"), F.Count("*"))); got[0] != "{299999, 300000}" {
		t.Errorf("got %v", got)
	}
	again := spark.CreateDataFrame(t.Context(), data)
	if got := values(t, again.Filter(F.Col("ID").Lt(2)).Select("ID")); len(got) != 2 {
		t.Errorf("the second time: %v", got)
	}
	plan, err := df.MarshalPlan()
	if err != nil || len(plan) > 1000 {
		t.Errorf("a plan of %d bytes, %v", len(plan), err)
	}
}
