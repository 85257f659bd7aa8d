package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"gospark/launcher"
	"gospark/launcher/profile"
)

func serverCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "server",
		Short: "The shared Spark Connect server: start, status, logs, stop",
		Long: "All notebooks of a user share one Spark Connect server for each profile. The first of them starts it,\n" +
			"and it stops by itself when none has used it for a while.",
	}
	// Without these an unknown subcommand would be help, and a success.
	c.Args, c.RunE = cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
	c.AddCommand(serverRun(), serverStart(), serverStatus(), serverLogs(), serverStop(), serverRestart())
	return c
}

// serverFlags are what a start may be given on the command line; they come over
// what the files say of the profile.
type serverFlags struct {
	launcher.Profile
	prefix string
	dryRun bool
}

func (s *serverFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.Name, "profile", "", "name of the profile (the files' default)")
	f.StringVar(&s.Master, "master", "", "Spark master (local[*])")
	f.StringToStringVar(&s.Conf, "conf", nil, "Spark property, K=V; may be repeated")
	f.DurationVar(&s.Idle, "idle", 0, "stop after this time without a notebook; negative: never (10m)")
	f.StringVar(&s.prefix, "prefix", "", "Jupyter environment in which to look for pyspark first")
	f.BoolVar(&s.dryRun, "dry-run", false, "print the command and the properties that a start would use, secrets hidden")
}

// profileName is the profile that a command is about: the files' default where
// none is named.
func profileName(name string) string {
	if name != "" {
		return name
	}
	return profile.Load(profileFiles("")).Default()
}

// otherServers says which servers could have been meant.
func otherServers(ctx context.Context, w io.Writer) error {
	servers, err := launcher.Status(ctx, launchOptions(""))
	if err != nil {
		return err
	}
	for _, s := range servers {
		if _, err := fmt.Fprintf(w, "one of the profile %[1]s is: gospark server stop --profile %[1]s\n", s.Profile); err != nil {
			return err
		}
	}
	return nil
}

// profile is the profile of the files with the flags over it.
func (s *serverFlags) profile() (launcher.Profile, error) {
	set := profile.Load(profileFiles(s.prefix))
	name := cmp.Or(s.Name, set.Default())
	out := launcher.Profile{Name: name, Advice: set.Advice}
	p, err := set.Profile(name)
	var unknown *profile.UnknownError
	switch {
	case errors.As(err, &unknown) && unknown.Nearest == "":
	case err != nil:
		return out, err
	case p.Engine() == profile.EngineRemote:
		return out, fmt.Errorf("the profile %s is a server that runs elsewhere (%s)", name, p.Address())
	default:
		if out, err = p.Launch(); err != nil {
			return out, err
		}
	}
	out.Master, out.Idle = cmp.Or(s.Master, out.Master), cmp.Or(s.Idle, out.Idle)
	if len(s.Conf) > 0 {
		merged := maps.Clone(out.Conf)
		if merged == nil {
			merged = map[string]string{}
		}
		maps.Copy(merged, s.Conf)
		out.Conf = merged
	}
	return out, nil
}

func serverRun() *cobra.Command {
	var s serverFlags
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the server in the foreground until it is stopped (notebooks do this by themselves)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, p, launched, err := launcher.Launched()
			if err == nil && !launched {
				o = launchOptions(s.prefix)
				p, err = s.profile()
			}
			if err != nil {
				return err
			}
			if s.dryRun && !launched {
				return dryRun(c.Context(), c.OutOrStdout(), o, p)
			}
			o.Warm = warm
			return launcher.Supervise(c.Context(), o, p)
		},
	}
	s.add(c)
	return c
}

func serverStart() *cobra.Command {
	var s serverFlags
	c := &cobra.Command{
		Use:   "start",
		Short: "Start the server in the background, or see that it runs",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := s.profile()
			if err != nil {
				return err
			}
			if s.dryRun {
				return dryRun(c.Context(), c.OutOrStdout(), launchOptions(s.prefix), p)
			}
			return startServer(c.Context(), c.OutOrStdout(), launchOptions(s.prefix), p)
		},
	}
	s.add(c)
	return c
}

// startServer attaches for a moment, telling the steps.
func startServer(ctx context.Context, w io.Writer, o launcher.Options, p launcher.Profile) error {
	o.Client = launcher.Client{Name: "gospark server start"}
	lease, err := launcher.Attach(ctx, o, p, func(step launcher.Phase) {
		fmt.Fprintf(w, "→ %5.1f s  %s\n", step.Elapsed.Seconds(), step.Text)
	})
	if err != nil {
		return advised(err)
	}
	fmt.Fprintf(w, "✓ profile %s at sc://%s\n", lease.Server().Profile, lease.Server().Address)
	for _, key := range lease.Differs() {
		fmt.Fprintf(w, "! it was started with another %s; gospark server restart takes yours\n", key)
	}
	return lease.Close()
}

