package kernel_test

import (
	"testing"

	"gospark/kernel"
	"gospark/kernel/kerneltest"
)

// bench is start for benchmarks.
func bench(b *testing.B) *kerneltest.Frontend {
	b.Helper()
	sockets := listen(b)
	o := kernel.Options{
		Sockets: sockets, Key: []byte(sockets.Connection().Key), Interpreter: &kerneltest.Interpreter{OnExecute: lines},
	}
	kerneltest.Serving(b, serve(o))
	return kerneltest.Connect(b, sockets.Connection(), "bench")
}

// A round trip on shell, with busy and idle on iopub.
func BenchmarkKernelInfo(b *testing.B) {
	f := bench(b)
	for b.Loop() {
		f.Ask("shell", "kernel_info_request", map[string]any{})
	}
}

func BenchmarkCell(b *testing.B) {
	f := bench(b)
	for b.Loop() {
		f.Execute("value 1")
	}
}

func Benchmark100kLines(b *testing.B) {
	f := bench(b)
	for b.Loop() {
		f.Execute("lines 100000")
	}
}
