package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"gospark/cell"
	"gospark/kernelspec"
)

// placeFlags adds the flags that say where a kernelspec is.
func placeFlags(c *cobra.Command) *kernelspec.Place {
	p := &kernelspec.Place{}
	f := c.Flags()
	f.BoolVar(&p.User, "user", false, "for this user, in every environment")
	f.BoolVar(&p.SysPrefix, "sys-prefix", false, "in the active Python environment")
	f.StringVar(&p.Prefix, "prefix", "", "in the environment in this folder")
	c.MarkFlagsMutuallyExclusive("user", "sys-prefix", "prefix")
	return p
}

func installCommand() *cobra.Command {
	var skip, relocatable bool
	c := &cobra.Command{
		Use:   "install",
		Short: "Install the kernel " + kernelspec.DisplayName + " and the Spark panel for Jupyter",
		Long: "Install the kernel " + kernelspec.DisplayName + " and the Spark panel of JupyterLab for Jupyter: in the active Python environment where there is one, else\n" +
			"for the user. Then build what Go cells need, once for each version of Go; that takes a minute or two.",
		Args: cobra.NoArgs,
	}
	place := placeFlags(c)
	c.Flags().BoolVar(&skip, "no-build", false, "leave building to the first notebook")
	c.Flags().BoolVar(&relocatable, "relocatable", false, "for packages: name this program, which is in the same environment, by a relative path")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return install(c.Context(), c.OutOrStdout(), kernelspec.Options{Place: *place, Relocatable: relocatable}, skip)
	}
	return c
}

func install(ctx context.Context, w io.Writer, o kernelspec.Options, skip bool) error {
	dir, err := kernelspec.Install(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "✓ kernel %s in %s\n", kernelspec.DisplayName, dir)
	if skip {
		return nil
	}
	return prepare(ctx, w, o.Place.Prefix)
}

// prepare builds what Go cells need. Where a tool is missing the kernel is
// installed all the same: SQL works without Go.
func prepare(ctx context.Context, w io.Writer, prefix string) error {
	o, err := cellOptions(prefix)
	if err != nil {
		return err
	}
	began := time.Now()
	cells := cell.New(o)
	err = cells.Prepare(ctx, func(step string) { fmt.Fprintf(w, "→ %s\n", step) })
	var missing *cell.MissingTool
	if errors.As(err, &missing) {
		fmt.Fprintf(w, "✗ %v\n  (%%%%sql and %%spark work without it)\n", missing)
		return cells.Close(ctx)
	}
	if err != nil {
		return errors.Join(err, cells.Close(ctx))
	}
	fmt.Fprintf(w, "✓ Go cells are ready (%s)\n", time.Since(began).Round(100*time.Millisecond))
	return cells.Close(ctx)
}

func uninstallCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the kernel and the Spark panel from Jupyter",
		Args:  cobra.NoArgs,
	}
	place := placeFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		dir, err := kernelspec.Uninstall(c.Context(), kernelspec.Options{Place: *place})
		if errors.Is(err, fs.ErrNotExist) {
			_, err = fmt.Fprintf(c.OutOrStdout(), "the kernel was not installed in %s\n", dir)
			return err
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "✓ removed %s\n", dir)
		return err
	}
	return c
}
