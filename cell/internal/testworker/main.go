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

func main() {
	var w *worker.Worker
	err := worker.Serve(worker.Options{
		Setup: func(it *worker.Worker) { w = it },
		Context: func(ctx context.Context, req worker.Request) context.Context {
			if req.Meta["call"] == "" {
				return ctx
			}
			answer, err := w.Call(ctx, req.Meta["call"], []byte(req.ID))
			fmt.Printf("call: %s %v\n", answer, err)
			return ctx
		},
		Render: func(_ context.Context, vals []any) (*display.Bundle, error) {
			var out []string
			for _, v := range vals {
				if v == "refuse" {
					return nil, errors.New("refused")
				}
				out = append(out, fmt.Sprint(v))
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
