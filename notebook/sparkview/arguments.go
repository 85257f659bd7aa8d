package sparkview

import (
	"encoding/base64"

	"gospark/display"
	"gospark/sparkclient"
)

// argumentsMIME carries the arguments of a query from the worker, which has the
// Go variables, to the kernel, which runs the query.
const argumentsMIME = "application/vnd.gospark.arguments"

// EncodeArguments hands Go values to [DecodeArguments] as Spark's.
func EncodeArguments(values sparkclient.Named) (display.Bundle, error) {
	encoded, err := values.Encode()
	if err != nil {
		return display.Bundle{}, err
	}
	return display.Bundle{Data: map[string]any{argumentsMIME: base64.StdEncoding.EncodeToString(encoded)}}, nil
}

// DecodeArguments is the other side of [EncodeArguments].
func DecodeArguments(b *display.Bundle) (sparkclient.Arguments, bool) {
	if b == nil {
		return nil, false
	}
	text, ok := b.Data[argumentsMIME].(string)
	if !ok {
		return nil, false
	}
	encoded, err := base64.StdEncoding.DecodeString(text)
	return encoded, err == nil
}
