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
func (m machines) VMPolicy(name string) (any, error) {
	return map[string]string{"networking": "off"}, m.s.do("vm policy %s", name)
}

// VMDo logs the call.
func (m machines) VMDo(name string, op control.VMOp, arg string, done func(string, error)) {
	done("done", m.s.do("vm %s %s %q", op, name, arg))
}

// VMBuild logs the call.
func (m machines) VMBuild(image string, note func(string), done func(string, error)) {
	note("fetching \x1b[31m")
	done("linux-micro-001", m.s.do("vm build %s", image))
}
