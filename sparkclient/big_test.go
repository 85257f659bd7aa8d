package sparkclient_test

import (
	"testing"

	F "gospark/sparkclient/functions"
)

// TestLargeLocalData sends a plan that is larger than the 4 MB gRPC takes by default.
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
