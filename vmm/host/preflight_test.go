package host

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rayos/vmm"
)

// TestPreflight takes the parts of a Windows machine away, one by one and all
// together: each is named.
func TestPreflight(t *testing.T) {
	const disk = "vm/windows/windows-desktop-001/disk/disk.qcow2"
	type machine struct {
		rec    vmm.Record
		host   parts
		policy string
	}
	for name, test := range map[string]struct {
		spoil func(m *machine)
		want  []string
	}{
		"complete":         {func(*machine) {}, nil},
		"no disk at all":   {func(m *machine) { m.rec.Storage.Disks = nil }, []string{NoDisk}},
		"no file of disk":  {func(m *machine) { m.rec.Storage.Disks["root"] = "elsewhere.qcow2" }, []string{NoDisk}},
		"disk is a folder": {func(m *machine) { m.rec.Storage.Disks["root"] = "vm" }, []string{NoDisk}},
		"disk outside":     {func(m *machine) { m.rec.Storage.Disks["root"] = "../x" }, []string{NoDisk}},
		"no qemu":          {func(m *machine) { m.host.qemu = "/no/qemu" }, []string{NoQEMU}},
		"no swtpm":         {func(m *machine) { m.host.tpm = "/no/swtpm" }, []string{NoTPM}},
		"no variables":     {func(m *machine) { m.host.firmware[0].vars = "/no/vars" }, []string{NoFirmwareVars}},
		"no code":          {func(m *machine) { m.host.firmware[0].code = "/no/code" }, []string{NoFirmware, NoFirmwareVars}},
		"own variables": {func(m *machine) {
			m.host.firmware[0].vars = "/no/vars"
			m.rec.Storage.Firmware = disk
		}, nil},
		"variables outside": {func(m *machine) { m.rec.Storage.Firmware = "/etc/passwd" }, []string{NoFirmwareVars}},
		"one cpu":           {func(m *machine) { m.rec.Devices.CPUs = 1 }, []string{FewCPUs}},
		"cpus by policy":    {func(m *machine) { m.policy = "version = 0\n[windows.limits]\ncpus = 1\n" }, []string{FewCPUs}},
		"memory by policy":  {func(m *machine) { m.policy = "version = 0\n[limits]\nmem_mib = 4095\n" }, []string{LittleMemory}},
		"nothing": {func(m *machine) {
			m.rec = vmm.Record{ID: m.rec.ID, Kind: vmm.Windows}
			m.host = parts{qemu: "/no/qemu", tpm: "/no/swtpm"}
		}, []string{NoDisk, NoQEMU, NoFirmware, NoFirmwareVars, NoTPM, FewCPUs, LittleMemory}},
		"linux": {func(m *machine) { m.rec = vmm.Record{Kind: vmm.Linux} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			root, err := vmm.NewRoot(dir, "")
			if err != nil {
				t.Fatal(err)
			}
			file := func(rel string, mode os.FileMode) string {
				path := filepath.Join(dir, rel)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte("x"), mode); err != nil {
					t.Fatal(err)
				}
				return path
			}
			file(disk, 0o600)
			m := machine{
				rec: vmm.Record{
					ID: "windows-desktop-001", Kind: vmm.Windows, Storage: vmm.Storage{Disks: map[string]string{"root": disk}},
					Devices: vmm.Devices{CPUs: 2, MemMiB: 4096},
				},
				host: parts{
					qemu: file("bin/qemu", 0o700), tpm: file("bin/swtpm", 0o700),
					firmware: []firmware{{file("code.fd", 0o600), file("vars.fd", 0o600)}},
				},
				policy: "version = 0\n",
			}
			test.spoil(&m)
			if err := os.WriteFile(filepath.Join(dir, "policy.toml"), []byte(m.policy), 0o600); err != nil {
				t.Fatal(err)
			}
			policy, err := vmm.LoadPolicy(filepath.Join(dir, "policy.toml"))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, missing := range preflight(root, &m.rec, &policy, m.host) {
				got = append(got, missing.Code)
				if !strings.HasPrefix(missing.Error(), missing.Code+": ") || strings.Contains(missing.Error(), "\n") {
					t.Errorf("%q is no line for people", missing.Error())
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("preflight names %v; want %v", got, test.want)
			}
		})
	}
}

// TestNoMachineWithoutDisk asks for a machine that preflight refuses.
func TestNoMachineWithoutDisk(t *testing.T) {
	root, err := vmm.NewRoot(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	rec := vmm.Record{ID: "windows-desktop-001", Kind: vmm.Windows, Devices: vmm.Devices{CPUs: 2, MemMiB: 4096}}
	var missing *Missing
	_, err = NewMachine(context.Background(), root, &rec, &vmm.Policy{}, "qemu-system-x86_64", &found{})
	if !errors.As(err, &missing) || missing.Code != NoDisk {
		t.Errorf("NewMachine = %v; want %s", err, NoDisk)
	}
}

// windowsBench is a fake of a Windows machine.
func windowsBench(t *testing.T, behaviour string) *bench {
	t.Helper()
	b := newBench(t, behaviour)
	b.leave()
	b.opts.Machine.Kind = vmm.Windows
	b.run()
	return b
}

// TestGuestAgentReady has a guest without our agent: it is up when
// qemu-guest-agent answers, and that one is asked to shut down.
func TestGuestAgentReady(t *testing.T) {
	b := windowsBench(t, "mute,qga")
	b.ask(Request{Op: OpStart})
	heard := b.hear(func(e Event) bool { return e.Event == EventReady && e.What == ReadyGuestAgent })
	ev := heard[len(heard)-1]
	if ev.Detail != "Windows 11[2J" {
		t.Errorf("it is %q", ev.Detail)
	}
	if s := b.ask(Request{Op: OpStatus}).Status; s.State != vmm.Running {
		t.Errorf("it is %s; want %s", s.State, vmm.Running)
	}
	if a := b.ask(Request{Op: OpShutdown, DeadlineMS: 60000}); !strings.HasPrefix(a.Detail, "by agent") {
		t.Errorf("shutdown: %s", a.Detail)
	}
}

// TestOwnVars looks that firmware variables are made once, and never again.
func TestOwnVars(t *testing.T) {
	dir := t.TempDir()
	template, own := filepath.Join(dir, "template"), filepath.Join(dir, "own")
	h := &Host{machine: Machine{VarsTemplate: template}}
	h.machine.FirmwareVars = own
	if err := h.ownVars(); err == nil {
		t.Error("made of nothing")
	}
	for _, text := range []string{"first", "second"} {
		if err := os.WriteFile(template, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := h.ownVars(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(own); err != nil || string(got) != "first" {
			t.Errorf("variables %q, %v; want the first", got, err)
		}
	}
	if err := os.Truncate(own, 0); err != nil {
		t.Fatal(err)
	}
	if err := h.ownVars(); err == nil {
		t.Error("empty variables were taken")
	}
}
