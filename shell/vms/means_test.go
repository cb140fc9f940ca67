package vms

import (
	"testing"

	"rayos/shell/control"
	"rayos/vmm"
	"rayos/vmm/host"
)

// TestMeansAreToldOnceForEachRun: whoever asks how a machine fares, and however
// often its rayos-vm ends, a QEMU is told of once.
func TestMeansAreToldOnceForEachRun(t *testing.T) {
	const id = vmm.ID("linux-a")
	d := newDesk(t)
	d.add(id, vmm.Running)
	r := d.serve(id, vmm.Running)
	run := func(pid, hostPID int, accel string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.st.Process = &vmm.Process{PID: pid, Start: 5, BootID: "this", Host: hostPID}
		r.st.Means = &host.Means{Accel: "tcg", AccelReason: accel}
	}
	run(100, 90, "one:\nreason")
	d.start()
	const marker = "RAYOS_HOST_MARKER:LINUX_DESKTOP_ACCEL:tcg:"
	if got := d.await(marker); got != marker+"one: reason" && got != marker+"one:_reason" {
		t.Errorf("marker %q", got)
	}
	run(100, 91, "told twice")
	r.tell(host.Event{Event: host.EventReady, What: "agent"})
	d.status(id)
	run(101, 91, "another")
	r.tell(host.Event{Event: host.EventReady, What: "agent"})
	if got := d.await(marker); got != marker+"another" {
		t.Errorf("marker %q; want one of the next run", got)
	}
}

// status asks how a machine fares, and waits.
func (d *desk) status(id vmm.ID) {
	d.t.Helper()
	if _, err := d.result(func(done Done) {
		d.sup.VM(string(id), func(_ control.VM, err error) { done("", err) })
	}); err != nil {
		d.t.Fatal(err)
	}
}