func serverRestart() *cobra.Command {
	var s serverFlags
	var force bool
	var drain time.Duration
	c := &cobra.Command{
		Use:   "restart",
		Short: "Stop the server and start it again, with what the files say now",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := s.profile()
			if err != nil {
				return err
			}
			o := launchOptions(s.prefix)
			if err := launcher.Stop(c.Context(), o, p.Name, force, drain); err != nil && !errors.Is(err, launcher.ErrNotRunning) {
				return advised(err)
			}
			return startServer(c.Context(), c.OutOrStdout(), o, p)
		},
	}
	s.add(c)
	stopFlags(c, &force, &drain)
	return c
}

// stopFlags are those of all that stops a server.
func stopFlags(c *cobra.Command, force *bool, drain *time.Duration) {
	c.Flags().BoolVarP(force, "force", "f", false, "although notebooks use it")
	c.Flags().DurationVar(drain, "drain", launcher.DefaultDrain, "how long running jobs may go on")
}

// dryRun prints what a start would run.
func dryRun(ctx context.Context, w io.Writer, o launcher.Options, p launcher.Profile) error {
	text, err := launcher.DryRun(ctx, o, p)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

func serverStatus() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show the servers that run",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			servers, err := launcher.Status(c.Context(), launchOptions(""))
			if err != nil {
				return err
			}
			if asJSON {
				if servers == nil {
					servers = []launcher.Server{} // a list, also when it is empty
				}
				return writeJSON(c.OutOrStdout(), servers)
			}
			return printServers(c.Context(), c.OutOrStdout(), servers)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func printServers(ctx context.Context, w io.Writer, servers []launcher.Server) error {
	if len(servers) == 0 {
		_, err := fmt.Fprintln(w, "no Spark server is running; the first notebook starts one")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for i, s := range servers {
		if i > 0 {
			fmt.Fprintln(t)
		}
		row := func(key string, value any) { fmt.Fprintf(t, "%s\t%v\n", key, value) }
		row("profile", s.Profile)
		row("state", s.State)
		row("address", s.Address)
		row("master", s.Master)
		row("spark", s.SparkVersion)
		row("java", s.JavaVersion)
		row("web UI", s.UI)
		row("running for", time.Since(s.Started).Round(time.Second))
		row("clients", s.Clients)
		for _, a := range s.Attached {
			row("", fmt.Sprintf("%s (pid %d)", a.Name, a.PID))
		}
		row("idle stop", idleText(s.Idle))
		row("process", s.PID)
		row("log", s.LogPath)
		for _, old := range launcher.Outdated(ctx, launchOptions(""), s) {
			row("older", old+"; gospark server restart takes the new one")
		}
	}
	return t.Flush()
}

func idleText(d time.Duration) string {
	if d < 0 {
		return "never"
	}
	return d.String() + " after the last notebook"
}

func serverLogs() *cobra.Command {
	var name string
	var lines int
	var follow bool
	c := &cobra.Command{
		Use:   "logs",
		Short: "Print the server's log",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			for line, err := range launcher.Logs(c.Context(), launcher.Options{}, profileName(name), launcher.LogOptions{Tail: lines, Follow: follow}) {
				if err != nil {
					return advised(err)
				}
				if _, err := fmt.Fprintln(c.OutOrStdout(), line); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&name, "profile", "", "name of the profile (the files' default)")
	f.IntVarP(&lines, "lines", "n", 100, "how many of the last lines; negative: all")
	f.BoolVarP(&follow, "follow", "f", false, "go on with new lines until Ctrl-C")
	return c
}

func serverStop() *cobra.Command {
	var name string
	var force bool
	var drain time.Duration
	c := &cobra.Command{
		Use:   "stop",
		Short: "Stop the server",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			name := profileName(name)
			err := launcher.Stop(c.Context(), launcher.Options{}, name, force, drain)
			if errors.Is(err, launcher.ErrNotRunning) {
				fmt.Fprintf(os.Stderr, "no Spark server of the profile %s was running\n", name)
				return otherServers(c.Context(), os.Stderr)
			}
			if err != nil {
				return advised(err)
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), "stopped")
			return err
		},
	}
	c.Flags().StringVar(&name, "profile", "", "name of the profile (the files' default)")
	stopFlags(c, &force, &drain)
	return c
}
