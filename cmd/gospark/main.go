// Command gospark is a Jupyter kernel for Go with Apache Spark built in.
//
// It wires packages together and prints; it holds no logic.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"gospark"
	"gospark/launcher"
)

func main() { os.Exit(run()) }

// run runs the command line and returns the exit status.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "gospark:", err)
		return 1
	}
	return 0
}

// root is the command with all its subcommands.
func root() *cobra.Command {
	c := &cobra.Command{
		Use:           "gospark",
		Short:         "A Jupyter kernel for Go with Apache Spark built in",
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	c.AddCommand(kernelCommand(), installCommand(), uninstallCommand(), serverCommand(), profileCommand(), doctorCommand(), versionCommand())
	return c
}

// version is gospark's version, with the commit for one built from a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return gospark.Version
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) > 12:
			commit = "+" + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ".changed"
		}
	}
	if commit == "" {
		changed = ""
	}
	return gospark.Version + commit + changed
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print gospark's version",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "gospark", version())
			return err
		},
	}
}

// launchOptions look for Spark in the Jupyter environment at prefix first.
func launchOptions(prefix string) launcher.Options {
	o := launcher.Options{Version: version()}
	if prefix != "" {
		o.Prefixes = []string{prefix}
	}
	return o
}

// advised adds the next step to an error that knows one.
func advised(err error) error {
	var inUse *launcher.InUseError
	switch {
	case errors.As(err, &inUse):
		return fmt.Errorf("%w; add -f to stop it all the same", err)
	case errors.Is(err, launcher.ErrNotRunning):
		return errors.New("no Spark server is running; the first notebook starts one")
	}
	return err
}
