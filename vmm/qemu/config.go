package qemu

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"rayos/vmm"
)

// Accel is how guest code runs.
type Accel string

// Accelerators.
const (
	KVM Accel = "kvm"
	TCG Accel = "tcg"
)

// Config is a machine as QEMU is told of it. Paths are absolute.
type Config struct {
	Binary string   // qemu-system-x86_64
	Major  int      // of its version; decides which devices there are
	Data   []string // folders of its firmware that it doesn't know itself
	Accel  Accel
	ID     vmm.ID
	UUID   string
	Kind   vmm.Kind

	CPUs   int
	MemMiB int
	RAM    string // memory file, so that a suspended machine needs no copy of it

	// Linux machines boot a kernel that we hold.
	Kernel, Initrd, Cmdline string
	// Windows machines boot firmware with secure boot.
	FirmwareCode, FirmwareVars string
	TPM                        string // swtpm's control socket

	Disks   []Disk
	Folders []vmm.Folder // of the host that the guest sees

	Sockets func(name string) string // "qmp", "qmp2", "agent", "qga", "serial"
	// Descriptors are those of Sockets and TPM ("tpm") that QEMU inherits: it
	// listens at, or is connected with, and needn't open any itself.
	Descriptors map[string]int
	Sandbox     bool // this QEMU can filter its system calls

	Network    bool
	GPU, Input bool
	Audio      bool // a loudspeaker; needs GPU, by whose display sound comes
	Clipboard  bool
	Incoming   bool // wait for a saved state
}

// Disk is a block device of the guest.
type Disk struct {
	Name     string // drive id: "root"
	File     string
	Format   string // "raw" or "qcow2"
	ReadOnly bool
}

// Arguments is the command line, without the program. It is the same for the
// same machine but for -incoming, which a saved state depends on.
func (c *Config) Arguments() []string {
	var b arguments
	b.add("-name", "guest="+string(c.ID)+",process=rayos-"+string(c.ID))
	b.add("-uuid", c.UUID)
	b.machine(c)
	b.add("-smp", strconv.Itoa(c.CPUs), "-m", strconv.Itoa(c.MemMiB))
	b.add("-object", fmt.Sprintf("memory-backend-file,id=ram,size=%dM,mem-path=%s,share=on", c.MemMiB, quote(c.RAM)))
	for _, dir := range c.Data {
		b.add("-L", dir)
	}
	if c.Sandbox {
		b.add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny")
	}
	b.add("-nodefaults", "-no-user-config", "-vga", "none", "-boot", "strict=on")
	b.boot(c)
	for _, d := range c.Disks {
		readOnly := ""
		if d.ReadOnly {
			readOnly = ",readonly=on"
		}
		b.add("-drive", fmt.Sprintf("if=none,id=%s,file=%s,format=%s,cache=writeback,discard=unmap%s", d.Name, quote(d.File), d.Format, readOnly))
		b.device("virtio-blk-pci", "drive="+d.Name, "serial="+d.Name)
	}
	b.screen(c)
	b.channels(c)
	for i, f := range c.Folders {
		b.folder(fmt.Sprintf("share%d", i), f)
	}
	if c.Network {
		b.add("-netdev", "user,id=net0,restrict=off")
		b.device("virtio-net-pci", "netdev=net0", "romfile=")
	}
	if c.Incoming {
		b.add("-incoming", "defer")
	}
	return b.list
}

// Fingerprint identifies the command line of a machine: a saved state can
// only be read by the same.
func (c *Config) Fingerprint() string {
	cold := *c
	cold.Incoming = false
	sum := sha256.Sum256([]byte(strings.Join(cold.Arguments(), "\x00")))
	return hex.EncodeToString(sum[:])
}

type arguments struct{ list []string }

func (b *arguments) add(args ...string) { b.list = append(b.list, args...) }

func (b *arguments) device(driver string, properties ...string) {
	b.add("-device", strings.Join(append([]string{driver}, properties...), ","))
}

// folder shares a folder by 9p. What a guest makes of owners, permissions, links
// and devices in one that it can write is kept beside the files: on the host
// they are plain files of the person's.
func (b *arguments) folder(id string, f vmm.Folder) {
	how := "security_model=none,readonly=on"
	if f.Writable {
		how = "security_model=mapped-xattr"
	}
	b.add("-fsdev", "local,id="+id+",path="+quote(f.Path)+","+how+",multidevs=remap")
	b.device("virtio-9p-pci", "fsdev="+id, "mount_tag="+f.Tag)
}

