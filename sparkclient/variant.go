package sparkclient

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// Variant is a value of Spark's binary VARIANT encoding.
type Variant struct{ Value, Metadata []byte }

// maxVariantDepth bounds the nesting of a variant, which comes from outside.
const maxVariantDepth = 256

var errVariant = errors.New("the bytes are no variant")

// Decode is the variant as Go values: those of the table at [DataType] for
// scalars, []any for arrays and map[string]any for objects.
func (v Variant) Decode() (any, error) {
	if len(v.Metadata) == 0 {
		return nil, errVariant
	}
	return v.decode(v.Value, 0)
}

// JSON is the variant as JSON; what JSON lacks is text in it.
func (v Variant) JSON() (string, error) {
	value, err := v.Decode()
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(jsonable(value))
	return string(text), err
}

// jsonable is a value with numbers as JSON writes them.
func jsonable(value any) any {
	switch v := value.(type) {
	case *Decimal:
		return json.Number(v.Text('f'))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
	case []any:
		for i := range v {
			v[i] = jsonable(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = jsonable(v[name])
		}
	}
	return value
}

// String is the variant as JSON.
func (v Variant) String() string {
	text, err := v.JSON()
	if err != nil {
		return err.Error()
	}
	return text
}

// MarshalJSON is [Variant.JSON].
func (v Variant) MarshalJSON() ([]byte, error) {
	text, err := v.JSON()
	return []byte(text), err
}

func (v Variant) decode(b []byte, depth int) (any, error) {
	if len(b) == 0 || depth > maxVariantDepth {
		return nil, errVariant
	}
	kind, header, rest := b[0]&3, b[0]>>2, b[1:]
	switch kind {
	case 0:
		return variantScalar(header, rest)
	case 1: // a short string
		if len(rest) < int(header) {
			return nil, errVariant
		}
		return string(rest[:header]), nil
	case 2:
		return v.object(header, rest, depth)
	}
	return v.array(header, rest, depth)
}

// unsigned reads a little-endian number of n bytes at an index of such numbers.
func unsigned(b []byte, index, n int) (int, error) {
	at := index * n
	if index < 0 || at < 0 || at+n > len(b) || n > 4 {
		return 0, errVariant
	}
	var full [8]byte
	copy(full[:], b[at:at+n])
	return int(binary.LittleEndian.Uint64(full[:])), nil
}

// tail is b from an index on.
func tail(b []byte, at int) ([]byte, error) {
	if at < 0 || at > len(b) {
		return nil, errVariant
	}
	return b[at:], nil
}

// count reads how many parts an object or array has, in one byte or four.
func count(large bool, b []byte) (n int, rest []byte, err error) {
	size := 1
	if large {
		size = 4
	}
	if n, err = unsigned(b, 0, size); err != nil || n > len(b) {
		return 0, nil, errVariant
	}
	return n, b[size:], nil
}

func (v Variant) array(header byte, b []byte, depth int) (any, error) {
	offset := int(header&3) + 1
	n, b, err := count(header>>2&1 == 1, b)
	if err != nil {
		return nil, err
	}
	list := make([]any, n)
	for i := range list {
		if list[i], err = v.part(b, i, offset, (n+1)*offset, depth); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// part is the i-th part of an object or array, whose offsets stand in b and
// whose values begin at a byte of b.
func (v Variant) part(b []byte, i, size, values, depth int) (any, error) {
	at, err := unsigned(b, i, size)
	if err != nil {
		return nil, err
	}
	value, err := tail(b, values+at)
	if err != nil {
		return nil, err
	}
	return v.decode(value, depth+1)
}

func (v Variant) object(header byte, b []byte, depth int) (any, error) {
	offset, id := int(header&3)+1, int(header>>2&3)+1
	n, b, err := count(header>>4&1 == 1, b)
	if err != nil {
		return nil, err
	}
	offsets, err := tail(b, n*id)
	if err != nil {
		return nil, err
	}
	fields := make(map[string]any, n)
	for i := range n {
		index, err := unsigned(b, i, id)
		if err != nil {
			return nil, err
		}
		name, err := v.name(index)
		if err != nil {
			return nil, err
		}
		if fields[name], err = v.part(offsets, i, offset, (n+1)*offset, depth); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// name looks a field's name up in the metadata.
func (v Variant) name(index int) (string, error) {
	size := int(v.Metadata[0]>>6) + 1
	table := v.Metadata[1:]
	n, err := unsigned(table, 0, size)
	if err != nil || index >= n {
		return "", errVariant
	}
	from, err := unsigned(table, 1+index, size)
	to, err2 := unsigned(table, 2+index, size)
	if err := firstError(err, err2); err != nil || from > to {
		return "", errVariant
	}
	names, err := tail(table, (n+2)*size)
	if err != nil || to > len(names) {
		return "", errVariant
	}
	return string(names[from:to]), nil
}

func variantScalar(kind byte, b []byte) (any, error) {
	sizes := map[byte]int{3: 1, 4: 2, 5: 4, 6: 8, 7: 8, 8: 5, 9: 9, 10: 17, 11: 4, 12: 8, 13: 8, 14: 4, 15: 4, 16: 4}
	if len(b) < sizes[kind] {
		return nil, errVariant
	}
	switch kind {
	case 0:
		return nil, nil
	case 1, 2:
		return kind == 1, nil
	case 3:
		return int8(b[0]), nil
	case 4:
		return int16(binary.LittleEndian.Uint16(b)), nil
	case 5:
		return int32(binary.LittleEndian.Uint32(b)), nil
	case 6:
		return int64(binary.LittleEndian.Uint64(b)), nil
	case 7:
		return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
	case 8, 9, 10:
		return variantDecimal(b[0], b[1:sizes[kind]])
	case 11:
		return Date(binary.LittleEndian.Uint32(b)), nil
	case 12:
		return time.UnixMicro(int64(binary.LittleEndian.Uint64(b))).UTC(), nil
	case 13:
		return TimestampNTZ{time.UnixMicro(int64(binary.LittleEndian.Uint64(b))).UTC()}, nil
	case 14:
		return math.Float32frombits(binary.LittleEndian.Uint32(b)), nil
	case 15, 16:
		return variantBytes(kind, b)
	}
	return nil, fmt.Errorf("the variant has a value of kind %d, which this client does not know", kind)
}

func variantBytes(kind byte, b []byte) (any, error) {
	n := binary.LittleEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, errVariant
	}
	if kind == 16 {
		return string(b[4 : 4+n]), nil
	}
	return append([]byte{}, b[4:4+n]...), nil
}

// variantDecimal reads a number without its scale, little-endian.
func variantDecimal(scale byte, b []byte) (any, error) {
	if scale > 38 {
		return nil, errVariant
	}
	reversed := make([]byte, len(b))
	for i, x := range b {
		reversed[len(b)-1-i] = x
	}
	n := new(big.Int).SetBytes(reversed)
	if reversed[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return apd.NewWithBigInt(new(apd.BigInt).SetMathBigInt(n), -int32(scale)), nil
}
