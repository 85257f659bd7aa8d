package toolchain

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"reflect"
	"strings"
)

// standIn is a shared library that stands for the worker while a cell is linked:
// it names the symbols that the cell uses, says which are functions, and
// describes the types, of which the linker wants to know where pointers are.
// Nobody ever loads it.
type standIn struct {
	symbols, types bytes.Buffer
	names          []byte
}

// standInAddress is where the stand-in's types would lie: anywhere but at 0.
const standInAddress = 0x1000

// Where internal/abi.Type has the length of what its mask of pointers describes,
// its kind, and a pointer to the mask.
const (
	ptrBytesOffset = 8
	kindOffset     = 23
	gcDataOffset   = 32
)

// implied are the symbols that the linker uses without being asked.
var implied = []reference{
	{"runtime.unreachableMethod", abiInternal},
	{"runtime.lastmoduledatap", abi0},
	{"type:runtime.moduledata", abi0},
}

// addModuleData is what bindAssembly refers to.
const addModuleData = repairPackage + ".addmoduledata"

// newStandIn stands for x in the link of o. What x has not got is left out: where
// it is needed, the linker says so.
func newStandIn(x exports, o object) *standIn {
	s := &standIn{names: []byte{0}}
	s.symbols.Write(make([]byte, elf.Sym64Size))
	for _, r := range o.refs {
		s.refer(x, r)
	}
	for _, r := range implied {
		s.refer(x, r)
	}
	if adder, ok := x.find(addModuleData); ok {
		s.add(addModuleData, adder.Info, standInAddress, adder.Size)
	}
	// The linker wants to see them, whatever they are.
	s.add("runtime.mapinitnoop.abiinternal", elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC), standInAddress, 1)
	s.add("go:link.abihash."+standInName, elf.ST_INFO(elf.STB_GLOBAL, elf.STT_OBJECT), standInAddress, 16)
	return s
}

// refer adds the symbol that is meant by a reference. A function of the compiler's
// ABI has a longer name in a shared library than in a program; extld takes the
// difference off again.
func (s *standIn) refer(x exports, r reference) {
	name := exportedName(r.name)
	isType := strings.HasPrefix(name, "type:")
	to, ok := x.find(name)
	function := ok && elf.ST_TYPE(to.Info) == elf.STT_FUNC
	switch {
	case isType:
	case r.abi == abi0 && (function || !ok):
		name += ".abi0"
		to, ok = x.find(name)
	case r.abi == abiInternal && function:
		name += ".abiinternal"
	}
	address := uint64(standInAddress)
	if ok && isType && !strings.HasPrefix(name, "type:.") {
		address, ok = s.describe(to)
	}
	if ok {
		s.add(name, to.Info, address, to.Size)
	}
}

func (s *standIn) add(name string, info uint8, address, size uint64) {
	sym := elf.Sym64{Name: uint32(len(s.names)), Info: info, Shndx: 1, Value: address, Size: size}
	_ = binary.Write(&s.symbols, binary.LittleEndian, sym)
	s.names = append(append(s.names, name...), 0)
}

// describe copies a type's description and its mask of pointers. Its kind becomes
// one without parts: of a struct the linker would look at the fields' types, of any
// other it takes the mask.
func (s *standIn) describe(t found) (address uint64, ok bool) {
	data := t.in.read(t.Value, t.Size)
	if len(data) < gcDataOffset+8 {
		return 0, false
	}
	address = standInAddress + uint64(s.types.Len())
	binary.LittleEndian.PutUint64(data[gcDataOffset:], address+t.Size)
	data[kindOffset] = byte(reflect.UnsafePointer)
	words := binary.LittleEndian.Uint64(data[ptrBytesOffset:]) / 8
	mask := t.in.read(t.in.pointer(t.Value+gcDataOffset), (words+7)/8)
	if words > 0 && mask == nil {
		return 0, false
	}
	s.types.Write(data)
	s.types.Write(mask)
	s.types.Write(make([]byte, -s.types.Len()&7))
	return address, true
}

// file is the stand-in as an ELF file for the machine that x is for.
func (s *standIn) file(x exports) []byte {
	var out, headers bytes.Buffer
	out.Write(make([]byte, binary.Size(elf.Header64{})))
	names := []byte{0}
	section := func(name string, h elf.Section64, content []byte) {
		h.Name, h.Off, h.Size = uint32(len(names)), uint64(out.Len()), uint64(len(content))
		names = append(append(names, name...), 0)
		out.Write(content)
		out.Write(make([]byte, -out.Len()&7))
		_ = binary.Write(&headers, binary.LittleEndian, h)
	}
	alloc := uint64(elf.SHF_ALLOC)
	section("", elf.Section64{}, nil)
	section(".data", elf.Section64{Type: uint32(elf.SHT_PROGBITS), Flags: alloc, Addr: standInAddress}, append(s.types.Bytes(), make([]byte, 8)...))
	section(".dynsym", elf.Section64{Type: uint32(elf.SHT_DYNSYM), Flags: alloc, Link: 3, Info: 1, Entsize: elf.Sym64Size}, s.symbols.Bytes())
	section(".dynstr", elf.Section64{Type: uint32(elf.SHT_STRTAB), Flags: alloc}, s.names)
	section(".rela.dyn", elf.Section64{Type: uint32(elf.SHT_RELA), Flags: alloc, Link: 2, Entsize: 24}, nil) //nolint:misspell // its name
	section(".shstrtab", elf.Section64{Type: uint32(elf.SHT_STRTAB)}, append(names, ".shstrtab\x00"...))
	head := elf.Header64{
		Type: uint16(elf.ET_DYN), Machine: uint16(x[0].file.Machine), Version: uint32(elf.EV_CURRENT),
		Shoff: uint64(out.Len()), Ehsize: 64, Shentsize: 64, Shnum: 6, Shstrndx: 5,
	}
	copy(head.Ident[:], elf.ELFMAG)
	head.Ident[elf.EI_CLASS], head.Ident[elf.EI_DATA], head.Ident[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)
	out.Write(headers.Bytes())
	data := out.Bytes()
	_, _ = binary.Encode(data, binary.LittleEndian, head)
	return data
}
