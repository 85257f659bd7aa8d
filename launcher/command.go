package launcher

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	serverClass = "org.apache.spark.sql.connect.service.SparkConnectServer"
	submitClass = "org.apache.spark.deploy.SparkSubmit"
	tokenEnv    = "SPARK_CONNECT_AUTHENTICATE_TOKEN"

	confFile    = "spark.conf"
	argsFile    = "java.args"
	loggingFile = "log4j2.properties"
)

// recipe is everything that one start of a server is made of.
type recipe struct {
	spark    Spark
	java     Java
	sail     string // program, in the place of Spark and Java
	profile  Profile
	dirs     Dirs
	folder   *folder
	env      []string // of the supervisor, with the profile's
	token    string
	memory   int64  // of the machine or container, in bytes
	archive  string // class archive to use; may be empty
	training string // class archive to write at the end; may be empty
	pages    *pages // the way to the Web UI; nil means that there is none
	conf     map[string]string
}

// command is the process that a recipe leads to.
type command struct {
	path string
	args []string
	env  []string
	dir  string
	idle bool // run only when nothing else wants the processor
}

// find finds the engine and merges the properties.
func (r *recipe) find(ctx context.Context, o Options) (err error) {
	if r.profile.Engine == Sail {
		r.conf = map[string]string{"spark.master": Sail}
		r.sail, err = findSail(o)
		return err
	}
	if r.spark, err = FindSpark(ctx, o, r.profile); err != nil {
		return err
	}
	if r.java, err = FindJava(ctx, o, r.profile); err != nil {
		return err
	}
	return r.resolve()
}

// describe says what starts.
func (r *recipe) describe() string {
	if r.profile.Engine == Sail {
		return "Starting Sail"
	}
	return fmt.Sprintf("Starting Java %s for Spark %s", r.java.Version, r.spark.Version)
}

// resolve merges the properties: gospark's defaults, spark-defaults.conf, the
// profile, and what is not negotiable.
func (r *recipe) resolve() error {
	file := map[string]string{}
	if b, err := os.ReadFile(filepath.Join(r.confDir(), "spark-defaults.conf")); err == nil {
		file = parseProperties(string(b))
	} else if !os.IsNotExist(err) {
		return fmt.Errorf("read spark-defaults.conf: %w", err)
	}
	conf := map[string]string{
		"spark.master":                 "local[*]",
		"spark.app.name":               "gospark " + r.profile.Name,
		"spark.ui.port":                "0",
		"spark.ui.showConsoleProgress": "false",
	}
	for _, layer := range []map[string]string{file, r.profile.Conf} {
		for k, v := range layer {
			conf[strings.TrimSpace(k)] = strings.TrimSpace(v)
		}
	}
	if r.profile.Master != "" {
		conf["spark.master"] = r.profile.Master
	}
	r.conf = conf
	r.placeFiles()
	r.placeDriver()
	r.guardUI()
	conf["spark.submit.deployMode"] = "client"
	conf["spark.connect.grpc.binding.address"] = "127.0.0.1"
	setDefault(conf, "spark.connect.grpc.binding.port", "0")
	setDefault(conf, "spark.connect.progress.reportInterval", "500ms") // Spark's own is 2 s: people wait for a first sign
	return nil
}

// guardUI closes the Web UI, which listens on a port that every user of this
// machine reaches, to all but the page proxy. Where this Spark cannot, the Web UI
// is off, unless the configuration says that it be there all the same.
func (r *recipe) guardUI() {
	guard, _ := filepath.Glob(filepath.Join(globEscape(r.spark.jars()), "jjwt-impl-*.jar"))
	if r.pages != nil && len(guard) > 0 {
		r.pages.conf(r.conf)
		return
	}
	setDefault(r.conf, "spark.ui.enabled", "false")
	setDefault(r.conf, "spark.ui.killEnabled", "false")
}

func setDefault(conf map[string]string, key, value string) {
	if _, ok := conf[key]; !ok {
		conf[key] = value
	}
}

// placeFiles keeps what Spark writes out of the working directory.
func (r *recipe) placeFiles() {
	warehouse := r.dirs.Warehouse
	if r.conf["spark.sql.catalogImplementation"] == "hive" {
		warehouse = filepath.Join(r.dirs.Data, "hive")
		setDefault(r.conf, "spark.hadoop.javax.jdo.option.ConnectionURL",
			"jdbc:derby:;databaseName="+filepath.Join(r.dirs.Data, "metastore_db")+";create=true")
	}
	setDefault(r.conf, "spark.sql.warehouse.dir", (&url.URL{Scheme: "file", Path: warehouse}).String())
	if getenv(r.env, "SPARK_LOCAL_DIRS") == "" {
		setDefault(r.conf, "spark.local.dir", r.dirs.Scratch)
	}
}

// local reports whether Spark runs inside the server's JVM.
func (r *recipe) local() bool {
	return regexp.MustCompile(`^local(\[(\*|\d+)(, *\d+)?\])?$`).MatchString(r.conf["spark.master"])
}

