package toolchain

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// exports is what files export that are loaded one after the other: a symbol is
// the first one's that has it.
type exports []*exporter

// openExports opens programs and plugins.
func openExports(paths []string) (exports, error) {
	var x exports
	for _, path := range paths {
		e, err := openExporter(path)
		if err != nil {
			x.close()
			return nil, err
		}
		x = append(x, e)
	}
	return x, nil
}

func (x exports) close() {
	for _, e := range x {
		_ = e.file.Close()
	}
}

// found is a symbol and where it is.
type found struct {
	elf.Sym64
	in *exporter
}

func (x exports) find(name string) (found, bool) {
	for _, e := range x {
		if s, ok := e.find(name); ok {
			return found{s, e}, true
		}
	}
	return found{}, false
}

// exporter finds what one file exports by name, and what its types look like,
// without reading all of it.
type exporter struct {
	file                    *elf.File
	hash, table, names      *elf.Section
	relocations             *elf.Section // nil where there are none of this form
	buckets, first, bloomed uint32       // the head of the hash table
}

func openExporter(path string) (*exporter, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	x := &exporter{
		file: f, hash: f.Section(".gnu.hash"), table: f.Section(".dynsym"), names: f.Section(".dynstr"),
		relocations: f.Section(".rela.dyn"),
	}
	if x.hash == nil || x.table == nil || x.names == nil || f.Class != elf.ELFCLASS64 || f.ByteOrder != binary.LittleEndian {
		_ = f.Close()
		return nil, fmt.Errorf("%s: no symbol table of a known form", path)
	}
	x.buckets, x.first, x.bloomed = word(x.hash, 0), word(x.hash, 4), word(x.hash, 8)
	if x.buckets == 0 {
		_ = f.Close()
		return nil, errors.New("an empty symbol table")
	}
	return x, nil
}

// word reads a 32-bit word; 0 beyond the end.
func word(s *elf.Section, at uint32) uint32 {
	var b [4]byte
	if _, err := s.ReadAt(b[:], int64(at)); err != nil {
		return 0
	}
	return binary.LittleEndian.Uint32(b[:])
}

// find looks a symbol up as the dynamic linker does, by the table .gnu.hash.
func (x *exporter) find(name string) (elf.Sym64, bool) {
	hash := uint32(5381)
	for i := range len(name) {
		hash = hash*33 + uint32(name[i])
	}
	buckets := 16 + 8*x.bloomed
	chain := buckets + 4*x.buckets
	i := word(x.hash, buckets+4*(hash%x.buckets))
	if i < x.first {
		return elf.Sym64{}, false
	}
	for ; ; i++ {
		at := chain + 4*(i-x.first)
		if uint64(at) >= x.hash.Size {
			return elf.Sym64{}, false
		}
		link := word(x.hash, at)
		if link|1 == hash|1 {
			if s, ok := x.symbol(i, name); ok {
				return s, true
			}
		}
		if link&1 != 0 {
			return elf.Sym64{}, false
		}
	}
}

// symbol is the i-th symbol, if that is its name.
func (x *exporter) symbol(i uint32, name string) (s elf.Sym64, ok bool) {
	var b [elf.Sym64Size]byte
	if _, err := x.table.ReadAt(b[:], int64(i)*elf.Sym64Size); err != nil {
		return s, false
	}
	if _, err := binary.Decode(b[:], binary.LittleEndian, &s); err != nil {
		return s, false
	}
	found := make([]byte, len(name)+1)
	if _, err := x.names.ReadAt(found, int64(s.Name)); err != nil {
		return s, false
	}
	return s, string(found) == name+"\x00" && elf.SectionIndex(s.Shndx) != elf.SHN_UNDEF
}

// read reads initialised memory as it is in the file; nil where there is none.
func (x *exporter) read(addr, size uint64) []byte {
	for _, s := range x.file.Sections {
		if s.Type == elf.SHT_PROGBITS && s.Flags&elf.SHF_ALLOC != 0 && s.Addr <= addr && addr+size <= s.Addr+s.Size {
			b := make([]byte, size)
			if _, err := s.ReadAt(b, int64(addr-s.Addr)); err == nil {
				return b
			}
		}
	}
	return nil
}

// pointer is the pointer at addr: from the relocation, which linkers sort by
// address, or as it is in the file.
func (x *exporter) pointer(addr uint64) uint64 {
	if s := x.relocations; s != nil {
		var r elf.Rela64
		b := make([]byte, binary.Size(r))
		from, to := 0, int(s.Size)/len(b)
		for from < to {
			middle := (from + to) / 2
			if _, err := s.ReadAt(b, int64(middle*len(b))); err != nil {
				break
			}
			if _, err := binary.Decode(b, binary.LittleEndian, &r); err != nil {
				break
			}
			switch relative := x.relative(r.Info); {
			case relative && r.Off == addr:
				return uint64(r.Addend)
			case relative && r.Off < addr:
				from = middle + 1
			default: // the others come last
				to = middle
			}
		}
	}
	if b := x.read(addr, 8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// relative reports whether a relocation only adds where the file is loaded.
func (x *exporter) relative(info uint64) bool {
	switch x.file.Machine {
	case elf.EM_X86_64:
		return elf.R_X86_64(info) == elf.R_X86_64_RELATIVE
	case elf.EM_AARCH64:
		return elf.R_AARCH64(info) == elf.R_AARCH64_RELATIVE
	}
	return false
}

// exportedName is the name under which the Go linker exports a symbol: that of a
// type is shortened (typeSymbolMangle in cmd/link/internal/ld/lib.go).
func exportedName(name string) string {
	rest, isType := strings.CutPrefix(name, "type:")
	if !isType || strings.HasPrefix(rest, "runtime.") || len(name) <= 14 && !strings.Contains(name, "@") {
		return name
	}
	sum := sha256.Sum256([]byte(rest))
	sum[0] ^= 0xff
	short := base64.StdEncoding.EncodeToString(sum[:6])
	if strings.HasPrefix(rest, ".") {
		return "type:." + short
	}
	return "type:" + short
}
