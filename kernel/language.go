package kernel

import (
	"context"
	"unicode/utf8"

	"gospark/kernel/wire"
)

// kernelInfo answers kernel_info_request.
func (k *kernel) kernelInfo(context.Context, call[wire.KernelInfoRequest]) (wire.KernelInfoReply, error) {
	rep := k.interp.Info()
	rep.Status, rep.ProtocolVersion = wire.OK, wire.Version
	if rep.HelpLinks == nil {
		rep.HelpLinks = []wire.HelpLink{}
	}
	rep.SupportedFeatures = append([]string{wire.Subshells}, rep.SupportedFeatures...)
	return rep, nil
}

func (k *kernel) complete(ctx context.Context, c call[wire.CompleteRequest]) (wire.CompleteReply, error) {
	code := c.Body.Code
	got, err := k.interp.Complete(ctx, code, byteOffset(code, c.Body.CursorPos))
	if err != nil {
		return wire.CompleteReply{}, err
	}
	rep := wire.CompleteReply{
		Matches:     make([]string, 0, len(got.Matches)),
		CursorStart: codePoints(code, got.Start), CursorEnd: codePoints(code, got.End),
	}
	for _, m := range got.Matches {
		rep.Matches = append(rep.Matches, m.Text)
		rep.Metadata.Types = append(rep.Metadata.Types, wire.CompletionType{
			Text: m.Text, Type: m.Type, Signature: m.Signature, Start: rep.CursorStart, End: rep.CursorEnd,
		})
	}
	return rep, nil
}

func (k *kernel) inspect(ctx context.Context, c call[wire.InspectRequest]) (wire.InspectReply, error) {
	code := c.Body.Code
	b, err := k.interp.Inspect(ctx, code, byteOffset(code, c.Body.CursorPos), c.Body.DetailLevel)
	if err != nil {
		return wire.InspectReply{}, err
	}
	if b == nil {
		return wire.InspectReply{Data: object(nil), Metadata: object(nil)}, nil
	}
	data, metadata := parts(b)
	return wire.InspectReply{Found: true, Data: data, Metadata: metadata}, nil
}

func (k *kernel) isComplete(ctx context.Context, c call[wire.IsCompleteRequest]) (wire.IsCompleteReply, error) {
	return k.interp.IsComplete(ctx, c.Body.Code)
}

// byteOffset turns the protocol's code points into bytes. No position, or one
// past the end, is the end.
func byteOffset(code string, points *int) int {
	if points == nil {
		return len(code)
	}
	n := 0
	for at := range code {
		if n >= *points {
			return at
		}
		n++
	}
	return len(code)
}

// codePoints turns bytes into the protocol's code points.
func codePoints(code string, offset int) int {
	return utf8.RuneCountInString(code[:max(0, min(offset, len(code)))])
}
