package launcher

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// archiveSettle is how long a server is left alone before the archive for
	// the next start is built beside it.
	archiveSettle = 20 * time.Second
	// archiveMemory must be free before one is built beside a server, and the
	// machine or container must have twice as much.
	archiveMemory = 3 * gib
	// archivesKept is how many are kept: for a few Sparks and Javas.
	archivesKept = 3
	// archiveTime bounds the building of one.
	archiveTime = 30 * time.Minute
	// smallestArchive tells an archive from what a failed JVM leaves.
	smallestArchive = mib
)

// ErrNoArchive says that a profile's Java cannot use a class archive: the
// configuration puts something before Spark's jars, or GOSPARK_CDS is off.
var ErrNoArchive = errors.New("no class archive can be used with this configuration")

// aotJava is the first Java whose ahead-of-time cache is made in one run and
// works with Spark's options; older ones have class archives only.
const aotJava = 25

// archive is a shared class archive (AppCDS), or its successor, an ahead-of-time
// cache: the classes that Spark loads, in the form that the JVM wants them in.
// It about halves the start. It holds for
// one Java and one set of jars, which its name stands for; the JVM checks that
// again and goes on without it when in doubt.
type archive struct{ dir, key, ext string }

// newArchive names the archive for a recipe.
func newArchive(r *recipe) (archive, error) {
	before, _ := r.aroundJars()
	if r.profile.Engine == Sail || len(before) > 0 || getenv(r.env, "GOSPARK_CDS") == "off" {
		return archive{}, ErrNoArchive
	}
	cache, err := userDir(r.env, "XDG_CACHE_HOME", ".cache")
	if err != nil {
		return archive{}, err
	}
	jars, err := r.jars()
	if err != nil {
		return archive{}, err
	}
	h := sha256.New()
	fmt.Fprintln(h, r.java.Version, r.moduleOptions())
	for _, path := range append(jars, r.java.Bin(), filepath.Join(r.java.Home, "release")) {
		if fi, err := os.Stat(path); err == nil {
			fmt.Fprintln(h, path, fi.Size(), fi.ModTime().UnixNano())
		}
	}
	name := "spark-" + r.spark.Version + "-java-" + r.java.Version + "-" + hex.EncodeToString(h.Sum(nil)[:8])
	return archive{dir: filepath.Join(cache, "gospark", "cds"), key: name, ext: r.archiveExt()}, nil
}

// archiveExt is the end of the archive's name: what kind the Java wants.
func (r *recipe) archiveExt() string {
	if javaMajor(r.java.Version) >= aotJava {
		return ".aot"
	}
	return ".jsa"
}

// archiveOptions make Java use an archive, or write one at its end.
func (r *recipe) archiveOptions() []string {
	use, write, quiet := "-XX:SharedArchiveFile=", "-XX:ArchiveClassesAtExit=", []string{"-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"}
	if r.archiveExt() == ".aot" {
		use, write, quiet = "-XX:AOTCache=", "-XX:AOTCacheOutput=", []string{"-Xlog:aot*=off", "-Xlog:cds*=off"}
	}
	switch {
	case r.training != "":
		return append(quiet, write+r.training)
	case r.archive != "":
		return append(quiet, use+r.archive)
	}
	return nil
}

// path is where the archive is; empty when there is none. The size is in the
// name, so that one that was cut short is never used.
func (a archive) path() string {
	found, _ := filepath.Glob(filepath.Join(globEscape(a.dir), globEscape(a.key)+"-*"+a.ext))
	for _, path := range found {
		if fi, err := os.Stat(path); err == nil && strings.HasSuffix(path, fmt.Sprintf("-%d%s", fi.Size(), a.ext)) {
			return path
		}
	}
	return ""
}

// adopt moves a new archive to its place and forgets old ones.
func (a archive) adopt(path string) (string, error) {
	fi, err := os.Stat(path)
	if err != nil || fi.Size() < smallestArchive {
		return "", errors.New("java wrote no class archive")
	}
	to := filepath.Join(a.dir, fmt.Sprintf("%s-%d%s", a.key, fi.Size(), a.ext))
	if err := os.Rename(path, to); err != nil {
		return "", fmt.Errorf("keep the class archive: %w", err)
	}
	a.prune()
	return to, nil
}

// prune keeps the newest archives.
func (a archive) prune() {
	found, _ := filepath.Glob(filepath.Join(globEscape(a.dir), "spark-*.*"))
	age := func(path string) int64 {
		fi, err := os.Stat(path)
		if err != nil {
			return 0
		}
		return fi.ModTime().UnixNano()
	}
	slices.SortFunc(found, func(x, y string) int { return int(min(1, max(-1, age(y)-age(x)))) })
	for _, path := range found[min(len(found), archivesKept):] {
		_ = os.Remove(path)
	}
}

// BuildArchive builds the class archive that makes the starts of a profile's
// server faster, unless it is there, and returns its path. It runs a server of
// its own for that, at the lowest priority, which takes about half a minute of a
// quiet processor and 1 GB; o.Warm, when set, is given that server, so that what
// queries load is in the archive too. Servers build their archive by themselves
// beside their work; "gospark install" may do it before the first start.
func BuildArchive(ctx context.Context, o Options, p Profile) (string, error) {
	o, p = o.withDefaults(), p.withDefaults()
	r := &recipe{profile: p, env: withEnv(o.Env, p.Env), memory: 2 * gib}
	o.Env = r.env
	if err := r.find(ctx, o); err != nil {
		return "", err
	}
	return buildArchive(ctx, o, r)
}

