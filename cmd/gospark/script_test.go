package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what the scripts compare with")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gospark": main})
}

// TestScripts runs testdata/script: the command as a person types it, in a home
// of its own where nothing is installed and nothing runs.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Deadline:            time.Now().Add(time.Minute),
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			for name, value := range map[string]string{
				"HOME": home, "XDG_RUNTIME_DIR": "", "XDG_CACHE_HOME": "", "XDG_DATA_HOME": "",
				"GOSPARK_RUNTIME_DIR": filepath.Join(e.WorkDir, "run"), "GOSPARK_CACHE_DIR": filepath.Join(e.WorkDir, "cache"),
				"SPARK_HOME": "", "JAVA_HOME": "", "SPARK_REMOTE": "", "VIRTUAL_ENV": "", "CONDA_PREFIX": "",
				"JUPYTER_PATH": "", "JUPYTER_DATA_DIR": "", "JUPYTER_CONFIG_DIR": "", "GOROOT": "", "CC": "",
				"GORACE": "atexit_sleep_ms=0", // else each command sleeps for a second at its end
			} {
				e.Setenv(name, value)
			}
			// For scripts with another PATH.
			program, err := exec.LookPath("gospark")
			if err != nil {
				return err
			}
			e.Setenv("GOSPARK", program)
			return os.Mkdir(home, 0o700)
		},
	})
}
