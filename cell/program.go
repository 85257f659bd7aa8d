package cell

import (
	"context"
	"errors"
	"fmt"

	"gospark/cell/source"
)

// Program is the live code of the notebook as one program: see
// [source.Notebook.Program].
func (r *Runtime) Program() (*source.Program, error) { return r.live().Program() }

// ModuleFor sees to the go.mod that a program in a file needs for its imports: one is
// written beside it where no module is there. It returns the file, "" where the standard
// library is enough, and whether it is complete: another module's is left as it is.
func (r *Runtime) ModuleFor(ctx context.Context, p *source.Program, path string) (file string, complete bool, err error) {
	if err := r.take(ctx); err != nil {
		return "", false, err
	}
	defer r.give()
	if err := r.prepare(ctx, func(string) {}); err != nil {
		return "", false, err
	}
	return r.workspace.ModuleFor(ctx, r.folder(), path, p.Imports)
}

// failedAt is the line of a cell in which it failed; 0 if that is not known, -1
// if it is that of its result.
func failedAt(err error, number int) (line int) {
	var result *CellError
	if errors.As(err, &result) {
		return -1
	}
	var panicked *PanicError
	if errors.As(err, &panicked) {
		for _, f := range panicked.Frames {
			if f.File == fmt.Sprintf("cell[%d]", number) {
				line = f.Line // the last one is the cell's own
			}
		}
	}
	return line
}
