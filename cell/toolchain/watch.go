package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// watch lists the folders and files whose change makes a package another one:
// those of packages that the user may be working on. A module of a certain
// version never changes.
func watch(all []listed) []string {
	var out []string
	for _, p := range all {
		if !p.local() {
			continue
		}
		out = append(out, p.Dir)
		for _, name := range p.EmbedFiles {
			out = append(out, filepath.Join(p.Dir, name))
		}
	}
	return out
}

// local reports whether the package belongs to a main module, or to one that is
// replaced by a folder.
func (p listed) local() bool {
	m := p.Module
	return m != nil && (m.Main || m.Replace != nil && m.Replace.Version == "") && !strings.Contains(p.Dir, "/vendor/")
}

// stamp names the state of watched files. It is empty when one was changed
// since began: what was compiled from then on may be older or newer.
func stamp(watched []string, began time.Time) string {
	sum := sha256.New()
	fresh := true
	for _, path := range watched {
		names := []string{path}
		if entries, err := os.ReadDir(path); err == nil {
			names = nil
			for _, e := range entries {
				if e.Type().IsRegular() && !strings.HasSuffix(e.Name(), "_test.go") {
					names = append(names, filepath.Join(path, e.Name()))
				}
			}
		}
		for _, name := range names {
			info, err := os.Stat(name)
			if err != nil {
				fmt.Fprintln(sum, name, "gone")
				continue
			}
			fresh = fresh && info.ModTime().Before(began)
			fmt.Fprintln(sum, name, info.Size(), info.ModTime().UnixNano())
		}
	}
	if !fresh {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))[:hashLength]
}
