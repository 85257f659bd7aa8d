package functions

import (
	_ "embed"
	"strings"
)

//go:embed functions.tsv
var table string

// Signatures are the SQL functions of this package as SQL writes them, by name:
// "approx_count_distinct(col[, rsd])". They are for completion, where a server
// would take a second to tell.
func Signatures() map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(cells) < 2 {
			continue
		}
		name, over, _ := strings.Cut(cells[1], " ")
		if over != "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			continue // an operator, or what SQL writes in another way
		}
		all[name] = name + "(" + arguments(cells[2:]) + ")"
	}
	return all
}

// arguments writes the third cell of the table as SQL's help does.
func arguments(cells []string) string {
	var b strings.Builder
	for _, cell := range cells {
		for i, word := range strings.Fields(cell) {
			name, _, _ := strings.Cut(strings.TrimLeft(word, "?*"), ":")
			sep := ", "
			if i == 0 {
				sep = ""
			}
			switch word[0] {
			case '?':
				b.WriteString("[" + sep + name + "]")
			case '*':
				b.WriteString(sep + name + "…")
			default:
				b.WriteString(sep + name)
			}
		}
	}
	return b.String()
}
