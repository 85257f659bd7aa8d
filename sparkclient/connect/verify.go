package connect

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Limits of an Arrow schema; a hostile one could make its reader allocate or
// recurse without end.
const (
	maxFields     = 100_000
	maxFieldDepth = 200
)

// The slots of Arrow's flatbuffer tables (format/Message.fbs, Schema.fbs) and the
// kinds of a message's header.
const (
	messageHeaderType, messageHeader            = 1, 2
	schemaFields, schemaMetadata                = 1, 2
	fieldDictionary, fieldChildren, fieldMeta   = 4, 5, 6
	batchNodes, batchBuffers, batchVariadic     = 1, 2, 4
	headerSchema, headerBatch                   = 1, 3
	nodeSize, bufferSize, countSize, offsetSize = 16, 16, 8, 4
)

// verifyMessage checks the lengths in the metadata of an IPC message, which
// Arrow's reader believes. Positions outside of it panic, here and there.
func verifyMessage(meta []byte) error {
	v := verifier{data: meta, left: maxFields}
	message := v.root()
	kind := v.slot(message, messageHeaderType)
	if kind == 0 {
		return errors.New("a message without a kind")
	}
	header := v.table(message, messageHeader)
	switch v.data[kind] {
	case headerSchema:
		return errors.Join(v.fields(header, schemaFields, 0), v.vector(header, schemaMetadata, offsetSize))
	case headerBatch:
		return errors.Join(v.vector(header, batchNodes, nodeSize), v.vector(header, batchBuffers, bufferSize), v.vector(header, batchVariadic, countSize))
	}
	return fmt.Errorf("a message of kind %d", v.data[kind])
}

// verifier reads a flatbuffer.
type verifier struct {
	data []byte
	left int // fields that may still come
}

func (v *verifier) root() int { return int(binary.LittleEndian.Uint32(v.data)) }

// slot is the position of a member of a table, 0 where it is absent.
func (v *verifier) slot(table, slot int) int {
	vtable := table - int(int32(binary.LittleEndian.Uint32(v.data[table:])))
	entry := 4 + 2*slot
	if entry >= int(binary.LittleEndian.Uint16(v.data[vtable:])) {
		return 0
	}
	offset := int(binary.LittleEndian.Uint16(v.data[vtable+entry:]))
	if offset == 0 {
		return 0
	}
	return table + offset
}

// table is the position that a member refers to, 0 where it is absent.
func (v *verifier) table(table, slot int) int {
	at := v.slot(table, slot)
	if at == 0 {
		return 0
	}
	return at + int(binary.LittleEndian.Uint32(v.data[at:]))
}

// elements is where a vector begins and how many elements of size it has.
func (v *verifier) elements(table, slot, size int) (start, n int, err error) {
	at := v.table(table, slot)
	if at == 0 {
		return 0, 0, nil
	}
	n = int(binary.LittleEndian.Uint32(v.data[at:]))
	if n > (len(v.data)-at)/size {
		return 0, 0, fmt.Errorf("%d elements in %d bytes", n, len(v.data)-at)
	}
	return at + 4, n, nil
}

func (v *verifier) vector(table, slot, size int) error {
	_, _, err := v.elements(table, slot, size)
	return err
}

// fields checks a vector of fields and what is below them.
func (v *verifier) fields(table, slot, depth int) error {
	start, n, err := v.elements(table, slot, offsetSize)
	if err != nil {
		return err
	}
	if v.left -= n; v.left < 0 || depth > maxFieldDepth {
		return errors.New("too many fields")
	}
	for i := range n {
		at := start + offsetSize*i
		field := at + int(binary.LittleEndian.Uint32(v.data[at:]))
		if v.slot(field, fieldDictionary) != 0 {
			return errors.New("a dictionary, which Spark never sends")
		}
		if err := errors.Join(v.vector(field, fieldMeta, offsetSize), v.fields(field, fieldChildren, depth+1)); err != nil {
			return err
		}
	}
	return nil
}
