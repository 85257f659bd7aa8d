package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gospark/cell"
	"gospark/kernelspec"
	"gospark/launcher"
)

func doctorCommand() *cobra.Command {
	var prefix string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what gospark found on this machine, what is missing, and how to get it",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return doctor(c.Context(), c.OutOrStdout(), prefix) },
	}
	c.Flags().StringVar(&prefix, "prefix", "", "Jupyter environment in which to look for pyspark first")
	return c
}

// doctor prints one line for each thing that gospark needs.
func doctor(ctx context.Context, w io.Writer, prefix string) error {
	if prefix == "" {
		prefix = installedPrefix(ctx, w)
	}
	o := launchOptions(prefix)
	sick := 0
	tell := func(what, found string, err error) {
		if err != nil {
			sick++
			fmt.Fprintf(w, "✗ %-8s %v\n", what, err)
			return
		}
		fmt.Fprintf(w, "✓ %-8s %s\n", what, found)
	}
	fmt.Fprintf(w, "✓ %-8s %s\n", "gospark", version())
	java, err := launcher.FindJava(ctx, o, launcher.Profile{})
	tell("Java", java.Version+" in "+java.Home, err)
	spark, err := launcher.FindSpark(ctx, o, launcher.Profile{})
	tell("Spark", spark.Version+" in "+spark.Home, err)
	found, err := goTools(ctx)
	tell("Go", found, err)
	servers, err := launcher.Status(ctx, o)
	tell("servers", fmt.Sprintf("%d running", len(servers)), err)
	if sick > 0 {
		return fmt.Errorf("%d of these need your attention", sick)
	}
	return nil
}

// installedPrefix is the environment of the kernel that Jupyter would start; it
// tells where that is installed.
func installedPrefix(ctx context.Context, w io.Writer) string {
	prefix := ""
	for _, k := range kernelspec.Find(ctx, kernelspec.Options{}) {
		mark := "✓"
		if k.Problem != "" {
			mark = "✗"
		}
		fmt.Fprintf(w, "%s %-8s %s %s\n", mark, "kernel", k.Dir, k.Problem)
		if at := slices.Index(k.Argv, "--prefix"); prefix == "" && at >= 0 && at+1 < len(k.Argv) {
			prefix = k.Argv[at+1]
		}
	}
	return prefix
}

// goTools says which Go builds cells.
func goTools(ctx context.Context) (string, error) {
	o, err := cellOptions()
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
