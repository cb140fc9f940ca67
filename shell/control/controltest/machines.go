package controltest

import "rayos/shell/control"

// machines is a virtual machine that logs what it is asked.
type machines struct{ s *Session }

var machine = control.VM{
	ID: "linux-micro-001", Name: "Linux \x1b[31m", Kind: "linux", State: "running", Shown: true, Window: 3, Width: 1280, Height: 800,
	PID: 4711, HostPID: 4710, Ready: []string{"agent"}, Blockers: []string{"a share"}, Frames: control.VMFrames{Received: 9, Shown: 7, Dropped: 2},
}

// VMs implements control.Machines, as do the methods below.
func (m machines) VMs() ([]control.VM, error) { return []control.VM{machine}, m.s.do("vms") }

// VM describes the machine.
func (m machines) VM(name string, done func(control.VM, error)) { done(machine, m.s.do("vm %s", name)) }

// VMPolicy says little.
func (m machines) VMPolicy(name string, dry bool, done func(control.VMPolicy, error)) {
	p := control.VMPolicy{Effective: map[string]string{"networking": "off"}, Network: "RAYOS_HOST_MARKER:LINUX_DESKTOP_NETWORK:off:default_off"}
	if dry {
		p.Command = []string{"qemu", "-name", "it's \x1b[31m", "-nodefaults"}
		p.Missing = []string{"a part"}
	}
	done(p, m.s.do("vm policy %s %v", name, dry))
}
