package plan

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"gospark/sparkclient/connect/pb"
)

// TestAgainstProtobuf decodes with the real library what the mirror encoded.
func TestAgainstProtobuf(t *testing.T) {
	deep := &Relation{RelType: &Range{End: 1, Step: 1}}
	for range 200 {
		deep = &Relation{Common: &RelationCommon{PlanId: new(int64(-1))}, RelType: &Filter{Input: deep, Condition: &Expression{ExprType: &ExpressionLiteral{Boolean: new(false)}}}}
	}
	b := Encode(&Plan{Root: deep})
	var p pb.Plan
	if err := proto.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	depth := 0
	for r := p.GetRoot(); r.GetFilter() != nil; r = r.GetFilter().Input {
		if r.Common.GetPlanId() != -1 || r.GetFilter().Condition.GetLiteral().GetLiteralType() == nil {
			t.Fatalf("at depth %d: %v", depth, r.Common)
		}
		depth++
	}
	again, err := proto.MarshalOptions{Deterministic: true}.Marshal(&p)
	if err != nil || depth != 200 || len(again) != len(b) {
		t.Errorf("depth %d, %d bytes, %v; the mirror wrote %d", depth, len(again), err, len(b))
	}
}

func TestScalars(t *testing.T) {
	want := &StatApproxQuantile{Cols: []string{"a", ""}, Probabilities: []float64{0, 0.5, 1}, RelativeError: -0.25}
	var p pb.StatApproxQuantile
	if err := proto.Unmarshal(Encode(want), &p); err != nil {
		t.Fatal(err)
	}
	if len(p.Cols) != 2 || len(p.Probabilities) != 3 || p.Probabilities[1] != 0.5 || p.RelativeError != -0.25 {
		t.Errorf("got %v", &p)
	}
}

// FuzzDecode checks that bytes of any kind neither crash the decoder nor are
// taken where the real library refuses them, and the other way round.
func FuzzDecode(f *testing.F) {
	value := "v"
	seed, _ := proto.Marshal(&pb.ExecutePlanResponse{SessionId: "s", ObservedMetrics: []*pb.ExecutePlanResponse_ObservedMetrics{{Name: "n", Keys: []string{"k"},
		Values: []*pb.Expression_Literal{{LiteralType: &pb.Expression_Literal_Long{Long: 1}}}}}})
	f.Add(seed)
	seed, _ = proto.Marshal(&pb.ConfigResponse{Pairs: []*pb.KeyValue{{Key: "k", Value: &value}}})
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		var answer ExecutePlanResponse
		ours := Decode(b, &answer)
		var analysis AnalyzePlanResponse
		_ = Decode(b, &analysis)
		var conf ConfigResponse
		_ = Decode(b, &conf)
		if theirs := proto.Unmarshal(b, &pb.ExecutePlanResponse{}); theirs == nil && ours != nil {
			t.Errorf("refused a message that the library takes")
		}
	})
}
