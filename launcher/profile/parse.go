package profile

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Origin is where a value stands. A zero Line means the file as a whole; a zero
// Origin is gospark itself.
type Origin struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// String is FILE:LINE, as editors and terminals understand it.
func (o Origin) String() string {
	switch {
	case o.File == "":
		return "built in"
	case o.Line == 0:
		return o.File
	}
	return o.File + ":" + strconv.Itoa(o.Line)
}

// node is a value of a TOML file with its place: exactly one of table, list and
// scalar is set.
type node struct {
	at     Origin
	table  *table
	list   []node
	scalar any // string, bool, int64 or float64
}

// table is a TOML table in the order of the file.
type table struct {
	keys   []string
	values map[string]*node
}

func newTable() *table { return &table{values: map[string]*node{}} }

// child returns the value of a key, making a table there when there is none.
func (t *table) child(key string, at Origin) *node {
	n := t.values[key]
	if n == nil {
		n = &node{at: at}
		t.keys = append(t.keys, key)
		t.values[key] = n
	}
	return n
}

// parse reads a TOML file. The library checks the text as a whole; its parser
// then tells the lines, which decoding would forget.
func parse(file string, text []byte) (*table, *Problem) {
	var all map[string]any
	if err := toml.Unmarshal(text, &all); err != nil {
		p := &Problem{Origin: Origin{File: file}, Text: err.Error()}
		var wrong *toml.DecodeError
		if errors.As(err, &wrong) {
			p.Origin.Line, _ = wrong.Position()
		}
		return nil, p
	}
	r := reader{file: file}
	r.parser.Reset(text)
	root := newTable()
	into := root
	for r.parser.NextExpression() {
		e := r.parser.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			into = r.open(root, e)
		case unstable.KeyValue:
			r.set(into, e)
		}
	}
	return root, nil
}

// reader turns the parser's expressions into nodes.
type reader struct {
	file   string
	parser unstable.Parser
}

func (r *reader) place(n *unstable.Node) Origin {
	return Origin{File: r.file, Line: r.parser.Shape(n.Raw).Start.Line}
}

// open is the table that a [header] or [[header]] begins.
func (r *reader) open(root *table, e *unstable.Node) *table {
	at := root
	keys := e.Key()
	for keys.Next() {
		k := keys.Node()
		n := at.child(string(k.Data), r.place(k))
		if e.Kind == unstable.ArrayTable && keys.IsLast() {
			n.list = append(n.list, node{at: r.place(k), table: newTable()})
		}
		at = n.inner()
	}
	return at
}

// inner is the table of a node, or the last one of its list.
func (n *node) inner() *table {
	if len(n.list) > 0 {
		return n.list[len(n.list)-1].table
	}
	if n.table == nil {
		n.table = newTable()
	}
	return n.table
}

// set puts a key and its value into a table; a dotted key goes deeper.
func (r *reader) set(into *table, e *unstable.Node) {
	keys := e.Key()
	for keys.Next() {
		k := keys.Node()
		n := into.child(string(k.Data), r.place(k))
		if keys.IsLast() {
			at := n.at
			*n = r.value(e.Value())
			n.at = at
			return
		}
		into = n.inner()
	}
}

func (r *reader) value(v *unstable.Node) node {
	switch v.Kind {
	case unstable.Array:
		n := node{list: []node{}}
		for items := v.Children(); items.Next(); {
			if item := items.Node(); item.Kind != unstable.Comment {
				one := r.value(item)
				if item.Raw.Length > 0 {
					one.at = r.place(item)
				}
				n.list = append(n.list, one)
			}
		}
		return n
	case unstable.InlineTable:
		n := node{table: newTable()}
		for items := v.Children(); items.Next(); {
			if item := items.Node(); item.Kind == unstable.KeyValue {
				r.set(n.table, item)
			}
		}
		return n
	}
	return node{scalar: scalar(v)}
}

// scalar is a plain value; dates and what else TOML knows stay text.
func scalar(v *unstable.Node) any {
	text := string(v.Data)
	switch v.Kind {
	case unstable.Bool:
		return text == "true"
	case unstable.Integer:
		if i, err := strconv.ParseInt(text, 0, 64); err == nil {
			return i
		}
	case unstable.Float:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	}
	return text
}

// text is a scalar as Spark and the environment want it; false for tables and lists.
func (n *node) text() (string, bool) {
	if n.scalar == nil {
		return "", false
	}
	return fmt.Sprint(n.scalar), true
}

// texts is a list of scalars, or one scalar alone.
func (n *node) texts() ([]string, bool) {
	if s, ok := n.text(); ok {
		return []string{s}, true
	}
	if n.table != nil {
		return nil, false
	}
	out := make([]string, 0, len(n.list))
	for i := range n.list {
		s, ok := n.list[i].text()
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}
