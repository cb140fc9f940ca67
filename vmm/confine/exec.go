package confine

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Exec replaces this process by a program that runs under rules. argv[0] is
// its path. It gets the descriptors in keep under the same numbers, and all
// others from 3 on are closed. The process keeps its id, its folder and its
// place in whatever waits for it.
//
// It returns only with an error. The calling thread may be confined then, and
// the process is best ended.
func Exec(r *Rules, argv, env []string, keep []int) error {
	// All of this is the thread's, and only that thread is left by execve.
	runtime.LockOSThread()
	if err := prepare(r, keep); err != nil {
		return fmt.Errorf("confine %s: %w", argv[0], err)
	}
	return fmt.Errorf("confine: run %s: %w", argv[0], syscall.Exec(argv[0], argv, env))
}

func prepare(r *Rules, keep []int) error {
	if err := limit(r); err != nil {
		return err
	}
	if err := unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC); err != nil && !errors.Is(err, unix.ENOSYS) {
		return fmt.Errorf("close_range: %w", err)
	}
	for _, fd := range keep {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil {
			return fmt.Errorf("descriptor %d: %w", fd, err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	support := Detect()
	if support.Landlock > 0 {
		if err := landlock(r, support.Landlock); err != nil {
			return fmt.Errorf("landlock: %w", err)
		}
	}
	if support.Seccomp {
		if err := install(filter(r)); err != nil {
			return fmt.Errorf("seccomp: %w", err)
		}
	}
	return nil
}

// limit bounds what the process can have.
func limit(r *Rules) error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("core dumps: %w", err)
	}
	if r.Files == 0 {
		return nil
	}
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &now); err != nil {
		return fmt.Errorf("descriptors: %w", err)
	}
	n := min(r.Files, now.Max)
	// By syscall, which then leaves the limit alone when it executes.
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
		return fmt.Errorf("descriptors: %w", err)
	}
	return nil
}
