package crash

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"rayos/internal/atomicfile"
)

// ErrStopped is what steps return from the one on at which StopAt stops.
var ErrStopped = errors.New("stopped by the test")

// Step is what is about to be done to a folder.
type Step struct {
	N    int    // from 1
	Name string // open, write, truncate, sync, rename, remove or sync names
	Half func() // does a write's first half, nothing else
}

// Steps is fs, which calls before ahead of each step, from the goroutine that
// takes it. An error is returned instead of taking the step.
func Steps(fs atomicfile.FS, before func(Step) error) atomicfile.FS {
	return &steps{FS: fs, before: before}
}

// StopAt does half of step n and none behind it.
func StopAt(n int) func(Step) error {
	return func(s Step) error {
		if s.N == n {
			s.Half()
		}
		if s.N >= n {
			return ErrStopped
		}
		return nil
	}
}

// FailAt does half of step n, which fails; those behind it are taken.
func FailAt(n int, err error) func(Step) error {
	return func(s Step) error {
		if s.N == n {
			s.Half()
			return err
		}
		return nil
	}
}

// KillAt kills the process at step n, in the middle of a write.
func KillAt(n int) func(Step) error {
	return func(s Step) error {
		if s.N == n {
			s.Half()
			Die()
		}
		return nil
	}
}

// Skip leaves steps of that name out, as a program that forgot them.
func Skip(fs atomicfile.FS, name string) atomicfile.FS { return &steps{FS: fs, skip: name} }

// Die ends the process as kill -9 does.
func Die() {
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	select {}
}

type steps struct {
	atomicfile.FS
	before func(Step) error
	skip   string
	n      atomic.Int64
}

func (f *steps) step(name string, half, do func() error) error {
	if f.skip == name {
		return nil
	}
	if f.before != nil {
		s := Step{int(f.n.Add(1)), name, func() {}}
		if half != nil {
			s.Half = func() { _ = half() } // what comes of it is what the test is about
		}
		if err := f.before(s); err != nil {
			return err
		}
	}
	return do()
}

func (f *steps) Open(name string, flag int) (h atomicfile.Handle, err error) {
	err = f.step("open", nil, func() error { h, err = f.FS.Open(name, flag); return err })
	if err != nil {
		return nil, err
	}
	return &stepped{h, f}, nil
}

func (f *steps) Rename(from, to string) error {
	return f.step("rename", nil, func() error { return f.FS.Rename(from, to) })
}

func (f *steps) Remove(name string) error {
	return f.step("remove", nil, func() error { return f.FS.Remove(name) })
}

func (f *steps) Sync() error { return f.step("sync names", nil, f.FS.Sync) }

type stepped struct {
	atomicfile.Handle
	fs *steps
}

func (h *stepped) Write(p []byte) (n int, err error) {
	err = h.fs.step("write",
		func() error { n, err = h.Handle.Write(p[:len(p)/2]); return err },
		func() error { n, err = h.Handle.Write(p); return err })
	return n, err
}

func (h *stepped) Truncate(size int64) error {
	return h.fs.step("truncate", nil, func() error { return h.Handle.Truncate(size) })
}

func (h *stepped) Sync() error { return h.fs.step("sync", nil, h.Handle.Sync) }

// Main is a TestMain of programs that are made to die: where env is set, the
// program is child, with the words of its value, and no test.
func Main(m *testing.M, env string, child func(args []string) error) {
	if args := os.Getenv(env); args != "" {
		if err := child(strings.Fields(args)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
