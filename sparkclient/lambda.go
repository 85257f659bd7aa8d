package sparkclient

import (
	"fmt"

	"gospark/sparkclient/internal/plan"
)

// Lambda is a function of n columns for Spark's higher-order functions such as
// transform. body is called once with the variables and returns the function's
// value.
//
// A lambda in another must not hide the outer one's variables. The variables
// get their names when the body is known: one level above the highest lambda
// in it.
func Lambda(n int, body func(variables []Column) Column) Column {
	names := make([]*plan.ExpressionUnresolvedNamedLambdaVariable, n)
	variables := make([]Column, n)
	for i := range variables {
		names[i] = &plan.ExpressionUnresolvedNamedLambdaVariable{}
		variables[i] = Column{expr: &plan.Expression{ExprType: names[i]}}
	}
	value := body(variables)
	level := value.level + 1
	for i, name := range names {
		name.NameParts = []string{fmt.Sprintf("%c_%d", 'x'+i, level)}
	}
	c := compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.ExpressionLambdaFunction{Function: e[0], Arguments: names}}
	}, value)
	c.level = level
	return c
}
