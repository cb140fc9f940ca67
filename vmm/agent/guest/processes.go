package guest

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// processes are the children of the first process: its own, and all whose
// parents are gone.
type processes struct {
	mu   sync.Mutex
	own  map[int]chan<- unix.WaitStatus
	none chan struct{} // told when there are none left
}

func newProcesses() *processes {
	return &processes{own: map[int]chan<- unix.WaitStatus{}, none: make(chan struct{}, 1)}
}

// start starts a program. Its end comes from the channel.
func (p *processes) start(cmd *exec.Cmd) (<-chan unix.WaitStatus, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	end := make(chan unix.WaitStatus, 1)
	p.own[cmd.Process.Pid] = end
	return end, cmd.Process.Release()
}

// reap takes the ends of processes, and tells of each.
func (p *processes) reap(ended func(pid int, status unix.WaitStatus)) {
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, unix.SIGCHLD)
	for range sig {
		for {
			var status unix.WaitStatus
			pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil)
			if errors.Is(err, unix.EINTR) {
				continue
			}
			if errors.Is(err, unix.ECHILD) {
				select {
				case p.none <- struct{}{}:
				default:
				}
			}
			if err != nil || pid <= 0 {
				break
			}
			p.mu.Lock()
			end := p.own[pid]
			delete(p.own, pid)
			p.mu.Unlock()
			if end != nil {
				end <- status
			}
			ended(pid, status)
		}
	}
}

// grace is how long processes get to end when they are asked to.
const grace = 3 * time.Second

// end ends every process but this one.
func (p *processes) end() {
	for _, sig := range []syscall.Signal{unix.SIGTERM, unix.SIGKILL} {
		select {
		case <-p.none: // from before
		default:
		}
		if err := unix.Kill(-1, sig); err != nil {
			return // there are none
		}
		select {
		case <-p.none:
			return
		case <-time.After(grace):
		}
	}
}

// Waits before a program that has ended is started again.
const (
	firstWait = 500 * time.Millisecond
	lastWait  = 30 * time.Second
	settled   = time.Minute // one that ran for so long starts as if it were the first time
)

// keep runs a program and runs it again when it ends, each time later, until
// the system ends. run starts it.
func (s *system) keep(name string, run func() (<-chan unix.WaitStatus, error)) {
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		began := time.Now()
		end, err := run()
		if err != nil {
			s.say("rayos-agent: %s: %v", name, err)
		} else {
			select {
			case status := <-end:
				s.say("rayos-agent: %s ended: status %d, signal %d", name, status.ExitStatus(), max(0, int(status.Signal())))
			case <-s.ended:
				return
			}
		}
		if time.Since(began) >= settled {
			wait = firstWait
		}
		select {
		case <-time.After(wait):
		case <-s.ended:
			return
		}
	}
}
