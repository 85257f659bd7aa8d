package sparkclient

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
)

// The folders of a session on the server; the name of an [Artifact] begins with
// one of them.
const (
	jarsFolder     = "jars/"
	classesFolder  = "classes/"
	filesFolder    = "files/"
	archivesFolder = "archives/"
	forwardFolder  = "forward_to_fs"
)

// Jar is a jar of this machine, whose classes the session's queries can use.
func Jar(path string) Artifact { return local(jarsFolder, path) }

// Class is a class file of this machine; name is that of the class, a.b.C.
func Class(name, path string) Artifact {
	return Artifact{Name: classesFolder + strings.ReplaceAll(name, ".", "/") + ".class", Path: path}
}

// File is a file of this machine, which the executors get into their folders.
func File(path string) Artifact { return local(filesFolder, path) }

// Archive is a .zip, .jar, .tar.gz, .tgz or .tar of this machine, which is
// unpacked into the folders of the executors, under a name if one is given.
func Archive(path string, as ...string) Artifact {
	a := local(archivesFolder, path)
	if len(as) > 0 {
		a.Name += "#" + as[0]
	}
	return a
}

func local(folder, path string) Artifact {
	return Artifact{Name: folder + filepath.Base(path), Path: path}
}

// AddArtifacts uploads files to the session, in chunks with checksums: see
// [Jar], [Class], [File] and [Archive]. A name can be given only once in a
// session, unless the file is the same.
func (s *Session) AddArtifacts(ctx context.Context, artifacts ...Artifact) error {
	e, err := s.Engine(ctx)
	if err != nil {
		return err
	}
	return s.noticed(e, e.AddArtifacts(ctx, artifacts))
}

// AddArtifact uploads a jar of this machine. For other kinds of files see
// [Session.AddArtifacts].
func (s *Session) AddArtifact(ctx context.Context, jar string) error {
	if filepath.Ext(jar) != ".jar" {
		return fmt.Errorf("%s is no jar: use AddArtifacts with File, Archive or Class", jar)
	}
	return s.AddArtifacts(ctx, Jar(jar))
}

// CopyFromLocalToFS uploads a file to the file system that the server uses by
// default, at a path from its root. The server must allow it
// (spark.sql.artifact.copyFromLocalToFs.allowDestLocal for its own disk).
func (s *Session) CopyFromLocalToFS(ctx context.Context, from, to string) error {
	if !path.IsAbs(to) {
		return errors.New("copy to the server's file system: the target is a path from the root, without a scheme")
	}
	return s.AddArtifacts(ctx, Artifact{Name: forwardFolder + to, Path: from})
}
