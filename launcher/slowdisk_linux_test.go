package launcher_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"gospark/launcher"
)

// On a disk that takes 30 ms for each operation on a file, many starters still
// share one server, hear of its death, and get the next one. strace makes the
// disk slow, for the supervisor and all that it starts.
func TestSlowDisk(t *testing.T) {
	const operations = "openat,unlinkat,renameat,renameat2,mkdirat,newfstatat,ftruncate,fsync,flock"
	strace := "strace -f --seccomp-bpf -qq -o " + os.DevNull + " -e trace=" + operations + " -e inject=" + operations + ":delay_enter=30000 "
	if out, err := exec.Command("sh", "-c", strace+"true").CombinedOutput(); err != nil {
		t.Skipf("no strace that may trace here: %v %s", err, out)
	}
	o := fakeOptions(t, "")
	only, slow := filepath.Join(t.TempDir(), "only"), filepath.Join(t.TempDir(), "slow")
	o.Env = append(o.Env, "FAKE_ONLY="+only)
	// The kernels are not traced: what they start could not be then.
	script := "#!/bin/sh\n[ $1 = attach ] && exec " + o.Command[0] + " $1\nexec " + strace + o.Command[0] + " \"$@\"\n"
	if err := os.WriteFile(slow, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	o.Command[0] = slow
	var last launcher.Server
	for range 2 {
		kernels, reports := together(t, 6, kernelOrder{Options: o, Profile: launcher.Profile{Idle: time.Minute}})
		server := sameServer(t, reports)
		if server.Generation == last.Generation {
			t.Fatal("the dead server was handed out")
		}
		last = server
		if err := syscall.Kill(server.Supervisor, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		for i, k := range kernels {
			var gone kernelReport
			if err := k.out.Decode(&gone); err != nil || gone.Gone == "" {
				t.Fatalf("kernel %d lost its server without a word: %v %+v", i, err, gone)
			}
			k.end()
		}
	}
	if _, err := os.Stat(only + ".two"); err == nil {
		t.Fatal("two servers at once")
	}
	eventually(t, "no process is left", func() bool { return len(processes(o)) == 0 })
}
