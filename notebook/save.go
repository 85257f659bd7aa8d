package notebook

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gospark/cell/source"
	"gospark/display"
	"gospark/magic"
	"gospark/render"
)

// saved is what a program of its own has for the prelude's variables.
func saved() map[string]source.Saved {
	return map[string]source.Saved{
		"ctx": {Imports: map[string]string{"context": "context"}, Source: "var ctx = context.Background()"},
		"spark": {
			Imports: map[string]string{"connect": "gospark/sparkclient/connect", "sparkclient": "gospark/sparkclient", "log": "log", "os": "os"},
			Source: `// spark is a session on the Spark Connect server that $SPARK_REMOTE names.
var spark = connectSpark()

func connectSpark() *sparkclient.Session {
	remote := os.Getenv("SPARK_REMOTE")
	if remote == "" {
		log.Fatal("SPARK_REMOTE is not set: it names a Spark Connect server, such as sc://localhost")
	}
	session, err := connect.Remote(remote)
	if err != nil {
		log.Fatal(err)
	}
	return session
}`,
		},
	}
}

// existsError is a file that is not overwritten unasked.
type existsError struct{ path string }

func (e *existsError) Error() string { return e.path + " is there already" }

// save is %save. The file is written whole or not at all.
func (n *Notebook) save(ctx context.Context, c magic.Save) (*display.Bundle, error) {
	if _, err := os.Lstat(c.Path); err == nil && !c.Force {
		return nil, &existsError{c.Path}
	}
	p, err := n.cells.Program()
	if err != nil {
		return nil, err
	}
	if err := replaceFile(c.Path, p.Source); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(c.Path)
	if err != nil {
		return nil, err
	}
	answer := []string{fmt.Sprintf("wrote %d bytes to %s", len(p.Source), c.Path)}
	answer = append(answer, p.Left...)
	file, complete, err := n.cells.ModuleFor(ctx, p, path)
	switch {
	case err != nil:
		answer = append(answer, "its modules could not be resolved: "+err.Error())
	case file != "" && !complete:
		answer = append(answer, "the module of "+file+" must require what it imports: `go get` and `go mod tidy` there")
	case file != "":
		answer = append(answer, "its modules are in "+file)
	}
	run := "`go run " + filepath.Base(c.Path) + "`"
	if strings.Contains(string(p.Source), "SPARK_REMOTE") {
		run += " with SPARK_REMOTE=sc://HOST:PORT in the environment"
	}
	return text(strings.Join(append(answer, run+" in "+filepath.Dir(path)+" runs it"), "\n")), nil
}

// replaceFile writes a file beside the one of that name, and then in its place.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".save-*")
	if err != nil {
		var fault *fs.PathError
		if errors.As(err, &fault) {
			fault.Path = path
		}
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// saveWords are for %save.
func saveWords(_ *run, err error) (render.Failure, bool) {
	var exists *existsError
	switch {
	case errors.As(err, &exists):
		return render.Failure{Name: "file exists", Message: exists.Error(), Advice: []string{"`%save -f " + exists.path + "` replaces it"}}, true
	case errors.Is(err, source.ErrNoProgram):
		return render.Failure{Name: "nothing to save", Message: err.Error()}, true
	}
	return render.Failure{}, false
}
