package sparkclient

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"gospark/sparkclient/internal/plan"
)

// ErrNoRows is what First returns of an empty DataFrame.
var ErrNoRows = errors.New("the DataFrame has no rows")

// Batches runs the plan and streams its result as it comes, a batch of columns
// at a time. Leaving the loop early interrupts the operation.
func (df *DataFrame) Batches(ctx context.Context) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		for b, err := range results(ctx, df) {
			if !yield(b.Batch, err) {
				return
			}
		}
	}
}

// result is a batch together with the result's schema.
type result struct {
	Batch
	schema *StructType
}

func results(ctx context.Context, df *DataFrame) iter.Seq2[result, error] {
	return func(yield func(result, error) bool) {
		if err := df.observed(); err != nil {
			yield(result{}, err)
			return
		}
		stream, err := df.session.execute(ctx, &plan.Plan{Root: df.rel})
		if err != nil {
			yield(result{}, err)
			return
		}
		defer stream.Close() // nothing is lost: every row was read, or none is wanted
		for {
			b, err := stream.Next()
			if isEnd(err) {
				return
			}
			if err != nil {
				yield(result{}, err)
				return
			}
			if !yield(result{b, stream.Schema()}, nil) {
				return
			}
		}
	}
}

// Rows runs the plan and streams its rows with bounded memory. Leaving the loop
// early interrupts the operation.
func (df *DataFrame) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for b, err := range results(ctx, df) {
			if err != nil {
				yield(Row{}, err)
				return
			}
			cols := b.Columns()
			for i := range b.Len() {
				values := make([]any, len(cols))
				for c, col := range cols {
					values[c] = col.Value(i)
				}
				if !yield(Row{b.schema, values}, nil) {
					return
				}
			}
		}
	}
}

// ToLocalIterator is Rows, under PySpark's name.
func (df *DataFrame) ToLocalIterator(ctx context.Context) iter.Seq2[Row, error] { return df.Rows(ctx) }

// Collect runs the plan and returns all rows.
func (df *DataFrame) Collect(ctx context.Context) ([]Row, error) {
	var rows []Row
	for row, err := range df.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// Take runs the plan and returns the first n rows.
func (df *DataFrame) Take(ctx context.Context, n int) ([]Row, error) { return df.Limit(n).Collect(ctx) }

// Head is Take; without n it is the first row.
func (df *DataFrame) Head(ctx context.Context, n ...int) ([]Row, error) {
	return df.Take(ctx, optional(n, 1))
}

// First is the first row, or [ErrNoRows].
func (df *DataFrame) First(ctx context.Context) (Row, error) {
	rows, err := df.Take(ctx, 1)
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, ErrNoRows
	}
	return rows[0], nil
}

// Tail is the last n rows.
func (df *DataFrame) Tail(ctx context.Context, n int) ([]Row, error) {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Tail{Input: in, Limit: int32(n)}}
	}).Collect(ctx)
}

// Count is the number of rows.
func (df *DataFrame) Count(ctx context.Context) (int64, error) {
	row, err := df.Agg(Call("count", 1)).First(ctx)
	if err != nil {
		return 0, err
	}
	n, ok := row.At(0).(int64)
	if !ok {
		return 0, errAnswer("the count")
	}
	return n, nil
}

// IsEmpty says whether there are no rows.
func (df *DataFrame) IsEmpty(ctx context.Context) (bool, error) {
	rows, err := df.Select().Take(ctx, 1)
	return len(rows) == 0, err
}

// Show prints the first rows as a table of text, 20 when n is not given, with
// long values cut.
func (df *DataFrame) Show(ctx context.Context, n ...int) error {
	s, err := df.ShowString(ctx, optional(n, 20), 20, false)
	if err == nil {
		fmt.Print(s)
	}
	return err
}

// ShowString is what Show prints: values longer than truncate are cut, unless
// it is 0; vertical prints a line for each value.
func (df *DataFrame) ShowString(ctx context.Context, n, truncate int, vertical bool) (string, error) {
	row, err := df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.ShowString{Input: in, NumRows: int32(n), Truncate: int32(truncate), Vertical: vertical}}
	}).First(ctx)
	if err != nil {
		return "", err
	}
	return text(row.At(0)), nil
}

func optional(n []int, unset int) int {
	if len(n) > 0 {
		return n[0]
	}
	return unset
}

// Schema asks the server for the names and types of the columns. The answer is
// kept.
func (df *DataFrame) Schema(ctx context.Context) (*StructType, error) {
	if s, ok := df.schema.Load().(*StructType); ok {
		return s, nil
	}
	r, err := analyzePlan(ctx, df, func(p *plan.Plan) *plan.AnalyzePlanRequest {
		return &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestSchema{Plan: p}}
	})
	if err != nil {
		return nil, err
	}
	if r.Schema == nil {
		return nil, errAnswer("the schema")
	}
	s, err := schemaFromPlan(r.Schema.Schema)
	if err == nil {
		df.schema.Store(s)
	}
	return s, err
}

func analyzePlan(ctx context.Context, df *DataFrame, request func(*plan.Plan) *plan.AnalyzePlanRequest) (*plan.AnalyzePlanResponse, error) {
	if err := df.observed(); err != nil {
		return nil, err
	}
	return analyze(ctx, df.session, request(&plan.Plan{Root: df.rel}))
}

