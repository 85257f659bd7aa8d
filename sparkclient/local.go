package sparkclient

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"reflect"

	"gospark/sparkclient/internal/plan"
)

// Local data travels within the plan while it is small. From uploadAbove bytes
// on it does not travel within every plan that uses it but once, as artifacts
// of the session, in parts of about partBytes: no more than two parts are in
// memory. The first part has firstRows rows, which tell the size of a row.
const (
	uploadAbove = 1 << 20
	partBytes   = 8 << 20
	firstRows   = 8192
)

// FromIPC is the DataFrame of rows in parts, each a whole Arrow IPC stream with
// the columns of the schema. For record batches see package sparkclient/connect.
// The rows live as long as the session on the server.
func (s *Session) FromIPC(ctx context.Context, schema *StructType, parts iter.Seq2[[]byte, error]) *DataFrame {
	ddl, l := schema.DDL(), &plan.ChunkedCachedLocalRelation{}
	var waiting []byte // a part that may prove to be the only one
	for part, err := range parts {
		if err == nil && waiting != nil {
			err = s.uploadPart(ctx, l, waiting)
		}
		if err != nil {
			return s.failed(err)
		}
		waiting = part
	}
	switch {
	case waiting == nil:
		return s.failed(errors.New("there is no data, not even an empty part"))
	case len(l.DataHashes) == 0 && len(waiting) <= uploadAbove:
		return s.frame(&plan.Relation{RelType: &plan.LocalRelation{Data: waiting, Schema: &ddl}})
	}
	hash, err := s.upload(ctx, []byte(ddl))
	l.SchemaHash = &hash
	if err := firstError(err, s.uploadPart(ctx, l, waiting)); err != nil {
		return s.failed(err)
	}
	return s.frame(&plan.Relation{RelType: l})
}

func (s *Session) uploadPart(ctx context.Context, to *plan.ChunkedCachedLocalRelation, part []byte) error {
	hash, err := s.upload(ctx, part)
	to.DataHashes = append(to.DataHashes, hash)
	return err
}

// encodedParts encodes the rows of a slice.
func encodedParts(ctx context.Context, s *Session, schema *StructType, rows reflect.Value) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		row, err := rowEncoder(rows.Type().Elem(), schema)
		if err != nil {
			yield(nil, err)
			return
		}
		e, err := s.Engine(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		size := firstRows
		for at, first := 0, true; first || at < rows.Len(); {
			to := min(at+size, rows.Len())
			part, err := encodeRows(e, schema, row, rows, at, to)
			small := len(part)/size*rows.Len() <= uploadAbove
			if err == nil && first && size < rows.Len() && small { // all in one part, then
				size = rows.Len()
				continue
			}
			if !yield(part, err) || err != nil {
				return
			}
			size, at, first = max(1, (to-at)*partBytes/len(part)), to, false
		}
	}
}

// encodeRows encodes the rows from one index up to another.
func encodeRows(e Engine, schema *StructType, row func(reflect.Value) ([]any, error), rows reflect.Value, from, to int) ([]byte, error) {
	var failure error
	b, err := e.EncodeRows(schema, func(yield func([]any) bool) {
		for i := from; i < to; i++ {
			values, err := row(rows.Index(i))
			if err != nil {
				failure = fmt.Errorf("row %d: %w", i, err)
				return
			}
			if !yield(values) {
				return
			}
		}
	})
	return b, firstError(failure, err)
}

// upload makes data an artifact of the session, if it is not there yet, and
// returns its hash.
func (s *Session) upload(ctx context.Context, data []byte) (string, error) {
	e, err := s.Engine(ctx)
	if err != nil {
		return "", err
	}
	hash := fmt.Sprintf("%x", sha256.Sum256(data))
	name := "cache/" + hash
	there, err := e.ArtifactExists(ctx, []string{name})
	if err == nil && !there[name] {
		err = e.AddArtifacts(ctx, []Artifact{{Name: name, Data: data}})
	}
	if err != nil {
		return "", fmt.Errorf("upload %d bytes of local data: %w", len(data), s.noticed(e, err))
	}
	return hash, nil
}
