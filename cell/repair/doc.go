//go:build !amd64 && !arm64

// Package repair has nothing to do where arguments are not passed in registers.
package repair
