package cell

import "testing"

// A nil pointer in an error is an error, and one without a text often.
func TestErrorThatHoldsNil(t *testing.T) {
	b := newBook(t)
	b.ok("type E struct{ Code int }\nfunc (e *E) Error() string { return strconv.Itoa(e.Code) }\nfunc bad() error { var e *E; return e }")
	if err := fail[*CellError](b, "bad()"); err.Msg != "a nil *main.E in an error that is not nil" {
		t.Error(err.Msg)
	}
	if err := fail[*CellError](b, "fmt.Errorf(\"wrapped: %w\", &E{3})"); err.Msg != "wrapped: 3" || len(err.Causes) != 1 {
		t.Error(err.Msg, err.Causes)
	}
	b.ok("type F struct{}\nfunc (F) Error() string { panic(\"no words\") }")
	if err := fail[*CellError](b, "func() error { return F{} }()"); err.Msg != "main.F, whose own method panicked: no words" {
		t.Error(err.Msg)
	}
}
