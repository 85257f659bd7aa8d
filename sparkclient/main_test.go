package sparkclient_test

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
	"gospark/sparkclient/internal/sparktest"
)

// server is the real server of this package's tests.
var server sparktest.Server

func TestMain(m *testing.M) {
	flag.Parse()
	if run := flag.Lookup("test.run"); testing.Short() && run.Value.String() == "" {
		if err := run.Value.Set("^(Test|Fuzz)"); err != nil { // examples need a server and cannot skip
			panic(err)
		}
	}
	os.Exit(sparktest.Run(m, &server))
}

// open is a session on the real server that ends with the test.
func open(t testing.TB) *sparkclient.Session {
	t.Helper()
	options, err := connect.Parse(server.Remote(t))
	if err != nil {
		t.Fatal(err)
	}
	s := sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return connect.Open(options) })
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil && !errors.Is(err, sparkclient.ErrUnavailable) {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tableName is a name for a table of this test alone, which is dropped in the
// end.
func tableName(t testing.TB, spark *sparkclient.Session) string {
	t.Helper()
	name := "t_" + strings.ToLower(rand.Text())
	t.Cleanup(func() { _ = spark.SQL(context.Background(), "drop table if exists "+name).Err() })
	return name
}
