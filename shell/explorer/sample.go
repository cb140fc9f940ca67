package explorer

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"rayos/shell/control"
)

// sample is what the session said at a time, and what the kernel says of its
// programs.
type sample struct {
	at    time.Time
	procs control.Processes
	vms   []control.VM
	usage map[int32]usage // by process
}

// usage of a process since it began.
type usage struct {
	cpu    time.Duration
	memory int64 // resident bytes
	nice   int
}

// take asks the session and the kernel.
func take(ctx context.Context, c *control.Client) (*sample, error) {
	s := &sample{at: time.Now(), usage: map[int32]usage{}}
	if err := c.Call(ctx, "processes", nil, &s.procs); err != nil {
		return nil, err
	}
	if err := c.Call(ctx, "vm list", nil, &s.vms); err != nil {
		s.vms = nil // machines are off; everything else can be seen
	}
	note := func(pid int32) {
		// One that has just ended uses nothing.
		if u, err := usageOf(pid); err == nil {
			s.usage[pid] = u
		}
	}
	note(int32(s.procs.Session.PID))
	for i := range s.procs.Clients {
		note(s.procs.Clients[i].PID)
	}
	for i := range s.vms {
		if pid := s.vms[i].PID; pid > 0 {
			note(int32(pid))
		}
	}
	return s, nil
}

// Units of /proc/PID/stat: USER_HZ is 100 for every program on Linux.
const tick = time.Second / 100

func usageOf(pid int32) (usage, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, err
	}
	return parseStat(data)
}

// parseStat reads proc_pid_stat(5).
func parseStat(data []byte) (usage, error) {
	// The name, in brackets, may have brackets and blanks in it.
	i := bytes.LastIndexByte(data, ')')
	f := bytes.Fields(data[i+1:])
	if i < 0 || len(f) < 22 {
		return usage{}, fmt.Errorf("%d fields in a process's stat: want 24 or more", len(f)+2)
	}
	var n [4]int64
	for k, field := range []int{14, 15, 19, 24} { // as the manual page counts
		v, err := strconv.ParseInt(string(f[field-3]), 10, 64)
		if err != nil {
			return usage{}, fmt.Errorf("field %d of a process's stat: %w", field, err)
		}
		n[k] = v
	}
	return usage{cpu: time.Duration(n[0]+n[1]) * tick, nice: int(n[2]), memory: n[3] * int64(os.Getpagesize())}, nil
}
