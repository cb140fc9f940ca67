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

// NoWindows is how a command for the Windows desktop ends where there is no
// machine for it: to begin one a disk is missing, and what isn't there takes no
// input.
func NoWindows(begin bool) error {
	if !begin {
		return ErrNotRunning
	}
	return &MissingError{[]*host.Missing{{Code: host.NoDisk, Detail: "there is no Windows machine, and Windows can't be shipped: bring a disk on which you have installed it"}}}
}

// preflight finds what the machine lacks, and tells of each part. It is called
// beside the loop.
func (m *Machine) preflight(policy *vmm.Policy) error {
	rec, err := m.s.reg.Get(m.id)
	if err != nil {
		return err
	}
	list := host.Preflight(m.s.o.Root, &rec, policy, "qemu-system-x86_64")
	if len(list) == 0 {
		return nil
	}
	missing := &MissingError{list}
	m.s.o.Desktop.Post(func() {
		for _, p := range list {
			m.s.o.Tell(grammar.Ack{Op: "WINDOWS_PREFLIGHT", Detail: p.Code})
		}
	})
	return fmt.Errorf("%s: %w", m.id, missing)
}
