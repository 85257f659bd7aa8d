package sparkclient_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

func TestObserve(t *testing.T) {
	spark, ctx := open(t), t.Context()
	o, small := sparkclient.NewObservation("all"), sparkclient.NewObservation()
	df := spark.Range(10).Observe(o, F.Count("*").As("rows"), F.Max("id").As("max"), F.CollectList("id").As("ids"), F.Max(F.Struct("id", F.Lit("x").As("s"))).As("row")).
		Filter("id < 3").Observe(small, F.Count("*").As("rows"), F.Avg("id"))
	if _, err := sparkclient.NewObservation().Get(ctx); err == nil {
		t.Error("an observation of nothing: no error")
	}
	hurried, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	if _, err := o.Get(hurried); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("before an action: %v", err)
	}
	var info sparkclient.ExecutionInfo
	_, err := df.Collect(sparkclient.WithExecutionInfo(ctx, func(i sparkclient.ExecutionInfo) { info = i }))
	check(t, err)
	got, err := o.Get(ctx)
	if err != nil || got["rows"] != int64(10) || got["max"] != int64(9) || fmt.Sprint(got["ids"]) != "[0 1 2 3 4 5 6 7 8 9]" || fmt.Sprint(got["row"]) != "{9, x}" {
		t.Errorf("observed %v, %v", got, err)
	}
	if got, err := small.Get(ctx); err != nil || got["rows"] != int64(3) || got["avg(id)"] != 1.0 {
		t.Errorf("observed after the filter %v, %v", got, err)
	}
	if info.OperationID == "" || info.Observed["all"]["rows"] != int64(10) || len(info.Metrics) == 0 {
		t.Errorf("execution info %+v", info)
	}
	if df.Observe(o, F.Count("*")).Err() == nil || df.Observe("").Err() == nil || df.Observe("x").Err() == nil || df.Observe(7, F.Count("*")).Err() == nil {
		t.Error("wrong use of Observe: no error")
	}
}

// An aggregate that fails is the query's error.
func TestObserveFailure(t *testing.T) {
	spark, ctx := open(t), t.Context()
	_, err := spark.Range(3).Observe("x", F.Sum(F.RaiseError(F.Lit("boom")))).Collect(ctx)
	refused(t, "a failing aggregate", err, "USER_RAISED_EXCEPTION")
}
