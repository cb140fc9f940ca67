package host

import (
	"fmt"
	"path/filepath"

	"rayos/vmm"
	"rayos/vmm/kvm"
	"rayos/vmm/qemu"
)

// Means are by what a QEMU runs its guest. They stay as they are as long as it
// lives, whoever has started it.
type Means struct {
	Accel       qemu.Accel `json:"accel"`
	AccelReason string     `json:"accel_reason,omitempty"`
}

func (m *Machine) means() Means { return Means{Accel: m.Accel, AccelReason: m.AccelReason} }

// Accelerator is how a guest is to run, and why so.
type Accelerator struct {
	Accel  qemu.Accel
	Reason string
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
