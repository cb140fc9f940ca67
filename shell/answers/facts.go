package answers

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Facts tell what is so now. Of what is nil nothing is known, and questions about
// it aren't answered. They are called on the goroutine that asks.
type Facts struct {
	Now func() time.Time
	// Uptime is how long the session has run.
	Uptime   func() time.Duration
	Memory   func() (Memory, error)
	Windows  func() []Window
	Machines func() ([]Machine, error)
	Outputs  func() []Output
	Devices  func() []Device
	Version  func() string
	System1  func() System1
	System2  func() System2
	Volume   func() Volume
}

// System1 is what computes in batches.
type System1 struct {
	Running bool
	Backend string // where it computes, "" before it has run
	Done    uint64 // tasks
	Waiting int
}

// System2 is what understands sentences.
type System2 struct {
	Ready   bool   // it can understand
	Lines   uint64 // that were chosen
	Begun   uint64 // steps of them that were begun
	Dropped uint64 // steps that weren't
}

// Volume is the session's memory of documents.
type Volume struct {
	There     bool // it has a place on disk
	Folders   int  // that the person has named
	Documents int  // -1 if it isn't open
}

// Memory is the memory of the computer, and what of it the session's own heap
// uses, in bytes.
type Memory struct{ Total, Available, Heap uint64 }

// Window is an open window.
type Window struct{ ID, Title, App string }

// Machine is a virtual machine.
type Machine struct {
	Name, State string // State for people
	Running     bool
}

// Output is a screen; its size is in physical pixels.
type Output struct {
	Name   string
	W, H   int32
	Scale  float64
	HertzM int32 // in mHz
}

// Device is something that a person uses, like a keyboard.
type Device struct{ Name, Kind string }

// maxMemInfo bounds what is read of /proc/meminfo.
const maxMemInfo = 64 << 10

// ParseMemInfo reads /proc/meminfo (proc(5)): Total and Available.
func ParseMemInfo(r io.Reader) (Memory, error) {
	var m Memory
	seen := 0
	s := bufio.NewScanner(io.LimitReader(r, maxMemInfo))
	for s.Scan() {
		name, rest, _ := strings.Cut(s.Text(), ":")
		var to *uint64
		switch name {
		case "MemTotal":
			to = &m.Total
		case "MemAvailable":
			to = &m.Available
		default:
			continue
		}
		number, unit, _ := strings.Cut(strings.TrimSpace(rest), " ")
		kib, err := strconv.ParseUint(number, 10, 54)
		if err != nil || unit != "kB" {
			return Memory{}, fmt.Errorf("meminfo: %s is %.40q", name, rest)
		}
		*to = kib << 10
		seen++
	}
	if err := s.Err(); err != nil {
		return Memory{}, fmt.Errorf("meminfo: %w", err)
	}
	if seen < 2 || m.Available > m.Total {
		return Memory{}, fmt.Errorf("meminfo: total %d, available %d bytes", m.Total, m.Available)
	}
	return m, nil
}
