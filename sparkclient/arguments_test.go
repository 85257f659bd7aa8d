package sparkclient_test

import (
	"strings"
	"testing"

	"gospark/sparkclient"
)

// What is no value cannot be handed to another process, and the error names it.
func TestArgumentsRefuse(t *testing.T) {
	df := sparkclient.Default().Range(1)
	for name, n := range map[string]sparkclient.Named{
		"DataFrame": {"df": df}, "thing: a Go chan int is no Spark value": {"thing": make(chan int)}, "no value": {"f": func() {}, "a": df.Scalar()},
	} {
		encoded, err := n.Encode()
		if err == nil || encoded != nil {
			t.Errorf("%s: encoded", name)
		} else if name != "no value" && !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (sparkclient.Named{"a": 1, "b": []string{}, "c": map[string]int{}, "d": nil}).Encode(); err != nil {
		t.Error(err)
	}
}
