package launcher

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// stopGrace is how long Spark may take to stop in good order.
	stopGrace = 20 * time.Second
	// aliveWait is how long a new supervisor waits for alive.lock: somebody may
	// be looking at it, or the last JVM be dying.
	aliveWait = 2 * time.Second
	// starterWait is how long a supervisor waits for the one who started it.
	starterWait = 2 * time.Second
	// connectWait bounds the first connection to a server that says it listens.
	connectWait = 10 * time.Second
	// tailLines is how much of the log is kept for a report.
	tailLines = 200
)

// Supervise is the body of "gospark server run": it starts the server of the
// profile, answers those who attach, and returns when the server has ended. It
// returns nil when the server was stopped, ErrRunning when there is a server
// already, else a *StartError or a *GoneError. When ctx ends it stops the server.
func Supervise(ctx context.Context, o Options, p Profile) error {
	o, p = o.withDefaults(), p.withDefaults()
	if err := p.check(); err != nil {
		return err
	}
	f, err := openFolder(o, p.Name)
	if err != nil {
		return err
	}
	defer f.close()
	wait, cancel := context.WithTimeout(ctx, aliveWait)
	defer cancel()
	alive, err := f.lock(wait, aliveLock)
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrRunning
	}
	if err != nil {
		return err
	}
	defer alive.Close()
	l, err := f.listen()
	if err != nil {
		return err
	}
	return newSupervisor(o, p, f, alive).run(ctx, l)
}

// supervisor is one server's keeper.
//
// Goroutines: run owns the start, the watch and the end; serve (see desk)
// answers callers; the JVM's two (see jvm) call line, which talks to run through
// listening.
type supervisor struct {
	options  Options
	profile  Profile
	folder   *folder
	alive    *os.File
	hub      *hub
	log      *logFile
	dirs     Dirs
	token    string
	archiver archiver
	// recipeUsed is what the JVM was started with, readySince when it listened.
	recipeUsed *recipe
	readySince time.Time
	usage      usage
	listening  chan string   // host:port, once
	lost       chan struct{} // Spark's context has stopped, once
	pages      *pages        // set by run; nil where it has no port

	mu     sync.Mutex // guards the fields below
	tail   []string   // the last lines of the log
	heard  time.Time  // when the JVM last said something
	uiPort string
}

func newSupervisor(o Options, p Profile, f *folder, alive *os.File) *supervisor {
	now := time.Now()
	s := Server{
		Profile: p.Name, State: Starting, LogPath: f.file(logName), Supervisor: os.Getpid(),
		Version: o.Version, Started: now, Generation: now.UTC().Format("20060102T150405.000Z"), Idle: p.Idle,
	}
	return &supervisor{
		options: o, profile: p, folder: f, alive: alive, hub: newHub(s, p, o.starter), token: rand.Text(), heard: now,
		listening: make(chan string, 1), lost: make(chan struct{}, 1),
	}
}

// run keeps the server from its start to its end.
func (s *supervisor) run(ctx context.Context, l *net.UnixListener) error {
	var err error
	if s.pages, err = newPages(); err != nil {
		s.options.Log.Warn("there will be no Web UI", "error", err)
		s.pages = nil
	}
	desk := &desk{hub: s.hub, pages: s.pages}
	// An ended ctx must not cut callers off before they are told.
	serveCtx, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	var serving sync.WaitGroup
	serving.Go(func() { desk.serve(serveCtx, l) })
	if s.pages != nil {
		serving.Go(s.pages.serve)
	}

	j, err := s.keep(ctx)
	s.archiver.end()
	if s.options.starter != 0 {
		s.hub.awaitStarter(starterWait)
	}
	s.noteEnding(err)
	s.hub.finish(endOf(err))
	// alive.lock is held, so socket and registry are ours and not a successor's.
	_ = s.folder.root.Remove(socketName)
	l.Close()
	drop()
	if s.pages != nil {
		s.pages.close()
	}
	if j != nil {
		j.terminate(context.WithoutCancel(ctx), stopGrace) // also when ctx ended: bounded by the grace
	}
	serving.Wait()
	_ = s.folder.root.Remove(registryName)
	s.dirs.remove()
	if s.log != nil {
		s.log.close()
	}
	var gone *stopped
	if errors.As(err, &gone) {
		return nil
	}
	return err
}

// keep starts the server and watches it to its end; when Java did not even come
// to Spark with a class archive, once more without.
func (s *supervisor) keep(ctx context.Context) (*jvm, error) {
	for {
		j, err := s.start(ctx)
		if err == nil {
			err = s.watch(ctx, j)
		}
		var failed *StartError
		if !errors.As(err, &failed) || s.recipeUsed == nil || s.recipeUsed.archive == "" || s.spoke() {
			return j, err
		}
		_ = os.Remove(s.recipeUsed.archive)
		s.recipeUsed = nil
		s.dirs.remove()
		s.log.close()
		s.hub.phase("Starting again without the class archive")
	}
}

// spoke reports whether Spark itself, and not only Java, has said something.
func (s *supervisor) spoke() bool {
	return slices.ContainsFunc(s.lastLines(), func(line string) bool { return strings.Contains(line, "SparkContext: ") })
}

