package host

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"

	"rayos/vmm"
	"rayos/vmm/confine"
	"rayos/vmm/kvm"
	"rayos/vmm/qemu"
)

// Means are by what a QEMU runs its guest. They stay as they are as long as it
// lives, whoever has started it.
type Means struct {
	Accel       qemu.Accel  `json:"accel"`
	AccelReason string      `json:"accel_reason,omitempty"`
	Confined    Confinement `json:"confined"`
	CPUs        int         `json:"cpus"`
	MemMiB      int         `json:"mem_mib"`
	CPU         CPUCap      `json:"cpu_cap"`
}

func (m *Machine) means() Means {
	limits := m.CPU
	limits.FD = 0 // ours
	return Means{
		Accel: m.Accel, AccelReason: m.AccelReason, Confined: m.Confined,
		CPUs: m.CPUs, MemMiB: m.MemMiB, CPU: limits,
	}
}

// Accelerator is how a guest is to run, and why so.
type Accelerator struct {
	Accel  qemu.Accel `json:"accel"`
	Reason string     `json:"reason"`
}

const accelAuto = "auto"

// accelerator finds out how guests run here: as asked, or, by accelAuto, on
// the processor where a stock kernel can.
func accelerator(root vmm.Root, asked string) (Accelerator, error) {
	switch asked {
	case string(qemu.TCG), string(qemu.KVM):
		return Accelerator{qemu.Accel(asked), "asked for"}, nil
	case accelAuto:
		// A verdict that can't be kept is found again.
		v, _ := kvm.Cached(kvm.Device, filepath.Join(root.Dir, "vm", "kvm.json"))
		if v.Usable {
			return Accelerator{qemu.KVM, v.Reason}, nil
		}
		return Accelerator{qemu.TCG, v.Reason}, nil
	}
	return Accelerator{}, fmt.Errorf("accelerator %q: want auto, tcg or kvm", asked)
}

// engine is a QEMU.
type engine struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Major   int    `json:"major"`
	Sandbox bool   `json:"sandbox"`
	// Of a QEMU in a tree of its own, which looks for these in the system's.
	Data    []string `json:"data,omitempty"`    // firmware
	Modules string   `json:"modules,omitempty"` // parts that it loads
}

func examine(ctx context.Context, binary string) (e engine, err error) {
	if e.Program, err = exec.LookPath(binary); err != nil {
		return e, err
	}
	if e.Program, err = filepath.Abs(e.Program); err != nil {
		return e, err
	}
	e.Version, e.Major, err = qemuVersion(ctx, e.Program)
	e.Sandbox = hasSandbox(e.Program)
	e.tree()
	return e, err
}

// tree finds what belongs to a QEMU in a tree of its own, such as an unpacked
// package: /opt/qemu/bin/qemu-system-x86_64 has /opt/qemu/share/qemu.
func (e *engine) tree() {
	prefix := prefixOf(e.Program)
	if prefix == "" {
		return
	}
	e.Data = present(filepath.Join(prefix, "share", "qemu"), filepath.Join(prefix, "share", "seabios"))
	for _, at := range []string{"lib/*/qemu", "lib*/qemu"} {
		if dirs, _ := filepath.Glob(filepath.Join(prefix, at)); len(dirs) > 0 { // the pattern is good
			e.Modules = dirs[0]
			return
		}
	}
}

// prefixOf is the tree of a program that isn't the system's own; empty for one
// that is.
func prefixOf(program string) string {
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	prefix := filepath.Dir(filepath.Dir(program))
	if prefix == "/" || prefix == "/usr" {
		return ""
	}
	return prefix
}

// found is what rayos-vm finds out while it has all its rights, for the time
// when it hasn't.
type found struct {
	Engine   engine      `json:"engine"`
	Accel    Accelerator `json:"accel"`
	Confined Confinement `json:"confined"`
	CPU      CPUCap      `json:"cpu_cap"`
}

// foundFlag makes rayos-vm one that is confined already.
const foundFlag = "--found"

func (f *found) encode() (string, error) {
	text, err := json.Marshal(f)
	return string(text), err
}

// decodeFound reads what an earlier stage of this process has found, and takes
// over what it has opened.
func decodeFound(text string) (f found, err error) {
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return f, fmt.Errorf("%s: %w", foundFlag, err)
	}
	return f, f.CPU.inherit()
}

// explore finds out what there is, for a machine that may run.
func explore(root vmm.Root, asked string) (f found, err error) {
	if f.Accel, err = accelerator(root, asked); err != nil {
		return f, &usageError{err}
	}
	f.Confined = confinement(confine.Detect())
	return f, nil
}
