package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// hashLength is how many hexadecimal digits name a folder of the cache.
const hashLength = 20

// walk calls do for the files of the module source that a build needs: tests
// and their data stay where they are.
func walk(source fs.FS, do func(path string) error) error {
	return fs.WalkDir(source, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case !d.Type().IsRegular() || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		return do(path)
	})
}

// hashSource names the content of the module source: same files, same name.
func hashSource(source fs.FS) (string, error) {
	sum := sha256.New()
	buffer := make([]byte, 16<<10) // every kernel does this at its start: no file is read whole
	err := walk(source, func(path string) error {
		in, err := source.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		info, err := in.Stat()
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s\x00%d\x00", path, info.Size())
		_, err = io.CopyBuffer(sum, onlyReader{in}, buffer)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read gospark's source: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil))[:hashLength], nil
}

// onlyReader hides WriteTo, so that a copy uses its buffer.
type onlyReader struct{ io.Reader }

// unpack writes the module source into dir, whole or not at all: others that
// unpack at the same time write the same.
func unpack(source fs.FS, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return diskFull(err)
	}
	tmp, err := os.MkdirTemp(parent, ".unpack-*")
	if err != nil {
		return diskFull(err)
	}
	defer os.RemoveAll(tmp)
	if err := copyTree(source, tmp); err != nil {
		return fmt.Errorf("unpack gospark's source: %w", diskFull(err))
	}
	if err := os.Rename(tmp, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("unpack gospark's source: %w", err)
	}
	return nil
}

// copyTree copies regular files, read-only.
func copyTree(source fs.FS, dir string) error {
	return walk(source, func(path string) error {
		to := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return copyFile(source, path, to)
	})
}

func copyFile(source fs.FS, path, to string) error {
	in, err := source.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
