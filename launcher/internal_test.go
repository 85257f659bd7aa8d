package launcher

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestProperties(t *testing.T) {
	text := "# comment\n! comment\n\nspark.master local[2]\nspark.a=1\nspark.b : two words \n  spark.c\t=\tx\\\n    y\nspark.d=\\u0041\\t\\\\\nkey\\ with\\=signs=v=w\nspark.empty\nspark.e=a\\\\\n"
	want := map[string]string{
		"spark.master": "local[2]", "spark.a": "1", "spark.b": "two words", "spark.c": "xy",
		"spark.d": "A\t\\", "key with=signs": "v=w", "spark.empty": "", "spark.e": `a\`,
	}
	if got := parseProperties(text); !maps.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func FuzzProperties(f *testing.F) {
	f.Add("spark.a b", `C:\x = y # z ! "q" 'é'`)
	f.Fuzz(func(t *testing.T, key, value string) {
		key = strings.TrimSpace(key)
		conf := map[string]string{key: strings.TrimSpace(value)}
		if key == "" || strings.ContainsAny(key, "\v\u0085\u00a0\x00") {
			return
		}
		if got := parseProperties(string(formatProperties(conf))); !maps.Equal(got, conf) {
			t.Errorf("%q came back as %q", conf, got)
		}
	})
}

func TestSplitOptions(t *testing.T) {
	for line, want := range map[string][]string{
		"":                          nil,
		"  -Da=b   -Xss4m ":         {"-Da=b", "-Xss4m"},
		`-Da="x y" -Db='$(z)' -Dc=`: {"-Da=x y", "-Db=$(z)", "-Dc="},
		`-Da=x\ y "" 'it''s'`:       {"-Da=x y", "", "its"},
		`-Da='\n' -Db="a\"b"`:       {`-Da=\n`, `-Db=a"b`},
		"-Da=`id` ; rm -rf / | cat": {"-Da=`id`", ";", "rm", "-rf", "/", "|", "cat"},
	} {
		if got := splitOptions(line); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestMemory(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"machine":     {map[string]string{"proc/meminfo": "MemTotal:        8388608 kB\nMemAvailable: 1 kB\n"}, 8 * gib},
		"nothing":     {nil, 4 * gib},
		"cgroup 2":    {map[string]string{"proc/meminfo": "MemTotal: 8388608 kB\n", "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "2147483648\n", "sys/fs/cgroup/a/b/memory.max": "max\n"}, 2 * gib},
		"cgroup 1":    {map[string]string{"proc/meminfo": "MemTotal: 8388608 kB\n", "proc/self/cgroup": "9:cpu:/x\n8:memory:/m\n", "sys/fs/cgroup/memory/m/memory.limit_in_bytes": "3221225472\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 3 * gib},
		"bad numbers": {map[string]string{"proc/meminfo": "MemTotal: x kB\n", "proc/self/cgroup": "junk\n"}, 4 * gib},
	} {
		root := t.TempDir()
		for file, text := range c.files {
			path := filepath.Join(root, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := memory(root); got != c.want {
			t.Errorf("%s: %d MiB, want %d", name, got/mib, c.want/mib)
		}
	}
	for _, c := range []struct {
		total int64
		local bool
		want  int64
	}{{8 * gib, true, 4 * gib}, {gib / 2, true, minHeap}, {512 * gib, true, maxHeap}, {64 * gib, false, clusterHeap}} {
		if got := heapSize(c.total, c.local); got != c.want {
			t.Errorf("heap for %d MiB: %d MiB", c.total/mib, got/mib)
		}
	}
}

func TestRecogniser(t *testing.T) {
	r := newRecogniser()
	for line, want := range map[string]reading{
		"26/11/22 15:10:09 INFO SparkContext: Running Spark version 4.3.0":                                                                 {phase: "Starting Spark 4.3.0"},
		"26/11/22 15:10:10 INFO Utils: Successfully started service 'SparkUI' on port 32797.":                                              {uiPort: "32797"},
		"26/11/22 15:10:13 INFO SparkConnectServer: Spark Connect server started at: 127.0.0.1:43739":                                      {listen: "127.0.0.1:43739"},
		"downloading https://repo1.maven.org/maven2/io/delta/delta-spark_2.13/4.0.0/delta-spark_2.13-4.0.0.jar ...":                        {phase: "Downloading delta-spark_2.13-4.0.0.jar"},
		"26/11/22 15:10:09 INFO StandaloneAppClient$ClientEndpoint: Connecting to master spark://h:7077...":                                {phase: "Connecting to spark://h:7077"},
		"26/11/22 15:10:13 INFO Utils: Successfully started service 'org.apache.spark.sql.connect.service.SparkConnectService' on port 1.": {},
	} {
		if got := r.read(line); got != want {
			t.Errorf("%s\n  got %+v", line, got)
		}
	}
}

func testRecipe(t *testing.T, conf map[string]string, env ...string) *recipe {
	t.Helper()
	home := t.TempDir()
	r := &recipe{
		spark: Spark{Home: filepath.Join(home, "spark")}, java: Java{Home: "/java", Version: "17.0.1", modules: []string{"java.base"}},
		profile: Profile{Name: "p", Conf: conf, Env: map[string]string{"EXTRA": "e"}}, env: env,
		dirs: Dirs{Work: home, Data: "/data", Warehouse: "/data/w x", Scratch: "/scratch"}, folder: &folder{path: home}, token: "secret", memory: 8 * gib,
	}
	if err := os.MkdirAll(r.spark.jars(), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"jars/b.jar", "jars/a.jar"} {
		if err := os.WriteFile(filepath.Join(r.spark.Home, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.resolve(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestConfLayers(t *testing.T) {
	conf := t.TempDir()
	if err := os.WriteFile(filepath.Join(conf, "spark-defaults.conf"), []byte("spark.a file\nspark.b file\nspark.master local[3]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := testRecipe(t, map[string]string{"spark.b": "profile", "spark.connect.grpc.binding.address": "0.0.0.0"}, "SPARK_CONF_DIR="+conf)
	for k, want := range map[string]string{
		"spark.a": "file", "spark.b": "profile", "spark.master": "local[3]", "spark.ui.port": "0",
		"spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": "0", "spark.connect.progress.reportInterval": "500ms", "spark.driver.host": "127.0.0.1",
		"spark.sql.warehouse.dir": "file:///data/w%20x", "spark.local.dir": "/scratch", "spark.authenticate": "true",
	} {
		if got := r.conf[k]; got != want {
			t.Errorf("%s is %q, want %q", k, got, want)
		}
	}
}

func TestHiveCatalogIsKept(t *testing.T) {
	r := testRecipe(t, map[string]string{"spark.sql.catalogImplementation": "hive"})
	if r.conf["spark.sql.warehouse.dir"] != "file:///data/hive" || !strings.Contains(r.conf["spark.hadoop.javax.jdo.option.ConnectionURL"], "/data/metastore_db") {
		t.Errorf("conf: %q", r.conf)
	}
}

func TestClusterDriverIsReachable(t *testing.T) {
	r := testRecipe(t, map[string]string{"spark.master": "spark://127.0.0.1:7077"})
	if r.conf["spark.driver.host"] != "127.0.0.1" || r.conf["spark.driver.bindAddress"] != "127.0.0.1" || r.conf["spark.authenticate"] != "" {
		t.Errorf("on this machine: %q", r.conf)
	}
	r = testRecipe(t, map[string]string{"spark.master": "spark://192.0.2.1:7077", "spark.driver.host": "192.0.2.7"})
	if r.conf["spark.driver.bindAddress"] != "0.0.0.0" {
		t.Errorf("elsewhere: %q", r.conf)
	}
	if got := getenv(r.environ(), "SPARK_LOCAL_IP"); got != "127.0.0.1" {
		t.Errorf("the Web UI would listen on %q", got)
	}
}

func TestJavaArguments(t *testing.T) {
	r := testRecipe(t, map[string]string{"spark.driver.memory": "3g", "spark.driver.extraJavaOptions": `-Dx="a b"`, "spark.secret": "hunter2"}, "HADOOP_CONF_DIR=/hadoop")
	args, err := r.javaArgs()
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(args, "\n")
	for _, want := range []string{"-Xmx3g", "-XX:+ExitOnOutOfMemoryError", "-Dx=a b", r.spark.Home + "/jars/a.jar:" + r.spark.Home + "/jars/b.jar:/hadoop"} {
		if !slices.Contains(args, want) {
			t.Errorf("no %s in\n%s", want, all)
		}
	}
	for _, never := range []string{"hunter2", "secret", "incubator"} {
		if strings.Contains(all, never) {
			t.Errorf("%s is in the arguments", never)
		}
	}
}

// What the user says of the compiler wins, because it comes later.
func TestCompilerOptionsOfTheUserWin(t *testing.T) {
	r := testRecipe(t, map[string]string{"spark.driver.extraJavaOptions": "-XX:Tier4InvocationThreshold=1"})
	args, err := r.javaArgs()
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := slices.Index(args, "-XX:Tier4InvocationThreshold=50000"), slices.Index(args, "-XX:Tier4InvocationThreshold=1")
	if ours < 0 || theirs < ours || slices.Contains(args, "-XX:-AOTReplayTraining") {
		t.Errorf("%q", args)
	}
	r.java.Version = "25.0.1"
	if args, _ = r.javaArgs(); !slices.Contains(args, "-XX:-AOTReplayTraining") {
		t.Errorf("Java 25: %q", args)
	}
}

func TestEnvironmentOfTheServer(t *testing.T) {
	r := testRecipe(t, nil, "JPY_PARENT_PID=1", "JUPYTER_TOKEN=t", "SPARK_REMOTE=sc://x", "CLASSPATH=/x", "KEEP=1", launchEnv+"=1", "SPARK_HOME=/old")
	r.env = withEnv(r.env, r.profile.Env)
	env := r.environ()
	for name, want := range map[string]string{
		"JPY_PARENT_PID": "", "JUPYTER_TOKEN": "", "SPARK_REMOTE": "", "CLASSPATH": "", launchEnv: "", "KEEP": "1", "EXTRA": "e",
		"SPARK_HOME": r.spark.Home, "LC_CTYPE": "C.UTF-8", tokenEnv: "secret",
	} {
		if got := getenv(env, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestJavaVersions(t *testing.T) {
	for v, want := range map[string]int{"17.0.15": 17, "1.8.0_392": 8, "21": 21, "25-ea": 25, "": 0, "x": 0} {
		if got := javaMajor(v); got != want {
			t.Errorf("%q: %d", v, got)
		}
	}
}

func TestExecutablePrefix(t *testing.T) {
	for exe, want := range map[string]string{
		"/venv/bin/gospark": "/venv", "/venv/share/jupyter/kernels/gospark/gospark": "/venv", "/opt/gospark": "",
	} {
		if got := exePrefix(exe); got != want {
			t.Errorf("%s: %q", exe, got)
		}
	}
}

func TestLogRotates(t *testing.T) {
	o := Options{RuntimeDir: filepath.Join(t.TempDir(), "run")}
	f, err := openFolder(o, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	l := openLog(f, 100)
	defer l.close()
	next, stop := iterPull(t, o)
	defer stop()
	for i := range 20 {
		line := strings.Repeat(string(rune('a'+i)), 30)
		l.write([]byte(line + "\n"))
		if got := next(); got != line {
			t.Fatalf("followed %q, want %q", got, line)
		}
	}
	if l.failure() != nil {
		t.Error(l.failure())
	}
	for _, name := range []string{logName, logName + ".1"} {
		fi, err := f.root.Stat(name)
		if err != nil || fi.Size() > 100 || fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, fi, err)
		}
	}
	var tail []string
	for line, err := range Logs(t.Context(), o, "p", LogOptions{Tail: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		tail = append(tail, line)
	}
	if len(tail) != 1 || tail[0] != strings.Repeat("t", 30) {
		t.Errorf("tail: %q", tail)
	}
}