// stopped is the end that was wanted.
type stopped struct{ GoneError }

// endOf is what those who attached are told.
func endOf(err error) event {
	var start *StartError
	var gone *GoneError
	var stop *stopped
	switch {
	case errors.As(err, &start):
		return event{Failed: start}
	case errors.As(err, &stop):
		return event{Gone: &stop.GoneError}
	case errors.As(err, &gone):
		return event{Gone: gone}
	default:
		return event{Failed: &StartError{Cause: err.Error()}}
	}
}

// start gets the JVM going. Its errors are *StartError.
func (s *supervisor) start(ctx context.Context) (*jvm, error) {
	s.hub.phase("Looking for Spark and Java")
	if old, err := s.folder.registry(); err == nil {
		removeScratch(old.Scratch)
	}
	_ = s.folder.root.Remove(registryName)
	_ = s.folder.root.Remove(endingName)
	s.log = openLog(s.folder, logLimit)
	r, err := s.recipe(ctx)
	if err != nil {
		return nil, s.startError(err)
	}
	if a, err := newArchive(r); err == nil {
		r.archive = a.path()
	}
	c, err := r.write()
	if err != nil {
		return nil, s.startError(err)
	}
	s.recipeUsed = r
	server := s.hub.update(func(v *Server) {
		v.Master, v.SparkVersion, v.JavaVersion = r.conf["spark.master"], r.spark.Version, r.java.Version
		v.SparkHome = r.spark.Home
		v.Warehouse, v.Scratch = r.conf["spark.sql.warehouse.dir"], r.dirs.Scratch
	})
	s.register(server)
	s.hub.phase(r.describe())
	rec := newRecogniser()
	j, err := startJVM(c, s.alive, func(line []byte) { s.line(rec, line) })
	if err != nil {
		return nil, s.startError(fmt.Errorf("start %s: %w", c.path, err))
	}
	s.hub.update(func(v *Server) { v.PID = j.pid })
	return j, nil
}

// recipe finds all that the start needs.
func (s *supervisor) recipe(ctx context.Context) (*recipe, error) {
	env := withEnv(s.options.Env, s.profile.Env)
	if s.profile.Script != "" {
		s.hub.phase("Running the profile's script")
		var err error
		if env, err = runScript(ctx, s.profile.Script, env, func(text []byte) { s.log.write(append(text, '\n')) }); err != nil {
			return nil, err
		}
	}
	o := s.options
	o.Env = env
	var err error
	if s.dirs, err = makeDirs(env, s.profile.Name, s.hub.snapshot().Generation); err != nil {
		return nil, err
	}
	r := &recipe{
		profile: s.profile, dirs: s.dirs, folder: s.folder,
		env: env, token: s.token, memory: memory("/"), pages: s.pages,
	}
	return r, r.find(ctx, o)
}

// startError makes a *StartError of something that went wrong before Java.
func (s *supervisor) startError(err error) *StartError {
	var missing *NotFoundError
	if errors.As(err, &missing) {
		return &StartError{Cause: missing.Reason, Advice: missing.Advice}
	}
	cause, advice := err.Error(), ""
	if diskFull(err) {
		advice = "free some space on the disk"
	}
	return &StartError{Cause: cause, Advice: advice, LogPath: s.folder.file(logName)}
}

// register writes server.json. Nobody depends on it for attaching, so a failure
// does not end the start; it is told in the supervisor's log.
func (s *supervisor) register(server Server) {
	b, err := json.MarshalIndent(server, "", "  ")
	if err == nil {
		err = s.folder.write(registryName, append(b, '\n'))
	}
	if err != nil {
		s.options.Log.Warn("the registry was not written", "error", err)
	}
}

// line takes one line of the JVM's output.
func (s *supervisor) line(rec *recogniser, text []byte) {
	s.log.write(append(text[:len(text):len(text)], '\n'))
	line := string(text)
	s.mu.Lock()
	s.heard = time.Now()
	s.tail = append(s.tail, line)
	if len(s.tail) > 2*tailLines {
		s.tail = append(s.tail[:0], s.tail[tailLines:]...)
	}
	s.mu.Unlock()
	if s.hub.snapshot().State == Ready {
		if strings.Contains(line, contextStopped) {
			notify(s.lost)
		}
		return
	}
	got := rec.read(line)
	if got.phase != "" {
		s.hub.phase(got.phase)
	}
	if got.uiPort != "" {
		s.mu.Lock()
		s.uiPort = got.uiPort
		s.mu.Unlock()
	}
	if got.listen != "" {
		select {
		case s.listening <- got.listen:
		default:
		}
	}
}

// contextStopped is what Spark logs when its context ends; Spark Connect would
// go on listening and refuse every plan.
const contextStopped = "SparkContext: Successfully stopped SparkContext"

// notify sends unless something is waiting there already.
func notify(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// lastLines is the end of the log.
func (s *supervisor) lastLines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.tail[max(0, len(s.tail)-tailLines):]...)
}

// silence is how long the JVM has said nothing.
func (s *supervisor) silence() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.heard)
}
