// Package procstat reads what the kernel says of a process in a line of
// /proc/PID/stat (proc_pid_stat(5)).
//
//	s, err := procstat.Read(pid)
//	if err == nil && s.Start == before.Start {
//		// It is the same process as before, and not another with its number.
//	}
//
// All of it may be called on any goroutine.
package procstat

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Stat is what there is to say of a process.
type Stat struct {
	// Start is when it began, in ticks since the machine was booted. A number
	// that was given to another process has another Start.
	Start  uint64
	CPU    time.Duration // of the processors, in user and kernel mode
	Nice   int           // -20 to 19
	Memory int64         // resident bytes
}

// Tick is the unit of times: USER_HZ is 100 for every program on Linux.
const Tick = time.Second / 100

// Fields as the manual page counts them.
const (
	fieldUser   = 14
	fieldSystem = 15
	fieldNice   = 19
	fieldStart  = 22
	fieldMemory = 24
)

// Read asks the kernel for a process. One that has ended is an error. It reads
// without the runtime's poller, for whoever asks of every client.
func Read(pid int) (Stat, error) {
	path := "/proc/" + strconv.Itoa(pid) + "/stat"
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return Stat{}, &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	var line [1024]byte // 52 numbers and a name of at most 64 bytes
	n, err := unix.Read(fd, line[:])
	if err != nil {
		return Stat{}, &os.PathError{Op: "read", Path: path, Err: err}
	}
	return Parse(line[:n])
}

// Parse reads a line.
func Parse(line []byte) (Stat, error) {
	// The name, in brackets, may have brackets and blanks in it.
	i := bytes.LastIndexByte(line, ')')
	f := bytes.Fields(line[i+1:])
	const first = 3 // field behind the name
	if i < 0 || len(f) <= fieldMemory-first {
		return Stat{}, fmt.Errorf("%d fields in a process's stat: want %d or more", len(f)+first-1, fieldMemory)
	}
	var bad error
	number := func(field int) int64 {
		v, err := strconv.ParseInt(string(f[field-first]), 10, 64)
		if err != nil && bad == nil {
			bad = fmt.Errorf("field %d of a process's stat: %w", field, err)
		}
		return v
	}
	start, err := strconv.ParseUint(string(f[fieldStart-first]), 10, 64)
	if err != nil {
		return Stat{}, fmt.Errorf("field %d of a process's stat: %w", fieldStart, err)
	}
	s := Stat{
		Start: start, CPU: time.Duration(number(fieldUser)+number(fieldSystem)) * Tick,
		Nice: int(number(fieldNice)), Memory: number(fieldMemory) * int64(os.Getpagesize()),
	}
	if bad != nil {
		return Stat{}, bad
	}
	return s, nil
}
