package kernelspec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"gospark/labextension"
)

// listFile is what JupyterLab reads to say who installed an extension; our list of
// files stands in it, too. It is written last.
const listFile = "install.json"

// installed is install.json.
type installed struct {
	Manager      string `json:"packageManager"`
	Name         string `json:"packageName"`
	Instructions string `json:"uninstallInstructions"`
	Gospark      *mark  `json:"gospark,omitempty"`
}

// extensionDir is the folder of the browser part beside a kernel's folder.
func extensionDir(kernel string) string {
	return filepath.Join(filepath.Dir(filepath.Dir(kernel)), "labextensions", labextension.Name)
}

// installExtension writes the browser part; what an older one had besides goes. In
// a wheel pip takes it away again, else gospark does.
func installExtension(dir string, wheel bool) error {
	old, err := readList(dir)
	if err != nil {
		return err
	}
	files, err := labextension.Files()
	if err != nil {
		return fmt.Errorf("read the browser part: %w", err)
	}
	var names []string
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		names = append(names, name)
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return writeFile(path, text)
	})
	if err != nil {
		return fmt.Errorf("write the browser part: %w", writeError(err))
	}
	by := installed{Manager: "gospark", Name: labextension.Name, Instructions: "gospark uninstall", Gospark: &mark{Files: append(names, listFile)}}
	if wheel {
		by.Manager, by.Instructions = "python", "pip uninstall gospark"
	}
	list, err := json.MarshalIndent(by, "", "  ")
	if err == nil {
		err = writeFile(filepath.Join(dir, listFile), append(list, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write the browser part: %w", writeError(err))
	}
	return removeFiles(dir, slices.DeleteFunc(old, func(name string) bool { return name == listFile || slices.Contains(names, name) }))
}

// uninstallExtension removes what installExtension wrote, and nothing else.
func uninstallExtension(dir string) error {
	names, err := readList(dir)
	if err != nil {
		return err
	}
	return removeFiles(dir, names)
}

// removeFiles removes files of the browser part, and folders that are empty then.
func removeFiles(dir string, names []string) error {
	for _, name := range names {
		if !filepath.IsLocal(filepath.FromSlash(name)) { // the list may have been edited
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the browser part: %w", writeError(err))
		}
		for at := filepath.Dir(path); at != filepath.Dir(dir) && os.Remove(at) == nil; at = filepath.Dir(at) {
		}
	}
	return nil
}

// readList lists what an install wrote; a folder that is not ours is a
// *ForeignError.
func readList(dir string) ([]string, error) {
	fi, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the browser part's folder: %w", err)
	}
	foreign := &ForeignError{Dir: dir, Problem: "holds an extension that gospark did not install"}
	if !fi.IsDir() {
		return nil, foreign
	}
	text, err := os.ReadFile(filepath.Join(dir, listFile))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(filepath.Join(dir, "package.json")); errors.Is(err, fs.ErrNotExist) {
			return nil, nil // an install that did not come to its end
		}
		return nil, foreign
	}
	var list installed
	if err != nil || json.Unmarshal(text, &list) != nil || list.Gospark == nil {
		return nil, foreign
	}
	return list.Gospark.Files, nil
}

// extensionProblem says what is wrong with an installed browser part.
func extensionProblem(dir string) string {
	files, err := labextension.Files()
	if err != nil {
		return err.Error()
	}
	ours, err := fs.ReadFile(files, "package.json")
	if err != nil {
		return err.Error()
	}
	theirs, err := os.ReadFile(filepath.Join(dir, "package.json"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is not there"
	case err != nil:
		return err.Error()
	case !bytes.Equal(ours, theirs):
		return "is of another version of gospark"
	}
	return ""
}
