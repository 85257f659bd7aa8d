package render

import (
	"testing"

	"gospark/display"
)

func TestProfile(t *testing.T) {
	b := Profile(1000, []ColumnProfile{
		{Name: "delay", Type: "double", Nulls: 25, Distinct: int64(527), Min: -43.0, Q1: -5.0, Median: -2.0, Q3: 11.0, Max: 1301.5, Mean: 12.639, Histogram: []float64{3, 40, 90, 0, 1}},
		{Name: "carrier <b>", Type: "string", Distinct: int64(2), Min: "9E", Max: "YV", Top: []Frequency{{"UA", 900}, {"a\nlong <name>", 100}}},
		{Name: "route", Type: "array<string>"},
		{Name: "flat", Type: "int", Histogram: []float64{0, 0}},
	}, "the first 4 of 400")
	golden(t, "profile", "A summary of columns.", map[string]display.Bundle{"profile": b})
	checkTags(t, b.Data["text/html"].(string))
}