// buildArchive builds the archive for the Spark, Java and configuration of like.
func buildArchive(ctx context.Context, o Options, like *recipe) (string, error) {
	a, err := newArchive(like)
	if err != nil {
		return "", err
	}
	if path := a.path(); path != "" {
		return path, nil
	}
	lock, err := a.lock()
	if err != nil {
		return "", err
	}
	defer lock.Close()
	f, err := a.workplace()
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(f.path)
	defer f.close()
	ctx, cancel := context.WithTimeout(ctx, archiveTime)
	defer cancel()
	t := training{folder: f, lock: lock, warm: o.Warm, listening: make(chan string, 1)}
	path, err := t.run(ctx, like)
	if err != nil {
		return "", err
	}
	return a.adopt(path)
}

// ErrBuilding says that another process builds a class archive.
var ErrBuilding = errors.New("a class archive is being built already")

// lock makes the folder and takes its lock: one is built at a time.
func (a archive) lock() (*os.File, error) {
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for class archives: %w", err)
	}
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder for class archives: %w", err)
	}
	defer root.Close()
	lock, err := (&folder{root: root, path: a.dir}).tryLock("build.lock")
	if errors.Is(err, errHeld) {
		return nil, ErrBuilding
	}
	return lock, err
}

// workplace makes the folder to build in, and removes what a crash has left of
// others. The lock is held.
func (a archive) workplace() (*folder, error) {
	left, _ := filepath.Glob(filepath.Join(globEscape(a.dir), "build-*", "*"))
	for _, path := range left {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	dir, err := os.MkdirTemp(a.dir, "build-")
	if err != nil {
		return nil, fmt.Errorf("make the folder for a class archive: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder for a class archive: %w", err)
	}
	return &folder{root: root, path: dir}, nil
}

// training is a server that lives only for its class archive.
type training struct {
	folder    *folder
	lock      *os.File
	warm      func(context.Context, Server) error
	listening chan string

	mu   sync.Mutex // guards tail
	tail []string
}

// run starts the server, lets it be used, and ends it; the archive is written by
// the JVM as it ends.
func (t *training) run(ctx context.Context, like *recipe) (string, error) {
	r := *like
	r.folder, r.token, r.memory = t.folder, "training", 2*gib
	r.dirs = Dirs{Work: t.folder.path, Data: t.folder.path, Warehouse: t.folder.file("warehouse"), Scratch: t.folder.path}
	r.profile.Master, r.profile.Conf = "local[2]", nil
	r.archive, r.training = "", t.folder.file("new"+r.archiveExt())
	r.pages = &pages{key: []byte(rand.Text() + rand.Text())} // the Web UI's classes belong into the archive
	if err := r.resolve(); err != nil {
		return "", err
	}
	c, err := r.write()
	if err != nil {
		return "", err
	}
	c.idle = true
	rec := newRecogniser()
	j, err := startJVM(c, t.lock, func(line []byte) { t.line(rec, string(line)) })
	if err != nil {
		return "", fmt.Errorf("start %s: %w", c.path, err)
	}
	defer func() { j.terminate(ctx, archiveTime) }()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-j.done:
		cause, _ := explain(symptoms(), t.lines(), j.exit)
		return "", errors.New("the server for the class archive did not start: " + cause)
	case address := <-t.listening:
		if t.warm != nil { // what a failing query loaded is of use as well
			_ = t.warm(ctx, Server{State: Ready, Address: address, Token: r.token})
		}
	}
	j.terminate(ctx, archiveTime)
	return r.training, ctx.Err()
}

func (t *training) line(rec *recogniser, line string) {
	t.mu.Lock()
	t.tail = append(t.tail, line)
	t.mu.Unlock()
	if got := rec.read(line); got.listen != "" {
		select {
		case t.listening <- got.listen:
		default:
		}
	}
}

func (t *training) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.tail)
}

// archiver builds a server's archive beside it, once.
type archiver struct {
	work   sync.WaitGroup
	cancel context.CancelFunc
	tried  bool
}

// look starts the building when the server has been left alone for a while.
func (a *archiver) look(ctx context.Context, s *supervisor) {
	if a.tried || s.recipeUsed == nil || s.recipeUsed.archive != "" || time.Since(s.readySince) < archiveSettle {
		return
	}
	a.tried = true
	if free := memInfo("/", "MemAvailable"); free != 0 && free < archiveMemory || memory("/") < 2*archiveMemory {
		return
	}
	ctx, a.cancel = context.WithCancel(ctx)
	a.work.Go(func() {
		if path, err := buildArchive(ctx, s.options, s.recipeUsed); err != nil {
			s.options.Log.Info("no class archive was built", "error", err)
		} else {
			s.options.Log.Info("a class archive was built", "path", path)
		}
	})
}

// end gives up a building that goes on and waits for its end.
func (a *archiver) end() {
	if a.cancel != nil {
		a.cancel()
	}
	a.work.Wait()
}
