package session

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"rayos/internal/procstat"
	"rayos/shell/control"
	"rayos/shell/syslog"
	"rayos/surfaces/wayland"
)

// observer implements control.Observer.
type observer struct{ s *Session }

// Observer implements control.Session.
func (c *commands) Observer() control.Observer { return observer{c.s} }

// Log implements control.Observer.
func (o observer) Log(after uint64, wait bool, done func([]syslog.Entry)) (cancel func()) {
	l := o.s.opt.Lines
	if l == nil {
		done(nil)
		return nil
	}
	return follow(o.s, l, after, wait, done)
}

// Processes implements control.Observer.
func (o observer) Processes() control.Processes {
	s := o.s
	p := control.Processes{
		Session: (&commands{s}).Stats(), Clients: []control.ClientProcess{}, Outputs: []control.OutputFrames{}, Tasks: s.console.run.Queue(), Work: s.tasks.list(),
	}
	s.server.EachClient(func(c *wayland.ClientInfo) {
		i := slices.IndexFunc(p.Clients, func(q control.ClientProcess) bool { return q.PID == c.Owner.PID && q.Name == c.Owner.Label })
		if i < 0 {
			i = len(p.Clients)
			p.Clients = append(p.Clients, control.ClientProcess{
				PID: c.Owner.PID, Name: c.Owner.Label, Trust: c.Owner.Trust.String(), Connected: s.loop.Now() - c.Since,
			})
		}
		q := &p.Clients[i]
		q.Connections++
		q.Surfaces += c.Surfaces
		q.Bytes += c.Bytes
	})
	for _, out := range s.outputs {
		p.Outputs = append(p.Outputs, control.OutputFrames{Name: out.info.Name, Frames: out.drawn, Spent: out.spent, Refresh: out.refresh()})
	}
	return p
}

// process returns a handle on the program of a client, which is the caller's.
func (o observer) process(pid int32) (fd int, err error) {
	known, start := false, uint64(0)
	o.s.server.EachClient(func(c *wayland.ClientInfo) {
		if c.Owner.PID == pid {
			known, start = true, c.Owner.Start
		}
	})
	if !known {
		return -1, control.Errorf(control.CodeBadArgs, "no program with the number %d is connected; processes lists them", pid)
	}
	if int(pid) == unix.Getpid() {
		return -1, control.Errorf(control.CodeBadArgs, "%d is the session itself: quit ends it", pid)
	}
	return hold(pid, start)
}

// hold returns a handle on the process that began at a time. A child may have
// the connection of a program that has ended, whose number is another's by now.
func hold(pid int32, start uint64) (fd int, err error) {
	if fd, err = unix.PidfdOpen(int(pid), 0); err != nil {
		return -1, fmt.Errorf("program %d: %w", pid, err)
	}
	if st, err := procstat.Read(int(pid)); err != nil || st.Start != start {
		return -1, errors.Join(control.Errorf(control.CodeFailed, "program %d has ended", pid), unix.Close(fd))
	}
	return fd, nil
}

// End implements control.Observer.
func (o observer) End(pid int32, kill bool) error {
	fd, err := o.process(pid)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	sig := unix.SIGTERM
	if kill {
		sig = unix.SIGKILL
	}
	if err := unix.PidfdSendSignal(fd, sig, nil, 0); err != nil {
		return fmt.Errorf("end program %d: %w", pid, err)
	}
	return nil
}

// Nice implements control.Observer.
func (o observer) Nice(pid int32, nice int) error {
	fd, err := o.process(pid)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return giveWay(int(pid), nice)
}

// giveWay sets the priority of all threads of a process, for the kernel has one
// for each.
func giveWay(pid, nice int) error {
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return fmt.Errorf("program %d: %w", pid, err)
	}
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			return fmt.Errorf("program %d: %w", pid, err)
		}
		if err := unix.Setpriority(unix.PRIO_PROCESS, id, nice); err != nil && !errors.Is(err, unix.ESRCH) {
			return fmt.Errorf("program %d: %w", pid, err)
		}
	}
	return nil
}

// Cancel implements control.Observer.
func (o observer) Cancel(task uint64) error {
	if !o.s.console.run.Cancel(task) {
		return control.Errorf(control.CodeBadArgs, "there is no task %d; processes lists them", task)
	}
	return nil
}
