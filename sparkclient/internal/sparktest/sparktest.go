// Package sparktest gives tests a real Spark Connect server.
//
// A test package owns one [Server] value. The server starts when the first test
// asks for its address, with plain java and without a shell, on a free loopback
// port with a token, and ends with the test binary, however that ends.
//
// GOSPARK_TEST_REMOTE=sc://host:port/;token=… uses a server that runs already,
// which saves the start-up while one writes tests.
//
// The package speaks no gRPC: it knows how to start Spark and nothing of the
// protocol, so that any package's tests may use it.
package sparktest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startTimeout bounds the start of the server on a machine that is busy.
const startTimeout = 3 * time.Minute

// stopTimeout is how long a server may take to end politely before it is killed.
const stopTimeout = 10 * time.Second

// Server is one Spark Connect server for the tests of a package. The zero value
// is ready to use; give it Conf before the first Remote.
//
// One goroutine belongs to a running server: it holds the thread that started
// java (the kernel ends java with that thread) and waits for java's end. It is
// started by Remote and ended by Stop.
type Server struct {
	Conf map[string]string // extra Spark configuration
	JVM  []string          // Java's flags for memory and compilers; nil is a small heap and a quick start

	once   sync.Once
	err    error
	remote string
	pid    int
	log    string
	dir    string
	done   chan struct{} // closed when java has ended
}

// Run runs a package's tests and ends the server; use it as
// func TestMain(m *testing.M) { os.Exit(sparktest.Run(m, &server)) }.
func Run(m *testing.M, s *Server) int {
	defer s.Stop()
	return m.Run()
}

// Remote is the server's sc:// address with its token. It starts the server at
// the first call, fails the test when that is not possible and skips it in
// short mode.
func (s *Server) Remote(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a Spark server: not in short mode")
	}
	remote, err := s.Start()
	if err != nil {
		t.Fatalf("no Spark server for the tests: %v", err)
	}
	return remote
}

// Start is Remote for examples, which have no test to fail.
func (s *Server) Start() (string, error) {
	s.once.Do(func() { s.remote, s.err = s.start() })
	return s.remote, s.err
}

// Address is host:port of the server, and Token what it wants to see.
func (s *Server) Address(t testing.TB) (address, token string) {
	t.Helper()
	u, err := url.Parse(s.Remote(t))
	if err != nil {
		t.Fatalf("address of the Spark server: %v", err)
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(u.Path, "/"), ";") {
		if v, ok := strings.CutPrefix(part, "token="); ok {
			token = v
		}
	}
	return u.Host, token
}

// PID is java's process id, 0 when the server was not started here.
func (s *Server) PID() int { return s.pid }

// Stop ends the server if it was started here and waits for its end.
func (s *Server) Stop() {
	if s.pid == 0 {
		return
	}
	_ = syscall.Kill(s.pid, syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(stopTimeout):
		_ = syscall.Kill(s.pid, syscall.SIGKILL)
		<-s.done
	}
	_ = os.RemoveAll(s.dir)
}

