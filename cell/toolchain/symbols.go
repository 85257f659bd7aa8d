package toolchain

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Symbol is what a plugin exports under a name, as far as it can be compared
// with what another plugin exports under the same one.
type Symbol struct {
	Size uint64
	// Head is the part of a type's description that says how its values lie in
	// memory: size, pointers, hash, flags, alignment and kind.
	Head string
}

// typeHead is the length of that part in internal/abi.Type, before the first
// pointer.
const typeHead = 24

// Symbols lists the exported symbols of a plugin that come from the cell itself,
// not from the packages that it imports. Two plugins that differ in one of them
// must not be loaded together: the first one's would silently serve both.
func Symbols(path string) (map[string]Symbol, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	out, err := symbols(file)
	if err != nil {
		return nil, fmt.Errorf("read the symbols of a cell: %w", err)
	}
	return out, nil
}

func symbols(r io.ReaderAt) (map[string]Symbol, error) {
	f, err := elf.NewFile(r)
	if err != nil {
		return nil, err
	}
	table, names := f.SectionByType(elf.SHT_DYNSYM), f.Section(".dynstr")
	if table == nil || names == nil || f.Class != elf.ELFCLASS64 {
		return nil, errors.New("no 64-bit symbol table")
	}
	syms, err := table.Data()
	if err != nil {
		return nil, err
	}
	strs, err := names.Data()
	if err != nil {
		return nil, err
	}
	out := map[string]Symbol{}
	for ; len(syms) >= elf.Sym64Size; syms = syms[elf.Sym64Size:] {
		var s elf.Sym64
		s.Name = f.ByteOrder.Uint32(syms)
		s.Shndx = f.ByteOrder.Uint16(syms[6:])
		s.Value, s.Size = f.ByteOrder.Uint64(syms[8:]), f.ByteOrder.Uint64(syms[16:])
		name := cstring(strs, s.Name)
		if elf.SectionIndex(s.Shndx) == elf.SHN_UNDEF || !fromCell(name) {
			continue
		}
		out[string(name)] = Symbol{Size: s.Size, Head: head(f, string(name), s)}
	}
	return out, nil
}

func cstring(strs []byte, at uint32) []byte {
	if int(at) >= len(strs) {
		return nil
	}
	rest := strs[at:]
	if end := bytes.IndexByte(rest, 0); end >= 0 {
		return rest[:end]
	}
	return nil
}

// fromCell reports whether a symbol is made from the cell's own declarations:
// of the package path that all cells have, or an instance over its types.
func fromCell(name []byte) bool {
	return bytes.Contains(name, []byte("repl.")) || bytes.Contains(name, []byte("main."))
}

// head reads the head of a type's description; empty for other symbols.
func head(f *elf.File, name string, s elf.Sym64) string {
	if !strings.HasPrefix(name, "type:") || strings.HasPrefix(name, "type:.") || s.Size < typeHead {
		return ""
	}
	if int(s.Shndx) >= len(f.Sections) {
		return ""
	}
	section := f.Sections[s.Shndx]
	var data [typeHead]byte
	if _, err := section.ReadAt(data[:], int64(s.Value-section.Addr)); err != nil {
		return ""
	}
	return string(data[:])
}
