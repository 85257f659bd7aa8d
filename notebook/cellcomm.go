package notebook

import (
	"context"
	"encoding/json"

	"gospark/cell"
	"gospark/kernel"
)

// OpenComm opens a comm of a Go cell.
func (o cellOutput) OpenComm(target string, data json.RawMessage, h cell.CommHandler) (cell.Comm, error) {
	comm, err := o.Output.OpenComm(target, kernel.CommMessage{Data: data}, cellHandler{h})
	if err != nil {
		return nil, err
	}
	return cellComm{comm}, nil
}

// cellComm is a comm as Go cells see it.
type cellComm struct{ comm kernel.Comm }

func (c cellComm) ID() string { return c.comm.ID() }

func (c cellComm) Send(data json.RawMessage, buffers [][]byte) error {
	return c.comm.Send(kernel.CommMessage{Data: data, Buffers: buffers})
}

func (c cellComm) Close(data json.RawMessage) error {
	return c.comm.Close(kernel.CommMessage{Data: data})
}

// cellHandler hands what a front end says on a comm to Go cells.
type cellHandler struct{ to cell.CommHandler }

func (h cellHandler) Message(_ context.Context, m kernel.CommMessage) {
	h.to.Message(m.Data, m.Buffers)
}

func (h cellHandler) Closed(context.Context, kernel.CommMessage) { h.to.Closed() }
