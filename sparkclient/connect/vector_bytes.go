package connect

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"gospark/sparkclient"
)

// newBytes is a column of text, binary or nothing.
func newBytes(t sparkclient.DataType, a arrow.Array, n nulls) (sparkclient.Vector, error) {
	if is[sparkclient.NullType](t) {
		if _, ok := a.(*array.Null); !ok {
			return nil, nil
		}
		return nullVector{}, nil
	}
	b, err := newByteSlices(a)
	if err != nil || b == nil {
		return nil, err
	}
	if is[sparkclient.BinaryType](t) {
		return binaryVector{n, *b}, nil
	}
	// One copy for the column: values that are kept hold on to the text of
	// their column and not to the whole message.
	return textVector{n, string(b.data), b.offsets, b.wide}, nil
}

// byteSlices are values of any length, one behind the other in data. One of the
// offsets is set.
type byteSlices struct {
	data    []byte
	offsets []int32
	wide    []int64
}

// newByteSlices takes the parts of a text or binary column; nil for others.
func newByteSlices(a arrow.Array) (*byteSlices, error) {
	var b byteSlices
	switch a := a.(type) {
	case *array.String:
		b = byteSlices{offsets: a.ValueOffsets()}
	case *array.Binary:
		b = byteSlices{offsets: a.ValueOffsets()}
	case *array.LargeString:
		b = byteSlices{wide: a.ValueOffsets()}
	case *array.LargeBinary:
		b = byteSlices{wide: a.ValueOffsets()}
	default:
		return nil, nil
	}
	if buffers := a.Data().Buffers(); len(buffers) > 2 && buffers[2] != nil {
		b.data = buffers[2].Bytes()
	}
	if b.wide != nil {
		return &b, checkOffsets(b.wide, a.Len(), len(b.data))
	}
	return &b, checkOffsets(b.offsets, a.Len(), len(b.data))
}

// checkOffsets says whether offsets cut n values out of size.
func checkOffsets[T int32 | int64](offsets []T, n, size int) error {
	if n == 0 {
		return nil
	}
	if len(offsets) < n+1 || offsets[0] < 0 || int64(offsets[n]) > int64(size) {
		return fmt.Errorf("%d offsets for %d values in %d bytes or elements", len(offsets), n, size)
	}
	for i := range n {
		if offsets[i] > offsets[i+1] {
			return fmt.Errorf("value %d ends before it begins", i)
		}
	}
	return nil
}

type textVector struct {
	nulls
	text    string
	offsets []int32
	wide    []int64
}

func (v textVector) Text(i int) string {
	if v.wide != nil {
		return v.text[v.wide[i]:v.wide[i+1]]
	}
	return v.text[v.offsets[i]:v.offsets[i+1]]
}

func (v textVector) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	return v.Text(i)
}

type binaryVector struct {
	nulls
	byteSlices
}

// view is a value that shares the batch's memory.
func (b *byteSlices) view(i int) []byte {
	if b.wide != nil {
		return b.data[b.wide[i]:b.wide[i+1]]
	}
	return b.data[b.offsets[i]:b.offsets[i+1]]
}

func (v binaryVector) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	return v.copy(i)
}

// copy is a value of its own, never nil.
func (b *byteSlices) copy(i int) []byte {
	return append(make([]byte, 0, len(b.view(i))), b.view(i)...)
}
