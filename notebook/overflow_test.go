package notebook

import (
	"log/slog"
	"strings"
	"testing"

	"gospark/kernel"
)

func TestOutputLimit(t *testing.T) {
	var log strings.Builder
	limit := OutputLimit(slog.New(slog.NewTextHandler(&log, nil)))
	for value, want := range map[string]int{
		"": 20e6, "1kb": 1000, "50MB": 50e6, " 1.5 GB ": 1.5e9, "700": 700, "12B": 12, "0": 0,
	} {
		t.Setenv("GOSPARK_OUTPUT_LIMIT", value)
		if got := limit(); got.Text != want || (got.Outputs == 0) != (want == 0) {
			t.Errorf("%q: %+v", value, got)
		}
	}
	for _, wrong := range []string{"much", "-1", "1e300GB", "NaN"} {
		t.Setenv("GOSPARK_OUTPUT_LIMIT", wrong)
		log.Reset()
		if got := limit(); got != kernel.DefaultLimit() || !strings.Contains(log.String(), "is no size") {
			t.Errorf("%q: %+v %s", wrong, got, log.String())
		}
	}
}

// %env changes the limit of the cells that follow.
func TestOutputLimitByMagic(t *testing.T) {
	t.Setenv("GOSPARK_OUTPUT_LIMIT", "")
	open(t, Options{}).good("%env GOSPARK_OUTPUT_LIMIT=3MB")
	if got := OutputLimit(slog.New(slog.DiscardHandler))(); got.Text != 3e6 {
		t.Errorf("%+v", got)
	}
}

func TestOverflowNotice(t *testing.T) {
	limit := kernel.DefaultLimit()
	for want, o := range map[string]kernel.Overflow{
		"20 MB of text, 10000 outputs); it goes on running.|goes to /f|%env GOSPARK_OUTPUT_LIMIT=100MB": {Limit: limit, Text: 5, File: "/f"},
		"Left out here: 1.5 GB of text and 2 outputs; the text is in /f":                                {Ended: true, Text: 1.5e9, Outputs: 2, File: "/f"},
		"Left out here: 3 MB of text; all but the last 2 kB of the text is in /f":                       {Ended: true, Text: 3e6, Lost: 2000, File: "/f"},
		"Left out here: 7 bytes of text; it could not be kept":                                          {Ended: true, Text: 7, Lost: 7},
		"Left out here: 0 bytes of text and 1 output\n":                                                 {Ended: true, Outputs: 1},
	} {
		holds(t, OverflowNotice(o), strings.Split(want, "|")...)
	}
}
