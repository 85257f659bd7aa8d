package cell

import "testing"

func TestCrashAt(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int
	}{
		{"", -1},
		{"\n\n", -1},
		{"a line\nanother panic: no\n", -1},
		{"SIG: \nSIGINT\nSIGint: x\nfatal error\nrun", -1},
		{"panic: x", 0},
		{"one\n\npanic: x\npanic: y", 5},
		{"fatal error: all goroutines are asleep", 0},
		{"é\nruntime: goroutine stack exceeds 1000000000-byte limit\n", 3},
		{"unexpected fault address 0x0\n", 0},
		{"s\nSIGSEGV: segmentation violation\n", 2},
	} {
		if got := crashAt([]byte(tt.text)); got != tt.want {
			t.Errorf("%q: %d, want %d", tt.text, got, tt.want)
		}
	}
}
