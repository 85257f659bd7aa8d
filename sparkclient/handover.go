package sparkclient

import "gospark/sparkclient/internal/plan"

// MarshalPlan is the DataFrame's plan as an encoded Relation of Spark's protos,
// for [Session.FromPlan] in another process. It runs nothing and holds no rows
// but those of local data.
func (df *DataFrame) MarshalPlan() ([]byte, error) {
	if err := df.observed(); err != nil {
		return nil, err
	}
	return plan.Encode(df.rel), nil
}

// FromPlan is the DataFrame of a plan that [DataFrame.MarshalPlan] encoded. It
// means the same where both sessions are the same on the server.
func (s *Session) FromPlan(encoded []byte) *DataFrame {
	return s.frame(&plan.Relation{Raw: encoded})
}

// Reconnect makes the next request open an engine anew: whoever made the
// session knows that the server or the session is another one now. DataFrames
// stay as they are; temporary views do not come along.
func (s *Session) Reconnect() {
	s.turn <- struct{}{}
	s.engine = nil
	<-s.turn
}
