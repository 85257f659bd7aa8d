package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gospark/launcher"
	"gospark/launcher/profile"
)

func profileCommand() *cobra.Command {
	var prefix string
	c := &cobra.Command{
		Use:   "profile",
		Short: "Profiles: which Spark notebooks start or join",
		Long: "A profile names a Spark master or a remote server with its settings. Profiles stand in TOML files of the\n" +
			"system, of the Jupyter environment and of the user, which are merged value by value.",
	}
	c.Args, c.RunE = cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
	c.PersistentFlags().StringVar(&prefix, "prefix", "", "Jupyter environment whose etc/gospark counts first")
	c.AddCommand(profileList(&prefix), profileShow(&prefix), profileCheck(&prefix), profileEdit(), profileImport(), profileOptions())
	return c
}

// profileFiles are where profiles are looked for.
func profileFiles(prefix string) profile.Options {
	return profile.Options{Prefixes: launcher.Prefixes(launchOptions(prefix))}
}

func profileList(prefix *string) *cobra.Command {
	var asJSON, all bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the profiles",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			set := profile.Load(profileFiles(*prefix))
			var out []*profile.Profile
			for _, name := range set.Names(all) {
				p, err := set.Profile(name)
				if err != nil {
					return err
				}
				out = append(out, p)
			}
			if asJSON {
				return writeJSON(c.OutOrStdout(), out)
			}
			return printProfiles(c.OutOrStdout(), set, out)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	c.Flags().BoolVar(&all, "all", false, "also those that are not listed")
	return c
}

func printProfiles(w io.Writer, set *profile.Set, profiles []*profile.Profile) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, p := range profiles {
		mark := " "
		if p.Name == set.Default() {
			mark = "*"
		}
		where := cmp.Or(p.Values["master"].Shown(), "local[*]")
		if p.Engine() == profile.EngineRemote {
			where = p.Address()
		}
		fmt.Fprintf(t, "%s %s\t%s\t%s\t%s\n", mark, p.Name, p.Engine(), where, p.Values["title"].Text)
	}
	return t.Flush()
}

func profileShow(prefix *string) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show [NAME]",
		Short: "Show a profile's settings and where each comes from",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			set := profile.Load(profileFiles(*prefix))
			p, err := set.Profile(cmp.Or(strings.Join(args, ""), set.Default()))
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(c.OutOrStdout(), p)
			}
			return printProfile(c.OutOrStdout(), p)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func printProfile(w io.Writer, p *profile.Profile) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "profile\t%s\n", p.Name)
	for _, name := range p.Names() {
		v := p.Values[name]
		note := v.Origin.String()
		if v.Bundle != "" {
			note += ", bundle " + v.Bundle
		}
		if v.Locked {
			note += ", locked"
		}
		if len(v.Over) > 0 {
			note += fmt.Sprintf(", over %s", v.Over[len(v.Over)-1])
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", name, v.Shown(), note)
	}
	return t.Flush()
}

func profileCheck(prefix *string) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Look for mistakes in all files",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			set := profile.Load(profileFiles(*prefix))
			if asJSON {
				if err := writeJSON(c.OutOrStdout(), set); err != nil {
					return err
				}
			} else if err := printProblems(c.OutOrStdout(), set); err != nil {
				return err
			}
			if n := len(set.Wrong()); n > 0 {
				return fmt.Errorf("%d of these keep a profile from working", n)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func printProblems(w io.Writer, set *profile.Set) error {
	for _, file := range set.Files {
		fmt.Fprintf(w, "→ %s\n", file)
	}
	for _, p := range set.Problems {
		mark := "✗"
		if p.Mild {
			mark = "!"
		}
		fmt.Fprintf(w, "%s %s\n", mark, p.Error())
	}
	if len(set.Problems) == 0 {
		_, err := fmt.Fprintf(w, "✓ %d profiles\n", len(set.Names(true)))
		return err
	}
	return nil
}

func profileEdit() *cobra.Command {
	return &cobra.Command{
		Use:   "edit",
		Short: "Open your own file in $VISUAL or $EDITOR, then check it",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o := profile.Options{}
			file, err := profile.UserFile(o)
			if err != nil {
				return err
			}
			if _, err := profile.Create(file, profile.Template()); err != nil {
				return err
			}
			if err := openEditor(c.Context(), file); err != nil {
				return fmt.Errorf("%w; the file is %s", err, file)
			}
			return printProblems(c.OutOrStdout(), profile.Load(profileFiles("")))
		},
	}
}

// openEditor runs the user's editor on a file. $EDITOR may hold arguments.
func openEditor(ctx context.Context, file string) error {
	words := strings.Fields(cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"), "vi"))
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], file)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run the editor %s (set EDITOR to another): %w", words[0], err)
	}
	return nil
}

func profileImport() *cobra.Command {
	var show bool
	c := &cobra.Command{
		Use:   "import FILE.json",
		Short: "Take over clusters and bundles of the sidebar extension of 2023",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return importProfiles(c.OutOrStdout(), args[0], show)
		},
	}
	c.Flags().BoolVar(&show, "print", false, "print the TOML instead of keeping it")
	return c
}

func importProfiles(w io.Writer, from string, show bool) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	toml, left, err := profile.Import(text)
	if err != nil {
		return fmt.Errorf("import %s: %w", from, err)
	}
	if show {
		_, err = w.Write(toml)
		return err
	}
	file, err := profile.DropIn(profile.Options{}, "imported")
	if err != nil {
		return err
	}
	made, err := profile.Create(file, toml)
	if err == nil && !made {
		err = errors.New(file + " is there already; remove it first")
	}
	if err != nil {
		return err
	}
	for _, l := range left {
		fmt.Fprintf(w, "! left out: %s\n", l)
	}
	fmt.Fprintf(w, "✓ wrote %s\n", file)
	return printProblems(w, profile.Load(profileFiles("")))
}

func profileOptions() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "options [WORD]",
		Short: "List Spark's properties by category, also those with a word in them",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			found := profile.Search(strings.Join(args, ""))
			if asJSON {
				return writeJSON(c.OutOrStdout(), found)
			}
			t := tabwriter.NewWriter(c.OutOrStdout(), 0, 8, 2, ' ', 0)
			category := ""
			for _, o := range found {
				if o.Category != category {
					category = o.Category
					fmt.Fprintf(t, "# %s\n", category)
				}
				fmt.Fprintf(t, "%s\t%s\t%s\n", o.Key, o.Default, o.About)
			}
			return t.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}