func (b *arguments) machine(c *Config) {
	machine := "q35,memory-backend=ram,hpet=off"
	cpu := "max"
	if c.Accel == KVM {
		cpu = "host"
	}
	if c.Kind == vmm.Windows {
		machine += ",smm=on"
		if c.Accel == KVM {
			cpu += ",hv_relaxed,hv_vapic,hv_spinlocks=0x1fff,hv_vpindex,hv_runtime,hv_synic,hv_stimer,hv_time,hv_frequencies,hv_reenlightenment,hv_tlbflush,hv_ipi,hv_reset"
		}
		b.add("-rtc", "base=localtime,driftfix=slew")
		b.add("-global", "driver=cfi.pflash01,property=secure,value=on")
		b.add("-global", "kvm-pit.lost_tick_policy=discard")
		b.add("-global", "ICH9-LPC.disable_s3=1")
	} else {
		b.add("-rtc", "base=utc")
	}
	b.add("-accel", string(c.Accel), "-machine", machine, "-cpu", cpu)
}

func (b *arguments) boot(c *Config) {
	if c.Kernel != "" {
		b.add("-kernel", c.Kernel)
		if c.Initrd != "" {
			b.add("-initrd", c.Initrd)
		}
		b.add("-append", c.Cmdline)
	}
	if c.FirmwareCode != "" {
		b.add("-drive", "if=pflash,unit=0,format=raw,readonly=on,file="+quote(c.FirmwareCode))
		b.add("-drive", "if=pflash,unit=1,format=raw,file="+quote(c.FirmwareVars))
	}
	if c.TPM != "" {
		b.add("-chardev", "socket,id=tpm,"+c.address("tpm", c.TPM))
		b.add("-tpmdev", "emulator,id=tpm0,chardev=tpm")
		b.device("tpm-crb", "tpmdev=tpm0")
	}
}

func (b *arguments) screen(c *Config) {
	if !c.GPU {
		b.add("-display", "none")
		return
	}
	b.sound(c)
	if c.Kind == vmm.Windows {
		// Firmware and setup know VGA; virtio's driver comes later.
		b.device("virtio-vga", "id=gpu0")
	} else {
		b.device("virtio-gpu-pci", "id=gpu0")
	}
	if !c.Input {
		return
	}
	if c.Kind == vmm.Windows {
		b.device("qemu-xhci", "id=usb")
		b.device("usb-kbd", "bus=usb.0")
		b.device("usb-tablet", "bus=usb.0")
	}
	b.device("virtio-keyboard-pci")
	// The mouse comes first: of two that are there the guest's last is where
	// buttons go, and whether pointers are absolute.
	b.device("virtio-mouse-pci")
	b.device("virtio-tablet-pci")
	if c.Major >= 8 {
		b.device("virtio-multitouch-pci")
	}
}

// serialPorts is how many channels a guest has at most. Each has two queues, which
// QEMU starts one after the other when the guest runs: its own 31 take it 15 ms.
const serialPorts = 4

func (b *arguments) channels(c *Config) {
	b.device("virtio-rng-pci")
	b.device("virtio-serial-pci", "id=serial0", fmt.Sprint("max_ports=", serialPorts))
	for _, port := range []struct{ socket, name string }{
		{"agent", "org.rayos.agent.0"},
		{"qga", "org.qemu.guest_agent.0"},
	} {
		b.add("-chardev", c.server(port.socket))
		b.device("virtserialport", "bus=serial0.0", "chardev="+port.socket, "name="+port.name)
	}
	if c.Clipboard {
		b.add("-chardev", "qemu-vdagent,id=vdagent,clipboard=on,mouse=off")
		b.device("virtserialport", "bus=serial0.0", "chardev=vdagent", "name=com.redhat.spice.0")
	}
	// Two monitors: one for commands, one that stays free for a person.
	for _, name := range []string{"qmp", "qmp2"} {
		b.add("-chardev", c.server(name))
		b.add("-mon", "chardev="+name+",mode=control")
	}
	// The guest's console goes to whoever listens, who can bound a log; a file
	// would be the guest's to fill.
	b.add("-chardev", c.server("serial"), "-serial", "chardev:serial")
}

// server is a channel that QEMU listens at.
func (c *Config) server(name string) string {
	return "socket,id=" + name + "," + c.address(name, c.Sockets(name)) + ",server=on,wait=off"
}

// address is a socket that QEMU inherits, or else its path.
func (c *Config) address(name, path string) string {
	if fd, ok := c.Descriptors[name]; ok {
		return "fd=" + strconv.Itoa(fd)
	}
	return "path=" + quote(path)
}

// quote writes a path as a value of an option: QEMU reads two commas as one.
func quote(path string) string { return strings.ReplaceAll(filepath.Clean(path), ",", ",,") }
