package toolchain

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// object is what is read of a compiled package.
type object struct {
	imports   []string // packages that its source imports
	refs      []reference
	functions []string // that others can call by name
}

// reference is a symbol that an object uses and does not define.
type reference struct {
	name string
	abi  uint16
}

// How cmd/compile calls functions, and what data and assembly code have instead.
const (
	abi0        = 0
	abiInternal = 1
)

// archiveMagic begins an archive (ar(5)).
const archiveMagic = "!<arch>\n"

// The parts of the object format (cmd/internal/goobj) that are read here. Go 1.20
// gave it the name that it begins with.
const (
	objectMagic   = "\x00go120ld"
	objectBlocks  = len(objectMagic) + 8 + 4 // the table of blocks, behind fingerprint and flags
	blockAutolib  = 0
	blockDefined  = 6 // by name, which -linkshared has all be
	blockReferred = 7
	autolibSize   = 8 + 8
	symbolSize    = 8 + 2 + 3 + 4 + 4
	textKind      = 1 // internal/objabi.STEXT
	flagDupOK     = 1
)

var errObject = errors.New("not an object of a known form")

// readObject reads the object in an archive that the compiler wrote with -pack.
func readObject(archive []byte) (o object, err error) {
	defer func() {
		if recover() != nil { // an offset beyond the end
			o, err = object{}, errObject
		}
	}()
	data, err := objectData(archive)
	if err != nil {
		return o, err
	}
	word := func(at int) int { return int(binary.LittleEndian.Uint32(data[at:])) }
	text := func(at int) string { return string(data[word(at+4):][:word(at)]) }
	block := func(n int) (from, to int) { return word(objectBlocks + 4*n), word(objectBlocks + 4*n + 4) }
	for at, end := block(blockAutolib); at < end; at += autolibSize {
		o.imports = append(o.imports, text(at))
	}
	for at, end := block(blockDefined); at < end; at += symbolSize {
		s := data[at+8:]
		if abi, size := binary.LittleEndian.Uint16(s), binary.LittleEndian.Uint32(s[5:]); abi == abiInternal && s[2] == textKind &&
			s[3]&flagDupOK == 0 && size > 0 {
			o.functions = append(o.functions, text(at))
		}
	}
	for at, end := block(blockReferred); at < end; at += symbolSize {
		if name := text(at); name != "" {
			o.refs = append(o.refs, reference{name, binary.LittleEndian.Uint16(data[at+8:])})
		}
	}
	return o, nil
}

// objectData finds the compiler's object among the members of an archive.
func objectData(archive []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(archive, []byte(archiveMagic))
	for ok && len(rest) >= 60 {
		name, size := strings.TrimSpace(string(rest[:16])), strings.TrimSpace(string(rest[48:58]))
		n, err := strconv.Atoi(size)
		if rest = rest[60:]; err != nil || n < 0 || n > len(rest) {
			break
		}
		if name == "_go_.o" {
			_, data, _ := bytes.Cut(rest[:n], []byte("\n!\n"))
			if bytes.HasPrefix(data, []byte(objectMagic)) {
				return data, nil
			}
			break
		}
		rest = rest[min(n+n&1, len(rest)):]
	}
	return nil, errObject
}

// withFirst is the archive with another file before the others.
func withFirst(archive []byte, name string, data []byte) []byte {
	out := fmt.Appendf(nil, "%s%-16s%-12d%-6d%-6d%-8o%-10d`\n", archiveMagic, name, 0, 0, 0, 0o644, len(data))
	out = append(out, data...)
	if len(data)%2 == 1 {
		out = append(out, '\n')
	}
	return append(out, archive[len(archiveMagic):]...)
}
