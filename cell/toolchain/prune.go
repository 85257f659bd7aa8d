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

// keepImports is how many imports plugins stay in a build beside those in use: a
// local package leaves one behind at each change.
const keepImports = 20

// use marks the build as used by this process until the file is closed.
func (b *build) use() (*os.File, error) { return use(b.dir, "manifest.json") }

// use marks a folder as used; newest names the file whose age is the folder's.
func use(dir, newest string) (*os.File, error) {
	now := time.Now()
	_ = os.Chtimes(filepath.Join(dir, newest), now, now) // prune goes by it
	file, err := os.OpenFile(filepath.Join(dir, "use"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, diskFull(err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_SH|unix.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// byAge sorts files, the youngest first.
func byAge(paths []string) []string {
	age := map[string]time.Time{}
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			age[path] = info.ModTime()
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Compare(age[b].UnixNano(), age[a].UnixNano()) })
	return paths
}

// pruneImports removes the imports plugins that were not used for the longest
// time.
func (b *build) pruneImports() {
	plugins, _ := filepath.Glob(b.file(filepath.Join("imports-*", "imports-*.so")))
	for i, path := range byAge(plugins) {
		if i >= keepImports {
			remove(filepath.Dir(path), filepath.Base(path))
		}
	}
}

// prune removes the builds that were not used for the longest time, and sources
// that no build needs. One that a process uses stays.
func (t *Toolchain) prune() {
	manifests, _ := filepath.Glob(filepath.Join(t.opts.CacheDir, "build", "*", "manifest.json"))
	needed := map[string]bool{}
	for i, path := range byAge(manifests) {
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
func (b *build) remove() bool { return remove(b.dir, "manifest.json") }

// remove removes a folder unless a process uses it. The file that makes it count
// as finished goes first.
func remove(dir, finished string) bool {
	file, err := os.OpenFile(filepath.Join(dir, "use"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false
	}
	defer file.Close()
	if unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		return false
	}
	return os.Remove(filepath.Join(dir, finished)) == nil && os.RemoveAll(dir) == nil
}
