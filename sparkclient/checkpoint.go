package sparkclient

import (
	"context"
	"fmt"
	"runtime"

	"gospark/sparkclient/internal/plan"
)

// Checkpoint computes the DataFrame, keeps its rows in the checkpoint folder of
// the server (spark.checkpoint.dir) and returns a DataFrame of them with a
// short plan; an error is carried. With eager false the rows are computed at
// the first action.
func (df *DataFrame) Checkpoint(ctx context.Context, eager ...bool) *DataFrame {
	return checkpoint(ctx, df, plan.CheckpointCommand{Eager: len(eager) == 0 || eager[0]})
}

// LocalCheckpoint is [DataFrame.Checkpoint] that keeps the rows with the
// executors, at the storage level given: they are lost with their executor.
func (df *DataFrame) LocalCheckpoint(ctx context.Context, eager bool, level ...StorageLevel) *DataFrame {
	command := plan.CheckpointCommand{Local: true, Eager: eager}
	if len(level) > 0 {
		l, ok := levels()[level[0]]
		if !ok {
			return df.session.failed(fmt.Errorf("unknown storage level %q", level[0]))
		}
		command.StorageLevel = &l
	}
	return checkpoint(ctx, df, command)
}

func checkpoint(ctx context.Context, df *DataFrame, command plan.CheckpointCommand) *DataFrame {
	if df.err != nil {
		return df
	}
	s := df.session
	if err := s.forgetCheckpoints(ctx); err != nil {
		return s.commandFailed(ctx, err)
	}
	command.Relation = df.rel
	answers, err := run(ctx, s, &plan.Command{CommandType: &command})
	if err != nil {
		return s.commandFailed(ctx, err)
	}
	for _, a := range answers {
		if r := a.CheckpointCommandResult; r != nil && r.Relation != nil {
			return s.checkpointed(r.Relation.RelationId)
		}
	}
	return s.commandFailed(ctx, errAnswer("the checkpoint"))
}

// checkpointed is the DataFrame of rows that the server keeps. When nothing
// refers to its relation any more, the next checkpoint has the server forget
// them; the end of the session does so in any case.
func (s *Session) checkpointed(id string) *DataFrame {
	df := s.frame(&plan.Relation{RelType: &plan.CachedRemoteRelation{RelationId: id}})
	runtime.AddCleanup(df.rel, func(id string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.unused = append(s.unused, id)
	}, id)
	return df
}

// forgetCheckpoints has the server forget what nothing refers to.
func (s *Session) forgetCheckpoints(ctx context.Context) error {
	s.mu.Lock()
	unused := s.unused
	s.unused = nil
	s.mu.Unlock()
	for _, id := range unused {
		_, err := run(ctx, s, &plan.Command{CommandType: &plan.RemoveCachedRemoteRelationCommand{
			Relation: &plan.CachedRemoteRelation{RelationId: id}}})
		if err != nil {
			return fmt.Errorf("give back an earlier checkpoint: %w", err)
		}
	}
	return nil
}
