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

// 10 MB in one print, up to idle.
func BenchmarkLargePrint(b *testing.B) {
	f := bench(b)
	for b.Loop() {
		f.Execute("large 10000000")
	}
}

// A thousand requests at once, up to the last idle.
func BenchmarkFlood(b *testing.B) {
	f := bench(b)
	for b.Loop() {
		ids := make([]string, 0, 1000)
		for range cap(ids) {
			ids = append(ids, f.Send("shell", "kernel_info_request", map[string]any{}))
		}
		f.WaitAll(ids)
	}
}
