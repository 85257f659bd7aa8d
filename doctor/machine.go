package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"gospark/launcher"
)

const (
	gib = int64(1) << 30
	// littleDisk and noDisk are the free space below which a machine is in
	// trouble soon, and now.
	littleDisk, noDisk = 2 * gib, gib / 8
	// littleMemory is what Spark, a kernel and its worker want.
	littleMemory = 2 * gib
	// fewFiles is how many open files a server needs for its jars and sockets.
	fewFiles = 1024
)

// stateFolder looks at the owner and the mode of the state folder.
func (o Options) stateFolder() Check {
	dir, err := launcher.Folder(o.Launch)
	if err == nil {
		err = launcher.CheckFolder(o.Launch)
	}
	return found("state", err, dir)
}

// disk looks at the free space where gospark and Spark write.
func (o Options) disk() Check {
	home := o.getenv("HOME")
	state, err := launcher.Folder(o.Launch)
	if err != nil {
		state = home
	}
	c := Check{Name: "disk", State: OK}
	var all []string
	for _, dir := range []string{state, home, either(o.getenv("TMPDIR"), "/tmp")} {
		dir = existing(dir)
		free, ok := space(dir)
		if !ok {
			continue
		}
		all = append(all, fmt.Sprintf("%s free at %s", size(free), dir))
		switch {
		case free < noDisk:
			c.State, c.Mend = Bad, "free some space at "+dir
		case free < littleDisk && c.State == OK:
			c.State, c.Mend = Note, "free some space at "+dir+": shuffles and the class archive need it"
		}
	}
	c.Found = strings.Join(all, ", ")
	return c
}

// existing is the nearest folder above that is there.
func existing(dir string) string {
	for dir != "/" && dir != "." && dir != "" {
		if fi, err := os.Stat(dir); err == nil && fi.IsDir() {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return "/"
}

func space(dir string) (int64, bool) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, false
	}
	return int64(st.Bavail) * int64(st.Bsize), true //nolint:unconvert // the types differ by system
}

func size(n int64) string {
	if n < gib {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/float64(gib))
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// memory compares what there is with what a server takes.
func (o Options) memory() Check {
	m := launcher.MachineMemory()
	c := Check{Name: "memory", State: OK, Found: fmt.Sprintf("%s, of which Spark's heap may take %s", size(m.Total), size(m.Heap))}
	if m.Available > 0 {
		c.Found += fmt.Sprintf("; %s available now", size(m.Available))
	}
	switch {
	case m.Total < littleMemory:
		c.State, c.Mend = Note, "give the machine or the container 2 GB or more"
	case m.Available > 0 && m.Available < littleMemory/2:
		c.State, c.Mend = Note, "end other programs, or set spark.driver.memory to less in a profile"
	}
	return c
}

// loopback sees that a port of this machine can be opened and reached.
func (o Options) loopback(ctx context.Context) Check {
	const name = "ports"
	bad := func(err error) Check {
		return Check{Name: name, State: Bad, Found: "a port on 127.0.0.1 cannot be used: " + err.Error(),
			Mend: "allow the loopback interface in the firewall: ip link set lo up; iptables -A INPUT -i lo -j ACCEPT"}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return bad(err)
	}
	defer l.Close()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", l.Addr().String())
	if err != nil {
		return bad(err)
	}
	conn.Close()
	return Check{Name: name, State: OK, Found: "free ports on 127.0.0.1 can be opened and reached"}
}

// proxies tells what a proxy in the environment means for Spark.
func (o Options) proxies() Check {
	var set []string
	for _, name := range []string{"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"} {
		if o.getenv(name) != "" {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return Check{Name: "proxies", State: OK, Found: "none; packages are fetched directly"}
	}
	c := Check{Name: "proxies", State: OK, Found: strings.Join(set, ", ") + " set; servers on this machine are reached without it"}
	if !strings.Contains(o.getenv("JAVA_TOOL_OPTIONS")+o.getenv("SPARK_SUBMIT_OPTS"), "proxyHost") {
		c.State, c.Found = Note, c.Found+"; Java does not read these, so spark.jars.packages may find nothing"
		c.Mend = `"spark.driver.extraJavaOptions" = "-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT" in a profile`
	}
	return c
}

// files looks at the limit of open files.
func (o Options) files() Check {
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err != nil {
		return Check{Name: "open files", State: Note, Found: "the limit is not known: " + err.Error()}
	}
	c := Check{Name: "open files", State: OK, Found: fmt.Sprintf("up to %d", r.Cur)}
	if r.Cur < fewFiles {
		c.State, c.Mend = Note, fmt.Sprintf("ulimit -n %d before Jupyter starts", fewFiles)
	}
	return c
}

// servers says what runs, and what is odd about it.
func (o Options) servers(ctx context.Context) []Check {
	running, err := launcher.Status(ctx, o.Launch)
	var out []Check
	for _, s := range running {
		c := Check{Name: "server", State: OK, Found: fmt.Sprintf("%s, %s, %d clients, since %s", s.Profile, s.State, s.Clients, s.Started.Format(time.DateTime))}
		if old := launcher.Outdated(ctx, o.Launch, s); len(old) > 0 {
			c.State, c.Found, c.Mend = Note, c.Found+"; "+strings.Join(old, "; "), "gospark server restart --profile "+s.Profile
		}
		out = append(out, c)
	}
	var hung *launcher.HungError
	switch {
	case errors.As(err, &hung):
		out = append(out, Check{Name: "server", State: Bad, Found: hung.Error(), Mend: "gospark server stop --force --profile " + hung.Profile})
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		out = append(out, Check{Name: "server", State: Bad, Found: err.Error()})
	case len(out) == 0:
		out = append(out, Check{Name: "server", State: OK, Found: "none runs; the first notebook starts one"})
	}
	return out
}
