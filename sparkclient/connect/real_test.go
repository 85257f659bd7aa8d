package connect

import (
	"testing"
)

func TestSelectOne(t *testing.T) {
	s := open(t)
	r := query(t, s, "select 1 as one, 'a' as a")
	if len(r.rows) != 1 || r.rows[0][0] != int32(1) || r.rows[0][1] != "a" {
		t.Errorf("got %v", r.rows)
	}
	if got := r.schema.DDL(); got != "one INT NOT NULL, a STRING NOT NULL" {
		t.Errorf("schema %s", got)
	}
}
