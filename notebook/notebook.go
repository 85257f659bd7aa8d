package notebook

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"gospark/cell"
	"gospark/cell/guard"
	"gospark/kernel"
	"gospark/kernel/wire"
	"gospark/launcher"
	"gospark/launcher/profile"
)

// Options say what a notebook works with.
type Options struct {
	Version string       // of gospark
	Cells   cell.Options // its Prelude and Calls are filled in here
	Launch  launcher.Options
	// Profile names the server to begin with; "" is the files' default.
	Profile  string
	Profiles profile.Options // where profiles are looked for
	Master   string          // in place of the profile's; "" leaves that
	Idle     time.Duration   // where the profile says nothing
	Remote   string          // an sc:// endpoint to begin with, instead of Profile
	User     string          // Spark's user id
	// Lazy leaves the connection to the first use; else it begins with the
	// kernel, so that Spark is there when the first cell wants it.
	Lazy bool
	Log  *slog.Logger
}

// Notebook runs the cells of one notebook. It implements [kernel.Interpreter].
//
// Goroutines: Start begins the connection's run, the errands of front ends and the
// preparation of the worker in the group tasks; Close cancels the group and waits for it.
type Notebook struct {
	version  string
	log      *slog.Logger
	lazy     bool
	profiles profile.Options
	cells    *cell.Runtime
	spark    *connection
	catalog  catalog  // what Tab knows of the session's tables
	kept     keptWork // what a new session can be given again
	running  activeRuns
	works    works    // what Spark did for the last cells
	looks    looks    // at works, while somebody watches
	errands  *errands // what front ends asked for over comms
	channels channels
	names    cellNames
	jobs     guard.Set    // of what scripts have started
	told     atomic.Int64 // epoch of the last session that was said to be new

	prepared *preparation

	tasks *errgroup.Group
	stop  context.CancelFunc
}

var _ kernel.Interpreter = (*Notebook)(nil)

// New makes a notebook. Nothing runs before Start.
func New(o Options) *Notebook {
	n := &Notebook{
		version:  o.Version,
		log:      o.Log,
		lazy:     o.Lazy,
		profiles: o.Profiles,
		spark:    newConnection(o.Launch, o.User, o.Log),
		prepared: newPreparation(),
		errands:  newErrands(),
	}
	n.spark.now.target = n.first(o)
	o.Cells.Prelude = prelude()
	o.Cells.Calls = map[string]cell.Call{sessionCall: n.answerSession}
	o.Cells.Log = o.Log
	n.cells = cell.New(o.Cells)
	return n
}

// Info describes Go for kernel_info_reply.
func (n *Notebook) Info() wire.KernelInfoReply {
	return wire.KernelInfoReply{
		Implementation:        "gospark",
		ImplementationVersion: n.version,
		Banner:                "gospark " + n.version + ": Go with Apache Spark. spark is the session; %help tells more.",
		LanguageInfo: wire.LanguageInfo{
			Name:           "go",
			Version:        runtime.Version()[len("go"):],
			MimeType:       "text/x-go",
			FileExtension:  ".go",
			PygmentsLexer:  "go",
			CodemirrorMode: "go",
		},
		HelpLinks: []wire.HelpLink{
			{Text: "Go", URL: "https://go.dev/doc/"},
			{Text: "Spark SQL", URL: "https://spark.apache.org/docs/latest/sql-ref.html"},
		},
	}
}

// Start connects to Spark and gets the cell worker ready, both in the
// background: an early failure is kept and told by the first cell that needs
// what failed.
func (n *Notebook) Start(ctx context.Context, _ kernel.Output) error {
	ctx, n.stop = context.WithCancel(ctx)
	n.tasks, ctx = errgroup.WithContext(ctx)
	n.tasks.Go(func() error {
		n.spark.run(ctx)
		return nil
	})
	n.tasks.Go(func() error { return n.errands.run(ctx) })
	if !n.lazy {
		n.tasks.Go(func() error {
			if _, err := n.spark.await(ctx, func(state) {}); err != nil {
				n.log.Info("connect to Spark", "err", err)
			}
			return nil
		})
	}
	n.tasks.Go(func() error {
		if err := n.prepared.run(ctx, n.cells); err != nil {
			n.log.Info("Go cells are not ready", "err", err)
		}
		return nil
	})
	return nil
}

// Close ends the worker, the session and the lease. A restart keeps nothing of
// them either: the next kernel begins afresh on the same shared server.
func (n *Notebook) Close(ctx context.Context, _ bool) error {
	if n.stop == nil {
		return n.cells.Close(ctx)
	}
	n.stop()
	err := n.cells.Close(ctx)
	return errors.Join(err, n.tasks.Wait())
}

// workDir is the folder of the notebook.
func workDir() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	return dir
}
