package notebook

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"

	"gospark/cell"
	"gospark/cell/source"
	"gospark/kernel"
	"gospark/launcher"
	"gospark/launcher/profile"
	"gospark/magic"
	"gospark/notebook/sparkview"
	"gospark/render"
)

// explain turns an error into what a person reads: what failed, on what, and
// the next thing to type. Long details are folded, below the short text.
func (n *Notebook) explain(ctx context.Context, r *run, err error) *kernel.Error {
	return shown(n.failure(ctx, r, n.blame(ctx, r, err)))
}

// shown is a failure as Jupyter shows it.
func shown(f render.Failure) *kernel.Error {
	e := &kernel.Error{Name: f.Name, Value: firstLine(f.Message), Traceback: render.Traceback(f)}
	if f.Details != "" {
		details := render.Details(f)
		e.Details = &details
	}
	return e
}

// blame reports a lost session to the connection. Where the supervisor knows why
// the server ended, that is the error to tell, instead of what a request met.
func (n *Notebook) blame(ctx context.Context, r *run, err error) error {
	if !isLost(err) {
		return err
	}
	why := n.spark.lose(ctx, int(r.epoch.Load()), err)
	if gone := (*launcher.GoneError)(nil); errors.As(why, &gone) {
		return why
	}
	return err
}

// isLost reports whether an error, of SQL or of a Go cell, says that the server
// or the session is gone.
func isLost(err error) bool {
	var failed *cell.CellError
	if errors.As(err, &failed) {
		r, ok := sparkview.DecodeReport(failed.Bundle)
		return ok && r.Lost
	}
	return sparkview.Lost(err)
}

// failure finds the words for an error.
func (n *Notebook) failure(ctx context.Context, r *run, err error) render.Failure {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return render.Failure{Name: "interrupted", Message: "the cell was interrupted; variables are as it left them"}
	}
	for _, words := range []func(*run, error) (render.Failure, bool){usageWords, bindWords, goWords, moduleWords, sparkWords, serverWords, saveWords, systemWords} {
		if f, ok := words(r, err); ok {
			return n.advised(ctx, f)
		}
	}
	return n.advised(ctx, render.Failure{Name: "error", Message: err.Error()})
}

func usageWords(_ *run, err error) (render.Failure, bool) {
	var usage *magic.UsageError
	if !errors.As(err, &usage) {
		return render.Failure{}, false
	}
	f := render.Failure{Name: "usage", Message: usage.Message}
	if usage.Nearest != "" {
		f.Advice = append(f.Advice, "did you mean `"+usage.Nearest+"`?")
	}
	if usage.Usage != "" {
		f.Advice = append(f.Advice, "usage: `"+usage.Usage+"`")
	}
	return f, true
}

// goWords are for what goes wrong in Go cells.
func goWords(r *run, err error) (render.Failure, bool) {
	var (
		compile  *source.CompileError
		panicked *cell.PanicError
		exit     *cell.ExitError
		failed   *cell.CellError
		died     *cell.WorkerDied
		missing  *cell.MissingTool
	)
	switch {
	case errors.As(err, &compile):
		return compileWords(r, compile), true
	case errors.As(err, &panicked):
		return panicWords(panicked), true
	case errors.As(err, &exit):
		return render.Failure{Name: "exit", Message: fmt.Sprintf("the cell called os.Exit(%d); the notebook goes on", exit.Code)}, true
	case errors.As(err, &failed):
		return cellWords(failed), true
	case errors.As(err, &died):
		return diedWords(died), true
	case errors.Is(err, cell.ErrStopped):
		return render.Failure{Name: "ended", Message: "the Go process was ended by a reset while the cell ran; its variables are gone"}, true
	case errors.As(err, &missing):
		what, _, _ := strings.Cut(missing.Error(), ";")
		return render.Failure{Name: "Go is not ready", Message: what, Advice: []string{
			"install it with `" + missing.Advice + "`", "`%%sql` and `%spark` work without it",
		}}, true
	}
	return render.Failure{}, false
}

// compileWords show the first line at fault and list all diagnostics.
func compileWords(r *run, e *source.CompileError) render.Failure {
	f := render.Failure{Name: "compile error", Message: e.Error()}
	if len(e.Diagnostics) == 0 {
		f.Message = "the cell is not Go that compiles"
		return f
	}
	first := e.Diagnostics[0]
	f.Message = first.Msg
	for _, d := range e.Diagnostics[1:] {
		f.Message += fmt.Sprintf("\nline %d:%d: %s", d.Line, d.Col, d.Msg)
	}
	f.Where = snippetAt(r, first.Line, first.Col)
	return f
}

// snippetAt marks a place in the cell's text; nil where there is none.
func snippetAt(r *run, line, col int) *render.Snippet {
	lines := strings.SplitAfter(r.cell.Code, "\n")
	if line < 1 || line > len(lines) {
		return nil
	}
	text := strings.TrimRight(lines[line-1], "\n")
	at := min(max(col-1, 0), len(text))
	return &render.Snippet{
		Title: fmt.Sprintf("cell %d, line %d, column %d", r.cell.Number, line, col),
		Text:  text, Line: line, Start: at, Stop: at + 1,
	}
}

func panicWords(e *cell.PanicError) render.Failure {
	f := render.Failure{Name: "panic", Message: e.Value}
	for _, frame := range e.Frames {
		f.Message += fmt.Sprintf("\n  %s line %d", frame.File, frame.Line)
		if !strings.Contains(frame.Func, ".Cell") { // the cell's own statements have no name
			f.Message += ", in " + strings.TrimPrefix(frame.Func, "repl.")
		}
	}
	return f
}

