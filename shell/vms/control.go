package vms

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"rayos/shell/control"
	"rayos/vmm"
	"rayos/vmm/host"
	"rayos/vmm/sound"
)

// This file is the supervisor as commands see it.

var _ control.Machines = (*Supervisor)(nil)

// find returns a machine by its id, or by its kind.
func (s *Supervisor) find(name string) (*Machine, error) {
	if s.off != nil {
		return nil, s.off
	}
	if m := s.machines[vmm.ID(name)]; m != nil {
		return m, nil
	}
	if kind := vmm.Kind(name); kind.Valid() {
		if m := s.Main(kind); m != nil {
			return m, nil
		}
		return nil, control.Errorf(control.CodeNoMachine, "there is no %s machine, or more than one; vm list names them", name)
	}
	return nil, control.Errorf(control.CodeNoMachine, "there is no virtual machine %.70q; vm list names them", name)
}

// VMs implements control.Machines.
func (s *Supervisor) VMs() ([]control.VM, error) {
	list := make([]control.VM, 0, len(s.machines))
	for _, m := range s.Machines() {
		list = append(list, m.describe())
	}
	return list, s.off
}

// freshWithin is how long a status may take to be asked for. After that, what
// is known is the answer.
const freshWithin = 3 * time.Second

// VM implements control.Machines.
func (s *Supervisor) VM(name string, done func(control.VM, error)) {
	m, err := s.find(name)
	if err != nil {
		done(control.VM{}, err)
		return
	}
	c := m.connection()
	if c == nil {
		done(m.describe(), nil)
		return
	}
	s.beside(func() {
		ctx, cancel := context.WithTimeout(s.ctx, freshWithin)
		defer cancel()
		st, err := c.Status(ctx)
		s.o.Desktop.Post(func() {
			if err == nil && m.state == st.State {
				m.means(&st)
				m.status = st
			}
			done(m.describe(), nil)
		})
	})
}

func (m *Machine) describe() control.VM {
	v := control.VM{
		ID: string(m.id), Name: m.name, Kind: string(m.kind), State: string(m.state), Detail: m.detail,
		Shown: m.Shown(), Width: m.status.Size.W, Height: m.status.Size.H,
		HostPID: m.status.Host, Restarts: m.status.Restarts, Ready: m.status.Ready, Blockers: m.status.Blockers,
	}
	if p := m.status.Process; p != nil {
		v.PID = p.PID
	}
	f := &m.status.Frames
	v.Frames = control.VMFrames{Received: f.Received, Shown: f.Shown, Dropped: f.Dropped}
	if st := m.status.Means; st != nil {
		v.Accel = string(st.Accel) + ": " + st.AccelReason
		v.Confined = st.Confined.State + ": " + st.Confined.Detail
		v.CPUCap = fmt.Sprintf("%d%% by %s: %s", st.CPU.Percent, st.CPU.By, st.CPU.Detail)
	}
	v.Sound = heard(m.status.Sound)
	if m.view != nil {
		v.Window, _ = m.view.Window()
	}
	return v
}

// heard says in words how a machine is heard, "" for one without sound.
func heard(s *sound.Status) (text string) {
	if s == nil {
		return ""
	}
	switch text = s.State; text {
	case sound.NoServer:
		text = "no sound server: " + s.Detail
	case host.SoundFailed:
		text += ": " + s.Detail
	}
	if s.Muted {
		text = "muted, " + text
	}
	if s.Dropped > 0 {
		text += fmt.Sprintf(", %v dropped", s.Dropped.Round(time.Millisecond))
	}
	return text
}

// VMPolicy implements control.Machines.
func (s *Supervisor) VMPolicy(name string, dry bool, done func(control.VMPolicy, error)) {
	m, err := s.find(name)
	var rec vmm.Record
	if err == nil {
		rec, err = s.reg.Get(m.id)
	}
	if err == nil {
		err = s.reread()
	}
	if err != nil {
		done(control.VMPolicy{}, err)
		return
	}
	e := s.policy.Effective(&rec)
	p := control.VMPolicy{Effective: e, Network: e.NetworkMarker(m.kind, false)}
	if !dry {
		done(p, nil)
		return
	}
	s.beside(func() {
		ctx, cancel := context.WithTimeout(s.ctx, freshWithin)
		defer cancel()
		var err error
		if p.Command, err = m.commandLine(ctx); err != nil {
			p.Missing = strings.Split(err.Error(), "\n")
		}
		s.o.Desktop.Post(func() { done(p, nil) })
	})
}

// commandLine is how QEMU would be started. The machine's rayos-vm says it, as
// it is the one that starts it.
func (m *Machine) commandLine(ctx context.Context) (words []string, err error) {
	out, err := exec.CommandContext(ctx, m.s.o.Binary, "--root", m.s.o.Root.Dir, "--dry-run", string(m.id)).Output()
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed) && len(failed.Stderr) > 0:
		return nil, errors.New(strings.TrimSpace(string(failed.Stderr)))
	case err != nil:
		return nil, err
	}
	return words, json.Unmarshal(out, &words)
}
