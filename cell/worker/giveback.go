package worker

import (
	"bufio"
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// giveBack returns the pages of the worker and of the loaded cells that were
// read only to load them: symbol tables and relocations, several megabytes for
// the worker and one or two for each cell. They are the read-only mappings at
// offset 0 of their files, which nobody ever writes, so a page that is needed
// again (the next cell looks symbols up) comes back from its file. What cannot be
// given back stays.
func giveBack() {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return
	}
	for lines := bufio.NewScanner(bytes.NewReader(maps)); lines.Scan(); {
		if start, length, ok := loadingPages(lines.Bytes()); ok {
			_, _, _ = unix.Syscall(unix.SYS_MADVISE, start, length, unix.MADV_DONTNEED)
		}
	}
}

// loadingPages reads one line of /proc/PID/maps (proc_pid_maps(5)):
// "start-end r--p offset dev inode path".
func loadingPages(line []byte) (start, length uintptr, ok bool) {
	fields := bytes.Fields(line)
	if len(fields) < 6 || string(fields[1]) != "r--p" || fields[5][0] != '/' {
		return 0, 0, false
	}
	offset, err := strconv.ParseUint(string(fields[2]), 16, 64)
	if err != nil || offset != 0 {
		return 0, 0, false
	}
	from, to, _ := bytes.Cut(fields[0], []byte("-"))
	begin, err1 := strconv.ParseUint(string(from), 16, 64)
	end, err2 := strconv.ParseUint(string(to), 16, 64)
	if err1 != nil || err2 != nil || end <= begin {
		return 0, 0, false
	}
	return uintptr(begin), uintptr(end - begin), true
}
