package sparkclient

import (
	"context"
	"crypto/sha256"
	"fmt"

	"gospark/sparkclient/internal/plan"
)

// uploadAbove is the size of local data from which on it does not travel within
// every plan that uses it but once, as an artifact of the session.
const uploadAbove = 16 << 20

// localRelation is the relation of rows that [Engine.EncodeRows] encoded. Rows
// that were uploaded live as long as the session on the server.
func (s *Session) localRelation(ctx context.Context, rows []byte, st *StructType) (*plan.Relation, error) {
	ddl := st.DDL()
	if len(rows) <= uploadAbove {
		return &plan.Relation{LocalRelation: &plan.LocalRelation{Data: rows, Schema: &ddl}}, nil
	}
	data, schema := sha256Hex(rows), sha256Hex([]byte(ddl))
	if err := s.upload(ctx, map[string][]byte{"cache/" + data: rows, "cache/" + schema: []byte(ddl)}); err != nil {
		return nil, fmt.Errorf("upload %d bytes of local data: %w", len(rows), err)
	}
	return &plan.Relation{ChunkedCachedLocalRelation: &plan.ChunkedCachedLocalRelation{
		DataHashes: []string{data}, SchemaHash: &schema,
	}}, nil
}

func sha256Hex(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }

// upload adds the artifacts that the session does not have.
func (s *Session) upload(ctx context.Context, files map[string][]byte) error {
	e, err := s.Engine(ctx)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	there, err := e.ArtifactExists(ctx, names)
	if err != nil {
		return s.noticed(e, err)
	}
	var missing []Artifact
	for name, data := range files {
		if !there[name] {
			missing = append(missing, Artifact{Name: name, Data: data})
		}
	}
	return s.noticed(e, e.AddArtifacts(ctx, missing))
}
