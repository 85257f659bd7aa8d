package sparkclient

import (
	"context"
	"fmt"

	"gospark/sparkclient/internal/plan"
)

// UDFRegistration gives names to functions that are classes of the JVM, in
// jars that the server has or that [Session.AddArtifacts] brought. Spark
// cannot run Go functions in its executors.
type UDFRegistration struct{ session *Session }

// UDF registers functions.
func (s *Session) UDF() UDFRegistration { return UDFRegistration{s} }

// RegisterJavaFunction makes a class that implements one of
// org.apache.spark.sql.api.java.UDF0 … UDF22 a SQL function. The type of its
// values, a [DataType] or DDL text, may be left to the server.
func (u UDFRegistration) RegisterJavaFunction(ctx context.Context, name, class string, returns ...any) error {
	udf := &plan.JavaUDF{ClassName: class}
	if len(returns) > 0 {
		switch t := returns[0].(type) {
		case string:
			udf.OutputType = typeToPlan(UnparsedType{t})
		case DataType:
			udf.OutputType = typeToPlan(t)
		default:
			return fmt.Errorf("register %s: a function returns a DataType or its name, not a Go %T", name, t)
		}
	}
	return register(ctx, u.session, name, udf)
}

// RegisterJavaUDAF makes a class that extends Spark's
// UserDefinedAggregateFunction a SQL aggregate.
func (u UDFRegistration) RegisterJavaUDAF(ctx context.Context, name, class string) error {
	return register(ctx, u.session, name, &plan.JavaUDF{ClassName: class, Aggregate: true})
}

func register(ctx context.Context, s *Session, name string, udf *plan.JavaUDF) error {
	_, err := run(ctx, s, &plan.Command{CommandType: &plan.CommonInlineUserDefinedFunction{
		FunctionName: name, Deterministic: true, JavaUdf: udf}})
	if err != nil {
		return fmt.Errorf("register %s: %w", name, err)
	}
	return nil
}
