package main

import "github.com/spf13/cobra"

func installCommand() *cobra.Command   { return &cobra.Command{Use: "install"} }
func uninstallCommand() *cobra.Command { return &cobra.Command{Use: "uninstall"} }
