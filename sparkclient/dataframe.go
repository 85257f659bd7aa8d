package sparkclient

import (
	"errors"
	"sync/atomic"

	"gospark/sparkclient/internal/plan"
)

// DataFrame describes a table that does not exist yet: a plan. Methods without
// a context return another description; those with one reach the server. A
// DataFrame does not change and may be used by several goroutines.
//
// Where a method takes columns as any, a string is the name of a column, and a
// slice of strings or Columns stands for its elements.
type DataFrame struct {
	session *Session
	rel     *plan.Relation
	id      int64 // plan id that Col refers to
	err     error
	schema  atomic.Value // *StructType, once the server told
}

// common gives a relation the next plan id.
func (s *Session) common() *plan.RelationCommon {
	return &plan.RelationCommon{PlanId: new(s.plans.Add(1))}
}

// frame is the DataFrame of a relation whose expressions have subqueries refs.
func (s *Session) frame(rel *plan.Relation, refs ...*plan.Relation) *DataFrame {
	rel.Common = s.common()
	df := &DataFrame{session: s, rel: rel, id: *rel.Common.PlanId}
	if len(refs) > 0 {
		df.rel = &plan.Relation{Common: s.common(), RelType: &plan.WithRelations{Root: rel, References: refs}}
	}
	return df
}

// failed is a DataFrame that carries an error.
func (s *Session) failed(err error) *DataFrame { return &DataFrame{session: s, err: err} }

// derive is a DataFrame of expressions alone.
func (s *Session) derive(relation func(e []*plan.Expression) *plan.Relation, cols ...Column) *DataFrame {
	list, refs, err := parts(cols)
	if err != nil {
		return s.failed(err)
	}
	return s.frame(relation(list), refs...)
}

// derive is the next DataFrame of a chain: in is this one's relation, e the
// expressions of cols. Errors go down the chain.
func (df *DataFrame) derive(relation func(in *plan.Relation, e []*plan.Expression) *plan.Relation, cols ...Column) *DataFrame {
	if df.err != nil {
		return df
	}
	return df.session.derive(func(e []*plan.Expression) *plan.Relation { return relation(df.rel, e) }, cols...)
}

// combine is a DataFrame made of two and the expressions of cols.
func (df *DataFrame) combine(other *DataFrame, relation func(left, right *plan.Relation, e []*plan.Expression) *plan.Relation, cols ...Column) *DataFrame {
	switch {
	case df.err != nil:
		return df
	case other == nil:
		return df.session.failed(errors.New("the other DataFrame is nil"))
	case other.err != nil:
		return df.session.failed(other.err)
	case other.session != df.session:
		return df.session.failed(errors.New("the two DataFrames belong to different sessions"))
	}
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation { return relation(in, other.rel, e) }, cols...)
}

// Err is the error that the chain carries, which its actions return.
func (df *DataFrame) Err() error { return df.observed() }

// Session is the session that the DataFrame belongs to.
func (df *DataFrame) Session() *Session { return df.session }

// Col is the column of this very DataFrame, which tells it from a column of
// the same name on the other side of a join.
func (df *DataFrame) Col(name string) Column {
	c := Col(name)
	if df.err != nil {
		return Column{err: df.err}
	}
	switch e := c.expr.ExprType.(type) {
	case *plan.ExpressionUnresolvedStar:
		e.PlanId = &df.id
	case *plan.ExpressionUnresolvedAttribute:
		e.PlanId = &df.id
	}
	return c
}

// MetadataColumn is a column that a source offers beside those of the schema.
func (df *DataFrame) MetadataColumn(name string) Column {
	if df.err != nil {
		return Column{err: df.err}
	}
	return Column{expr: &plan.Expression{ExprType: &plan.ExpressionUnresolvedAttribute{
		UnparsedIdentifier: name, PlanId: &df.id, IsMetadataColumn: new(true)}}}
}

// ColRegex is the columns whose names match a pattern in backquotes.
func (df *DataFrame) ColRegex(pattern string) Column {
	if df.err != nil {
		return Column{err: df.err}
	}
	return Column{expr: &plan.Expression{ExprType: &plan.ExpressionUnresolvedRegex{ColName: pattern, PlanId: &df.id}}}
}

// Scalar is the single value of a DataFrame of one row and column, as a column
// for another query.
func (df *DataFrame) Scalar() Column { return df.subquery(plan.SubqueryTypeScalar) }

// Exists is true where the DataFrame has rows, as a column for another query.
func (df *DataFrame) Exists() Column { return df.subquery(plan.SubqueryTypeExists) }

func (df *DataFrame) subquery(kind plan.SubqueryExpressionSubqueryType, values ...Column) Column {
	if df.err != nil {
		return Column{err: df.err}
	}
	c := compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.SubqueryExpression{
			PlanId: *df.rel.Common.PlanId, SubqueryType: kind, InSubqueryValues: e}}
	}, values...)
	c.refs = append(c.refs, df.rel)
	return c
}
