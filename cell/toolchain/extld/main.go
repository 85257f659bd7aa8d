// Command extld is what the Go linker calls as its external linker for cells.
//
// With a C compiler in that place, linking a trivial cell takes twice as long:
// the Go linker first runs it several times to see which options it knows, and
// then through it a wrapper that runs the real linker. This program answers the
// questions (no: cells need none of the options) and calls the real linker with
// the arguments that the C compiler itself would use, which package toolchain
// has asked once and written to the file extld.conf beside this program.
//
// A cell that is bound to the worker (package toolchain says how) comes with the
// worker's stand-in as a library. It is taken away again: what the cell needs of
// the worker stays undefined, under the names that the worker has for it, and is
// found when the cell is loaded. No other library is needed, nor looked into.
//
// Where anything is unusual (an option that it does not know, a linker that
// fails), it hands the whole command to the C compiler.
//
// extld.conf holds four lines of words separated by NUL: the C compiler, the
// linker, the linker's arguments before the objects, and those after.
package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if isProbe(args) {
		return 1
	}
	conf, ok := readConf()
	if !ok {
		return fail("cannot read extld.conf")
	}
	args, bound, err := bind(args)
	if err != nil {
		return fail(err.Error())
	}
	if bound {
		conf.before, conf.after = slices.DeleteFunc(conf.before, isLibrary), nil
	}
	if argv, ok := direct(conf, args); ok {
		if code, err := spawn(argv); err == nil && code == 0 {
			return 0
		}
	}
	if len(conf.cc) == 0 {
		return fail("no C compiler")
	}
	code, err := spawn(append(conf.cc, args...))
	if err != nil {
		return fail(err.Error())
	}
	return code
}

// isProbe reports whether the Go linker only wants to know about an option.
func isProbe(args []string) bool {
	return len(args) > 0 && filepath.Base(args[len(args)-1]) == "trivial.c"
}

type conf struct{ cc, linker, before, after []string }

func readConf() (conf, bool) {
	self, err := os.Executable()
	if err != nil {
		return conf{}, false
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(self), "extld.conf"))
	lines := strings.Split(string(data), "\n")
	if err != nil || len(lines) < 4 {
		return conf{}, false
	}
	return conf{words(lines[0]), words(lines[1]), words(lines[2]), words(lines[3])}, true
}

func words(line string) []string {
	if line == "" {
		return nil
	}
	return strings.Split(line, "\x00")
}

// isLibrary reports whether a word names an object, a library or a folder of them.
func isLibrary(word string) bool {
	return strings.HasPrefix(word, "-L") || strings.HasPrefix(word, "-l") || filepath.Ext(word) == ".o"
}

// direct translates the C compiler's arguments into the linker's; false when
// one of them is unknown here.
func direct(c conf, args []string) ([]string, bool) {
	if len(c.linker) == 0 {
		return nil, false
	}
	var options, objects []string
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-o" && i+1 < len(args):
			i++
			options = append(options, "-o", args[i])
		case a == "-rdynamic":
			options = append(options, "--export-dynamic")
		case a == "-s":
			options = append(options, a)
		case strings.HasPrefix(a, "-Wl,-z,"), strings.HasPrefix(a, "-Wl,--build-id"):
			options = append(options, strings.Split(a, ",")[1:]...)
		case strings.HasSuffix(a, ".o"):
			objects = append(objects, a)
		case a == "-shared", a == "-m64", a == "-marm64", a == "-pthread", a == "-lpthread", a == "-ldl",
			a == "-O2", a == "-g", a == "-fuse-ld=gold":
			// Said by c.before and c.after, or without a meaning here.
		default:
			return nil, false
		}
	}
	argv := append([]string{}, c.linker...)
	argv = append(append(argv, c.before...), options...)
	return append(append(argv, objects...), c.after...), true
}

func spawn(argv []string) (int, error) {
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
	if err != nil {
		return 0, err
	}
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(pid, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || !status.Exited() {
			return 1, err
		}
		return status.ExitStatus(), nil
	}
}

func fail(message string) int {
	os.Stderr.WriteString("gospark extld: " + message + "\n")
	return 1
}
