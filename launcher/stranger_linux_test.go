package launcher_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gospark/launcher"
)

// nobody is the uid of a stranger.
const nobody = 65534

// asNobody runs this program as a stranger; only root can.
func asNobody(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can play two users")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "program")
	if err := os.WriteFile(own, b, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(own, args...)
	cmd.Env = []string{"HOME=" + dir, "GORACE=atexit_sleep_ms=0"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return cmd
}

// openDir is a folder that everybody can reach.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "gospark-stranger-")
	if err == nil {
		t.Cleanup(func() { os.RemoveAll(dir) })
		err = os.Chmod(dir, 0o777)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A stranger who listens in the supervisor's place learns nothing.
func TestStrangerInTheSupervisorsPlace(t *testing.T) {
	dir := openDir(t)
	o := launcher.Options{RuntimeDir: filepath.Join(dir, "run")}
	profile := filepath.Join(o.RuntimeDir, "default")
	if err := os.MkdirAll(profile, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{o.RuntimeDir, profile} {
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	cmd := asNobody(t, dir, "squat", filepath.Join(profile, "sock"))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	in := bufio.NewReader(out)
	if line, err := in.ReadString('\n'); err != nil || line != "listening\n" {
		t.Fatal(line, err)
	}
	for _, d := range []string{o.RuntimeDir, profile} {
		if err := os.Chmod(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	_, err = launcher.Attach(t.Context(), o, launcher.Profile{}, nil)
	var stranger *launcher.PeerError
	if !errors.As(err, &stranger) || stranger.UID != nobody {
		t.Errorf("attach: %v", err)
	}
	if told, _ := io.ReadAll(in); string(told) != "told \"\"\n" {
		t.Errorf("the stranger was %s", told)
	}
	_ = cmd.Wait()
}

// A stranger can neither see nor stop a server, nor read its token.
func TestStrangerOutside(t *testing.T) {
	o := fakeOptions(t, "")
	l := attach(t, o, launcher.Profile{})
	dir := openDir(t)
	cmd := asNobody(t, dir, "attach")
	order := `{"Options": {"RuntimeDir": "` + o.RuntimeDir + `"}, "Profile": {}}` + "\n"
	cmd.Stdin = strings.NewReader(order)
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), "permission denied") || strings.Contains(string(out), l.Server().Token) {
		t.Errorf("the stranger got %s, %v", out, err)
	}
}

// A full disk is named, and when there is space again the next start works.
func TestFullDisk(t *testing.T) {
	o := fakeOptions(t, "")
	if err := os.Mkdir(o.RuntimeDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", o.RuntimeDir, "tmpfs", 0, "size=64k,mode=0700"); err != nil {
		t.Skip("only root can make a small disk:", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(o.RuntimeDir, syscall.MNT_DETACH) })
	fill := filepath.Join(o.RuntimeDir, "fill")
	err := os.WriteFile(fill, make([]byte, 1<<20), 0o600)
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	_, err = launcher.Attach(t.Context(), o, launcher.Profile{}, nil)
	if err == nil || !strings.Contains(err.Error(), "no space left on device") {
		t.Errorf("attach: %v", err)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	attach(t, o, launcher.Profile{})
	stopAll(t, o)
}
