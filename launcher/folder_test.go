package launcher

import (
	"context"
	"errors"
	"iter"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// iterPull follows the log of profile p.
func iterPull(t *testing.T, o Options) (next func() string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	pull, end := iter.Pull2(Logs(ctx, o, "p", LogOptions{Tail: -1, Follow: true}))
	return func() string {
		line, err, ok := pull()
		if err != nil || !ok {
			t.Fatal("the log ended:", err)
		}
		return line
	}, func() { cancel(); end() }
}

func TestWhereTheFolderIs(t *testing.T) {
	runtime, host := t.TempDir(), "localhost"
	if h, err := os.Hostname(); err == nil {
		host = h
	}
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"named":      {Options{RuntimeDir: "/a", Env: []string{"GOSPARK_RUNTIME_DIR=/b"}}, "/a"},
		"variable":   {Options{Env: []string{"GOSPARK_RUNTIME_DIR=/b", "XDG_RUNTIME_DIR=" + runtime}}, "/b"},
		"runtime":    {Options{Env: []string{"XDG_RUNTIME_DIR=" + runtime, "HOME=/h"}}, runtime + "/gospark"},
		"no runtime": {Options{Env: []string{"XDG_RUNTIME_DIR=/nowhere", "HOME=/h"}}, "/h/.cache/gospark/run/" + host},
		"cache":      {Options{Env: []string{"XDG_CACHE_HOME=/c", "HOME=/h"}}, "/c/gospark/run/" + host},
	} {
		if got, err := Folder(c.o); err != nil || got != c.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if _, err := Folder(Options{Env: []string{}}); err == nil {
		t.Error("a folder without a home")
	}
}

func TestUntrustedFoldersAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		make func(base string) error
		want string
	}{
		"open to others": {func(b string) error { return errors.Join(os.Mkdir(b, 0o700), os.Chmod(b, 0o755)) }, "open to others (mode 0755)"},
		"a link":         {func(b string) error { return errors.Join(os.Mkdir(b+"2", 0o700), os.Symlink(b+"2", b)) }, "symbolic link"},
		"a file":         {func(b string) error { return os.WriteFile(b, nil, 0o600) }, "not a folder"},
		"profile open": {func(b string) error {
			return errors.Join(os.Mkdir(b, 0o700), os.Mkdir(b+"/p", 0o700), os.Chmod(b+"/p", 0o770))
		}, "open to others (mode 0770)"},
		"profile a link":        {func(b string) error { return errors.Join(os.Mkdir(b, 0o700), os.Symlink("/tmp", b+"/p")) }, "symbolic link"},
		"belongs to a stranger": {func(b string) error { return errors.Join(os.Mkdir(b, 0o700), os.Chown(b, 12345, -1)) }, "belongs to uid 12345"},
	} {
		t.Run(name, func(t *testing.T) {
			base := filepath.Join(t.TempDir(), "run")
			if err := c.make(base); err != nil {
				if errors.Is(err, syscall.EPERM) {
					t.Skip("needs root")
				}
				t.Fatal(err)
			}
			_, err := openFolder(Options{RuntimeDir: base}, "p")
			var refused *FolderError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("err: %v", err)
			}
		})
	}
	for _, name := range []string{"..", "a/b", "", ".hidden", strings.Repeat("x", 65), "a\nb"} {
		if _, err := openFolder(Options{RuntimeDir: t.TempDir()}, name); err == nil {
			t.Errorf("the profile name %q is accepted", name)
		}
	}
}

func TestUnwritableFolder(t *testing.T) {
	_, err := Attach(t.Context(), Options{RuntimeDir: "/proc/gospark"}, Profile{}, nil)
	if err == nil || !strings.Contains(err.Error(), "make the state folder") {
		t.Errorf("err: %v", err)
	}
}

func TestLongPathsHaveSockets(t *testing.T) {
	base := filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
	if err := os.MkdirAll(base, 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := openFolder(Options{RuntimeDir: filepath.Join(base, "run")}, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	l, err := f.listen()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := f.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

// A process of another user that squats on the socket is told nothing. Only root
// can play two users; the other end's uid is asked of the system either way.
func TestPeerIsAsked(t *testing.T) {
	f, err := openFolder(Options{RuntimeDir: filepath.Join(t.TempDir(), "run")}, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	l, err := f.listen()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := f.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	uid, err := peerUID(c)
	if err != nil || uid != os.Getuid() {
		t.Errorf("the other end is uid %d, %v", uid, err)
	}
	if fi, err := f.root.Stat(socketName); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v", fi.Mode(), err)
	}
}

// What is not a request costs a supervisor nothing.
func TestStrangeCallers(t *testing.T) {
	f, err := openFolder(Options{RuntimeDir: filepath.Join(t.TempDir(), "run")}, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	l, err := f.listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan struct{})
	h := newHub(Server{State: Ready}, Profile{}, 0)
	go func() { defer close(served); (&desk{hub: h}).serve(ctx, l) }()
	for _, text := range []string{"", "{", "[]\n", `{"op":"dance"}` + "\n", strings.Repeat("x", 1<<20)} {
		c := dialed(t, f)
		_, _ = c.Write([]byte(text))
		_ = c.CloseWrite()
		if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("%.10q was answered", text)
		}
		c.Close()
	}
	silent := dialed(t, f) // owes a request for ever
	defer silent.Close()
	h.finish(event{Gone: &GoneError{Reason: "test"}})
	l.Close()
	cancel()
	<-served
}

func dialed(t *testing.T, f *folder) *net.UnixConn {
	t.Helper()
	c, err := f.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}
