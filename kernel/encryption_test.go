package kernel_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// jupyter_client encrypts, and so do we, over both transports.
func TestTransportEncryption(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the Python environment")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, transport := range []string{"tcp", "ipc"} {
		t.Run(transport, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), filepath.Join("..", ".venv", "bin", "python"),
				filepath.Join("testdata", "encryption.py"), self, asKernel, transport)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v (make .venv first)\n%s", err, out)
			}
		})
	}
}
