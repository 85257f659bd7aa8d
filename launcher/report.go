package launcher

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// reportTail bounds how much of a log a report holds.
const reportTail = 256 << 10

// CheckFolder says what is wrong with the state folder, a *FolderError, without
// making it.
func CheckFolder(o Options) error {
	base, err := Folder(o)
	if err != nil {
		return err
	}
	fi, err := os.Lstat(base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the state folder: %w", err)
	}
	return checkPrivate(base, fi)
}

// Memory is what a machine or a container has, in bytes; Available is 0 where
// nobody knows.
type Memory struct{ Total, Available, Heap int64 }

// MachineMemory is the memory of this machine or container, and the heap that a
// server on it takes by default.
func MachineMemory() Memory {
	total := memory("/")
	return Memory{Total: total, Available: memInfo("/", "MemAvailable"), Heap: heapSize(total, true)}
}

// Report collects, for a bug report, what the folders of all profiles hold, by
// name: logs, properties, registry. Tokens and keys are cut out wherever they
// stand, and so are properties whose names speak of secrets.
func Report(o Options) (map[string][]byte, error) {
	o = o.withDefaults()
	base, err := Folder(o)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(base)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look into the state folder: %w", err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		if !e.IsDir() || CheckName(e.Name()) != nil {
			continue
		}
		f, err := openFolder(o, e.Name())
		if err != nil {
			return nil, err
		}
		f.report(filepath.Join("servers", e.Name()), out)
		f.close()
	}
	return out, nil
}

// report adds the files of one profile.
func (f *folder) report(under string, out map[string][]byte) {
	server, _ := f.registry()
	secrets := []string{server.Token, server.API, filepath.Base(server.API)}
	if b, err := f.root.ReadFile(confFile); err == nil {
		conf := parseProperties(string(b))
		for k, v := range conf {
			if conf[k] = hide(k, v); conf[k] != v {
				secrets = append(secrets, v)
			}
		}
		out[filepath.Join(under, confFile)] = formatProperties(conf)
	}
	server.Token, server.API, server.UI = "", "", ""
	if b, err := json.MarshalIndent(server, "", "  "); err == nil {
		out[filepath.Join(under, registryName)] = b
	}
	for _, name := range []string{logName, logName + ".1", supervisorLog, "hs_err.log"} {
		b, err := f.root.ReadFile(name)
		if err != nil {
			continue
		}
		b = b[max(0, len(b)-reportTail):]
		for _, secret := range secrets {
			if len(secret) > 3 {
				b = bytes.ReplaceAll(b, []byte(secret), []byte(hiddenValue))
			}
		}
		out[filepath.Join(under, strings.TrimSuffix(name, ".1"))+old(name)] = b
	}
}

// old marks the log of the time before.
func old(name string) string {
	if strings.HasSuffix(name, ".1") {
		return ".before"
	}
	return ""
}
