package toolchain

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// keepBuilds is how many builds stay beside those that run: the last version of
// gospark and of Go, to go back to.
const keepBuilds = 3

// use marks the build as used by this process until the file is closed.
func (b *build) use() (*os.File, error) {
	now := time.Now()
	_ = os.Chtimes(b.file("manifest.json"), now, now) // prune goes by it
	file, err := os.OpenFile(b.file("use"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, diskFull(err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_SH|unix.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// prune removes the builds that were not used for the longest time, and sources
// that no build needs. One that a process uses stays.
func (t *Toolchain) prune() {
	manifests, _ := filepath.Glob(filepath.Join(t.opts.CacheDir, "build", "*", "manifest.json"))
	age := map[string]time.Time{}
	for _, path := range manifests {
		if info, err := os.Stat(path); err == nil {
			age[path] = info.ModTime()
		}
	}
	slices.SortFunc(manifests, func(a, b string) int { return cmp.Compare(age[b].UnixNano(), age[a].UnixNano()) })
	needed := map[string]bool{}
	for i, path := range manifests {
		b := build{dir: filepath.Dir(path)}
		if i >= keepBuilds && b.remove() {
			continue
		}
		b.read()
		needed[b.Source] = true
	}
	sources, _ := filepath.Glob(filepath.Join(t.opts.CacheDir, "src", "*"))
	for _, dir := range sources {
		info, err := os.Stat(dir)
		// A young one may belong to a build that is not finished yet.
		if err == nil && !needed[filepath.Base(dir)] && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(dir)
		}
	}
}

// remove removes the build's folder unless a process uses it.
func (b *build) remove() bool {
	file, err := os.OpenFile(b.file("use"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false
	}
	defer file.Close()
	if unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		return false
	}
	// The manifest first: without it the folder counts as not finished.
	return os.Remove(b.file("manifest.json")) == nil && os.RemoveAll(b.dir) == nil
}
