package vms

import (
	"rayos/vmm"
	"rayos/vmm/host"
)

// means tells by what a machine runs when it has got another process.
func (m *Machine) means(st *host.Status) {
	if st.Means == nil || st.Process == nil || sameRun(m.status.Process, st.Process) {
		return
	}
	m.s.o.Marker("RAYOS_HOST_MARKER:" + m.desktop() + "_ACCEL:" + string(st.Means.Accel) + ":" + printable(st.Means.AccelReason))
}

// sameRun reports whether both are one QEMU, whichever rayos-vm tells of it.
func sameRun(a, b *vmm.Process) bool {
	return a != nil && a.PID == b.PID && a.Start == b.Start && a.BootID == b.BootID
}
