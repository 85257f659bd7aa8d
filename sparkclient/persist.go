package sparkclient

import (
	"context"
	"fmt"

	"gospark/sparkclient/internal/plan"
)

// StorageLevel says where a cached DataFrame is kept.
type StorageLevel string

// The storage levels.
const (
	StorageNone        StorageLevel = "NONE"
	DiskOnly           StorageLevel = "DISK_ONLY"
	DiskOnly2          StorageLevel = "DISK_ONLY_2"
	DiskOnly3          StorageLevel = "DISK_ONLY_3"
	MemoryOnly         StorageLevel = "MEMORY_ONLY"
	MemoryOnly2        StorageLevel = "MEMORY_ONLY_2"
	MemoryAndDisk      StorageLevel = "MEMORY_AND_DISK"
	MemoryAndDisk2     StorageLevel = "MEMORY_AND_DISK_2"
	MemoryAndDiskDeser StorageLevel = "MEMORY_AND_DISK_DESER"
	OffHeap            StorageLevel = "OFF_HEAP"
)

// levels describes the storage levels as the server wants them.
func levels() map[StorageLevel]plan.StorageLevel {
	return map[StorageLevel]plan.StorageLevel{
		StorageNone:        {Replication: 1},
		DiskOnly:           {UseDisk: true, Replication: 1},
		DiskOnly2:          {UseDisk: true, Replication: 2},
		DiskOnly3:          {UseDisk: true, Replication: 3},
		MemoryOnly:         {UseMemory: true, Replication: 1},
		MemoryOnly2:        {UseMemory: true, Replication: 2},
		MemoryAndDisk:      {UseDisk: true, UseMemory: true, Replication: 1},
		MemoryAndDisk2:     {UseDisk: true, UseMemory: true, Replication: 2},
		MemoryAndDiskDeser: {UseDisk: true, UseMemory: true, Deserialized: true, Replication: 1},
		OffHeap:            {UseDisk: true, UseMemory: true, UseOffHeap: true, Replication: 1},
	}
}

// Persist marks the DataFrame to be kept once it was computed, in memory and on
// disk unless another level is given, and returns it; an error is carried.
func (df *DataFrame) Persist(ctx context.Context, level ...StorageLevel) *DataFrame {
	name := MemoryAndDiskDeser
	if len(level) > 0 {
		name = level[0]
	}
	l, ok := levels()[name]
	if !ok {
		return df.session.failed(fmt.Errorf("unknown storage level %q", name))
	}
	return df.marked(ctx, &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestPersist{Relation: df.rel, StorageLevel: &l}})
}

// Cache is Persist.
func (df *DataFrame) Cache(ctx context.Context) *DataFrame { return df.Persist(ctx) }

// Unpersist ends what Persist began. With blocking it waits until all is gone.
func (df *DataFrame) Unpersist(ctx context.Context, blocking ...bool) *DataFrame {
	wait := len(blocking) > 0 && blocking[0]
	return df.marked(ctx, &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestUnpersist{Relation: df.rel, Blocking: &wait}})
}

func (df *DataFrame) marked(ctx context.Context, request *plan.AnalyzePlanRequest) *DataFrame {
	if df.err != nil {
		return df
	}
	if _, err := analyze(ctx, df.session, request); err != nil {
		return df.session.commandFailed(ctx, err)
	}
	return df
}

// StorageLevel says where the DataFrame is kept, [StorageNone] when it is not.
func (df *DataFrame) StorageLevel(ctx context.Context) (StorageLevel, error) {
	if err := df.observed(); err != nil {
		return "", err
	}
	r, err := analyze(ctx, df.session, &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestGetStorageLevel{Relation: df.rel}})
	if err != nil {
		return "", err
	}
	if r.GetStorageLevel != nil && r.GetStorageLevel.StorageLevel != nil {
		for name, l := range levels() {
			if l == *r.GetStorageLevel.StorageLevel {
				return name, nil
			}
		}
	}
	return StorageNone, nil
}

// IsCached says whether the DataFrame is kept.
func (df *DataFrame) IsCached(ctx context.Context) (bool, error) {
	level, err := df.StorageLevel(ctx)
	return err == nil && level != StorageNone, err
}

// CreateTempView gives the DataFrame a name in this session. The name must be
// free.
func (df *DataFrame) CreateTempView(ctx context.Context, name string) error {
	return df.createView(ctx, plan.CreateDataFrameViewCommand{Name: name})
}

// CreateOrReplaceTempView gives the DataFrame a name in this session.
func (df *DataFrame) CreateOrReplaceTempView(ctx context.Context, name string) error {
	return df.createView(ctx, plan.CreateDataFrameViewCommand{Name: name, Replace: true})
}

// CreateGlobalTempView gives the DataFrame a name, below global_temp, in all
// sessions of the server. The name must be free.
func (df *DataFrame) CreateGlobalTempView(ctx context.Context, name string) error {
	return df.createView(ctx, plan.CreateDataFrameViewCommand{Name: name, IsGlobal: true})
}

// CreateOrReplaceGlobalTempView gives the DataFrame a name, below global_temp,
// in all sessions of the server.
func (df *DataFrame) CreateOrReplaceGlobalTempView(ctx context.Context, name string) error {
	return df.createView(ctx, plan.CreateDataFrameViewCommand{Name: name, IsGlobal: true, Replace: true})
}

func (df *DataFrame) createView(ctx context.Context, view plan.CreateDataFrameViewCommand) error {
	if err := df.observed(); err != nil {
		return err
	}
	view.Input = df.rel
	_, err := run(ctx, df.session, &plan.Command{CommandType: &view})
	return err
}
