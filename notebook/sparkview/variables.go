package sparkview

import (
	"encoding/json"

	"gospark/display"
	"gospark/render"
	"gospark/sparkclient"
)

// Variable is a live variable of the cells.
type Variable struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Variables are in the order of their table.
type Variables []Variable

// String is the form in which they travel to the worker.
func (v Variables) String() string {
	text, _ := json.Marshal(v) // strings always have a form
	return string(text)
}

// ParseVariables reads what String wrote.
func ParseVariables(text string) (v Variables, err error) {
	err = json.Unmarshal([]byte(text), &v)
	return v, err
}

// Table shows the variables, with a short form of their values where there are
// any. Nothing runs for it: of a DataFrame only the type is known.
func (v Variables) Table(values []any) display.Bundle {
	columns := []render.Column{{Name: "variable"}, {Name: "type"}}
	if values != nil {
		columns = append(columns, render.Column{Name: "value"})
	}
	rows := make([][]any, len(v))
	for i, one := range v {
		rows[i] = []any{one.Name, one.Type}
		if values != nil {
			rows[i] = append(rows[i], variableText(values[i]))
		}
	}
	return render.Table(columns, rows, render.TableOptions{})
}

func variableText(value any) string {
	switch value.(type) {
	case *sparkclient.DataFrame, *sparkclient.Session:
		return ""
	}
	return render.Summary(value)
}
