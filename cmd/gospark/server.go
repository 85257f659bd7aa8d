package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"gospark/launcher"
)

func serverCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "server",
		Short: "The shared Spark Connect server: status, logs, stop",
		Long: "All notebooks of a user share one Spark Connect server for each profile. The first of them starts it,\n" +
			"and it stops by itself when none has used it for a while.",
	}
	// Without these an unknown subcommand would be help, and a success.
	c.Args, c.RunE = cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
	c.AddCommand(serverRun(), serverStatus(), serverLogs(), serverStop())
	return c
}

func serverRun() *cobra.Command {
	var p launcher.Profile
	var prefix string
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the server in the foreground until it is stopped (notebooks do this by themselves)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, profile, launched, err := launcher.Launched()
			if err != nil {
				return err
			}
			if !launched {
				o, profile = launchOptions(prefix), p
			}
			o.Warm = warm
			return launcher.Supervise(c.Context(), o, profile)
		},
	}
	f := c.Flags()
	f.StringVar(&p.Name, "profile", launcher.DefaultProfile, "name of the profile")
	f.StringVar(&p.Master, "master", "", "Spark master (local[*])")
	f.StringToStringVar(&p.Conf, "conf", nil, "Spark property, K=V; may be repeated")
	f.DurationVar(&p.Idle, "idle", launcher.DefaultIdle, "stop after this time without a notebook; negative: never")
	f.StringVar(&prefix, "prefix", "", "Jupyter environment in which to look for pyspark first")
	return c
}

func serverStatus() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show the servers that run",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			servers, err := launcher.Status(c.Context(), launcher.Options{})
			if err != nil {
				return err
			}
			if asJSON {
				if servers == nil {
					servers = []launcher.Server{} // a list, also when it is empty
				}
				return writeJSON(c.OutOrStdout(), servers)
			}
			return printServers(c.OutOrStdout(), servers)
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

func printServers(w io.Writer, servers []launcher.Server) error {
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
		row("process", s.PID)
		row("log", s.LogPath)
	}
	return t.Flush()
}

func serverLogs() *cobra.Command {
	var profile string
	var lines int
	var follow bool
	c := &cobra.Command{
		Use:   "logs",
		Short: "Print the server's log",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			for line, err := range launcher.Logs(c.Context(), launcher.Options{}, profile, launcher.LogOptions{Tail: lines, Follow: follow}) {
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
	f.StringVar(&profile, "profile", launcher.DefaultProfile, "name of the profile")
	f.IntVarP(&lines, "lines", "n", 100, "how many of the last lines; negative: all")
	f.BoolVarP(&follow, "follow", "f", false, "go on with new lines until Ctrl-C")
	return c
}

func serverStop() *cobra.Command {
	var profile string
	var force bool
	c := &cobra.Command{
		Use:   "stop",
		Short: "Stop the server",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			err := launcher.Stop(c.Context(), launcher.Options{}, profile, force)
			if errors.Is(err, launcher.ErrNotRunning) {
				fmt.Fprintln(os.Stderr, "no Spark server was running")
				return nil
			}
			if err != nil {
				return advised(err)
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), "stopped")
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&profile, "profile", launcher.DefaultProfile, "name of the profile")
	f.BoolVarP(&force, "force", "f", false, "although notebooks use it")
	return c
}
