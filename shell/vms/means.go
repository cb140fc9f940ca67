package vms

import (
	"fmt"

	"rayos/vmm"
	"rayos/vmm/host"
)

// means tells by what a machine runs when it has got another process.
func (m *Machine) means(st *host.Status) {
	if st.Means == nil || st.Process == nil || sameRun(m.status.Process, st.Process) {
		return
	}
	for _, f := range [...]struct{ name, status, detail string }{
		{"_ACCEL", string(st.Means.Accel), st.Means.AccelReason},
		{"_CONFINED", st.Means.Confined.State, st.Means.Confined.Detail},
		{"_CPU_CAP", st.Means.CPU.By, fmt.Sprintf("%d%% %s", st.Means.CPU.Percent, st.Means.CPU.Detail)},
	} {
		m.s.o.Marker("RAYOS_HOST_MARKER:" + m.desktop() + f.name + ":" + f.status + ":" + printable(f.detail))
	}
}

// sameRun reports whether both are one QEMU, whichever rayos-vm tells of it.
func sameRun(a, b *vmm.Process) bool {
	return a != nil && a.PID == b.PID && a.Start == b.Start && a.BootID == b.BootID
}
