package bench

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"rayos/internal/bench/rawclient"
)

// spender uses processor time.
type spender interface {
	CPU() (time.Duration, error)
}

// spentBy is the CPU that all parts use while fn runs.
func spentBy(parts []spender, fn func() error) (time.Duration, error) {
	sum := func() (all time.Duration, err error) {
		for _, p := range parts {
			cpu, err := p.CPU()
			if err != nil {
				return 0, err
			}
			all += cpu
		}
		return all, nil
	}
	before, err := sum()
	if err != nil {
		return 0, err
	}
	if err := fn(); err != nil {
		return 0, err
	}
	after, err := sum()
	return after - before, err
}

// machineSide is a QEMU without the threads that run the guest's own code.
type machineSide struct {
	Process
	guest []int // thread ids
}

// CPU is the time of all other threads.
func (m machineSide) CPU() (time.Duration, error) {
	all, err := m.Process.CPU()
	if err != nil {
		return 0, err
	}
	for _, tid := range m.guest {
		cpu, err := threadCPU(m.PID, tid)
		if err != nil {
			return 0, err
		}
		all -= cpu
	}
	return all, nil
}

// threadCPU is the scheduler's clock of one thread.
func threadCPU(pid, tid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/schedstat", pid, tid))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), " ")
	ns, err := strconv.ParseInt(first, 10, 64)
	return time.Duration(ns), err
}

// guestThreads asks the monitor of a QEMU which of its threads run the guest.
func guestThreads(socket string) ([]int, error) {
	conn, err := connectAs(nobody, func(path string) (net.Conn, error) { return net.Dial("unix", path) }, socket)
	if err != nil {
		return nil, fmt.Errorf("QEMU's monitor: %w", err)
	}
	defer conn.Close() // nothing is left to be written
	if err := conn.SetDeadline(time.Now().Add(rawclient.Timeout)); err != nil {
		return nil, err
	}
	if _, err := conn.Write([]byte(`{"execute":"qmp_capabilities"}` + "\n" + `{"execute":"query-cpus-fast","id":1}` + "\n")); err != nil {
		return nil, err
	}
	for in := bufio.NewReader(conn); ; {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return nil, fmt.Errorf("QEMU's monitor: %w", err)
		}
		var a struct {
			ID     int             `json:"id"`
			Return json.RawMessage `json:"return"`
		}
		if err := json.Unmarshal(line, &a); err != nil {
			return nil, fmt.Errorf("QEMU's monitor: %w", err)
		}
		if a.ID != 1 {
			continue
		}
		var cpus []struct {
			Thread int `json:"thread-id"`
		}
		if err := json.Unmarshal(a.Return, &cpus); err != nil {
			return nil, fmt.Errorf("QEMU's monitor: %w", err)
		}
		var tids []int
		for _, c := range cpus {
			tids = append(tids, c.Thread)
		}
		return tids, nil
	}
}

// fileSize is 0 for a file that isn't there yet.
func fileSize(path string) (int64, error) {
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}
