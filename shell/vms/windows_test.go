package vms

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rayos/shell/control/grammar"
	"rayos/vmm"
	"rayos/vmm/host"
)

// TestWindowsLacks starts a Windows machine without its parts: no program is
// started, and each part is told of.
func TestWindowsLacks(t *testing.T) {
	t.Setenv("PATH", "/nonexistent")
	d := newDesk(t)
	told := make(chan grammar.Ack, 16)
	d.sup.o.Tell = func(a grammar.Ack) { told <- a }
	const id = vmm.ID("windows-desktop-001")
	write(t, d.root.Policy(), "version = 0\n[defaults]\nautoboot_vms = false\n")
	reg, err := vmm.OpenRegistry(d.root)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(reg.Add(vmm.Record{ID: id, Kind: vmm.Windows, State: vmm.Stopped, Devices: vmm.Devices{CPUs: 1, MemMiB: 4096}}), reg.Close())
	if err != nil {
		t.Fatal(err)
	}
	d.start()
	ended := make(chan error, 1)
	d.Do(func() {
		m, err := d.sup.Machine(id)
		if err != nil {
			ended <- err
			return
		}
		m.Show(func(_ string, err error) { ended <- err })
	})
	var missing *MissingError
	select {
	case err := <-ended:
		if !errors.As(err, &missing) || !missing.NoDisk() {
			t.Fatalf("show = %v; want a missing disk", err)
		}
	case <-time.After(patience):
		t.Fatal("show has not ended")
	}
	var got []string
	for _, p := range missing.Parts {
		got = append(got, p.Code)
		if a := <-told; a != (grammar.Ack{Op: "WINDOWS_PREFLIGHT", Detail: p.Code}) || !grammar.OpNamed(a.Op).Knows(false, a.Detail) {
			t.Errorf("told %v; want %s", a, p.Code)
		}
	}
	for _, code := range []string{host.NoDisk, host.NoQEMU, host.NoTPM, host.FewCPUs} {
		if !slices.Contains(got, code) {
			t.Errorf("%v doesn't name %s", got, code)
		}
	}
}
