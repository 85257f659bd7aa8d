package kernel

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gospark/kernel/wire"
)

// usage answers usage_request for the kernel and its child processes.
func (k *kernel) usage(context.Context, call[wire.UsageRequest]) (wire.UsageReply, error) {
	host, err := os.Hostname()
	if err != nil {
		return wire.UsageReply{}, fmt.Errorf("usage: %w", err)
	}
	return wire.UsageReply{
		Hostname: host, PID: os.Getpid(), CPUCount: runtime.NumCPU(),
		KernelCPU: k.cpuPercent(), KernelMemory: resident(os.Getpid()),
	}, nil
}

// cpuPercent is the use of one CPU since the start, ended children included.
func (k *kernel) cpuPercent() float64 {
	var used time.Duration
	for _, who := range [...]int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			used += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return 100 * used.Seconds() / max(time.Since(k.started).Seconds(), 1e-3)
}

// resident is the memory of a process and its descendants in bytes, 0 where the
// platform does not tell (it needs Linux's /proc).
func resident(pid int) int64 {
	proc := "/proc/" + strconv.Itoa(pid)
	statm, err := os.ReadFile(proc + "/statm")
	if err != nil {
		return 0
	}
	var total, pages int64
	if _, err := fmt.Fscan(bytes.NewReader(statm), &total, &pages); err != nil {
		return 0
	}
	sum := pages * int64(os.Getpagesize())
	threads, _ := os.ReadDir(proc + "/task") // each knows the children it started
	for _, t := range threads {
		children, _ := os.ReadFile(proc + "/task/" + t.Name() + "/children")
		for _, c := range strings.Fields(string(children)) {
			if child, err := strconv.Atoi(c); err == nil {
				sum += resident(child)
			}
		}
	}
	return sum
}
