package host

import (
	"debug/elf"
	"os"
	"path/filepath"
	"slices"

	"rayos/vmm"
	"rayos/vmm/confine"
	"rayos/vmm/kvm"
	"rayos/vmm/qemu"
)

// systemFiles are what programs of the system read to begin: libraries, data
// of QEMU and firmware. None of it is a person's.
var systemFiles = []string{"/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share", "/etc/ld.so.cache", "/etc/localtime"}

// Limits of descriptors. Each of a guest's disks, sockets and pictures is one.
const maxDescriptors = 4096

// programFiles are those of a program that isn't the system's own.
func programFiles(program string) []string {
	prefix := prefixOf(program)
	if prefix == "" {
		return nil
	}
	return []string{filepath.Join(prefix, "lib"), filepath.Join(prefix, "share")}
}

// hasSandbox reports whether a QEMU was built with what its option -sandbox
// needs.
func hasSandbox(binary string) bool {
	f, err := elf.Open(binary)
	if err != nil {
		return false // a script
	}
	defer f.Close()
	libraries, err := f.ImportedLibraries()
	return err == nil && slices.ContainsFunc(libraries, func(name string) bool {
		return name == "libseccomp.so.2"
	})
}

// engineRules are what QEMU may do: run on its own files, and serve sockets
// that it was given. It makes no process, file or connection, unless policy
// gives the guest a network.
func (m *Machine) engineRules() (confine.Rules, error) {
	programs, err := confine.Programs(m.Binary)
	if err != nil {
		return confine.Rules{}, err
	}
	r := confine.Rules{
		Read: slices.Concat(systemFiles, programFiles(m.Binary), present(m.Kernel, m.Initrd, m.FirmwareCode)),
		Run:  programs, Write: present(m.RAM, m.FirmwareVars), Devices: []string{"/dev/null"},
		Network: m.Network, Files: maxDescriptors,
	}
	for _, d := range m.Disks {
		if d.ReadOnly {
			r.Read = append(r.Read, d.File)
		} else {
			r.Write = append(r.Write, present(d.File)...)
		}
	}
	for _, f := range m.Folders {
		if f.Writable {
			r.Write, r.Owners = append(r.Write, f.Path), true
		} else {
			r.Read, r.Owners = append(r.Read, f.Path), true
		}
	}
	if m.Accel == qemu.KVM {
		r.Devices = append(r.Devices, kvm.Device)
	}
	return r, nil
}

// hostRules are what rayos-vm may do: what QEMU may, look after the machine's
// folder, serve its socket and start QEMU again.
func (m *Machine) hostRules(root vmm.Root, dir vmm.Dir) (confine.Rules, error) {
	r, err := m.engineRules()
	if err != nil {
		return r, err
	}
	r.Local, r.Spawn = true, true
	// The start times of processes are in /proc, and how many CPUs there are in
	// /sys.
	r.Read = append(r.Read, root.Policy(), root.Registry(), "/proc", "/sys/devices/system/cpu")
	r.Write = append(r.Write, dir.Path(), dir.Run())
	programs := []string{m.Launcher}
	if m.TPM != "" {
		programs = append(programs, m.TPMState.Program)
		r.Read = append(r.Read, "/etc/ssl") // OpenSSL's settings
		r.Devices = append(r.Devices, "/dev/urandom")
		r.Write = append(r.Write, m.TPMState.State)
	}
	if m.FirmwareVars != "" {
		r.Read = append(r.Read, m.VarsTemplate)
		r.Write = append(r.Write, filepath.Dir(m.FirmwareVars))
	}
	for _, p := range programs {
		files, err := confine.Programs(p)
		if err != nil {
			return r, err
		}
		r.Run = append(r.Run, files...)
	}
	return r, nil
}

// present leaves out what isn't there: a missing disk is found when QEMU
// starts, and told then.
func present(paths ...string) []string {
	return slices.DeleteFunc(paths, func(path string) bool { return path == "" || !exists(path) })
}

// confined gives up what rayos-vm needs no more, and goes on as a new program
// with the same line and what was found. It returns only with an error.
func (m *Machine) confined(root vmm.Root, dir vmm.Dir, f *found, args []string) error {
	if err := dir.Create(); err != nil {
		return err
	}
	if m.TPM != "" {
		if err := os.MkdirAll(m.TPMState.State, 0o700); err != nil {
			return err
		}
	}
	rules, err := m.hostRules(root, dir)
	if err != nil {
		return err
	}
	if f.CPU, err = m.ownCap(); err != nil {
		return err
	}
	text, err := f.encode()
	if err != nil {
		return err
	}
	var keep []int
	if f.CPU.FD > 0 {
		keep = append(keep, f.CPU.FD)
	}
	return confine.Exec(&rules, slices.Concat([]string{m.Launcher, foundFlag, text}, args), os.Environ(), keep)
}

// Confinement is how far a machine's processes are confined.
type Confinement struct {
	State  string `json:"state"`  // ConfinedOn and its like
	Detail string `json:"detail"` // by what
}

// States of confinement.
const (
	ConfinedOn      = "on"
	ConfinedPartly  = "partial" // the kernel lacks some of it
	ConfinedNothing = "off"
)

func confinement(s confine.Support) Confinement {
	switch {
	case s.Whole():
		return Confinement{ConfinedOn, s.String()}
	case s.Landlock > 0 || s.Seccomp:
		return Confinement{ConfinedPartly, s.String()}
	}
	return Confinement{ConfinedNothing, "this kernel has neither Landlock nor seccomp"}
}

// enough reports what policy has against less confinement than there could be.
func (c *Confinement) enough(policy *vmm.Policy) error {
	if c.State == ConfinedOn || !policy.RequireConfinement() {
		return nil
	}
	return &vmm.Violation{Rule: "defaults.require_confinement", Detail: c.State + ": " + c.Detail}
}
