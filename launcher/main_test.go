package launcher_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"gospark/launcher"
)

// TestMain lets the test's own program play the other parts: as "java" the
// server, as "supervisor" what "gospark server run" is, as "attach" a kernel in
// a process of its own.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "java":
		fakeJava()
	case "sail":
		fakeSail()
	}
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "supervisor":
			playSupervisor()
		case "attach":
			playKernel()
		case "squat":
			playSquatter(os.Args[2])
		case "squat-port":
			playPortSquatter()
		case "get":
			playBrowser(os.Args[2])
		}
	}
	os.Exit(m.Run())
}

func playSupervisor() {
	if os.Getenv("TEST_STILLBORN") != "" {
		fmt.Fprintln(os.Stderr, "the program is broken")
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	o, p, _, err := launcher.Launched()
	if err == nil {
		err = launcher.Supervise(ctx, o, p)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// playSquatter listens in the supervisor's place and reports what it is told.
func playSquatter(path string) {
	l, err := net.Listen("unix", path)
	if err != nil {
		panic(err)
	}
	fmt.Println("listening")
	c, err := l.Accept()
	if err != nil {
		panic(err)
	}
	told, _ := io.ReadAll(c)
	fmt.Printf("told %q\n", told)
	os.Exit(0)
}

// kernelOrder is what a test wants of a kernel process.
type kernelOrder struct {
	Options launcher.Options
	Profile launcher.Profile
	DieAt   string // kill -9 itself at this phase
}

// kernelReport is what it prints: one line when it has its lease or failed, one
// when the server is gone.
type kernelReport struct {
	Server launcher.Server
	Err    string
	Gone   string
}

// playKernel attaches and holds its lease until its standard input ends.
func playKernel() {
	var order kernelOrder
	in := bufio.NewReader(os.Stdin)
	line, _ := in.ReadBytes('\n')
	if err := json.Unmarshal(line, &order); err != nil {
		panic(err)
	}
	out := json.NewEncoder(os.Stdout)
	order.Options.Log = nil
	lease, err := launcher.Attach(context.Background(), order.Options, order.Profile, func(p launcher.Phase) {
		if order.DieAt != "" && strings.Contains(p.Text, order.DieAt) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	})
	if err != nil {
		_ = out.Encode(kernelReport{Err: err.Error()})
		os.Exit(0)
	}
	_ = out.Encode(kernelReport{Server: lease.Server()})
	end := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, in); close(end) }()
	select {
	case <-end:
		lease.Close()
	case <-lease.Done():
		_ = out.Encode(kernelReport{Gone: lease.Err().Error()})
	}
	os.Exit(0)
}

// fakeJava plays Spark: it writes the lines that Spark writes and listens. What
// it does is in FAKE: "" serves, "hold:STEP" stops talking at a step, "say:TEXT"
// writes the text and exits with status 1, "quiet" exits with status 1.
func fakeJava() {
	step := func(text string) {
		fmt.Fprintln(os.Stderr, "26/01/01 00:00:00 INFO "+text)
		if hold, ok := strings.CutPrefix(os.Getenv("FAKE"), "hold:"); ok && strings.Contains(text, hold) {
			for {
				time.Sleep(time.Hour)
			}
		}
	}
	if text, ok := strings.CutPrefix(os.Getenv("FAKE"), "say:"); ok {
		fmt.Fprintln(os.Stderr, text)
		os.Exit(1)
	}
	if os.Getenv("FAKE") == "quiet" {
		os.Exit(1)
	}
	if name, ok := strings.CutPrefix(os.Getenv("FAKE"), "env:"); ok {
		fmt.Fprintln(os.Stderr, name+" is "+os.Getenv(name))
	}
	if os.Getenv("SPARK_CONNECT_AUTHENTICATE_TOKEN") == "" || os.Getenv("SPARK_LOCAL_IP") != "127.0.0.1" {
		fmt.Fprintln(os.Stderr, "ERROR SparkSubmit: started without a token or off the loopback")
		os.Exit(1)
	}
	onlyOne()
	step("SparkConnectServer: Starting Spark session.")
	step("SparkContext: Running Spark version 4.3.0")
	step("Utils: Successfully started service 'SparkUI' on port " + fakeUI() + ".")
	step("BlockManager: Initialized BlockManager: x")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	at := l.Addr().String()
	if other, ok := strings.CutPrefix(os.Getenv("FAKE"), "at:"); ok {
		at = other
	}
	step("SparkConnectServer: Spark Connect server started at: " + at)
	go func() { // a test makes it end its context, or run out of memory
		pipe := os.Getenv("FAKE_PIPE")
		if pipe == "" {
			return
		}
		b, _ := os.ReadFile(pipe)
		fmt.Fprintln(os.Stderr, strings.TrimSpace(string(b)))
		if strings.Contains(string(b), "OutOfMemory") {
			os.Exit(3)
		}
	}()
	for {
		c, err := l.Accept()
		if err != nil {
			os.Exit(0)
		}
		c.Close()
	}
}

// fakeUI plays Spark's REST interface: its jobs are what the file in FAKE_JOBS
// holds. It returns its port.
func fakeUI() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/api/v1/applications":
				fmt.Fprint(w, `[{"id": "a"}]`)
			case "/api/v1/applications/a/jobs":
				b, _ := os.ReadFile(os.Getenv("FAKE_JOBS"))
				fmt.Fprintf(w, "[%s]", b)
			}
		}))
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// fakeSail plays Sail.
func fakeSail() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(os.Stderr, "[2026-01-01T00:00:00Z INFO sail_cli::spark::server] Starting the Spark Connect server on %s...\n", l.Addr())
	for {
		c, err := l.Accept()
		if err != nil {
			os.Exit(0)
		}
		c.Close()
	}
}

// onlyOne leaves a mark when another fake Java of the same test lives.
func onlyOne() {
	name := os.Getenv("FAKE_ONLY")
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		panic(err)
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		_ = os.WriteFile(name+".two", []byte(fmt.Sprint(os.Getpid())), 0o600)
	}
	syscall.CloseOnExec(int(f.Fd()))
	runtime.SetFinalizer(f, nil) // held until this process is dead
	kept = append(kept, f)
}

// kept are files that stay open.
var kept []*os.File

// playPortSquatter listens on a port that it prints.
func playPortSquatter() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	for {
		c, err := l.Accept()
		if err != nil {
			os.Exit(1)
		}
		c.Close()
	}
}

// playBrowser gets one page and prints status and text.
func playBrowser(address string) {
	res, err := http.Get(address)
	if err != nil {
		panic(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, string(b))
	os.Exit(0)
}
