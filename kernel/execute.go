package kernel

import (
	"context"
	"encoding/json"
	"errors"

	"gospark/kernel/wire"
)

// execute answers execute_request. It runs on the goroutine of its subshell.
func (k *kernel) execute(ctx context.Context, c call[wire.ExecuteRequest]) (wire.ExecuteReply, error) {
	ctx, end := k.cells.begin(ctx, c.request)
	defer end()
	shown, replied := k.cells.nextNumber(c.Body.StoreHistory)
	c.number = replied
	run := Cell{
		ID: c.Header.MsgID, Number: shown, Code: c.Body.Code,
		Silent: c.Body.Silent, Stdin: c.Body.AllowStdin, CellID: cellID(c.Metadata),
		Session: c.Header.Session, Subshell: c.shell.id, Expressions: c.Body.UserExpressions,
	}
	if !run.Silent {
		k.publish(c.request, wire.ExecuteInput{Code: run.Code, ExecutionCount: run.Number})
	}
	res, err := k.runCell(ctx, c.request, run)
	if c.Body.StoreHistory {
		k.history.Add(Entry{Line: run.Number, Input: run.Code, Output: plainText(res.Value)})
	}
	if err != nil {
		if c.Body.StopOnError && !run.Silent {
			k.cells.settle(ctx, c.shell)
			k.cells.abort(c.shell)
		}
		return wire.ExecuteReply{}, err
	}
	return wire.ExecuteReply{
		ExecutionCount: replied, UserExpressions: expressions(res), Payload: payloads(res),
	}, nil
}

// runCell runs a cell and shows its result; all its text is sent when it returns.
func (k *kernel) runCell(ctx context.Context, r *request, run Cell) (Result, error) {
	out := newOutput(k, r, run)
	stop := context.AfterFunc(ctx, out.noInput)
	defer stop()
	defer out.end()
	res, err := k.interp.Execute(ctx, run, out)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil && !errors.As(err, new(*Error)) {
		err = &Error{Name: "Interrupted", Value: "the cell was interrupted"}
	}
	if err != nil {
		return Result{}, err
	}
	if res.Value != nil && !run.Silent {
		data, metadata := parts(res.Value)
		out.send(wire.ExecuteResult{ExecutionCount: run.Number, Data: data, Metadata: metadata})
	}
	return res, nil
}

// cellID is the notebook cell that JupyterLab names in the metadata.
func cellID(metadata json.RawMessage) string {
	var m wire.ExecuteMetadata
	_ = json.Unmarshal(metadata, &m) // other front ends write what they like
	return m.CellID
}

func expressions(res Result) map[string]wire.UserExpression {
	out := make(map[string]wire.UserExpression, len(res.Expressions))
	for name, x := range res.Expressions {
		switch {
		case x.Err != nil:
			out[name] = wire.UserExpression{
				Status: wire.Failed, Name: x.Err.Name, Value: x.Err.Value, Traceback: traceback(x.Err),
			}
		case x.Value != nil:
			data, metadata := parts(x.Value)
			out[name] = wire.UserExpression{Data: data, Metadata: metadata}
		}
	}
	return out
}

func payloads(res Result) []wire.Payload {
	out := make([]wire.Payload, 0, len(res.Pages))
	for _, p := range res.Pages {
		data, _ := parts(&p)
		out = append(out, wire.Payload{Source: "page", Data: data})
	}
	if res.Text != "" {
		out = append(out, wire.Payload{Source: "set_next_input", Text: res.Text, Replace: true})
	}
	return out
}
