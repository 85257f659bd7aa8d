package cell

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkPrograms runs programs that only compute as cells and as what `go build`
// makes of them, by turns. It reports how many times longer the cells take, for each
// program by its best times and for all by the geometric mean.
func BenchmarkPrograms(b *testing.B) {
	const folder = "testdata/speed"
	text, err := os.ReadFile(filepath.Join(folder, "programs.go"))
	if err != nil {
		b.Fatal(err)
	}
	native := filepath.Join(b.TempDir(), "native")
	build := exec.Command("go", "build", "-o", native, "./main.go", "./programs.go")
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	k := newBook(b)
	k.ok(strings.TrimPrefix(string(text), "package main\n"))
	ours, theirs := map[string]float64{}, map[string]float64{}
	for b.Loop() {
		out, err := exec.Command(native).Output()
		if err != nil {
			b.Fatal(err)
		}
		shortest(b, theirs, string(out))
		shortest(b, ours, k.ok(`for _, p := range programs { fmt.Printf("%s=%d\n", p.name, best(p.run).Nanoseconds()) }`))
	}
	var sum float64
	for name, took := range ours {
		sum += math.Log(took / theirs[name])
		b.ReportMetric(took/theirs[name], strings.ReplaceAll(name, " ", "-")+"-x")
	}
	b.ReportMetric(math.Exp(sum/float64(len(ours))), "all-x")
	b.ReportMetric(0, "ns/op")
}

// shortest takes lines of name=nanoseconds, and keeps the shortest of each name.
func shortest(b *testing.B, times map[string]float64, lines string) {
	b.Helper()
	for line := range strings.Lines(lines) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		took, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil {
			b.Fatalf("%q is no time", line)
		}
		if old, known := times[name]; !known || took < old {
			times[name] = took
		}
	}
}