// placeDriver keeps the driver on the loopback, unless executors elsewhere must
// reach it. SPARK_LOCAL_IP stays the loopback in both cases, for the Web UI.
func (r *recipe) placeDriver() {
	if r.local() {
		setDefault(r.conf, "spark.driver.host", "127.0.0.1")
		setDefault(r.conf, "spark.driver.bindAddress", "127.0.0.1")
		// Other users of this machine reach the driver's port; Spark makes the secret.
		setDefault(r.conf, "spark.authenticate", "true")
		return
	}
	setDefault(r.conf, "spark.driver.host", outwardAddress(r.conf["spark.master"]))
	bind := "0.0.0.0"
	if ip := net.ParseIP(r.conf["spark.driver.host"]); ip != nil && ip.IsLoopback() {
		bind = ip.String() // the cluster is on this machine
	}
	setDefault(r.conf, "spark.driver.bindAddress", bind)
}

// outwardAddress is this machine's address as the master sees it. Connecting a
// UDP socket sends nothing; it only asks for the route.
func outwardAddress(master string) string {
	_, rest, _ := strings.Cut(master, "://")
	first, _, _ := strings.Cut(rest, ",")
	if u, err := url.Parse(rest); err == nil && u.Host != "" { // k8s://https://host:port
		first = u.Host
	}
	if c, err := net.Dial("udp", first); err == nil { //nolint:noctx // sends nothing and waits for nothing
		defer c.Close()
		if a, ok := c.LocalAddr().(*net.UDPAddr); ok {
			return a.IP.String()
		}
	}
	if host, err := os.Hostname(); err == nil {
		return host
	}
	return "localhost"
}

func (r *recipe) confDir() string {
	if d := getenv(r.env, "SPARK_CONF_DIR"); d != "" {
		return d
	}
	return filepath.Join(r.spark.Home, "conf")
}

// write writes the recipe's files and returns the command that uses them. No
// property and no secret is in the command line: java reads its arguments from
// one private file and Spark its properties from another.
func (r *recipe) write() (command, error) {
	if r.profile.Engine == Sail {
		return r.sailCommand(), nil
	}
	if err := r.folder.write(confFile, formatProperties(r.conf)); err != nil {
		return command{}, err
	}
	if err := r.folder.write(loggingFile, []byte(logging)); err != nil {
		return command{}, err
	}
	args, err := r.javaArgs()
	if err != nil {
		return command{}, err
	}
	if err := r.folder.write(argsFile, formatArgs(args)); err != nil {
		return command{}, err
	}
	c := command{path: r.java.Bin(), args: []string{"@" + r.folder.file(argsFile)}, env: r.environ(), dir: r.dirs.Work}
	return c, nil
}

// moduleOptions are Spark 4.3's JavaModuleOptions; a JVM that does not know one
// ignores it.
func (r *recipe) moduleOptions() []string {
	args := []string{"-XX:+IgnoreUnrecognizedVMOptions"}
	if r.java.has("jdk.incubator.vector") {
		args = append(args, "--add-modules=jdk.incubator.vector")
	}
	for _, pkg := range []string{
		"java.base/java.lang", "java.base/java.lang.invoke", "java.base/java.lang.reflect", "java.base/java.io",
		"java.base/java.net", "java.base/java.nio", "java.base/java.util", "java.base/java.util.concurrent",
		"java.base/java.util.concurrent.atomic", "java.base/jdk.internal.ref", "java.base/sun.nio.ch",
		"java.base/sun.nio.cs", "java.base/sun.security.action", "java.base/sun.util.calendar",
		"java.security.jgss/sun.security.krb5",
	} {
		args = append(args, "--add-opens="+pkg+"=ALL-UNNAMED")
	}
	return append(args, "-Djdk.reflect.useDirectMethodHandle=false", "-Dio.netty.tryReflectionSetAccessible=true",
		"-Dio.netty.allocator.type=pooled", "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
		"--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED")
}

// javaArgs are the arguments of java, up to and with those of Spark.
func (r *recipe) javaArgs() ([]string, error) {
	classPath, err := r.classPath()
	if err != nil {
		return nil, err
	}
	args := append(r.moduleOptions(),
		"-Xmx"+r.heap(), "-XX:+ExitOnOutOfMemoryError", "-XX:ErrorFile="+r.folder.file("hs_err.log"),
		"-Dfile.encoding=UTF-8", "-Djava.io.tmpdir="+r.dirs.Scratch, "-Dderby.system.home="+r.dirs.Data,
		"-Dlog4j2.configurationFile="+r.loggingConfig())
	args = append(args, r.compilerOptions()...)
	args = append(args, r.archiveOptions()...)
	args = append(args, splitOptions(r.conf["spark.driver.defaultJavaOptions"])...)
	args = append(args, splitOptions(r.conf["spark.driver.extraJavaOptions"])...)
	return append(args, "-cp", strings.Join(classPath, string(filepath.ListSeparator)), submitClass,
		"--properties-file", r.folder.file(confFile), "--class", serverClass, "spark-internal"), nil
}

