// Package nearest finds what was probably meant by a name that does not exist.
package nearest

import "strings"

// Of is the name that was probably meant by a wrong one; empty when none
// is close.
func Of(wrong string, names []string) string {
	best, least := "", 1+len(wrong)/3
	for _, name := range names {
		if strings.EqualFold(wrong, name) {
			return name
		}
		d := distance(strings.ToLower(wrong), strings.ToLower(name))
		if len(wrong) > 2 && strings.HasPrefix(name, wrong) {
			d = min(d, 1)
		}
		if d < least || d == least && best == "" {
			best, least = name, d
		}
	}
	return best
}

// distance counts the insertions, deletions, changes and swaps of neighbours
// that turn a into b.
func distance(a, b string) int {
	var before, last []int // the two rows above
	for i := 0; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		for j := range row {
			switch {
			case i == 0:
				row[j] = j
			case j == 0:
				row[j] = i
			case a[i-1] == b[j-1]:
				row[j] = last[j-1]
			default:
				row[j] = 1 + min(last[j-1], last[j], row[j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
