package worker

import (
	"os"
	"testing"
)

func TestLoadingPages(t *testing.T) {
	for line, want := range map[string]uintptr{
		"563e39de7000-563e3a67b000 r--p 00000000 fe:00 101 /cache/worker":         0x894000,
		"563e3a67b000-563e3b108000 r-xp 00894000 fe:00 101 /cache/worker":         0, // code
		"563e3bb66000-563e3be9e000 r--p 01d7f000 fe:00 101 /cache/worker":         0, // relocated data
		"563e3be9e000-563e3bf73000 rw-p 020b7000 fe:00 101 /cache/worker":         0,
		"7f340fa00000-7f340fd2a000 r--p 00000000 fe:00 7 /run/cell2.so (deleted)": 0x32a000,
		"7f341cfdc000-7f341d2bc000 r--p 00000000 00:00 0":                         0, // no file
		"7ffd6a1f0000-7ffd6a1f4000 r--p 00000000 00:00 0 [vvar]":                  0,
		"": 0, "x-y r--p 0 0 0 /z": 0,
	} {
		if _, length, ok := loadingPages([]byte(line)); length != want || ok != (want != 0) {
			t.Errorf("%q: %#x, %v", line, length, ok)
		}
	}
}

// The process goes on after its own pages were given back.
func TestGiveBack(t *testing.T) {
	var p pages
	for range 2 * allTimes {
		p.giveBack()
	}
	if len(p.large) == 0 {
		t.Error("this program is a large file")
	}
	if _, err := os.ReadDir("."); err != nil {
		t.Fatal(err)
	}
}
