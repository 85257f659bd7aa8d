package launcher

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Dirs are the folders that a server's files go to, so that none lands in the
// user's working folder.
type Dirs struct {
	// Work is the server's working directory: the user's home. A server is
	// shared by notebooks of many folders, so none of them can be it; callers
	// make relative paths absolute before they send them.
	Work string
	// Data holds what outlives the server: the Hive metastore (metastore_db and
	// derby.log) of a profile with spark.sql.catalogImplementation=hive.
	Data string
	// Warehouse holds managed tables. Spark's default catalog forgets tables at
	// the end of the server but not their files, and then refuses to make the
	// table again; so each start has a fresh folder, unless the profile has a
	// Hive metastore or names spark.sql.warehouse.dir. Folders with data in
	// them are left to the user, empty ones are removed.
	Warehouse string
	// Scratch holds temporary files: shuffles, spills, artifacts. It is removed
	// after the server, by the next supervisor if need be.
	Scratch string
}

// scratchPrefix begins the name of every scratch folder; see removeScratch.
const scratchPrefix = "gospark-scratch-"

// makeDirs makes the folders of one start of a profile.
func makeDirs(env []string, profile, generation string) (Dirs, error) {
	d := Dirs{Work: getenv(env, "HOME")}
	if !isDir(d.Work) {
		d.Work = "/"
	}
	data, err := userDir(env, "XDG_DATA_HOME", filepath.Join(".local", "share"))
	if err != nil {
		return d, err
	}
	d.Data = filepath.Join(data, "gospark", profile)
	above := filepath.Join(d.Data, "warehouse")
	left, _ := filepath.Glob(filepath.Join(globEscape(above), "*"))
	for _, old := range left {
		_ = os.Remove(old) // only when it is empty
	}
	d.Warehouse = filepath.Join(above, generation)
	if err := os.MkdirAll(d.Warehouse, 0o700); err != nil {
		return d, fmt.Errorf("make the folder for managed tables: %w", err)
	}
	tmp := getenv(env, "TMPDIR")
	if !filepath.IsAbs(tmp) {
		tmp = "/tmp"
	}
	if d.Scratch, err = os.MkdirTemp(tmp, scratchPrefix); err != nil {
		return d, fmt.Errorf("make the folder for temporary files: %w", err)
	}
	return d, nil
}

// remove removes what nobody needs after the server's end.
func (d Dirs) remove() {
	removeScratch(d.Scratch)
	_ = os.Remove(d.Warehouse) // only when it is empty
}

// removeScratch removes a scratch folder; the name may come from a stale file,
// so anything that is not one of ours is left alone.
func removeScratch(path string) {
	fi, err := os.Lstat(path)
	if err != nil || !fi.IsDir() || !strings.HasPrefix(filepath.Base(path), scratchPrefix) {
		return
	}
	if checkPrivate(path, fi) == nil {
		_ = os.RemoveAll(path)
	}
}
