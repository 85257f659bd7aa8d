package zmq_test

import (
	"context"
	"testing"

	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
)

// A round trip on shell through the kernel's Recv and Send.
func BenchmarkEcho(b *testing.B) {
	s, err := zmq.Listen(b.Context(), tcp(), zmq.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Start(nil); err != nil {
		b.Fatal(err)
	}
	defer s.Close(b.Context())
	kerneltest.Serving(b, func(ctx context.Context) error {
		for {
			f, err := s.Recv(ctx, wire.Shell)
			if err != nil {
				return nil
			}
			if err := s.Send(wire.Shell, f); err != nil {
				return err
			}
		}
	})
	network, address := where(s, wire.Shell)
	c, err := kerneltest.Dial(network, address, "DEALER", "me")
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	frames := [][]byte{[]byte("<IDS|MSG>"), make([]byte, 64), make([]byte, 200), make([]byte, 200), []byte("{}"), []byte("{}")}
	for b.Loop() {
		if err := c.Send(frames...); err != nil {
			b.Fatal(err)
		}
		if _, _, err := c.Recv(); err != nil {
			b.Fatal(err)
		}
	}
}
