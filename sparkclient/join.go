package sparkclient

import (
	"fmt"
	"strings"

	"gospark/sparkclient/internal/plan"
)

// Join joins two DataFrames. on says how rows belong together: a name or slice
// of names of columns that both sides have (the result has them once), a
// condition, a slice of conditions of which all must hold, or nil. The kind is
// inner when none is given, or outer (full), left, right, semi, anti or cross,
// in any of Spark's spellings.
func (df *DataFrame) Join(other *DataFrame, on any, how ...string) *DataFrame {
	kind, err := joinType(how)
	if err != nil {
		return df.session.failed(err)
	}
	names, cols := joinOn(on)
	return df.combine(other, func(left, right *plan.Relation, e []*plan.Expression) *plan.Relation {
		j := &plan.Join{Left: left, Right: right, JoinType: kind, UsingColumns: names}
		if len(e) > 0 {
			j.JoinCondition = e[0]
		}
		return &plan.Relation{RelType: j}
	}, cols...)
}

// joinOn sorts what a join is on: names, or at most one condition.
func joinOn(on any) (names []string, condition []Column) {
	switch on := on.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{on}, nil
	case []string:
		return on, nil
	case Column:
		return nil, []Column{on}
	case []Column:
		if len(on) == 0 {
			return nil, nil
		}
		all := on[0]
		for _, c := range on[1:] {
			all = all.And(c)
		}
		return nil, []Column{all}
	}
	return nil, []Column{{err: fmt.Errorf("a join is on names or conditions, not on a Go %T", on)}}
}

func joinType(how []string) (plan.JoinJoinType, error) {
	if len(how) == 0 {
		return plan.JoinTypeInner, nil
	}
	switch strings.ReplaceAll(strings.ToLower(how[0]), "_", "") {
	case "inner", "":
		return plan.JoinTypeInner, nil
	case "outer", "full", "fullouter":
		return plan.JoinTypeFullOuter, nil
	case "left", "leftouter":
		return plan.JoinTypeLeftOuter, nil
	case "right", "rightouter":
		return plan.JoinTypeRightOuter, nil
	case "semi", "leftsemi":
		return plan.JoinTypeLeftSemi, nil
	case "anti", "leftanti":
		return plan.JoinTypeLeftAnti, nil
	case "cross":
		return plan.JoinTypeCross, nil
	}
	return 0, fmt.Errorf("unknown kind of join %q: use inner, outer, left, right, semi, anti or cross", how[0])
}

// CrossJoin pairs every row with every row of the other.
func (df *DataFrame) CrossJoin(other *DataFrame) *DataFrame { return df.Join(other, nil, "cross") }

// LateralJoin joins each row with the rows that other gives for it; columns of
// the row are Outer in it. on may be an empty Column.
func (df *DataFrame) LateralJoin(other *DataFrame, on any, how ...string) *DataFrame {
	kind, err := joinType(how)
	_, cols := joinOn(on)
	if err != nil {
		return df.session.failed(err)
	}
	return df.combine(other, func(left, right *plan.Relation, e []*plan.Expression) *plan.Relation {
		j := &plan.LateralJoin{Left: left, Right: right, JoinType: kind}
		if len(e) > 0 {
			j.JoinCondition = e[0]
		}
		return &plan.Relation{RelType: j}
	}, cols...)
}

// NearestByJoin joins each row with the n rows of other that rank nearest to
// it. The ranking is computed of a row of each side; exact says that all rows
// are compared, and byDistance that low values are near, else that high ones
// are. The kind of join is inner, or left to keep rows without a partner.
func (df *DataFrame) NearestByJoin(other *DataFrame, ranking Column, n int, exact, byDistance bool, how ...string) *DataFrame {
	j := plan.NearestByJoin{NumResults: int32(n), JoinType: "inner", Mode: "approx", Direction: "similarity"}
	if exact {
		j.Mode = "exact"
	}
	if byDistance {
		j.Direction = "distance"
	}
	if len(how) > 0 {
		j.JoinType = how[0]
	}
	return df.combine(other, func(left, right *plan.Relation, e []*plan.Expression) *plan.Relation {
		j.Left, j.Right, j.RankingExpression = left, right, e[0]
		return &plan.Relation{RelType: &j}
	}, ranking)
}

// Zip puts the columns of other beside those of the DataFrame, row by row. Both
// must be made of the same DataFrame by Select and the like.
func (df *DataFrame) Zip(other *DataFrame) *DataFrame {
	return df.combine(other, func(left, right *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Zip{Left: left, Right: right}}
	})
}

// Union is the rows of both, by the position of the columns.
func (df *DataFrame) Union(other *DataFrame) *DataFrame {
	return df.set(other, plan.SetOperation{SetOpType: plan.SetOpTypeUnion, IsAll: new(true)})
}

// UnionAll is Union.
func (df *DataFrame) UnionAll(other *DataFrame) *DataFrame { return df.Union(other) }

// UnionByName is the rows of both, by the names of the columns. With
// allowMissing a column that one side lacks is null there.
func (df *DataFrame) UnionByName(other *DataFrame, allowMissing ...bool) *DataFrame {
	missing := len(allowMissing) > 0 && allowMissing[0]
	return df.set(other, plan.SetOperation{SetOpType: plan.SetOpTypeUnion, IsAll: new(true), ByName: new(true), AllowMissingColumns: &missing})
}

// Intersect is the distinct rows that both have.
func (df *DataFrame) Intersect(other *DataFrame) *DataFrame {
	return df.set(other, plan.SetOperation{SetOpType: plan.SetOpTypeIntersect, IsAll: new(false)})
}

// IntersectAll is the rows that both have, as often as both have them.
func (df *DataFrame) IntersectAll(other *DataFrame) *DataFrame {
	return df.set(other, plan.SetOperation{SetOpType: plan.SetOpTypeIntersect, IsAll: new(true)})
}

// Except is the distinct rows that the other lacks.
func (df *DataFrame) Except(other *DataFrame) *DataFrame { return df.Subtract(other) }

// Subtract is Except.
func (df *DataFrame) Subtract(other *DataFrame) *DataFrame {
	return df.set(other, plan.SetOperation{SetOpType: plan.SetOpTypeExcept, IsAll: new(false)})
}

// ExceptAll is the rows without those of the other, each taken away once.
func (df *DataFrame) ExceptAll(other *DataFrame) *DataFrame {
	return df.set(other, plan.SetOperation{SetOpType: plan.SetOpTypeExcept, IsAll: new(true)})
}

func (df *DataFrame) set(other *DataFrame, op plan.SetOperation) *DataFrame {
	return df.combine(other, func(left, right *plan.Relation, _ []*plan.Expression) *plan.Relation {
		op.LeftInput, op.RightInput = left, right
		return &plan.Relation{RelType: &op}
	})
}
