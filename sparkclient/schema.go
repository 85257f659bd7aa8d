package sparkclient

import "errors"

// DecodeDataType reads an encoded DataType message of Spark's protos.
func DecodeDataType(encoded []byte) (DataType, error) {
	return nil, errors.New("not yet")
}

// EncodeDataType writes t as an encoded DataType message of Spark's protos.
func EncodeDataType(t DataType) []byte {
	return nil
}
