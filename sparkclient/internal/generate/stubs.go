package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The gRPC stubs live beside those of apache/spark-connect-go in one binary.
// protobuf's registry knows a message and a file by name and panics on the
// second registration, so ours are generated under another proto package and
// other file names. The wire knows neither; only the service's path has a
// name on it, and that is put back.
const (
	protoPackage = "spark.connect"
	ourPackage   = "gospark.connect"
	stubsImport  = "gospark/sparkclient/connect/pb"
	grpcPlugin   = "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.5.1"
)

// stubs writes connect/pb below root (the sparkclient folder).
func stubs(root string) error {
	tmp, err := os.MkdirTemp("", "gospark-generate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	files, err := renamed(filepath.Join(root, "proto", "spark", "connect"), tmp)
	if err != nil {
		return err
	}
	if err := plugins(root, filepath.Join(tmp, "bin")); err != nil {
		return err
	}
	out := filepath.Join(root, "connect", "pb")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	args := append([]string{
		"-I", tmp,
		"--plugin=" + filepath.Join(tmp, "bin", "protoc-gen-go"),
		"--plugin=" + filepath.Join(tmp, "bin", "protoc-gen-go-grpc"),
		"--go_out=" + out, "--go_opt=module=" + stubsImport,
		"--go-grpc_out=" + out, "--go-grpc_opt=module=" + stubsImport,
	}, files...)
	if err := run(root, nil, "protoc", args...); err != nil {
		return err
	}
	return servicePath(filepath.Join(out, "base_grpc.pb.go"))
}

// renamed copies the protos to dir/gospark/connect under our package name.
func renamed(from, dir string) ([]string, error) {
	to := filepath.Join(dir, "gospark", "connect")
	if err := os.MkdirAll(to, 0o755); err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(from, "*.proto"))
	if err != nil {
		return nil, err
	}
	var files []string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name := filepath.Join(to, filepath.Base(path))
		if err := os.WriteFile(name, []byte(rename(string(text))), 0o644); err != nil {
			return nil, err
		}
		files = append(files, name)
	}
	return files, nil
}

func rename(text string) string {
	return strings.NewReplacer(
		"package "+protoPackage+";", "package "+ourPackage+";",
		`import "spark/connect/`, `import "gospark/connect/`,
		" "+protoPackage+".", " "+ourPackage+".",
		`go_package = "internal/generated"`, `go_package = "`+stubsImport+`;pb"`,
	).Replace(text)
}

// plugins builds protoc's Go plugins: the message one at go.mod's version of
// protobuf, the service one at the version named above.
func plugins(root, bin string) error {
	env := []string{"GOBIN=" + bin}
	if err := run(root, env, "go", "install", "google.golang.org/protobuf/cmd/protoc-gen-go"); err != nil {
		return err
	}
	return run(root, env, "go", "install", grpcPlugin)
}

// servicePath puts the real name of the service back into the generated file.
func servicePath(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	service := []byte(".SparkConnectService")
	text = bytes.ReplaceAll(text, append([]byte(ourPackage), service...), append([]byte(protoPackage), service...))
	return os.WriteFile(path, text, 0o644)
}

func run(dir string, env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}
