package vms

import (
	"os"

	"rayos/shell/control/grammar"
	"rayos/vmm"
)

// Denies returns what policy has against a command, nil for nothing. A machine
// that isn't there is nobody's matter.
func (s *Supervisor) Denies(c *grammar.Command) *vmm.Violation {
	if c.Kind == grammar.None {
		return nil
	}
	if s.unsafe != nil {
		return &vmm.Violation{Rule: "safe_mode", Detail: printable(s.unsafe.Error())}
	}
	m := s.machines[vmm.ID(c.VM)]
	if m == nil {
		m = s.Main(vmm.Kind(c.Kind))
	}
	if m == nil || s.reg == nil {
		return nil
	}
	rec, err := s.reg.Get(m.id)
	if err != nil {
		return nil // whoever carries the command out says so
	}
	e := s.policy.Effective(&rec)
	rule := func(name, detail string) *vmm.Violation {
		return &vmm.Violation{Rule: string(m.kind) + "." + name, Detail: string(m.id) + " " + detail}
	}
	switch c.Verb {
	case grammar.Show:
		if !e.GPU {
			return rule("devices.gpu", "has no screen")
		}
		fallthrough
	case grammar.Start, grammar.Resume:
		if !e.Enabled {
			return rule("enabled", "may not run")
		}
		if !m.state.Alive() { // one that lives keeps what it has
			return m.s.unshared(e.Shares)
		}
	case grammar.Type, grammar.Press, grammar.Pointer, grammar.Click:
		if !e.Input {
			return rule("devices.input", "takes no input")
		}
	}
	return nil
}

// unshared returns what is wrong with the folders of a machine that is to
// start; rayos-vm starts none then.
func (s *Supervisor) unshared(shares []vmm.Share) *vmm.Violation {
	if len(shares) == 0 {
		return nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return &vmm.Violation{Rule: "shares", Detail: printable(err.Error())}
	}
	_, v := vmm.Folders(shares, home, s.o.Root.Dir)
	if v != nil {
		v.Detail = printable(v.Detail)
	}
	return v
}
