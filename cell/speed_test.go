package cell

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkPrograms runs programs that only compute as cells and as what `go build`
// makes of them, by turns. It reports how many times longer the cells take, for each
// program by its best time in each place, of which it takes the median, and for all by
// the geometric mean.
func BenchmarkPrograms(b *testing.B) {
	const folder = "testdata/speed"
	text, err := os.ReadFile(filepath.Join(folder, "programs.go"))
	if err != nil {
		b.Fatal(err)
	}
	programs, dir := inPlaces(string(text)), b.TempDir()
	if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "programs.go"), []byte(programs), 0o600); err != nil {
		b.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", "native", "main.go", "programs.go")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	k := newBook(b)
	k.ok(strings.TrimPrefix(programs, "package main\n"))
	ours, theirs := map[string][]float64{}, map[string][]float64{}
	for b.Loop() {
		out, err := exec.Command(filepath.Join(dir, "native")).Output()
		if err != nil {
			b.Fatal(err)
		}
		shortest(b, theirs, string(out))
		shortest(b, ours, k.ok(`for _, p := range programs { fmt.Printf("%s=%d\n", p.name, best(p.run).Nanoseconds()) }`))
	}
	var sum float64
	for name, took := range ours {
		slices.Sort(took)
		slices.Sort(theirs[name])
		ratio := took[len(took)/2] / theirs[name][len(took)/2]
		sum += math.Log(ratio)
		b.ReportMetric(ratio, strings.ReplaceAll(name, " ", "-")+"-x")
	}
	b.ReportMetric(math.Exp(sum/float64(len(ours))), "all-x")
	b.ReportMetric(0, "ns/op")
}

// inPlaces adds programs with one and two stores at their heads. Loops of the very same
// instructions take up to a third longer where they happen to lie badly in memory, so
// each program gets three places, in the cell and outside.
func inPlaces(text string) string {
	listed := regexp.MustCompile(`\{("[^"]+"), (\w+)\}`)
	var more, list strings.Builder
	for _, program := range listed.FindAllStringSubmatch(text, -1) {
		head := "\nfunc " + program[2] + "() int {\n"
		from := strings.Index(text, head)
		body := text[from+len(head):]
		body = body[:strings.Index(body, "\n}\n")]
		for i := 1; i <= 2; i++ {
			fmt.Fprintf(&more, "\nfunc %s%d() int {\n%s%s\n}\n", program[2], i, strings.Repeat("\tplace = 1\n", i), body)
			fmt.Fprintf(&list, "{%s, %s%d}, ", program[1], program[2], i)
		}
	}
	return text + "\nvar place int\n" + more.String() + "\nfunc init() { programs = append(programs, []program{" + list.String() + "}...) }\n"
}

// shortest takes lines of name=nanoseconds, one for each of the program's places, and
// keeps the shortest of each.
func shortest(b *testing.B, times map[string][]float64, lines string) {
	b.Helper()
	seen := map[string]int{}
	for line := range strings.Lines(lines) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		took, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil {
			b.Fatalf("%q is no time", line)
		}
		place := seen[name]
		seen[name]++
		if place == len(times[name]) {
			times[name] = append(times[name], took)
		}
		times[name][place] = min(times[name][place], took)
	}
}
