package profile

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the wants of testdata")

// TestFiles reads testdata/*.txtar: files as they lie on a machine, and what
// gospark makes of them.
func TestFiles(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			o := unpack(t, dir, a)
			got := []byte(strings.ReplaceAll(describe(Load(o)), dir, ""))
			want := &a.Files[len(a.Files)-1]
			if *update {
				want.Data = got
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(got, want.Data) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want.Data)
			}
		})
	}
}

// unpack writes all files but the last, which is what is wanted.
func unpack(t *testing.T, dir string, a *txtar.Archive) Options {
	t.Helper()
	for _, f := range a.Files[:len(a.Files)-1] {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Options{Root: dir, Prefixes: []string{filepath.Join(dir, "venv")},
		Env: []string{"HOME=" + filepath.Join(dir, "home"), "WHO=ada", "TOKEN=s3cret"}}
}

// describe is all that a set says.
func describe(s *Set) string {
	var b strings.Builder
	for _, p := range s.Problems {
		mark := "wrong"
		if p.Mild {
			mark = "note"
		}
		fmt.Fprintf(&b, "%s [%s] %s\n", mark, p.About, p.Error())
	}
	fmt.Fprintf(&b, "default %s\n", s.Default())
	for _, name := range s.Names(true) {
		p, err := s.Profile(name)
		if err != nil {
			return err.Error()
		}
		fmt.Fprintf(&b, "\n[%s]\n", name)
		for _, key := range p.Names() {
			v := p.Values[key]
			fmt.Fprintf(&b, "%s = %s  # %s %s%s\n", key, v.Shown(), v.Layer, v.Origin, bundleOf(v))
		}
		l, err := p.Launch()
		if err != nil {
			fmt.Fprintf(&b, "cannot start: %v\n", err)
			continue
		}
		fmt.Fprintf(&b, "starts: master %q engine %q script %q idle %v\n", l.Master, l.Engine, l.Script, l.Idle)
		for _, key := range slices.Sorted(maps.Keys(l.Conf)) {
			fmt.Fprintf(&b, "  %s=%s\n", key, l.Conf[key])
		}
		for _, key := range slices.Sorted(maps.Keys(l.Env)) {
			fmt.Fprintf(&b, "  $%s=%s\n", key, l.Env[key])
		}
		for _, a := range l.Advice {
			fmt.Fprintf(&b, "  %q: %s\n", a.Pattern, a.Advice)
		}
	}
	return b.String()
}

func bundleOf(v Value) string {
	out := ""
	if v.Bundle != "" {
		out = ", bundle " + v.Bundle
	}
	if v.Locked {
		out += ", locked"
	}
	return out
}

func TestUnknownProfile(t *testing.T) {
	s := Load(Options{Root: t.TempDir(), Env: []string{}})
	var unknown *UnknownError
	if _, err := s.Profile("defualt"); !errors.As(err, &unknown) || unknown.Nearest != "default" {
		t.Errorf("%v", err)
	}
}

func TestRemoteToken(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "etc", "gospark"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("token", "from;file\n")
	write("etc/gospark/profiles.toml", `
[profile.file]
engine = "remote"
url = "sc://host:1/;use_ssl=true"
token_file = "../../token"
[profile.command]
engine = "remote"
url = "sc://host:1"
token_command = ["/bin/sh", "-c", "echo made-$0", "now"]
[profile.broken]
engine = "remote"
url = "sc://host:1"
token_command = ["/bin/sh", "-c", "echo s3cret; echo ticket has expired >&2; exit 3"]
`)
	s := Load(Options{Root: dir, Env: []string{"PATH=" + os.Getenv("PATH")}})
	for name, want := range map[string]string{"file": "sc://host:1/;use_ssl=true;token=from%3Bfile", "command": "sc://host:1/;token=made-now"} {
		p, err := s.Profile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Remote(t.Context()); got != want || err != nil {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	p, err := s.Profile("broken")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Remote(t.Context()); err == nil || !strings.Contains(err.Error(), "ticket has expired") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%v", err)
	}
	write("token", "next")
	p, _ = s.Profile("file")
	if got, _ := p.Remote(t.Context()); !strings.HasSuffix(got, "token=next") {
		t.Errorf("the token was kept: %s", got)
	}
}

func TestImport(t *testing.T) {
	text, err := os.ReadFile("testdata/legacy.json")
	if err != nil {
		t.Fatal(err)
	}
	toml, left, err := Import(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 {
		t.Errorf("left: %q", left)
	}
	const golden = "testdata/legacy.toml"
	if *update {
		if err := os.WriteFile(golden, toml, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || !bytes.Equal(toml, want) {
		t.Errorf("got:\n%s", toml)
	}
	root, wrong := parse("x", toml)
	if wrong != nil || root == nil {
		t.Fatal(wrong)
	}
}

// What Save writes is read again, and what a person wrote is left alone.
func TestSave(t *testing.T) {
	dir := t.TempDir()
	o := Options{Root: dir, Env: []string{"XDG_CONFIG_HOME=" + dir}}
	for range 2 {
		if _, err := Save(o, "mine", "local[2]", map[string]string{"spark.sql.ansi.enabled": "false"}); err != nil {
			t.Fatal(err)
		}
	}
	s := Load(o)
	p, err := s.Profile("mine")
	if err != nil || len(s.Problems) > 0 || p.Values["master"].Text != "local[2]" || p.Values["conf.spark.sql.ansi.enabled"].Text != "false" {
		t.Errorf("%v %v %v", err, s.Problems, p)
	}
	file, _ := DropIn(o, "theirs")
	if _, err := Create(file, []byte("# mine\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := Save(o, "theirs", "local", nil); err == nil {
		t.Error("a file of a person's was replaced")
	}
}

func TestTemplateIsRight(t *testing.T) {
	text := bytes.ReplaceAll(Template(), []byte("# ["), []byte("["))
	root, wrong := parse("x", text)
	if wrong != nil || root.values["profile"] == nil {
		t.Error(wrong)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("a = 1\n[profile.x.conf]\nspark.a = { value = 1, concatenate = ',' }\n[[advice]]\npattern = 'x'\n"))
	f.Add([]byte("default.x = [1, {a.b = 2}]\n[[profile]]\n[profile.x]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "etc/gospark"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "etc/gospark/profiles.toml"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		describe(Load(Options{Root: dir, Env: []string{}}))
	})
}