func (s *Server) start() (string, error) {
	if remote := os.Getenv("GOSPARK_TEST_REMOTE"); remote != "" {
		return remote, nil
	}
	spark, err := SparkHome()
	if err != nil {
		return "", err
	}
	java, err := Java()
	if err != nil {
		return "", err
	}
	if s.dir, err = os.MkdirTemp("", "sparktest"); err != nil {
		return "", fmt.Errorf("folder of the server: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	token := rand.Text()
	cmd := s.command(java, spark, port)
	cmd.Env = append(os.Environ(), "SPARK_HOME="+spark, "SPARK_LOCAL_IP=127.0.0.1", "SPARK_CONNECT_AUTHENTICATE_TOKEN="+token)
	if err := s.run(cmd); err != nil {
		return "", err
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	if err := s.ready(address); err != nil {
		s.Stop()
		return "", err
	}
	return "sc://" + address + "/;token=" + token, nil
}

// command is java with what Spark wants of a modern JVM; the token is not on it.
func (s *Server) command(java, spark string, port int) *exec.Cmd {
	jvm := s.JVM
	if jvm == nil {
		jvm = []string{"-Xmx2g", "-XX:TieredStopAtLevel=1"}
	}
	// Without memory it ends, or its clients would wait for ever.
	args := slices.Concat(jvm, []string{"-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData"}, moduleOptions())
	conf := map[string]string{
		"spark.master":                                        "local[2]",
		"spark.app.name":                                      "sparktest",
		"spark.ui.enabled":                                    "false",
		"spark.sql.shuffle.partitions":                        "2",
		"spark.driver.host":                                   "127.0.0.1",
		"spark.driver.bindAddress":                            "127.0.0.1",
		"spark.connect.grpc.binding.address":                  "127.0.0.1",
		"spark.connect.grpc.binding.port":                     fmt.Sprint(port),
		"spark.connect.progress.reportInterval":               "200ms",
		"spark.sql.warehouse.dir":                             filepath.Join(s.dir, "warehouse"),
		"spark.checkpoint.dir":                                filepath.Join(s.dir, "checkpoints"),
		"spark.sql.artifact.copyFromLocalToFs.allowDestLocal": "true",
		"java.io.tmpdir":                                      s.dir,
	}
	for k, v := range s.Conf {
		conf[k] = v
	}
	for k, v := range conf {
		args = append(args, "-D"+k+"="+v)
	}
	args = append(args, "-cp", filepath.Join(spark, "jars", "*"), "org.apache.spark.sql.connect.service.SparkConnectServer")
	cmd := exec.Command(java, args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return cmd
}

// run starts java and waits for it in a goroutine that keeps its thread.
func (s *Server) run(cmd *exec.Cmd) error {
	s.log = filepath.Join(s.dir, "server.log")
	out, err := os.OpenFile(s.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("log of the server: %w", err)
	}
	cmd.Stdout, cmd.Stderr = out, out
	s.done = make(chan struct{})
	started := make(chan error, 1)
	go func() {
		defer close(s.done)
		defer out.Close()
		runtime.LockOSThread() // Pdeathsig belongs to the starting thread
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start java: %w", err)
	}
	s.pid = cmd.Process.Pid
	return nil
}

// ready waits until the server accepts connections: Spark opens the port when
// its session exists.
func (s *Server) ready(address string) error {
	deadline := time.After(startTimeout)
	for {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.done:
			return fmt.Errorf("java ended before the server was ready:\n%s", s.tail())
		case <-deadline:
			return fmt.Errorf("the server was not ready after %v:\n%s", startTimeout, s.tail())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// tail is the end of the server's log.
func (s *Server) tail() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4096):])
}

// SparkHome is $SPARK_HOME, else the pyspark of the repository's .venv.
func SparkHome() (string, error) {
	if home := os.Getenv("SPARK_HOME"); home != "" {
		return home, nil
	}
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	found, _ := filepath.Glob(filepath.Join(root, ".venv", "lib", "python3*", "site-packages", "pyspark"))
	if len(found) == 0 {
		return "", errors.New("no Spark: set SPARK_HOME or run make venv")
	}
	return found[0], nil
}

// Java is $JAVA_HOME's java, else the one on PATH.
func Java() (string, error) {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		return filepath.Join(home, "bin", "java"), nil
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return "", fmt.Errorf("no Java: set JAVA_HOME: %w", err)
	}
	return java, nil
}

// moduleRoot is the folder of go.mod above the working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = up
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// moduleOptions are Spark's own (org.apache.spark.launcher.JavaModuleOptions),
// without the incubator module that a JRE may lack.
func moduleOptions() []string {
	options := []string{"-XX:+IgnoreUnrecognizedVMOptions", "-Djdk.reflect.useDirectMethodHandle=false", "-Dio.netty.tryReflectionSetAccessible=true"}
	for _, name := range []string{
		"java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util",
		"java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar",
	} {
		options = append(options, "--add-opens=java.base/"+name+"=ALL-UNNAMED")
	}
	return append(options, "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED")
}
