package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Template is what a new file begins with: every setting, as comments.
func Template() []byte {
	var b bytes.Buffer
	b.WriteString(`# Profiles of gospark: which Spark notebooks start or join.
# "gospark profile check" finds mistakes, "gospark profile list" shows what there is.
# A running server keeps its settings: "gospark server restart" takes new ones.

# default = "mine"

# [profile.mine]
`)
	fields := profileFields()
	for _, name := range names(fields) {
		if f := fields[name]; f.kind != dict {
			fmt.Fprintf(&b, "# %-14s # %s\n", name+" =", f.about)
		}
	}
	b.WriteString(`
# [profile.mine.conf]
# "spark.sql.shuffle.partitions" = 8

# [profile.mine.env]
# NAME = "${HOME}/value"
`)
	return b.Bytes()
}

// Create writes a new file of the user's, which nobody else may read, unless it
// is there; it reports whether it was made.
func Create(file string, text []byte) (bool, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return false, fmt.Errorf("make the folder for profiles: %w", err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("make %s: %w", file, err)
	}
	_, err = f.Write(text)
	return true, errors.Join(err, f.Close())
}

// DropIn is the user's file for a part that is kept by itself, as an import is.
func DropIn(o Options, name string) (string, error) {
	file, err := UserFile(o)
	return filepath.Join(filepath.Dir(file), dropIns, plain(name)+".toml"), err
}

// Save writes a profile of the user's into a drop-in file of its own and returns
// its path. One that was saved before is replaced, one that somebody wrote by
// hand is not.
func Save(o Options, name string, master string, conf map[string]string) (string, error) {
	const mark = "# Saved by gospark from a running notebook.\n"
	file, err := DropIn(o, name)
	if err != nil {
		return "", err
	}
	old, err := os.ReadFile(file)
	if err == nil && !bytes.HasPrefix(old, []byte(mark)) {
		return "", fmt.Errorf("%s was written by hand and is left as it is", file)
	}
	if err == nil {
		if err := os.Remove(file); err != nil {
			return "", fmt.Errorf("replace %s: %w", file, err)
		}
	}
	w := writer{}
	w.WriteString(mark)
	w.line("[profile.%s]", quote(name))
	if master != "" {
		w.line("master = %s", quote(master))
	}
	var options legacyOptions
	for k, v := range conf {
		options = append(options, legacyOption{Name: k, Value: v})
	}
	slices.SortFunc(options, func(a, b legacyOption) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	w.conf("profile."+quote(name), options)
	_, err = Create(file, w.Bytes())
	return file, err
}
