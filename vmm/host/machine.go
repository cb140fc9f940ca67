package host

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"rayos/vmm"
	"rayos/vmm/qemu"
)

// Machine is what runs: the engine's configuration, and what policy says to
// us.
type Machine struct {
	qemu.Config
	Version     string // of QEMU
	AccelReason string // why it is run as it is
	Name        string // for people
	System      vmm.System
	Clipboard   vmm.Clipboard
	Keep        bool // logs on disk

	// Launcher is the program that becomes QEMU once it is confined; QEMU is
	// run as it is where there is none.
	Launcher string
	Modules  string // folder that QEMU loads parts of itself from, if it doesn't know it
	Confined Confinement
	Percent  int // of its CPUs that it may use
	CPU      CPUCap

	VarsTemplate string // of firmware variables
	TPMState     tpm

	refused *vmm.Violation // of a share; such a machine doesn't start
}

// NewMachine makes a machine of its record and what policy leaves of it.
func NewMachine(ctx context.Context, root vmm.Root, rec *vmm.Record, policy *vmm.Policy, binary string, f *found) (Machine, error) {
	m, err := newMachine(ctx, root, rec, policy, binary, f)
	if err != nil {
		return Machine{}, fmt.Errorf("%s: %w", rec.ID, err)
	}
	return m, nil
}

func newMachine(ctx context.Context, root vmm.Root, rec *vmm.Record, policy *vmm.Policy, binary string, f *found) (Machine, error) {
	e := policy.Effective(rec)
	if policy.Safe != "" {
		return Machine{}, &vmm.Violation{Rule: "safe_mode", Detail: policy.Safe}
	}
	if !e.Enabled {
		return Machine{}, &vmm.Violation{Rule: string(rec.Kind) + ".enabled", Detail: "false"}
	}
	host := hostParts(binary)
	if list := preflight(root, rec, policy, host); len(list) > 0 {
		errs := make([]error, len(list))
		for i, m := range list {
			errs[i] = m
		}
		return Machine{}, errors.Join(errs...)
	}
	dir := root.VM(rec.Kind, rec.ID)
	launcher, err := os.Executable()
	if err != nil {
		return Machine{}, err
	}
	if f.Engine.Program == "" {
		if f.Engine, err = examined(ctx, binary, filepath.Join(root.Dir, "vm", "qemu.json")); err != nil {
			return Machine{}, err
		}
	}
	m := Machine{
		Name: rec.Name, System: rec.System, Clipboard: e.Clipboard, Keep: policy.PersistLogs(),
		Version: f.Engine.Version, Modules: f.Engine.Modules, AccelReason: f.Accel.Reason,
		Launcher: launcher, Confined: f.Confined, Percent: e.CPUPercent, CPU: f.CPU,
	}
	if m.Name == "" {
		m.Name = string(rec.ID)
	}
	m.Config = qemu.Config{
		Binary: f.Engine.Program, Major: f.Engine.Major, Data: f.Engine.Data, Sandbox: f.Engine.Sandbox,
		Accel: f.Accel.Accel, ID: rec.ID, UUID: uuid(root, rec.ID), Kind: rec.Kind,
		CPUs: e.CPUs, MemMiB: e.MemMiB, RAM: dir.State("ram"), Sockets: dir.Socket,
		Network: e.Network(false), GPU: e.GPU, Input: e.Input, Audio: e.Audio,
		Clipboard: e.Clipboard != vmm.ClipOff && rec.Kind == vmm.Windows,
	}
	path := func(rel string) string {
		if rel == "" || err != nil {
			return ""
		}
		var p string
		p, err = root.Path(rel)
		return p
	}
	m.Kernel, m.Initrd = path(rec.Storage.Kernel), path(rec.Storage.Initrd)
	for _, name := range slices.Sorted(maps.Keys(rec.Storage.Disks)) {
		file := path(rec.Storage.Disks[name])
		format := "raw"
		if filepath.Ext(file) == ".qcow2" {
			format = "qcow2"
		}
		m.Disks = append(m.Disks, qemu.Disk{Name: name, File: file, Format: format})
	}
	if err != nil {
		return Machine{}, err
	}
	if m.Kernel != "" {
		m.Cmdline = commandLine(rec, m.Accel)
	}
	if m.FirmwareVars, err = firmwareVars(root, rec); err != nil {
		return Machine{}, err
	}
	if e.TPM {
		if m.TPMState.Program, err = exec.LookPath(host.tpm); err != nil {
			return Machine{}, err
		}
		if m.TPMState.State, err = tpmState(root, rec); err != nil {
			return Machine{}, err
		}
		m.TPM = dir.Socket("tpm")
	}
	if err := m.share(root, e.Shares); err != nil {
		return Machine{}, err
	}
	m.Descriptors = descriptors(m.TPM != "")
	return m, m.firmware(host.find())
}

// share finds the folders that the machine shares. One that runs already is
// taken up whatever has become of them since.
func (m *Machine) share(root vmm.Root, shares []vmm.Share) error {
	if len(shares) == 0 {
		return nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	m.Folders, m.refused = vmm.Folders(shares, home, root.Dir)
	if m.refused != nil && !exists(filepath.Join(root.VM(m.Kind, m.ID).Run(), runName)) {
		return m.refused
	}
	return nil
}

// commandLine is what Linux is told. Messages go to the serial console, the
// screen is for the guest's own.
func commandLine(rec *vmm.Record, accel qemu.Accel) string {
	words := []string{"console=ttyS0", "quiet", "panic=-1", "random.trust_cpu=on"}
	if accel == qemu.TCG {
		// An emulated processor doesn't speculate; what guards against that
		// costs seconds of each boot.
		words = append(words, "mitigations=off")
	}
	system := rec.System
	if system == "" {
		system = vmm.Micro
	}
	return strings.Join(append(words, "rayos.system="+string(system)), " ")
}

// there reports what policy refuses to share, or the first file that the
// machine boots from and that isn't there. QEMU would name it in the middle of its command line.
func (m *Machine) there() error {
	if m.refused != nil {
		return m.refused
	}
	files := []string{m.Kernel, m.Initrd}
	for _, d := range m.Disks {
		files = append(files, d.File)
	}
	for _, f := range files {
		if f == "" {
			continue
		}
		if _, err := os.Stat(f); err != nil {
			return fmt.Errorf("it has lost what it boots from: %w", err)
		}
	}
	return nil
}

func (m *Machine) firmware(f firmware) error {
	switch {
	case m.FirmwareVars != "" && f.code == "":
		return errors.New("no OVMF firmware with secure boot: install the package ovmf")
	case m.FirmwareVars != "":
		m.FirmwareCode, m.VarsTemplate = f.code, f.vars
	case m.Kernel == "":
		return errors.New("nothing to boot: neither a kernel nor firmware variables")
	}
	return nil
}

// uuid is the machine's for ever: of its id and where its data lies.
func uuid(root vmm.Root, id vmm.ID) string {
	sum := sha256.Sum256([]byte("rayos machine\x00" + root.Dir + "\x00" + string(id)))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80 // version 8, RFC 9562
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
