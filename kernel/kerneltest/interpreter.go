package kerneltest

import (
	"context"

	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/wire"
)

// Interpreter is a kernel.Interpreter made of functions; a nil one does nothing.
type Interpreter struct {
	OnStart    func(ctx context.Context, out kernel.Output) error
	OnExecute  func(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error)
	OnComplete func(ctx context.Context, code string, cursor int) (kernel.Completion, error)
	OnInspect  func(ctx context.Context, code string, cursor, detail int) (*display.Bundle, error)
	OnComm     func(ctx context.Context, c kernel.Comm, target string, opening kernel.CommMessage) (kernel.CommHandler, bool)
	OnClose    func(ctx context.Context, restart bool) error
}

var _ kernel.Interpreter = (*Interpreter)(nil)

// Info describes a language named "test".
func (*Interpreter) Info() wire.KernelInfoReply {
	return wire.KernelInfoReply{
		Implementation: "test", ImplementationVersion: "1", Banner: "test",
		LanguageInfo: wire.LanguageInfo{Name: "test", Version: "1", MimeType: "text/plain", FileExtension: ".txt"},
	}
}

// Start calls OnStart.
func (i *Interpreter) Start(ctx context.Context, out kernel.Output) error {
	if i.OnStart == nil {
		return nil
	}
	return i.OnStart(ctx, out)
}

// Execute calls OnExecute.
func (i *Interpreter) Execute(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error) {
	if i.OnExecute == nil {
		return kernel.Result{}, nil
	}
	return i.OnExecute(ctx, c, out)
}

// Complete calls OnComplete.
func (i *Interpreter) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	if i.OnComplete == nil {
		return kernel.Completion{Start: cursor, End: cursor}, nil
	}
	return i.OnComplete(ctx, code, cursor)
}

// Inspect calls OnInspect.
func (i *Interpreter) Inspect(ctx context.Context, code string, cursor, detail int) (*display.Bundle, error) {
	if i.OnInspect == nil {
		return nil, nil
	}
	return i.OnInspect(ctx, code, cursor, detail)
}

// IsComplete says complete to everything.
func (*Interpreter) IsComplete(context.Context, string) (wire.IsCompleteReply, error) {
	return wire.IsCompleteReply{Status: wire.Complete}, nil
}

// CommOpen calls OnComm; without it no target is known.
func (i *Interpreter) CommOpen(ctx context.Context, c kernel.Comm, target string, opening kernel.CommMessage) (kernel.CommHandler, bool) {
	if i.OnComm == nil {
		return nil, false
	}
	return i.OnComm(ctx, c, target, opening)
}

// Close calls OnClose.
func (i *Interpreter) Close(ctx context.Context, restart bool) error {
	if i.OnClose == nil {
		return nil
	}
	return i.OnClose(ctx, restart)
}
