// Command host loads cells that the tests of package source built, one a line of
// standard input ("file entry"), and says how each ended.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"plugin"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"

	"gospark/cell/rt"

	_ "bytes"
	_ "cmp"
	_ "container/heap"
	_ "crypto/rand"
	_ "encoding/binary"
	_ "encoding/json"
	_ "errors"
	_ "io/ioutil"
	_ "iter"
	_ "log"
	_ "maps"
	_ "math"
	_ "math/big"
	_ "math/cmplx"
	_ "math/rand"
	_ "math/rand/v2"
	_ "os/exec"
	_ "os/signal"
	_ "regexp"
	_ "slices"
	_ "sort"
	"strconv"
	_ "sync"
	_ "sync/atomic"
	_ "text/tabwriter"
	_ "text/template"
	_ "time"
	_ "unicode"
)

func main() {
	debug.SetGCPercent(1) // find what the collector would break
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		file, entry, _ := strings.Cut(in.Text(), " ")
		run(file, entry)
		runtime.GC()
		fmt.Print("\x01\n")
	}
}

var stdout = os.Stdout

func run(file, entry string) {
	p, err := plugin.Open(file)
	if err != nil {
		fmt.Println("LOAD", err)
		return
	}
	f, err := p.Lookup(entry)
	if err != nil {
		fmt.Println("LOAD", err)
		return
	}
	panics := make(chan rt.Outcome, 100)
	number, _ := strconv.Atoi(strings.TrimPrefix(entry, "Cell"))
	r := rt.Begin(context.Background(), rt.Info{Number: number, Label: func() {
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("cell", entry)))
	}, Panic: func(o rt.Outcome) { panics <- o },
		Replaced: func(s rt.Stream) io.ReadWriter {
			if s == rt.Stdout && os.Stdout != stdout {
				return os.Stdout
			}
			return nil
		},
		Write: func(s rt.Stream, p []byte) (int, error) {
			return map[rt.Stream]*os.File{rt.Stdout: stdout, rt.Stderr: os.Stderr}[s].Write(p)
		},
	})
	o := r.Call(f.(func()))
	for len(panics) > 0 {
		fmt.Println("goroutine " + describe(<-panics))
	}
	if s := describe(o); s != "" {
		fmt.Println(s)
	}
	vals, err := r.Values()
	if len(vals) > 0 {
		var out []string
		for _, v := range vals {
			out = append(out, fmt.Sprintf("%v", v))
		}
		fmt.Println("=> " + strings.Join(out, ", "))
	}
	if err != nil {
		fmt.Println("error:", err)
	}
}

func describe(o rt.Outcome) string {
	switch o.How {
	case rt.Panicked:
		s := fmt.Sprintf("panic: %v", o.Value)
		for _, f := range o.Frames {
			if i := strings.Index(f.File, "cell["); i >= 0 {
				s += fmt.Sprintf(" @ %s %s:%d", f.Func, f.File[i:], f.Line)
			}
		}
		return s
	case rt.Exited:
		return fmt.Sprintf("exit: %d", o.Code)
	case rt.Interrupted:
		return "interrupted"
	}
	return ""
}