// compilerOptions keep the optimising compiler (C2) out of the start, where it
// takes the processor away from the main thread for code that runs a few thousand
// times and never again. It begins after ten times as many calls as by default, or
// turns of a loop, which code that matters has behind it within a second. The
// training data of the ahead-of-time cache would make it begin at once.
func (r *recipe) compilerOptions() []string {
	options := []string{
		"-XX:Tier4InvocationThreshold=50000", "-XX:Tier4MinInvocationThreshold=6000",
		"-XX:Tier4CompileThreshold=150000", "-XX:Tier4BackEdgeThreshold=400000",
	}
	if r.archiveExt() == ".aot" {
		options = append(options, "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTReplayTraining", "-XX:-AOTRecordTraining")
	}
	return options
}

// heap is the driver's memory in the words of java.
func (r *recipe) heap() string {
	if m := r.conf["spark.driver.memory"]; m != "" {
		return m
	}
	return strconv.FormatInt(heapSize(r.memory, r.local())/mib, 10) + "m"
}

// jars lists Spark's jars by name, in a fixed order, as a class archive demands.
func (r *recipe) jars() ([]string, error) {
	jars, err := filepath.Glob(filepath.Join(globEscape(r.spark.jars()), "*.jar"))
	if err != nil || len(jars) == 0 {
		return nil, fmt.Errorf("%s holds no jars", r.spark.jars())
	}
	slices.Sort(jars)
	return jars, nil
}

// aroundJars is what the configuration puts before and after Spark's jars.
func (r *recipe) aroundJars() (before, after []string) {
	if extra := r.conf["spark.driver.extraClassPath"]; extra != "" {
		before = append(before, filepath.SplitList(extra)...)
	}
	if hasConfig(r.confDir()) {
		before = append(before, r.confDir())
	}
	for _, name := range []string{"HADOOP_CONF_DIR", "YARN_CONF_DIR", "SPARK_DIST_CLASSPATH"} {
		if v := getenv(r.env, name); v != "" {
			after = append(after, filepath.SplitList(v)...)
		}
	}
	return before, after
}

func (r *recipe) classPath() ([]string, error) {
	jars, err := r.jars()
	before, after := r.aroundJars()
	return slices.Concat(before, jars, after), err
}

// hasConfig reports whether a conf folder holds files that classes look for.
func hasConfig(dir string) bool {
	entries, _ := os.ReadDir(dir)
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		n := e.Name()
		return !strings.HasSuffix(n, ".template") && n != "spark-defaults.conf" && n != "spark-env.sh"
	})
}

// logging sends everything to standard error as Spark does by itself, and keeps
// the two loggers that tell where the server listens, whatever the level is.
const logging = `rootLogger.level = info
rootLogger.appenderRef.stderr.ref = stderr
appender.console.type = Console
appender.console.name = stderr
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex
logger.server.name = org.apache.spark.sql.connect.service.SparkConnectServer
logger.server.level = info
logger.ports.name = org.apache.spark.util.Utils
logger.ports.level = info
logger.hadoop.name = org.apache.hadoop.util.NativeCodeLoader
logger.hadoop.level = error
`

// loggingConfig is ours, over the user's own where there is one.
func (r *recipe) loggingConfig() string {
	ours := r.folder.file(loggingFile)
	for _, name := range []string{"log4j2.properties", "log4j2.xml", "log4j2.yaml", "log4j2.json"} {
		if path := filepath.Join(r.confDir(), name); isFile(path) {
			return path + "," + ours
		}
	}
	return ours
}

func isFile(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.Mode().IsRegular()
}

// environ is the JVM's environment: the starter's, without what would mislead
// Spark or what is secret to Jupyter, with the token and the profile's own.
func (r *recipe) environ() []string {
	env := withoutEnv(r.env, func(name string) bool {
		if _, wanted := r.profile.Env[name]; wanted {
			return false
		}
		switch name {
		case launchEnv, "CLASSPATH", "MASTER", "SPARK_REMOTE", "SPARK_CONNECT_MODE", "SPARK_API_MODE", "JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN":
			return true
		}
		return strings.HasPrefix(name, "JPY_")
	})
	set := map[string]string{}
	if getenv(env, "LC_ALL")+getenv(env, "LC_CTYPE")+getenv(env, "LANG") == "" {
		set["LC_CTYPE"] = "C.UTF-8" // else Java cannot open files with other than ASCII names
	}
	if lib := r.conf["spark.driver.extraLibraryPath"]; lib != "" {
		set["LD_LIBRARY_PATH"] = strings.Trim(lib+":"+getenv(env, "LD_LIBRARY_PATH"), ":")
	}
	if r.profile.Engine != Sail {
		set["SPARK_HOME"], set["JAVA_HOME"] = r.spark.Home, r.java.Home
	}
	set["SPARK_LOCAL_IP"] = "127.0.0.1"
	set[tokenEnv] = r.token
	return withEnv(env, set)
}

// formatArgs writes java's argument file: one quoted argument a line.
func formatArgs(args []string) []byte {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)
	var b bytes.Buffer
	for _, a := range args {
		fmt.Fprintf(&b, "\"%s\"\n", escape.Replace(a))
	}
	return b.Bytes()
}
