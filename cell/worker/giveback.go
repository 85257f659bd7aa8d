package worker

import (
	"bufio"
	"bytes"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// pages are those of the worker and of the loaded cells that were read only to load
// them: symbol tables and relocations, several megabytes for the worker, some kilobytes
// for a cell that is bound to it. They are the read-only mappings at offset 0 of their
// files, which nobody ever writes, so a page that is needed again (the next cell looks
// symbols up) comes back from its file.
type pages struct {
	times int
	large []mapping
}

type mapping struct{ start, length uintptr }

const (
	// allTimes is how many times only the large mappings are given back before all are:
	// to find and give back those of hundreds of cells takes longer than to load one.
	allTimes = 16
	// isLarge is the length in bytes of a large mapping.
	isLarge = 1 << 20
)

// giveBack returns the pages. What cannot be given back stays.
func (p *pages) giveBack() {
	give := p.large
	if p.times%allTimes == 0 {
		give = loadingMaps()
		p.large = slices.DeleteFunc(slices.Clone(give), func(m mapping) bool { return m.length < isLarge })
	}
	p.times++
	for _, m := range give {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, m.start, m.length, unix.MADV_DONTNEED)
	}
}

// loadingMaps are the mappings of this process.
func loadingMaps() []mapping {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return nil
	}
	var all []mapping
	for lines := bufio.NewScanner(bytes.NewReader(maps)); lines.Scan(); {
		if start, length, ok := loadingPages(lines.Bytes()); ok {
			all = append(all, mapping{start, length})
		}
	}
	return all
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
