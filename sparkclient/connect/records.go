package connect

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"gospark/sparkclient"
)

// Records runs the plan of a DataFrame and streams its result as Arrow record
// batches, as the server sent them. Leaving the loop early interrupts the
// operation. The batches are the garbage collector's; nobody needs to release
// them.
func Records(ctx context.Context, df *sparkclient.DataFrame) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		for b, err := range df.Batches(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			own, ok := b.(*batch)
			if !ok {
				yield(nil, fmt.Errorf("record batches need a Spark Connect server, not a %T", b))
				return
			}
			for _, record := range own.records {
				if !yield(record, nil) {
					return
				}
			}
		}
	}
}

// CreateDataFrame makes a DataFrame of Arrow record batches, all of the schema;
// an error is carried. Large data is uploaded batch by batch.
func CreateDataFrame(ctx context.Context, spark *sparkclient.Session, schema *arrow.Schema, records iter.Seq2[arrow.Record, error]) *sparkclient.DataFrame {
	st, err := schemaOf(schema)
	if err != nil {
		return spark.FromIPC(ctx, &sparkclient.StructType{}, func(yield func([]byte, error) bool) { yield(nil, err) })
	}
	return spark.FromIPC(ctx, st, func(yield func([]byte, error) bool) {
		none := true
		for record, err := range records {
			var part []byte
			if err == nil {
				none = false
				part, err = encodeRecord(schema, record)
			}
			if !yield(part, err) || err != nil {
				return
			}
		}
		if none {
			yield(encodeRecord(schema, nil))
		}
	})
}

// encodeRecord is an IPC stream of one record batch, or of none.
func encodeRecord(schema *arrow.Schema, record arrow.Record) ([]byte, error) {
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	if record != nil {
		if err := w.Write(record); err != nil {
			return nil, fmt.Errorf("encode a record batch: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("encode record batches: %w", err)
	}
	return out.Bytes(), nil
}

// Remote is a session on the server of an sc:// address: see [Parse]. Nothing
// is sent before its first request.
func Remote(remote string) (*sparkclient.Session, error) {
	o, err := Parse(remote)
	if err != nil {
		return nil, err
	}
	if o, err = o.check(); err != nil {
		return nil, err
	}
	return sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return Open(o) }), nil
}
