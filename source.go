// Package gospark holds gospark's own source, embedded, so that the one binary
// can build the cell worker with the user's Go toolchain on the user's machine.
package gospark

import "embed"

// Version is gospark's version. Packages and the release read it here; a release
// is the commit that has the tag v and this.
const Version = "0.1.0"

// Source is the part of the module that the worker (cmd/gospark-worker) and the
// cells are built from, go.mod and go.sum included.
//
//go:embed go.mod go.sum
//go:embed cell display render sparkclient notebook/sparkview cmd/gospark-worker
var Source embed.FS
