package connect

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// maxBatch bounds one batch of rows, put together from chunks or unpacked.
const maxBatch = 1 << 31

// assembly puts the chunks of one Arrow batch together.
type assembly struct {
	data []byte
	next int64 // index of the chunk that is due
}

// add takes a part and says whether data is the whole batch now.
func (a *assembly) add(part *pb.ExecutePlanResponse_ArrowBatch) (data []byte, whole bool, err error) {
	total := part.GetNumChunksInBatch()
	if total <= 1 && a.next == 0 {
		return part.GetData(), true, nil
	}
	if part.GetChunkIndex() != a.next || a.next >= total {
		return nil, false, fmt.Errorf("chunk %d of %d of a batch of rows came where %d was due", part.GetChunkIndex(), total, a.next)
	}
	if len(a.data)+len(part.GetData()) > maxBatch {
		return nil, false, fmt.Errorf("a batch of rows is larger than %d bytes", maxBatch)
	}
	a.data = append(a.data, part.GetData()...)
	a.next++
	if a.next < total {
		return nil, false, nil
	}
	data = a.data
	*a = assembly{}
	return data, true, nil
}

// batch is a part of a result: columns on the received bytes.
type batch struct {
	records []arrow.Record // as they came
	schema  *sparkclient.StructType
	rows    int
	columns []sparkclient.Vector
}

func (b *batch) Len() int { return b.rows }

func (b *batch) Columns() []sparkclient.Vector { return b.columns }

// decodeBatch reads an Arrow IPC stream, whose record batches have the columns
// of schema; where there is no schema it is made from Arrow's. The bytes come
// from outside: whatever they are, the answer is a batch whose vectors can be
// read without fear, or an error.
func decodeBatch(schema *sparkclient.StructType, data []byte) (b *batch, err error) {
	defer func() {
		if cause := recover(); cause != nil { // Arrow panics on bytes that make no sense
			b, err = nil, fmt.Errorf("not an Arrow stream: %v", cause)
		}
	}()
	records, arrowSchema, err := readRecords(data)
	if err != nil {
		return nil, err
	}
	if schema == nil {
		if schema, err = schemaOf(arrowSchema); err != nil {
			return nil, err
		}
	}
	parts := make([]*batch, 0, 1)
	for _, record := range records {
		part, err := decodeRecord(schema, record)
		if err != nil {
			return nil, err
		}
		if part.rows > 0 {
			parts = append(parts, part)
		}
	}
	b = join(schema, parts)
	b.records = records
	return b, nil
}

// readRecords reads all of an IPC stream; the records alias data. Its errors do
// not wrap Arrow's: an io.EOF in them would read as the end of the result.
func readRecords(data []byte) ([]arrow.Record, *arrow.Schema, error) {
	reader, err := ipc.NewReaderFromMessageReader(&frames{data: data}, ipc.WithAllocator(bounded{memory.DefaultAllocator}))
	if err != nil {
		return nil, nil, errors.New("read an Arrow stream: " + err.Error())
	}
	var records []arrow.Record
	for reader.Next() {
		record := reader.Record()
		record.Retain()
		records = append(records, record)
	}
	if err := reader.Err(); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("read an Arrow stream: " + err.Error())
	}
	return records, reader.Schema(), nil
}

func decodeRecord(schema *sparkclient.StructType, record arrow.Record) (*batch, error) {
	if int(record.NumCols()) != len(schema.Fields) {
		return nil, fmt.Errorf("the server sent %d columns for %d", record.NumCols(), len(schema.Fields))
	}
	b := &batch{schema: schema, rows: int(record.NumRows()), columns: make([]sparkclient.Vector, len(schema.Fields))}
	for i, field := range schema.Fields {
		column := record.Column(i)
		if column.Len() != b.rows {
			return nil, fmt.Errorf("column %s has %d values for %d rows", field.Name, column.Len(), b.rows)
		}
		var err error
		if b.columns[i], err = newVector(field.Type, column); err != nil {
			return nil, fmt.Errorf("column %s: %w", field.Name, err)
		}
	}
	return b, nil
}

// join is one batch of several; Spark sends one record per stream.
func join(schema *sparkclient.StructType, parts []*batch) *batch {
	switch len(parts) {
	case 0:
		return &batch{schema: schema}
	case 1:
		return parts[0]
	}
	whole := &batch{schema: schema, columns: make([]sparkclient.Vector, len(schema.Fields))}
	for i := range whole.columns {
		var joined joinedVector
		for _, part := range parts {
			joined = append(joined, vectorPart{part.columns[i], part.rows})
		}
		whole.columns[i] = joined
	}
	for _, part := range parts {
		whole.rows += part.rows
	}
	return whole
}

// joinedVector is a column over several records.
type joinedVector []vectorPart

type vectorPart struct {
	sparkclient.Vector
	rows int
}

func (v joinedVector) at(i int) (sparkclient.Vector, int) {
	for _, part := range v {
		if i < part.rows {
			return part.Vector, i
		}
		i -= part.rows
	}
	return nullVector{}, i
}

func (v joinedVector) IsNull(i int) bool {
	part, i := v.at(i)
	return part.IsNull(i)
}

func (v joinedVector) Value(i int) any {
	part, i := v.at(i)
	return part.Value(i)
}

// frames cuts an IPC stream into messages without copying, and without trusting
// any length in it: a [ipc.MessageReader].
type frames struct {
	data []byte
	last *ipc.Message
}

func (f *frames) Retain() {}

func (f *frames) Release() {}

func (f *frames) Message() (*ipc.Message, error) {
	size, err := f.uint32()
	if err == nil && size == 0xFFFFFFFF { // the continuation mark of streams since Arrow 0.15
		size, err = f.uint32()
	}
	if err != nil {
		return nil, err
	}
	if size == 0 {
		return nil, io.EOF
	}
	meta, err := f.cut(int64(size))
	if err != nil || len(meta) < 8 {
		return nil, io.ErrUnexpectedEOF
	}
	if err := verifyMessage(meta); err != nil {
		return nil, err
	}
	buffer := memory.NewBufferBytes(meta)
	head := ipc.NewMessage(buffer, memory.NewBufferBytes(nil))
	body, err := f.cut(head.BodyLen())
	if err != nil {
		return nil, err
	}
	f.last = ipc.NewMessage(buffer, memory.NewBufferBytes(body))
	return f.last, nil
}

// uint32 is the next length; a stream may simply stop there.
func (f *frames) uint32() (uint32, error) {
	if len(f.data) == 0 {
		return 0, io.EOF
	}
	b, err := f.cut(4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

func (f *frames) cut(n int64) ([]byte, error) {
	if n < 0 || n > int64(len(f.data)) {
		return nil, io.ErrUnexpectedEOF
	}
	part := f.data[:n:n]
	f.data = f.data[n:]
	return part, nil
}

// bounded refuses memory that no batch needs, so that a wrong length is an error
// and not the end of the process.
type bounded struct{ memory.Allocator }

func (b bounded) Allocate(size int) []byte {
	if size > maxBatch {
		panic(fmt.Sprintf("%d bytes of memory", size))
	}
	return b.Allocator.Allocate(size)
}

func (b bounded) Reallocate(size int, old []byte) []byte {
	if size > maxBatch {
		panic(fmt.Sprintf("%d bytes of memory", size))
	}
	return b.Allocator.Reallocate(size, old)
}
