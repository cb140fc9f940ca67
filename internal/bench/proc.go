package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Process reads the counters of one running process. The zero value reads none.
type Process struct{ PID int }

// CPU is the processor time that all threads of the process have used since its
// start, ended threads included. It comes from the scheduler's own clock in
// nanoseconds, the same that /proc/PID/task/*/schedstat shows.
func (p Process) CPU() (time.Duration, error) {
	// The clock id of a process, as clock_getcpuclockid(3) computes it.
	const schedClock = 2
	var ts unix.Timespec
	if err := unix.ClockGettime(^int32(p.PID)<<3|schedClock, &ts); err != nil {
		return 0, fmt.Errorf("cpu clock of process %d: %w", p.PID, err)
	}
	return time.Duration(ts.Nano()), nil
}

// Wakeups counts how often threads of the process went to sleep of their own
// accord: once per wakeup.
func (p Process) Wakeups() (int64, error) {
	var sum int64
	err := p.eachThread(func(tid int) error {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/status", p.PID, tid))
		if err != nil {
			return err
		}
		n, err := statusField(status, "voluntary_ctxt_switches:")
		sum += n
		return err
	})
	return sum, err
}

// Files counts the open descriptors.
func (p Process) Files() (int, error) {
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.PID))
	if err != nil {
		return 0, fmt.Errorf("descriptors of process %d: %w", p.PID, err)
	}
	return len(list), nil
}

// Memory is what a process holds, in KiB.
type Memory struct {
	RSS          int64 // resident, shared pages counted whole
	PSS          int64 // resident, shared pages divided by their users
	PrivateDirty int64 // written by this process alone
}

// Memory reads smaps_rollup.
func (p Process) Memory() (Memory, error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.PID))
	if err != nil {
		return Memory{}, fmt.Errorf("memory of process %d: %w", p.PID, err)
	}
	return parseMemory(rollup)
}

func parseMemory(rollup []byte) (Memory, error) {
	var m Memory
	for key, to := range map[string]*int64{"Rss:": &m.RSS, "Pss:": &m.PSS, "Private_Dirty:": &m.PrivateDirty} {
		n, err := statusField(rollup, key)
		if err != nil {
			return Memory{}, err
		}
		*to = n
	}
	return m, nil
}

// Pin moves every thread of the process to the CPUs in set.
func (p Process) Pin(set *unix.CPUSet) error {
	return p.eachThread(func(tid int) error {
		if err := unix.SchedSetaffinity(tid, set); err != nil {
			return fmt.Errorf("pin thread %d: %w", tid, err)
		}
		return nil
	})
}

func (p Process) eachThread(fn func(tid int) error) error {
	entries, err := os.ReadDir(filepath.Join("/proc", strconv.Itoa(p.PID), "task"))
	if err != nil {
		return fmt.Errorf("threads of process %d: %w", p.PID, err)
	}
	for _, e := range entries {
		tid, err := strconv.Atoi(e.Name())
		if err != nil {
			return fmt.Errorf("thread name %q: %w", e.Name(), err)
		}
		// A thread that ended since the directory was read has no say.
		if err := fn(tid); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
	return nil
}

// statusField returns the first number of the line that starts with key.
func statusField(text []byte, key string) (int64, error) {
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte(key)); ok {
			if f := bytes.Fields(rest); len(f) > 0 {
				return strconv.ParseInt(string(f[0]), 10, 64)
			}
		}
	}
	return 0, fmt.Errorf("no field %q", key)
}

// children are the processes that threads of this one have started and that
// still run.
func (p Process) children() (kids []Process, err error) {
	err = p.eachThread(func(tid int) error {
		list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", p.PID, tid))
		if err != nil {
			return err
		}
		for _, f := range bytes.Fields(list) {
			pid, err := strconv.Atoi(string(f))
			if err != nil {
				return fmt.Errorf("children of process %d: %w", p.PID, err)
			}
			kids = append(kids, Process{pid})
		}
		return nil
	})
	return kids, err
}
