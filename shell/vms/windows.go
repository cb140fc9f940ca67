package vms

import (
	"fmt"
	"strings"

	"rayos/shell/control/grammar"
	"rayos/vmm"
	"rayos/vmm/host"
)

// MissingError says what a Windows machine lacks to be started.
type MissingError struct {
	Parts []*host.Missing // at least one
}

func (e *MissingError) Error() string {
	lines := make([]string, len(e.Parts))
	for i, p := range e.Parts {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "; ")
}

// NoDisk reports whether a disk is among what is missing: only a person can
// bring it.
func (e *MissingError) NoDisk() bool { return e.Parts[0].Code == host.NoDisk }

// NoWindows ends a command for the Windows desktop where there is no machine
// for it. To begin one parts are missing, a disk at least, and each is told;
// what isn't there takes no input.
func (s *Supervisor) NoWindows(begin bool, done Done) {
	if !begin {
		done("", ErrNotRunning)
		return
	}
	rec := newWindows(s.policy.MainVM(vmm.Windows))
	policy := s.policy
	s.beside(func() {
		missing := &MissingError{host.Preflight(s.o.Root, &rec, &policy, qemuProgram)}
		s.o.Desktop.Post(func() {
			s.tellMissing(missing)
			done("", missing)
		})
	})
}

// qemuProgram is the one that rayos-vm starts.
const qemuProgram = "qemu-system-x86_64"

// tellMissing tells of each part by itself.
func (s *Supervisor) tellMissing(e *MissingError) {
	for _, p := range e.Parts {
		s.o.Tell(grammar.Ack{Op: "WINDOWS_PREFLIGHT", Detail: p.Code})
	}
}

// preflight finds what the machine lacks, and tells of each part. It is called
// beside the loop.
func (m *Machine) preflight(policy *vmm.Policy) error {
	rec, err := m.s.reg.Get(m.id)
	if err != nil {
		return err
	}
	list := host.Preflight(m.s.o.Root, &rec, policy, qemuProgram)
	if len(list) == 0 {
		return nil
	}
	missing := &MissingError{list}
	m.s.o.Desktop.Post(func() { m.s.tellMissing(missing) })
	return fmt.Errorf("%s: %w", m.id, missing)
}