// cellWords are for a final error value. One that came from Spark brings its
// parts with it, so that it reads as an SQL error does.
func cellWords(e *cell.CellError) render.Failure {
	if r, ok := sparkview.DecodeReport(e.Bundle); ok {
		return r.Failure
	}
	return render.Failure{Name: "error", Message: e.Error()}
}

func diedWords(e *cell.WorkerDied) render.Failure {
	f := render.Failure{Name: "the Go process ended", Message: e.Reason, Advice: []string{
		"a new one starts with the next cell; run the cells again whose variables you need",
	}}
	if len(e.Lost) > 0 {
		f.Advice = append(f.Advice, "lost: `"+strings.Join(e.Lost, "`, `")+"`")
	}
	return f
}

// sparkWords are for what Spark says of a query.
func sparkWords(r *run, err error) (render.Failure, bool) {
	var timeout *timeoutError
	if errors.As(err, &timeout) {
		return render.Failure{Name: "timeout", Message: timeout.Error() + " and were stopped on the server",
			Advice: []string{"`--timeout` gives them another time"}}, true
	}
	if errors.Is(err, errRuns) {
		return render.Failure{Name: "usage", Message: err.Error(), Advice: []string{"`--explain` shows the plan of any statement, without running it"}}, true
	}
	f, ok := sparkview.Failure(err)
	if !ok {
		return render.Failure{}, false
	}
	var in *sqlError
	if errors.As(err, &in) {
		f.Where = sparkview.Snippet(err, in.prefix, in.statement.Text, in.line, fmt.Sprintf("cell %d", r.cell.Number))
	}
	return f, true
}

// serverWords are for the server itself.
func serverWords(_ *run, err error) (render.Failure, bool) {
	var (
		start   *launcher.StartError
		missing *launcher.NotFoundError
		gone    *launcher.GoneError
		inUse   *launcher.InUseError
		unknown *profile.UnknownError
		wrong   *profile.Problem
		bundle  *profile.BundleError
	)
	switch {
	case errors.As(err, &unknown):
		return render.Failure{Name: "no such profile", Message: unknown.Error(), Advice: []string{
			"`%spark profile list` shows what there is", "`%spark start NAME --master …` starts one that no file names"}}, true
	case errors.As(err, &bundle):
		return render.Failure{Name: "no such bundle", Message: bundle.Error(), Advice: []string{
			"`gospark profile check` in a terminal looks for all mistakes; a bundle's `profiles` say where it fits"}}, true
	case errors.As(err, &wrong):
		return render.Failure{Name: "profile cannot be used", Message: wrong.Origin.String() + ": " + wrong.Text,
			Advice: nonEmpty(wrong.Advice, "`gospark profile check` in a terminal looks for all mistakes")}, true
	case errors.As(err, &start):
		return render.Failure{Name: "Spark did not start", Message: start.Cause, Details: strings.Join(start.LogTail, "\n"),
			Advice: nonEmpty(start.Advice, "the whole log: `%spark logs`")}, true
	case errors.As(err, &missing):
		return render.Failure{Name: missing.What + " is missing", Message: missing.Reason, Advice: nonEmpty(missing.Advice)}, true
	case errors.As(err, &gone):
		return render.Failure{Name: "the Spark server ended", Message: strings.TrimPrefix(gone.Reason, "the server ended: "),
			Advice: nonEmpty(gone.Advice, "run the cell again: a new server starts")}, true
	case errors.As(err, &inUse):
		return render.Failure{Name: "server in use", Message: inUse.Error(), Advice: []string{"add `-f` to do it all the same"}}, true
	case errors.Is(err, errNoServer):
		return render.Failure{Name: "not connected", Message: err.Error(), Advice: []string{"`%spark start` connects, and the next query does so by itself"}}, true
	case errors.Is(err, launcher.ErrNotRunning):
		return render.Failure{Name: "no Spark server", Message: "no server of this profile has run yet", Advice: []string{"`%spark start` starts it"}}, true
	case errors.Is(err, errServerRuns):
		return render.Failure{Name: "server runs", Message: err.Error(), Advice: []string{
			"`%spark stop` it first (`-f` where others use it), or start another profile: `%spark start NAME --master …`",
			"`%spark conf K=V` changes what may change while it runs",
		}}, true
	}
	return render.Failure{}, false
}

// systemWords are for files and commands.
func systemWords(_ *run, err error) (render.Failure, bool) {
	var script *scriptError
	var path *fs.PathError
	var program *exec.Error
	switch {
	case errors.As(err, &script):
		return render.Failure{Name: "command failed", Message: script.Error()}, true
	case errors.As(err, &program):
		return render.Failure{Name: "command failed", Message: fmt.Sprintf("%s cannot be started: %v", program.Name, program.Err)}, true
	case errors.As(err, &path):
		return render.Failure{Name: "file error", Message: fmt.Sprintf("cannot %s %s: %v", strings.Replace(path.Op, "chdir", "change to", 1), path.Path, path.Err)}, true
	case errors.Is(err, kernel.ErrNoStdin):
		return render.Failure{Name: "no input", Message: errNoInput.Error()}, true
	}
	return render.Failure{}, false
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func nonEmpty(words ...string) []string {
	var kept []string
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}
