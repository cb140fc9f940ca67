// Package ownpages gives back what a process has mapped of its own program.
//
// The kernel maps with each page of a program that is touched its neighbours, or
// all that lies with it in one large folio. What runs once, at the start or when
// a panel opens, is spread over the whole file: most of it counts as the
// process's memory from then on. These pages are clean; unmapped, they stay in
// the page cache, and those that are needed again come back without a read.
package ownpages

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"

	"golang.org/x/sys/unix"
)

// Forget unmaps the clean pages of the program's own file. It may be called from
// any goroutine while others run.
func Forget() error {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return err
	}
	defer f.Close() // read only: nothing to lose
	areas, err := programAreas(f, uintptr(reflect.ValueOf(Forget).Pointer()))
	if err != nil {
		return err
	}
	for _, a := range areas {
		// The slice isn't to be had: the memory is no object of Go's.
		if _, _, e := unix.Syscall(unix.SYS_MADVISE, a.from, a.to-a.from, unix.MADV_DONTNEED); e != 0 {
			return fmt.Errorf("unmap pages of the program: %w", e)
		}
	}
	return nil
}

// area is a range of addresses.
type area struct{ from, to uintptr }

// programAreas finds in the text of /proc/PID/smaps (proc(5)) where the file
// with the given address in it is mapped: the mappings that nobody can write
// and of which no page is a copy, as those are that were relocated, or have a
// debugger's breakpoints. They are there as long as the process is.
func programAreas(smaps io.Reader, within uintptr) ([]area, error) {
	type mapping struct {
		area
		file string // device and inode
	}
	var (
		found  []mapping
		at     mapping
		fixed  bool // at can't be written
		own    string
		failed error
	)
	lines := bufio.NewScanner(smaps)
	for lines.Scan() && failed == nil {
		f := bytes.Fields(lines.Bytes())
		switch {
		case len(f) >= 5 && bytes.IndexByte(f[0], '-') > 0:
			if at.from, at.to, failed = addresses(f[0]); failed != nil {
				break
			}
			at.file = string(f[3]) + " " + string(f[4])
			fixed = len(f[1]) == 4 && f[1][1] == '-' && f[1][3] == 'p' && string(f[4]) != "0"
			if at.from <= within && within < at.to {
				own = at.file
			}
		case len(f) >= 2 && string(f[0]) == "Anonymous:" && string(f[1]) == "0" && fixed:
			found = append(found, at)
		}
	}
	if failed == nil {
		failed = lines.Err()
	}
	if failed != nil {
		return nil, fmt.Errorf("/proc/self/smaps: %w", failed)
	}
	var areas []area
	for _, m := range found {
		if m.file == own {
			areas = append(areas, m.area)
		}
	}
	return areas, nil
}

// addresses reads "from-to".
func addresses(s []byte) (from, to uintptr, err error) {
	a, b, _ := bytes.Cut(s, []byte("-"))
	low, err := strconv.ParseUint(string(a), 16, strconv.IntSize)
	if err != nil {
		return 0, 0, err
	}
	high, err := strconv.ParseUint(string(b), 16, strconv.IntSize)
	if err != nil || high <= low {
		return 0, 0, fmt.Errorf("%.40q: want two addresses", s)
	}
	return uintptr(low), uintptr(high), nil
}
