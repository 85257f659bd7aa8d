package launcher

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	mib = int64(1) << 20
	gib = int64(1) << 30
	// minHeap is what Spark needs to start and answer.
	minHeap = 512 * mib
	// maxHeap keeps Java's pointers compressed.
	maxHeap = 31 * gib
	// clusterHeap bounds a driver whose executors are elsewhere.
	clusterHeap = 4 * gib
)

// heapSize is the JVM's default heap limit: half of what the machine, or the
// container, can give, within reason.
func heapSize(total int64, local bool) int64 {
	heap := total / 2
	if !local {
		heap = min(heap, clusterHeap)
	}
	return max(minHeap, min(heap, maxHeap))
}

// memory is the machine's memory or the container's limit, whichever is less;
// root is "/" outside tests.
func memory(root string) int64 {
	total := memInfo(root, "MemTotal")
	if total == 0 {
		total = 4 * gib // nothing to read: assume a small machine
	}
	for _, limit := range cgroupLimits(root) {
		if limit > 0 && limit < total {
			total = limit
		}
	}
	return total
}

// memInfo reads a field of /proc/meminfo in bytes; 0 when it is not there.
func memInfo(root, field string) int64 {
	f, err := os.Open(filepath.Join(root, "proc/meminfo"))
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if rest, ok := strings.CutPrefix(s.Text(), field+":"); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}

// cgroupLimits reads the memory limits on the way from this process's control
// group to the root, for both versions of control groups.
func cgroupLimits(root string) []int64 {
	b, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return nil
	}
	var limits []int64
	for line := range strings.Lines(string(b)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		switch {
		case parts[0] == "0":
			limits = append(limits, limitsAbove(filepath.Join(root, "sys/fs/cgroup"), parts[2], "memory.max")...)
		case strings.Contains(parts[1], "memory"):
			limits = append(limits, limitsAbove(filepath.Join(root, "sys/fs/cgroup/memory"), parts[2], "memory.limit_in_bytes")...)
		}
	}
	return limits
}

func limitsAbove(mount, group, file string) []int64 {
	var limits []int64
	for dir := filepath.Clean("/" + group); ; dir = filepath.Dir(dir) {
		if b, err := os.ReadFile(filepath.Join(mount, dir, file)); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil {
				limits = append(limits, n)
			}
		}
		if dir == "/" {
			return limits
		}
	}
}
