package toolchain

import (
	"errors"
	"regexp"
	"strings"
)

// ModuleKind says what is wrong with a module.
type ModuleKind int

// Kinds of module errors.
const (
	NotRequired   ModuleKind = iota // no module of the notebook has the package; Get says which would
	NotFound                        // no such module, or not at that place
	NoVersion                       // the module has no such version
	NoPackage                       // the module has no such package
	NoNetwork                       // it could not be fetched
	BadChecksum                     // it is not what it was
	NotStandard                     // a path that only the standard library could have
	NotAllowed                      // an internal package of another module
	NotImportable                   // a command, or a package without Go files
	NeedsGo                         // the module wants a newer Go
	VendorClash                     // vendored, in another version than the worker's
	WorkerClash                     // the worker uses it too and does not build with that version
)

// ModuleError is an import, or a %go get, that the go command refused.
type ModuleError struct {
	Kind    ModuleKind
	Package string // or module, as far as known
	Get     string // what go get would be asked for, if that helps
	Detail  string // the go command's words
}

func (e *ModuleError) Error() string {
	if e.Detail == "" {
		return "package " + e.Package + " cannot be imported"
	}
	return e.Detail
}

// modulePatterns find the kind of an error in the go command's words; the first
// group is the package or module. The order matters: causes before their effects.
var modulePatterns = []struct {
	kind  ModuleKind
	words *regexp.Regexp
}{
	{NotRequired, regexp.MustCompile(`no required module provides package (\S+?)[;:\s]`)},
	{NotRequired, regexp.MustCompile(`missing go\.sum entry for module providing package (\S+)`)},
	{NotRequired, regexp.MustCompile(`cannot find module providing package (\S+?): import lookup disabled`)},
	{NotRequired, regexp.MustCompile(`cannot find package "(\S+?)" in:?\s[^\n]*vendor`)},
	{NotRequired, regexp.MustCompile(`package (\S+) is not in your vendor`)},
	{NotStandard, regexp.MustCompile(`package (\S+) is not in std`)},
	{BadChecksum, regexp.MustCompile(`verifying (\S+?):? (?:checksum mismatch|[^\n]*SECURITY ERROR)`)},
	{BadChecksum, regexp.MustCompile(`(?s)verifying (\S+?): .*checksum mismatch`)},
	{NeedsGo, regexp.MustCompile(`(\S+) requires go >= \S+`)},
	{NoNetwork, regexp.MustCompile(`(?:go: |module )?(\S+?):[^\n]*(?:dial tcp|no such host|connection refused|i/o timeout|TLS handshake|module lookup disabled by GOPROXY=off|network is unreachable)`)},
	{NoVersion, regexp.MustCompile(`(\S+)@\S+: (?:no matching versions|invalid version|ambiguous semantic version|reading [^\n]*(?:unknown revision|404|not found))`)},
	{NoVersion, regexp.MustCompile(`(\S+)@\S+: [^\n]*unknown revision`)},
	{NoPackage, regexp.MustCompile(`module \S+ found[^\n]*, but does not contain package (\S+)`)},
	{NotFound, regexp.MustCompile(`unrecognized import path "(\S+?)"`)},
	{NotFound, regexp.MustCompile(`(?:module )?(\S+?):[^\n]*(?:404 Not Found|410 Gone|Repository not found|not found)`)},
	{NotFound, regexp.MustCompile(`malformed module path "(\S+?)"`)},
	{NotFound, regexp.MustCompile(`cannot find module providing package (\S+?)[:\s]`)},
	{NotImportable, regexp.MustCompile(`no Go files in (\S+)`)},
	{NotImportable, regexp.MustCompile(`build constraints exclude all Go files in (\S+)`)},
	{NotImportable, regexp.MustCompile(`import "(\S+?)" is a program, not an importable package`)},
}

var toAdd = regexp.MustCompile(`to add(?: it| missing requirements)?:\s+go get (\S+)`)

// moduleError recognises what the go command said; others stay as they are.
func moduleError(err error) error {
	var failed *CommandError
	if !errors.As(err, &failed) || errors.Is(err, ErrDiskFull) {
		return err
	}
	text := failed.Output + "\n"
	for _, p := range modulePatterns {
		found := p.words.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		e := &ModuleError{Kind: p.kind, Package: strings.Trim(found[1], `"':;`), Detail: failed.Output}
		if add := toAdd.FindStringSubmatch(text); add != nil {
			e.Get = add[1]
		} else if p.kind == NotRequired {
			e.Get = e.Package
		}
		return e
	}
	return err
}
