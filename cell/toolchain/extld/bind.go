package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// worker is the library that the Go linker asks for where a cell is bound to the
// worker; abiHash is the symbol that the library would have to have.
const (
	worker  = "-lworker"
	abiHash = "go:link.abihash.libworker.so\x00"
)

// empty is a symbol of every worker. As a string it is empty, like the stand-in's
// hash: package versions are compared one by one.
const empty = "runtime.zeroVal"

// suffix marks a function's ABI in shared libraries. Programs leave it away.
const suffix = ".abiinternal\x00"

// bind takes the worker's stand-in out of the arguments, and what only it has out
// of the object's names; false where there is none.
func bind(args []string) ([]string, bool, error) {
	if !slices.Contains(args, worker) {
		return args, false, nil
	}
	for _, a := range args {
		if filepath.Base(a) == "go.o" {
			if err := rename(a); err != nil {
				return nil, true, err
			}
		}
	}
	args = slices.DeleteFunc(args, func(a string) bool {
		return a == worker || strings.HasPrefix(a, "-L") || strings.HasPrefix(a, "-Wl,-rpath=")
	})
	return args, true, nil
}

// rename changes symbols' names in an object, each to a shorter one in its place.
func rename(object string) error {
	file, err := os.OpenFile(object, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	f, err := elf.NewFile(file)
	if err != nil {
		return err
	}
	section := f.Section(".strtab")
	if section == nil {
		return errors.New("no symbols in " + object)
	}
	names, err := section.Data()
	if err != nil {
		return err
	}
	names = bytes.ReplaceAll(names, []byte(suffix), make([]byte, len(suffix)))
	pad := strings.Repeat("\x00", len(abiHash)-len(empty))
	names = bytes.ReplaceAll(names, []byte(abiHash), []byte(empty+pad))
	_, err = file.WriteAt(names, int64(section.Offset))
	return err
}
