package sparkclient_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
	"gospark/sparkclient/internal/sparktest"
)

// jdkTool runs a tool of the JDK whose java runs Spark.
func jdkTool(t *testing.T, name string, args ...string) {
	t.Helper()
	java, err := sparktest.Java()
	check(t, err)
	java, err = filepath.EvalSymlinks(java)
	check(t, err)
	tool := filepath.Join(filepath.Dir(java), name)
	if _, err := os.Stat(tool); err != nil {
		t.Skipf("%s has no %s beside it: it is no JDK", java, name)
	}
	if out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// classes compiles testdata/java into a folder.
func classes(t *testing.T) string {
	t.Helper()
	home, err := sparktest.SparkHome()
	check(t, err)
	sources, err := filepath.Glob("testdata/java/*.java")
	check(t, err)
	to := t.TempDir()
	jdkTool(t, "javac", append([]string{"--release", "17", "-Xlint:-deprecation", "-cp", filepath.Join(home, "jars", "*"), "-d", to}, sources...)...)
	return to
}

// Functions of classes that a session uploads, as a jar and as a single class.
func TestJavaFunctions(t *testing.T) {
	spark, ctx, folder := open(t), t.Context(), classes(t)
	jar := filepath.Join(t.TempDir(), "product.jar")
	jdkTool(t, "jar", "--create", "--file", jar, "-C", folder, "gospark/test/Product.class")
	check(t, spark.AddArtifact(ctx, jar))
	check(t, spark.AddArtifacts(ctx, sparkclient.Class("gospark.test.Thrice", filepath.Join(folder, "gospark/test/Thrice.class"))))
	check(t, spark.UDF().RegisterJavaFunction(ctx, "thrice", "gospark.test.Thrice", sparkclient.LongType{}))
	check(t, spark.UDF().RegisterJavaUDAF(ctx, "product", "gospark.test.Product"))
	df := spark.Range(1, 5, 1).Select(F.CallFunction("product", F.CallFunction("thrice", F.Col("id"))).As("p"))
	row, err := df.First(ctx)
	check(t, err)
	if got := row.At(0); got != int64(3*6*9*12) {
		t.Errorf("the product of 3, 6, 9 and 12: %v", got)
	}
}
