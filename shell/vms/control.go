package vms

import (
	"context"
	"fmt"
	"time"

	"rayos/shell/control"
	"rayos/vmm"
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
	if m.view != nil {
		v.Window, _ = m.view.Window()
	}
	return v
}

// applied is what policy says of a machine.
type applied struct {
	vmm.Effective
	Network string `json:"network_marker"`
}

// VMPolicy implements control.Machines.
func (s *Supervisor) VMPolicy(name string) (any, error) {
	m, err := s.find(name)
	if err != nil {
		return nil, err
	}
	rec, err := s.reg.Get(m.id)
	if err != nil {
		return nil, err
	}
	e := s.policy.Effective(&rec)
	return applied{e, e.NetworkMarker(m.kind, false)}, nil
}

// VMDo implements control.Machines.
func (s *Supervisor) VMDo(name string, op control.VMOp, arg string, done func(detail string, err error)) {
	m, err := s.find(name)
	if err != nil {
		if s.off == nil && (name == string(vmm.Windows) || vmm.ID(name) == s.policy.MainVM(vmm.Windows)) && s.Main(vmm.Windows) == nil {
			err = NoWindows(op == control.VMStart || op == control.VMShow || op == control.VMResume)
		}
		done("", err)
		return
	}
	switch op {
	case control.VMStart:
		m.Start(done)
	case control.VMShow:
		m.Show(done)
	case control.VMHide:
		done(m.Hide(), nil)
	case control.VMSuspend:
		m.Suspend(done)
	case control.VMResume:
		m.Resume(done)
	case control.VMShutdown:
		m.Shutdown(done)
	case control.VMKill:
		m.Kill(done)
	case control.VMType:
		m.Type(arg, done)
	case control.VMKey:
		m.Key(arg, done)
	case control.VMLaunch:
		m.Launch(arg, done)
	default:
		done("", fmt.Errorf("unknown operation %q", op))
	}
}
