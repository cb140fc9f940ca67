package vms

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rayos/vmm"
	"rayos/vmm/host"
)

// Lifecycle operations.
const (
	opStart    = host.OpStart
	opResume   = host.OpResume
	opSuspend  = host.OpSuspend
	opShutdown = host.OpShutdown
	opKill     = host.OpKill
)

// ErrHidden ends a show that was taken back.
var ErrHidden = errors.New("hidden meanwhile")

// Deadlines of operations.
const (
	startWithin    = 2 * time.Minute
	answerWithin   = 150 * time.Second // of a guest that boots
	suspendOp      = 3 * time.Minute
	shutdownGrace  = 30 * time.Second // until QEMU is told to quit
	shutdownWithin = shutdownGrace + 40*time.Second
	inputWithin    = 90 * time.Second
)

// Done is told how an operation has ended, on the loop.
type Done func(detail string, err error)

// Start boots the machine, or resumes it where it is suspended. It is done
// when the guest answers, and fails with ErrNoAnswer if it doesn't in time: the
// machine lives then nevertheless. free is called when nothing is left but to
// wait for that.
func (m *Machine) Start(free func(), done Done) {
	if m.state == vmm.Suspended {
		m.bring(opResume, free, done)
		return
	}
	m.bring(opStart, free, done)
}

// Resume brings the machine back from its saved state. It is done as Start is.
func (m *Machine) Resume(free func(), done Done) { m.bring(opResume, free, done) }

func (m *Machine) bring(op string, free func(), done Done) {
	m.life(op, func(_ string, err error) {
		if err != nil {
			done("", err)
			return
		}
		free()
		m.awaitAnswer(done)
	})
}

// Suspend writes the machine to disk.
func (m *Machine) Suspend(done Done) { m.end(opSuspend, done) }

// Shutdown ends the guest in order.
func (m *Machine) Shutdown(done Done) { m.end(opShutdown, done) }

// end is for what only a machine that lives, or is about to start again, can
// do.
func (m *Machine) end(op string, done Done) {
	if !m.state.Alive() && !strings.HasPrefix(m.detail, crashed) {
		done("", ErrNotRunning)
		return
	}
	m.life(op, done)
}

// Kill ends the machine at once, whatever it does.
func (m *Machine) Kill(done Done) {
	if !m.state.Alive() && !strings.HasPrefix(m.detail, crashed) {
		done("", ErrNotRunning)
		return
	}
	m.kills++
	m.call(host.Request{Op: opKill}, false, startWithin, func(detail string, err error) {
		m.kills--
		m.retire()
		done(detail, err)
	})
}

// life runs a lifecycle operation, one at a time for a machine.
func (m *Machine) life(op string, done Done) {
	if m.asked != "" {
		done("", fmt.Errorf("%w: %s", ErrBusy, m.asked))
		return
	}
	if m.state == vmm.Absent {
		done("", fmt.Errorf("%s is not built", m.id))
		return
	}
	m.occupy(op)
	r := host.Request{Op: op}
	within := startWithin
	spawn := false
	switch op {
	case opStart, opResume:
		spawn = true
	case opSuspend:
		within = suspendOp
	case opShutdown:
		within = shutdownWithin
		r.DeadlineMS = int(shutdownGrace / time.Millisecond)
		spawn = m.state.Alive()
	}
	m.call(r, spawn, within, func(detail string, err error) {
		m.occupy("")
		m.retire()
		done(detail, err)
	})
}

// occupy notes the operation under way, "" for none.
func (m *Machine) occupy(op string) {
	m.asked = op
	if m.view != nil {
		m.view.Busy(op == opStart || op == opResume)
	}
}

// call asks rayos-vm for something.
func (m *Machine) call(r host.Request, spawn bool, within time.Duration, done Done) {
	begin := m.kind == vmm.Windows && !m.state.Alive() && (r.Op == opStart || r.Op == opResume)
	policy := m.s.policy
	m.s.beside(func() {
		ctx, cancel := context.WithTimeout(m.s.ctx, within)
		defer cancel()
		var a host.Answer
		var c *host.Client
		var err error
		if begin {
			err = m.preflight(&policy)
		}
		if err == nil {
			c, err = m.connect(ctx, spawn)
		}
		if err == nil {
			a, err = c.Call(ctx, r, nil)
			m.update(c)
		}
		m.s.o.Desktop.Post(func() { done(a.Detail, err) })
	})
}

// reconnect looks for the rayos-vm of a machine that is said to live.
func (m *Machine) reconnect() {
	m.s.beside(func() {
		ctx, cancel := context.WithTimeout(m.s.ctx, linkWithin)
		defer cancel()
		if _, err := m.connect(ctx, true); err != nil {
			m.s.o.Desktop.Post(func() { m.endShows(err) })
		}
	})
}

// Type types text into the guest.
func (m *Machine) Type(text string, done Done) {
	m.input(host.Request{Op: host.OpType, Text: text}, done)
}

// Key presses keys together.
func (m *Machine) Key(spec string, done Done) {
	m.input(host.Request{Op: host.OpKey, Spec: spec}, done)
}

// Pointer moves the guest's pointer: 0 to 1 from the left and the top.
func (m *Machine) Pointer(x, y float64, done Done) {
	m.input(host.Request{Op: host.OpPointer, X: &x, Y: &y}, done)
}

// Click clicks a button of the guest's pointer.
func (m *Machine) Click(button string, done Done) {
	m.input(host.Request{Op: host.OpClick, Button: button}, done)
}

// Launch starts an application inside.
func (m *Machine) Launch(app string, done Done) {
	m.call(host.Request{Op: host.OpLaunch, App: app}, false, inputWithin, done)
}

// Mute lets the machine be heard or not, now and when it starts again.
func (m *Machine) Mute(on bool, done Done) {
	if !m.state.Alive() {
		done("", ErrNotRunning)
		return
	}
	op := host.OpUnmute
	if on {
		op = host.OpMute
	}
	m.call(host.Request{Op: op}, false, inputWithin, done)
}

// Say says a line on the guest's serial console.
func (m *Machine) Say(line string, done Done) {
	if !m.state.Alive() {
		done("", ErrNotRunning)
		return
	}
	m.call(host.Request{Op: host.OpConsole, Text: line}, false, inputWithin, done)
}

// input is for what a person could do at the window: only while it is shown.
func (m *Machine) input(r host.Request, done Done) {
	if !m.Shown() {
		done("", ErrNotRunning)
		return
	}
	m.call(r, false, inputWithin, done)
}