// Columns are the columns' names.
func (df *DataFrame) Columns(ctx context.Context) ([]string, error) {
	s, err := df.Schema(ctx)
	if err != nil {
		return nil, err
	}
	return s.Names(), nil
}

// DType is the name and type of a column.
type DType struct{ Name, Type string }

// DTypes are the columns' names and types.
func (df *DataFrame) DTypes(ctx context.Context) ([]DType, error) {
	s, err := df.Schema(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]DType, len(s.Fields))
	for i, f := range s.Fields {
		list[i] = DType{f.Name, f.Type.SimpleString()}
	}
	return list, nil
}

// PrintSchema prints the schema as a tree.
func (df *DataFrame) PrintSchema(ctx context.Context) error {
	s, err := df.TreeString(ctx)
	if err == nil {
		fmt.Print(s)
	}
	return err
}

// TreeString is what PrintSchema prints.
func (df *DataFrame) TreeString(ctx context.Context) (string, error) {
	r, err := analyzePlan(ctx, df, func(p *plan.Plan) *plan.AnalyzePlanRequest {
		return &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestTreeString{Plan: p}}
	})
	if err != nil {
		return "", err
	}
	if r.TreeString == nil {
		return "", errAnswer("the schema")
	}
	return r.TreeString.TreeString, nil
}

// Explain prints the plan; the mode is simple, extended, codegen, cost or
// formatted.
func (df *DataFrame) Explain(ctx context.Context, mode ...string) error {
	s, err := df.ExplainString(ctx, mode...)
	if err == nil {
		fmt.Println(s)
	}
	return err
}

// ExplainString is what Explain prints.
func (df *DataFrame) ExplainString(ctx context.Context, mode ...string) (string, error) {
	m, err := explainMode(mode)
	if err != nil {
		return "", err
	}
	r, err := analyzePlan(ctx, df, func(p *plan.Plan) *plan.AnalyzePlanRequest {
		return &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestExplain{Plan: p, ExplainMode: m}}
	})
	if err != nil {
		return "", err
	}
	if r.Explain == nil {
		return "", errAnswer("the plan")
	}
	return r.Explain.ExplainString, nil
}

func explainMode(mode []string) (plan.AnalyzePlanRequestExplainExplainMode, error) {
	if len(mode) == 0 {
		return plan.ExplainModeSimple, nil
	}
	switch strings.ToLower(mode[0]) {
	case "simple", "":
		return plan.ExplainModeSimple, nil
	case "extended":
		return plan.ExplainModeExtended, nil
	case "codegen":
		return plan.ExplainModeCodegen, nil
	case "cost":
		return plan.ExplainModeCost, nil
	case "formatted":
		return plan.ExplainModeFormatted, nil
	}
	return 0, fmt.Errorf("unknown mode %q: use simple, extended, codegen, cost or formatted", mode[0])
}

// IsStreaming says whether the DataFrame reads a stream.
func (df *DataFrame) IsStreaming(ctx context.Context) (bool, error) {
	r, err := analyzePlan(ctx, df, func(p *plan.Plan) *plan.AnalyzePlanRequest {
		return &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestIsStreaming{Plan: p}}
	})
	return err == nil && r.IsStreaming != nil && r.IsStreaming.IsStreaming, err
}

// InputFiles are the files that make up the DataFrame, as far as Spark knows.
func (df *DataFrame) InputFiles(ctx context.Context) ([]string, error) {
	r, err := analyzePlan(ctx, df, func(p *plan.Plan) *plan.AnalyzePlanRequest {
		return &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestInputFiles{Plan: p}}
	})
	if err != nil || r.InputFiles == nil {
		return nil, err
	}
	return r.InputFiles.Files, nil
}

// SameSemantics says whether two DataFrames have equal plans.
func (df *DataFrame) SameSemantics(ctx context.Context, other *DataFrame) (bool, error) {
	if err := other.observed(); err != nil {
		return false, err
	}
	r, err := analyzePlan(ctx, df, func(p *plan.Plan) *plan.AnalyzePlanRequest {
		return &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestSameSemantics{TargetPlan: p, OtherPlan: &plan.Plan{Root: other.rel}}}
	})
	return err == nil && r.SameSemantics != nil && r.SameSemantics.Result, err
}

// SemanticHash is a number that DataFrames with equal plans share.
func (df *DataFrame) SemanticHash(ctx context.Context) (int32, error) {
	r, err := analyzePlan(ctx, df, func(p *plan.Plan) *plan.AnalyzePlanRequest {
		return &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestSemanticHash{Plan: p}}
	})
	if err != nil || r.SemanticHash == nil {
		return 0, firstError(err, errAnswer("the hash"))
	}
	return r.SemanticHash.Result, nil
}

// IsLocal says whether the rows can be had without a job.
func (df *DataFrame) IsLocal(ctx context.Context) (bool, error) {
	r, err := analyzePlan(ctx, df, func(p *plan.Plan) *plan.AnalyzePlanRequest {
		return &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestIsLocal{Plan: p}}
	})
	return err == nil && r.IsLocal != nil && r.IsLocal.IsLocal, err
}
