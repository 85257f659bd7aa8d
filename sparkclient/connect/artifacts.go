package connect

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

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
	stream, err := s.link.stub.AddArtifacts(ctx)
	if err != nil {
		return nil, err
	}
	for _, artifact := range artifacts {
		for payload := range chunks(artifact) {
			payload.SessionId, payload.ClientObservedServerSideSessionId = me.id, me.observed
			payload.UserContext, payload.ClientType = me.user, me.client
			if err := stream.Send(payload); err != nil && !errors.Is(err, io.EOF) { // after EOF CloseAndRecv has the reason
				return nil, err
			} else if err != nil {
				break
			}
		}
	}
	return stream.CloseAndRecv()
}

// chunks are the messages that carry one artifact.
func chunks(a sparkclient.Artifact) func(func(*pb.AddArtifactsRequest) bool) {
	return func(yield func(*pb.AddArtifactsRequest) bool) {
		first := chunk(a.Data[:min(len(a.Data), chunkSize)])
		if len(a.Data) <= chunkSize {
			yield(&pb.AddArtifactsRequest{Payload: &pb.AddArtifactsRequest_Batch_{Batch: &pb.AddArtifactsRequest_Batch{
				Artifacts: []*pb.AddArtifactsRequest_SingleChunkArtifact{{Name: a.Name, Data: first}},
			}}})
			return
		}
		more := yield(&pb.AddArtifactsRequest{Payload: &pb.AddArtifactsRequest_BeginChunk{BeginChunk: &pb.AddArtifactsRequest_BeginChunkedArtifact{
			Name: a.Name, TotalBytes: int64(len(a.Data)), NumChunks: int64((len(a.Data) + chunkSize - 1) / chunkSize), InitialChunk: first,
		}}})
		for rest := a.Data[chunkSize:]; more && len(rest) > 0; {
			part := rest[:min(len(rest), chunkSize)]
			rest = rest[len(part):]
			more = yield(&pb.AddArtifactsRequest{Payload: &pb.AddArtifactsRequest_Chunk{Chunk: chunk(part)}})
		}
	}
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
