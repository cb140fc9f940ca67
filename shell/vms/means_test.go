package vms

import (
	"strings"
	"testing"

	"rayos/shell/control"
	"rayos/vmm"
	"rayos/vmm/host"
	"rayos/vmm/qemu"
)

// TestMeansAreToldOnceForEachRun: whoever asks how a machine fares, and however
// often its rayos-vm ends, a QEMU is told of once.
func TestMeansAreToldOnceForEachRun(t *testing.T) {
	const id = vmm.ID("linux-a")
	d := newDesk(t)
	d.add(id, vmm.Running)
	r := d.serve(id, vmm.Running)
	run := func(pid, hostPID int, accel qemu.Accel, reason string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.st.Process = &vmm.Process{PID: pid, Start: 5, BootID: "this", Host: hostPID}
		r.st.Means = &host.Means{
			Accel: accel, AccelReason: reason, Confined: host.Confinement{State: host.ConfinedOn, Detail: "landlock 7, seccomp"},
			CPU: host.CPUCap{Percent: 50, By: host.CapCgroup, Detail: "50000 100000 of /sys/fs/cgroup/a"},
		}
	}
	run(100, 90, qemu.TCG, "one:\nreason")
	d.start()
	const marker = "RAYOS_HOST_MARKER:LINUX_DESKTOP_ACCEL:tcg:"
	if got := d.await(marker); got != marker+"one: reason" && got != marker+"one:_reason" {
		t.Errorf("marker %q", got)
	}
	for _, want := range []string{
		"RAYOS_HOST_MARKER:LINUX_DESKTOP_CONFINED:on:landlock 7, seccomp",
		"RAYOS_HOST_MARKER:LINUX_DESKTOP_CPU_CAP:cgroup:50% 50000 100000 of /sys/fs/cgroup/a",
	} {
		if got := d.await("RAYOS_HOST_MARKER:LINUX_DESKTOP_C"); got != want {
			t.Errorf("marker %q; want %q", got, want)
		}
	}
	run(100, 91, qemu.TCG, "told twice")
	r.tell(host.Event{Event: host.EventReady, What: "agent"})
	d.status(id)
	run(101, 91, qemu.KVM, "another")
	r.tell(host.Event{Event: host.EventReady, What: "agent"})
	const next = "RAYOS_HOST_MARKER:LINUX_DESKTOP_ACCEL:"
	if got := d.await(next); got != next+"kvm:another" {
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

// TestScopeCapsProcessors holds the command line against systemd-run(1).
func TestScopeCapsProcessors(t *testing.T) {
	for quota, want := range map[int]string{
		0:   "/usr/bin/systemd-run --user --scope --collect --quiet --slice=app.slice --",
		150: "/usr/bin/systemd-run --user --scope --collect --quiet --slice=app.slice --property=CPUQuota=150% --",
	} {
		if got := strings.Join(scopeOf("/usr/bin/systemd-run", quota), " "); got != want {
			t.Errorf("scope of %d%%:\n%s; want\n%s", quota, got, want)
		}
	}
}
