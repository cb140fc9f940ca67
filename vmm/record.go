package vmm

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Record is what the registry keeps of one machine.
type Record struct {
	ID      ID     `json:"id"`
	Name    string `json:"name"` // for people: "Linux desktop"
	Kind    Kind   `json:"type"`
	State   State  `json:"state"`
	Profile string `json:"policy_profile,omitempty"` // section of the policy; the kind's when empty
	System  System `json:"system,omitempty"`         // what a Linux machine's initramfs brings up; Micro when empty

	Storage Storage `json:"storage"`
	Devices Devices `json:"devices"`

	// Generation counts the boots that could write to the disks. A saved
	// state belongs to one of them.
	Generation uint64      `json:"disk_generation"`
	Saved      *SavedState `json:"saved_state,omitempty"`
	Process    *Process    `json:"process,omitempty"`
	Geometry   *Geometry   `json:"geometry,omitempty"`
}

// System is what our initramfs makes of a Linux machine.
type System string

// Systems.
const (
	Micro   System = "micro"   // it is all there is
	Desktop System = "desktop" // a Debian on the disk "root", with a compositor
)

// Storage names files relative to the data root.
type Storage struct {
	Disks    map[string]string `json:"disks"` // "root": "vm/linux/linux-desktop-001/disk/root.ext4"
	Kernel   string            `json:"kernel,omitempty"`
	Initrd   string            `json:"initrd,omitempty"`
	Firmware string            `json:"ovmf_vars,omitempty"` // the machine's own copy of the variables
	TPM      string            `json:"tpm_state,omitempty"` // folder
}

// Devices is the hardware that a machine asks for. Policy may give less.
type Devices struct {
	CPUs    int  `json:"vcpu"`
	MemMiB  int  `json:"memory_mb"`
	Network bool `json:"network"`
	TPM     bool `json:"tpm"`
}

// SavedState is a machine on disk. It can be used once: reading it marks it
// Consumed before the guest runs, so that a crash never brings back a memory
// that the disks have left behind.
type SavedState struct {
	Tag        string    `json:"tag"`
	File       string    `json:"path"` // device state, relative to the root
	RAM        string    `json:"ram"`  // memory file, relative to the root
	Created    time.Time `json:"created"`
	Generation uint64    `json:"disk_generation"`
	QEMU       string    `json:"qemu_version"`
	Arguments  string    `json:"arguments_sha256"` // of the command line; it must be the same again
	Consumed   bool      `json:"consumed"`
}

// Process tells one run of a machine from any other, also after its pid has
// been given to somebody else.
type Process struct {
	PID     int    `json:"pid"`        // of QEMU
	Start   uint64 `json:"start_time"` // field 22 of /proc/pid/stat, in clock ticks since boot
	BootID  string `json:"boot_id"`    // of the host
	UUID    string `json:"uuid"`       // what query-uuid answers
	Host    int    `json:"host_pid"`   // of rayos-vm
	Version string `json:"qemu_version"`
}

// Geometry is where the machine's window was, in logical coordinates.
type Geometry struct {
	X         int32  `json:"x"`
	Y         int32  `json:"y"`
	Width     int32  `json:"width"`
	Height    int32  `json:"height"`
	Workspace int32  `json:"workspace"`
	State     string `json:"state,omitempty"` // "maximized", "fullscreen" or empty
}

// Limits of a record, so that a broken file can't ask for the moon.
const (
	maxName   = 64
	maxDisks  = 8
	maxCPUs   = 64
	maxMemMiB = 1 << 20
)

// Check reports the first thing that is wrong with a record.
func (r *Record) Check() error {
	if _, err := ParseID(string(r.ID)); err != nil {
		return err
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: "+format, append([]any{r.ID}, args...)...)
	}
	switch {
	case len(r.Name) > maxName:
		return fail("name of %d bytes: at most %d", len(r.Name), maxName)
	case !r.Kind.Valid():
		return fail("type %q: want linux or windows", r.Kind)
	case !r.State.Valid():
		return fail("unknown state %q", r.State)
	case r.System != "" && r.System != Micro && r.System != Desktop:
		return fail("unknown system %q", r.System)
	case len(r.Storage.Disks) > maxDisks:
		return fail("%d disks: at most %d", len(r.Storage.Disks), maxDisks)
	case r.Devices.CPUs < 1 || r.Devices.CPUs > maxCPUs:
		return fail("vcpu %d: want 1 to %d", r.Devices.CPUs, maxCPUs)
	case r.Devices.MemMiB < 16 || r.Devices.MemMiB > maxMemMiB:
		return fail("memory_mb %d: want 16 to %d", r.Devices.MemMiB, maxMemMiB)
	}
	files := slices.Sorted(maps.Values(r.Storage.Disks))
	for _, f := range []string{r.Storage.Kernel, r.Storage.Initrd, r.Storage.Firmware, r.Storage.TPM} {
		if f != "" {
			files = append(files, f)
		}
	}
	if s := r.Saved; s != nil {
		files = append(files, s.File, s.RAM)
	}
	for _, f := range files {
		if err := CheckPath(f); err != nil {
			return fail("%w", err)
		}
	}
	if p := r.Process; p != nil && (p.PID <= 1 || p.Host < 0) {
		return fail("process %d: not a process id", p.PID)
	}
	if g := r.Geometry; g != nil {
		const far = 1 << 20
		for _, v := range [...]int32{g.X, g.Y, g.Width, g.Height} {
			if v < -far || v > far {
				return fail("geometry %d: out of range", v)
			}
		}
	}
	return nil
}

// clone returns a copy that shares nothing with r.
func (r *Record) clone() Record {
	c := *r
	c.Storage.Disks = maps.Clone(r.Storage.Disks)
	if r.Saved != nil {
		s := *r.Saved
		c.Saved = &s
	}
	if r.Process != nil {
		p := *r.Process
		c.Process = &p
	}
	if r.Geometry != nil {
		g := *r.Geometry
		c.Geometry = &g
	}
	return c
}
