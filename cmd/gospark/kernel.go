package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gospark"
	"gospark/cell"
	"gospark/kernel"
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
			if len(args) != 1 {
				return errors.New("kernel needs the connection file that Jupyter writes: choose " + kernelspec.DisplayName + " in JupyterLab, or run `jupyter console --kernel " + kernelspec.Name + "`")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return runKernel(c.Context(), k, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&k.prefix, "prefix", "", "Jupyter environment in which to look for pyspark first")
	f.StringVar(&k.master, "master", os.Getenv("GOSPARK_MASTER"), "Spark master of the shared server ($GOSPARK_MASTER; local[*])")
	f.StringVar(&k.remote, "remote", os.Getenv("SPARK_REMOTE"), "sc:// endpoint to use instead of the shared server ($SPARK_REMOTE)")
	f.BoolVar(&k.lazy, "lazy", os.Getenv("GOSPARK_LAZY") != "", "connect to Spark at the first use, not at the start ($GOSPARK_LAZY)")
	f.BoolVar(&k.anyUser, "any-user", false, "admit front ends that run under another user on this machine")
	f.DurationVar(&k.idle, "idle", launcher.DefaultIdle, "how long a server that this kernel starts stays without a notebook; negative: for ever")
	f.BoolVar(&k.verbose, "verbose", os.Getenv("GOSPARK_VERBOSE") != "", "log what the kernel does to stderr ($GOSPARK_VERBOSE)")
	return c
}

// runKernel serves one notebook until its front end, its parent process or a
// signal ends it.
func runKernel(ctx context.Context, k kernelFlags, connectionFile string) error {
	debug.SetGCPercent(collectAt)
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
		Parent:      parent(),
		Log:         log,
	})
	if errors.Is(err, kernel.ErrParentGone) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
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
	cells, err := cellOptions()
	if err != nil {
		return notebook.Options{}, err
	}
	launch := launchOptions(k.prefix)
	launch.Log = log
	launch.Client = launcher.Client{Name: notebookName()}
	return notebook.Options{
		Version: version(),
		Cells:   cells,
		Launch:  launch,
		Profile: launcher.Profile{Name: launcher.DefaultProfile, Master: k.master, Idle: k.idle},
		Remote:  k.remote,
		User:    userName(),
		Lazy:    k.lazy,
		Log:     log,
	}, nil
}

// cellOptions say what cells are built from, and where the results are kept.
func cellOptions() (cell.Options, error) {
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
		Light:    []string{"gospark/display", "gospark/sparkclient", "gospark/sparkclient/functions", "gospark/sparkclient/window"},
	}, nil
}

// notebookName is what other notebooks see of this one: the file, where Jupyter
// tells it, else the folder.
func notebookName() string {
	if name := os.Getenv("JPY_SESSION_NAME"); name != "" {
		return filepath.Base(name)
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
