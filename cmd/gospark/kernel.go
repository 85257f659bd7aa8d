package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gospark"
	"gospark/cell"
	"gospark/kernel"
	"gospark/kernel/history"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
	"gospark/kernelspec"
	"gospark/launcher"
	"gospark/notebook"
)

// collectAt makes the kernel's small heap smaller still, for a little processor
// time: one runs for every open notebook. User code runs elsewhere.
const collectAt = 50

// kernelFlags are the options of "gospark kernel", with their environment
// variables for those who cannot change the kernelspec.
type kernelFlags struct {
	prefix, master, remote string
	history                string
	profile                string
	lazy, anyUser          bool
	idle                   time.Duration
	verbose                bool
}

func kernelCommand() *cobra.Command {
	var k kernelFlags
	c := &cobra.Command{
		Use:   "kernel CONNECTION_FILE",
		Short: "Run the kernel of one notebook (Jupyter starts it)",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 { // more is fine: `jupyter run FILE` hands the file to the kernel too
				return errors.New("kernel needs the connection file that Jupyter writes: choose " + kernelspec.DisplayName + " in JupyterLab, or run `jupyter console --kernel " + kernelspec.Name + "`")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return runKernel(c.Context(), k, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&k.prefix, "prefix", "", "Jupyter environment in which to look for pyspark first")
	f.StringVar(&k.profile, "profile", os.Getenv("GOSPARK_PROFILE"), "profile to begin with ($GOSPARK_PROFILE; see gospark profile list)")
	f.StringVar(&k.master, "master", os.Getenv("GOSPARK_MASTER"), "Spark master of the shared server ($GOSPARK_MASTER; local[*])")
	f.StringVar(&k.remote, "remote", os.Getenv("SPARK_REMOTE"), "sc:// endpoint to use instead of the shared server ($SPARK_REMOTE)")
	f.BoolVar(&k.lazy, "lazy", os.Getenv("GOSPARK_LAZY") != "", "connect to Spark at the first use, not at the start ($GOSPARK_LAZY)")
	f.BoolVar(&k.anyUser, "any-user", os.Getenv("GOSPARK_ANY_USER") != "", "admit front ends that run under another user on this machine ($GOSPARK_ANY_USER)")
	f.DurationVar(&k.idle, "idle", launcher.DefaultIdle, "how long a server that this kernel starts stays without a notebook; negative: for ever")
	f.StringVar(&k.history, "history", os.Getenv("GOSPARK_HISTORY"), "file that keeps the cells of all notebooks, or off ($GOSPARK_HISTORY; gospark/history.sqlite in the user's data folder)")
	f.BoolVar(&k.verbose, "verbose", os.Getenv("GOSPARK_VERBOSE") != "", "log what the kernel does to stderr ($GOSPARK_VERBOSE)")
	return c
}

// runKernel serves one notebook until its front end, its parent process or a
// signal ends it.
func runKernel(ctx context.Context, k kernelFlags, connectionFile string) error {
	debug.SetGCPercent(collectAt)
	interrupts := make(chan os.Signal, 1) // a kernel that still starts is not ended by one
	signal.Notify(interrupts, syscall.SIGINT)
	defer signal.Stop(interrupts)
	log := logger(k.verbose)
	connection, err := wire.ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	if connection.ShellPort == 0 { // a kernel on ports that nobody knows would wait for ever
		return fmt.Errorf("the connection file %s names no ports: Jupyter writes one that does", connectionFile)
	}
	sockets, err := zmq.Listen(ctx, connection, zmq.Options{AnyUser: k.anyUser, Log: log})
	if err != nil {
		return err
	}
	o, err := notebookOptions(k, log)
	if err != nil {
		return err
	}
	err = kernel.Serve(ctx, kernel.Options{
		Sockets:     sockets,
		Key:         []byte(connection.Key),
		Interpreter: notebook.New(o),
		Limit:       notebook.OutputLimit(log),
		Notice:      notebook.OverflowNotice,
		History:     history.New(historyFile(k.history), log),
		Parent:      parent(),
		Interrupts:  interrupts,
		Log:         log,
	})
	if errors.Is(err, kernel.ErrParentGone) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// historyFile is where history is kept; an empty name keeps it in memory.
func historyFile(asked string) string {
	switch data := os.Getenv("XDG_DATA_HOME"); {
	case asked == "off":
		return ""
	case asked != "":
		return asked
	case filepath.IsAbs(data):
		return filepath.Join(data, "gospark", "history.sqlite")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share", "gospark", "history.sqlite")
}

// logger writes to stderr, which Jupyter shows in its terminal.
func logger(verbose bool) *slog.Logger {
	level := slog.LevelWarn
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

func notebookOptions(k kernelFlags, log *slog.Logger) (notebook.Options, error) {
	cells, err := cellOptions(k.prefix)
	if err != nil {
		return notebook.Options{}, err
	}
	launch := launchOptions(k.prefix)
	launch.Log = log
	launch.Client = launcher.Client{Name: notebookName()}
	return notebook.Options{
		Version:  version(),
		Cells:    cells,
		Launch:   launch,
		Profile:  k.profile,
		Profiles: profileFiles(k.prefix),
		Master:   k.master,
		Idle:     k.idle,
		Remote:   k.remote,
		User:     userName(),
		Lazy:     k.lazy || filepath.Base(os.Getenv(sessionName)) == controlSession,
		Log:      log,
	}, nil
}

// cellOptions say what cells are built from, and where the results are kept. The
// Jupyter environment at prefix is the first in which tools are looked for.
func cellOptions(prefix string) (cell.Options, error) {
	cache := os.Getenv("GOSPARK_CACHE_DIR")
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return cell.Options{}, fmt.Errorf("find a folder for built cells (set GOSPARK_CACHE_DIR): %w", err)
		}
		cache = filepath.Join(base, "gospark")
	}
	return cell.Options{
		CacheDir: cache,
		Source:   gospark.Source,
		Worker:   "gospark/cmd/gospark-worker",
		Prefixes: launcher.Prefixes(launchOptions(prefix)),
		AutoGet:  os.Getenv("GOSPARK_AUTO_GET") != "",
		Light:    []string{"gospark/display", "gospark/sparkclient", "gospark/sparkclient/functions", "gospark/sparkclient/window"},
	}, nil
}

const (
	// sessionName is the variable in which Jupyter tells the session's path.
	sessionName = "JPY_SESSION_NAME"
	// controlSession is the session of the browser part's own kernel, which serves
	// it while no notebook is open. It leaves Spark alone until it is asked.
	controlSession = "gospark-control"
)

// notebookName is what other notebooks see of this one: the file, where Jupyter
// tells it, else the folder.
func notebookName() string {
	if name := filepath.Base(os.Getenv(sessionName)); name == controlSession {
		return "the Spark panel"
	} else if name != "." {
		return name
	}
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	return filepath.Base(dir)
}

func userName() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return strings.ReplaceAll(u.Username, `\`, "-")
	}
	return "gospark"
}

// parent is the process that started the kernel, where Jupyter says so.
func parent() int {
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || pid <= 1 {
		return 0
	}
	return pid
}
