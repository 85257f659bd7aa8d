package sparkclient

import (
	"path/filepath"
	"strings"
)

// UseFolder makes relative paths of [Reader] and [Writer] relative to a folder
// of this machine; empty leaves them to the server, where they mean its own
// working folder. A notebook sets it while its server runs on the same machine.
func (s *Session) UseFolder(dir string) { s.folder.Store(dir) }

// paths are the paths as the server must see them. A path with a scheme
// (s3a://…, file:/…) or from the root is left as it is.
func (s *Session) paths(paths []string) []string {
	dir, _ := s.folder.Load().(string)
	if dir == "" {
		return paths
	}
	absolute := make([]string, len(paths))
	for i, path := range paths {
		if path == "" || filepath.IsAbs(path) || hasScheme(path) {
			absolute[i] = path
			continue
		}
		absolute[i] = filepath.Join(dir, path)
	}
	return absolute
}

// hasScheme reports whether a path begins with a scheme, as in file:/tmp.
func hasScheme(path string) bool {
	scheme, _, ok := strings.Cut(path, ":")
	return ok && scheme != "" && !strings.ContainsAny(scheme, "/ ")
}
