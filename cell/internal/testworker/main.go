// Command testworker is the smallest worker: it shows values as fmt does.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"gospark/cell/worker"
	"gospark/display"
)

// call is the key of the name that the cell's request gives.
type call struct{}

func main() {
	var w *worker.Worker
	err := worker.Serve(worker.Options{
		Setup: func(it *worker.Worker) { w = it },
		Context: func(ctx context.Context, req worker.Request) context.Context {
			return context.WithValue(ctx, call{}, req.Meta["call"])
		},
		Render: func(ctx context.Context, vals []any) (*display.Bundle, error) {
			if len(vals) == 0 {
				return nil, nil
			}
			if name, _ := ctx.Value(call{}).(string); name != "" {
				answer, err := w.Call(ctx, name, []byte("payload"))
				fmt.Printf("call: %s %v\n", answer, err)
			}
			var out []string
			for _, v := range vals {
				if v == "refuse" {
					return nil, errors.New("refused")
				}
				out = append(out, fmt.Sprint(v))
			}
			if len(vals) == 1 && vals[0] == "bad" {
				return &display.Bundle{Data: map[string]any{"application/json": func() {}}}, nil
			}
			b := display.Plain(strings.Join(out, " "))
			return &b, nil
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
