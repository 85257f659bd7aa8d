package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"gospark/cell"
	"gospark/doctor"
	"gospark/kernelspec"
)

func doctorCommand() *cobra.Command {
	var prefix, bundle string
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what gospark found on this machine, what is missing, and how to get it",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o := doctorOptions(c.Context(), prefix)
			if bundle != "" {
				return writeBundle(c.Context(), c.OutOrStdout(), bundle, o)
			}
			checks := doctor.Run(c.Context(), o)
			if asJSON {
				if err := writeJSON(c.OutOrStdout(), checks); err != nil {
					return err
				}
			} else {
				printChecks(c.OutOrStdout(), checks)
			}
			if n := doctor.Sick(checks); n > 0 {
				return fmt.Errorf("%d of these need your attention", n)
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&prefix, "prefix", "", "Jupyter environment in which to look for pyspark first")
	f.BoolVar(&asJSON, "json", false, "as JSON")
	f.StringVar(&bundle, "bundle", "", "write a zip file for a bug report, without secrets")
	return c
}

// doctorOptions look where the kernel that Jupyter would start looks.
func doctorOptions(ctx context.Context, prefix string) doctor.Options {
	if prefix == "" {
		prefix = installedPrefix(ctx)
	}
	return doctor.Options{Version: version(), Launch: launchOptions(prefix), Profiles: profileFiles(prefix),
		Go: func(ctx context.Context) (string, error) { return goTools(ctx, prefix) }}
}

func printChecks(w io.Writer, checks []doctor.Check) {
	for _, c := range checks {
		mark := map[doctor.State]string{doctor.OK: "✓", doctor.Note: "!", doctor.Bad: "✗"}[c.State]
		fmt.Fprintf(w, "%s %-12s %s\n", mark, c.Name, c.Found)
		if c.Mend != "" {
			fmt.Fprintf(w, "  %-12s → %s\n", "", c.Mend)
		}
	}
}

// writeBundle writes a report into a new file that only this user may read.
func writeBundle(ctx context.Context, w io.Writer, file string, o doctor.Options) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(doctor.Bundle(ctx, f, o), f.Close()); err != nil {
		return errors.Join(err, os.Remove(file))
	}
	_, err = fmt.Fprintf(w, "✓ wrote %s; look into it before you send it: logs hold the text of queries\n", file)
	return err
}

// installedPrefix is the environment of the kernel that Jupyter would start.
func installedPrefix(ctx context.Context) string {
	for _, k := range kernelspec.Find(ctx, kernelspec.Options{}) {
		if at := slices.Index(k.Argv, "--prefix"); at >= 0 && at+1 < len(k.Argv) {
			return k.Argv[at+1]
		}
	}
	return ""
}

// goTools says which Go builds cells.
func goTools(ctx context.Context, prefix string) (string, error) {
	o, err := cellOptions(prefix)
	if err != nil {
		return "", err
	}
	cells := cell.New(o)
	found, err := cells.GoVersion(ctx)
	if err != nil {
		return "", err
	}
	return found, cells.Close(ctx)
}
