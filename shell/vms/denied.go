package vms

import (
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
	case grammar.Type, grammar.Press, grammar.Pointer, grammar.Click:
		if !e.Input {
			return rule("devices.input", "takes no input")
		}
	}
	return nil
}
