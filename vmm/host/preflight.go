package host

import (
	"fmt"
	"os"
	"os/exec"

	"rayos/vmm"
)

// What Windows 11 asks for at least.
const (
	windowsCPUs   = 2
	windowsMemMiB = 4096
)

// Codes of what a Windows machine may lack.
const (
	NoDisk         = "missing_WINDOWS_DISK_env"
	NoQEMU         = "missing_qemu"
	NoFirmware     = "missing_ovmf_code"
	NoFirmwareVars = "missing_ovmf_vars"
	NoTPM          = "missing_swtpm"
	TPMOff         = "vtpm_off"
	FewCPUs        = "too_few_cpus"
	LittleMemory   = "too_little_memory"
)

// Missing is a part that a machine can't do without.
type Missing struct {
	Code   string // NoDisk and its like
	Detail string // for people: what it is, and how to get it
}

func (m *Missing) Error() string { return m.Code + ": " + m.Detail }

// firmware is a build of OVMF with secure boot.
type firmware struct {
	code string
	vars string // template of a machine's own variables, with Microsoft's keys where the distribution has such
}

// parts are what machines are made of on this host.
type parts struct {
	qemu     string // program
	tpm      string // program
	firmware []firmware
}

// hostParts lists where distributions keep them.
func hostParts(binary string) parts {
	return parts{
		qemu: binary, tpm: "swtpm",
		firmware: []firmware{
			{"/usr/share/OVMF/OVMF_CODE_4M.ms.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"},
			{"/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd", "/usr/share/edk2/ovmf/OVMF_VARS.secboot.fd"},
			{"/usr/share/edk2/x64/OVMF_CODE.secboot.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"},
		},
	}
}

// find returns the firmware that is installed; its code is empty if none is.
func (p *parts) find() firmware {
	for _, f := range p.firmware {
		if exists(f.code) {
			return f
		}
	}
	return firmware{}
}

// Preflight names each part that a machine lacks to be started, the one that
// only a person can bring first. binary is QEMU's. A machine that isn't of
// Windows brings its parts along.
func Preflight(root vmm.Root, rec *vmm.Record, policy *vmm.Policy, binary string) []*Missing {
	return preflight(root, rec, policy, hostParts(binary))
}

func preflight(root vmm.Root, rec *vmm.Record, policy *vmm.Policy, host parts) (list []*Missing) {
	if rec.Kind != vmm.Windows {
		return nil
	}
	lacks := func(code, format string, args ...any) {
		list = append(list, &Missing{code, fmt.Sprintf(format, args...)})
	}
	if len(rec.Storage.Disks) == 0 {
		lacks(NoDisk, "%s has no disk: Windows can't be shipped, bring a disk on which you have installed it", rec.ID)
	}
	for name, rel := range rec.Storage.Disks {
		path, err := root.Path(rel)
		if err != nil {
			lacks(NoDisk, "disk %s: %v", name, err)
		} else if st, err := os.Stat(path); err != nil || st.IsDir() {
			lacks(NoDisk, "disk %s: there is no file %s", name, path)
		}
	}
	if _, err := exec.LookPath(host.qemu); err != nil {
		lacks(NoQEMU, "no program %s: install qemu-system-x86", host.qemu)
	}
	fw := host.find()
	if fw.code == "" {
		lacks(NoFirmware, "no firmware with secure boot: install ovmf")
	}
	if own, err := firmwareVars(root, rec); err != nil {
		lacks(NoFirmwareVars, "%v", err)
	} else if !exists(own) && !exists(fw.vars) {
		lacks(NoFirmwareVars, "no template of firmware variables: install ovmf")
	}
	e := policy.Effective(rec)
	if _, err := exec.LookPath(host.tpm); err != nil {
		lacks(NoTPM, "no program %s: install swtpm", host.tpm)
	}
	if !e.TPM {
		lacks(TPMOff, "policy: Windows 11 needs a TPM; set windows.devices.vtpm")
	}
	if e.CPUs < windowsCPUs {
		lacks(FewCPUs, "%d of %d CPUs", e.CPUs, windowsCPUs)
	}
	if e.MemMiB < windowsMemMiB {
		lacks(LittleMemory, "%d of %d MiB", e.MemMiB, windowsMemMiB)
	}
	return list
}

// firmwareVars is where a machine's own variables are; empty where it boots
// without firmware.
func firmwareVars(root vmm.Root, rec *vmm.Record) (string, error) {
	switch {
	case rec.Storage.Firmware != "":
		return root.Path(rec.Storage.Firmware)
	case rec.Kind == vmm.Windows:
		return root.VM(rec.Kind, rec.ID).File("ovmf_vars.fd"), nil
	}
	return "", nil
}

// tpmState is the folder of a machine's TPM.
func tpmState(root vmm.Root, rec *vmm.Record) (string, error) {
	if rec.Storage.TPM != "" {
		return root.Path(rec.Storage.TPM)
	}
	return root.VM(rec.Kind, rec.ID).File("tpm"), nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
