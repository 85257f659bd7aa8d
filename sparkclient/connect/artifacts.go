package connect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// chunkSize is the size of one message with a part of an artifact.
const chunkSize = 256 << 10

// AddArtifacts uploads files, in chunks with checksums.
func (s *Session) AddArtifacts(ctx context.Context, artifacts []sparkclient.Artifact) error {
	if len(artifacts) == 0 {
		return nil
	}
	me, err := s.open()
	if err != nil {
		return err
	}
	var response *pb.AddArtifactsResponse
	err = s.link.attempts().do(ctx, func() (err error) {
		response, err = s.upload(ctx, me, artifacts)
		return err
	})
	if err != nil {
		return fmt.Errorf("upload to the session: %w", s.explain(ctx, me, err))
	}
	for _, a := range response.GetArtifacts() {
		if !a.GetIsCrcSuccessful() {
			return fmt.Errorf("upload to the session: %s arrived damaged", a.GetName())
		}
	}
	return s.observe(me, response.GetServerSideSessionId())
}

// upload sends everything once.
func (s *Session) upload(ctx context.Context, me identity, artifacts []sparkclient.Artifact) (*pb.AddArtifactsResponse, error) {
	ctx, cancel := context.WithCancel(ctx) // ends the stream when a file cannot be read
	defer cancel()
	stream, err := s.link.stub.AddArtifacts(ctx)
	if err != nil {
		return nil, err
	}
	for _, artifact := range artifacts {
		err := chunks(artifact, func(payload *pb.AddArtifactsRequest) error {
			payload.SessionId, payload.ClientObservedServerSideSessionId = me.id, me.observed
			payload.UserContext, payload.ClientType = me.user, me.client
			return stream.Send(payload)
		})
		if errors.Is(err, io.EOF) { // CloseAndRecv has the reason
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return stream.CloseAndRecv()
}

// source is an artifact's bytes and their number.
func source(a sparkclient.Artifact) (io.ReadCloser, int64, error) {
	if a.Path == "" {
		return io.NopCloser(bytes.NewReader(a.Data)), int64(len(a.Data)), nil
	}
	file, err := os.Open(a.Path)
	if err != nil {
		return nil, 0, fmt.Errorf("artifact %s: %w", a.Name, err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", a.Path)
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("artifact %s: %w", a.Name, err), file.Close())
	}
	return file, info.Size(), nil
}

// chunks sends the messages that carry one artifact.
func chunks(a sparkclient.Artifact, send func(*pb.AddArtifactsRequest) error) error {
	from, size, err := source(a)
	if err != nil {
		return err
	}
	defer from.Close()
	for at := int64(0); at == 0 || at < size; at += chunkSize {
		data := make([]byte, min(chunkSize, size-at))
		if _, err := io.ReadFull(from, data); err != nil {
			return fmt.Errorf("artifact %s: read %d bytes: %s", a.Name, size, err.Error()) // not wrapped: EOF is the stream's
		}
		if err := send(message(a.Name, at, size, chunk(data))); err != nil {
			return err
		}
	}
	return nil
}

// message carries the part of an artifact that begins at a byte of it.
func message(name string, at, size int64, part *pb.AddArtifactsRequest_ArtifactChunk) *pb.AddArtifactsRequest {
	switch {
	case size <= chunkSize:
		return &pb.AddArtifactsRequest{Payload: &pb.AddArtifactsRequest_Batch_{Batch: &pb.AddArtifactsRequest_Batch{
			Artifacts: []*pb.AddArtifactsRequest_SingleChunkArtifact{{Name: name, Data: part}},
		}}}
	case at == 0:
		return &pb.AddArtifactsRequest{Payload: &pb.AddArtifactsRequest_BeginChunk{BeginChunk: &pb.AddArtifactsRequest_BeginChunkedArtifact{
			Name: name, TotalBytes: size, NumChunks: (size + chunkSize - 1) / chunkSize, InitialChunk: part,
		}}}
	}
	return &pb.AddArtifactsRequest{Payload: &pb.AddArtifactsRequest_Chunk{Chunk: part}}
}

func chunk(data []byte) *pb.AddArtifactsRequest_ArtifactChunk {
	return &pb.AddArtifactsRequest_ArtifactChunk{Data: data, Crc: int64(crc32.ChecksumIEEE(data))}
}

// ArtifactExists says which of the named artifacts the session has.
func (s *Session) ArtifactExists(ctx context.Context, names []string) (map[string]bool, error) {
	response, err := call(ctx, s, s.link.stub.ArtifactStatus, func(me identity) *pb.ArtifactStatusesRequest {
		return &pb.ArtifactStatusesRequest{
			SessionId: me.id, ClientObservedServerSideSessionId: me.observed, UserContext: me.user, ClientType: me.client,
			Names: names,
		}
	})
	if err != nil {
		return nil, fmt.Errorf("artifacts of the session: %w", err)
	}
	exists := make(map[string]bool, len(names))
	for _, name := range names {
		exists[name] = response.GetStatuses()[name].GetExists()
	}
	return exists, nil
}
