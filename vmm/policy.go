package vmm

import (
	"fmt"
	"regexp"
)

// Networking says when a machine has a network card at all.
type Networking string

// Networking values.
const (
	NetOff          Networking = "off"
	NetOn           Networking = "on"
	NetProvisioning Networking = "provisioning_only" // while its image is being made, never later
)

// Clipboard says which way text may go.
type Clipboard string

// Clipboard values.
const (
	ClipOff       Clipboard = "off"
	ClipToGuest   Clipboard = "to_guest"
	ClipFromGuest Clipboard = "from_guest"
	ClipBoth      Clipboard = "both"
)

// ToGuest reports whether the session's clipboard may be given to the guest.
func (c Clipboard) ToGuest() bool { return c == ClipToGuest || c == ClipBoth }

// FromGuest reports whether the guest's clipboard may reach the session.
func (c Clipboard) FromGuest() bool { return c == ClipFromGuest || c == ClipBoth }

// Policy is what machines may do, as a person wrote it.
type Policy struct {
	// Safe says why no machine may run: the policy could not be read. "" when
	// it could.
	Safe string
	file policyFile
}

// policyFile is version 0 of rayos-policy.toml.
type policyFile struct {
	Version  *int `toml:"version"`
	Defaults struct {
		Networking    Networking `toml:"networking"`
		PresentOnBoot bool       `toml:"present_on_boot"`
		Autoboot      *bool      `toml:"autoboot_vms"`
		Confined      bool       `toml:"require_confinement"`
	} `toml:"defaults"`
	Limits struct {
		CPUPercent *int `toml:"cpu_percent"`
		MemMiB     *int `toml:"mem_mib"`
	} `toml:"limits"`
	Logging struct {
		Level   string `toml:"level"`
		Persist *bool  `toml:"persist"`
	} `toml:"logging"`
	Linux   section            `toml:"linux"`
	Windows section            `toml:"windows"`
	VM      map[string]section `toml:"vm"`
}

// section is what may be said of a kind of machines, or of one.
type section struct {
	Enabled       *bool      `toml:"enabled"`
	VMID          string     `toml:"vm_id"`
	Autoboot      *bool      `toml:"autoboot"`
	PresentOnBoot *bool      `toml:"present_on_boot"`
	Networking    Networking `toml:"networking"`
	Clipboard     Clipboard  `toml:"clipboard"`
	Audio         *bool      `toml:"audio"`
	Microphone    *bool      `toml:"microphone"` // false, if anything: see check
	Color         string     `toml:"color"`
	Shares        []Share    `toml:"shares"`
	Limits        struct {
		CPUs       *int `toml:"cpus"`
		MemMiB     *int `toml:"mem_mib"`
		CPUPercent *int `toml:"cpu_percent"`
	} `toml:"limits"`
	Storage struct {
		RootDisk  string `toml:"root_disk"`
		Disk      string `toml:"disk"`
		OVMFVars  string `toml:"ovmf_vars"`
		VTPMState string `toml:"vtpm_state_dir"`
	} `toml:"storage"`
	Devices struct {
		Input *bool  `toml:"input"`
		GPU   string `toml:"gpu"`
		VTPM  *bool  `toml:"vtpm"`
	} `toml:"devices"`
}

// Share is a folder that a guest sees.
type Share struct {
	Path     string `toml:"path" json:"path"` // relative to the person's home
	Tag      string `toml:"tag" json:"tag"`   // its name in the guest
	Writable bool   `toml:"writable" json:"writable"`
}

// Effective is what applies to one machine: what it asks for, cut down to
// what the policy allows.
type Effective struct {
	Enabled       bool       `json:"enabled"`
	Autoboot      bool       `json:"autoboot"`
	PresentOnBoot bool       `json:"present_on_boot"`
	Networking    Networking `json:"networking"`
	// NetworkReason is "explicit" when the policy names the machine's
	// networking, else "default_off".
	NetworkReason string    `json:"networking_reason"`
	Clipboard     Clipboard `json:"clipboard"`
	Color         string    `json:"color,omitempty"` // "#rrggbb", or empty for the kind's
	Shares        []Share   `json:"shares,omitempty"`
	CPUs          int       `json:"cpus"`
	MemMiB        int       `json:"mem_mib"`
	CPUPercent    int       `json:"cpu_percent"` // of all the machine's CPUs together
	Input         bool      `json:"input"`
	GPU           bool      `json:"gpu"`
	Audio         bool      `json:"audio"` // a loudspeaker; none without GPU
	TPM           bool      `json:"vtpm"`
}

// Violation is something that the policy forbids.
type Violation struct {
	Rule   string // "linux.limits.mem_mib"
	Detail string
}

func (v *Violation) Error() string { return fmt.Sprintf("policy %s: %s", v.Rule, v.Detail) }

// Marker is the line that tells of it on the session's log.
func (v *Violation) Marker() string { return "RAYOS_POLICY_VIOLATION:" + v.Rule + ":" + v.Detail }

// Defaults that hold where the policy is silent.
const (
	defaultMemCap  = 12288 // MiB for one machine
	defaultLinux   = ID("linux-desktop-001")
	defaultWindows = ID("windows-desktop-001")
)

var colorForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// MainVM is the machine that "linux desktop" and "windows desktop" mean.
func (p *Policy) MainVM(k Kind) ID {
	switch {
	case k == Windows && p.file.Windows.VMID != "":
		return ID(p.file.Windows.VMID)
	case k == Windows:
		return defaultWindows
	case p.file.Linux.VMID != "":
		return ID(p.file.Linux.VMID)
	}
	return defaultLinux
}

// RequireConfinement reports whether no machine may run on a kernel that can't
// confine it wholly.
func (p *Policy) RequireConfinement() bool { return p.file.Defaults.Confined }

// PersistLogs reports whether logs may be kept on disk.
func (p *Policy) PersistLogs() bool { return or(p.file.Logging.Persist, true) }

// Effective is what applies to a machine.
func (p *Policy) Effective(rec *Record) Effective {
	kind := &p.file.Linux
	if rec.Kind == Windows {
		kind = &p.file.Windows
	}
	name := string(rec.ID)
	if rec.Profile != "" {
		name = rec.Profile
	}
	own := p.file.VM[name]

	e := Effective{
		Enabled:       p.Safe == "" && or(own.Enabled, or(kind.Enabled, true)),
		Autoboot:      or(own.Autoboot, or(kind.Autoboot, or(p.file.Defaults.Autoboot, true))),
		PresentOnBoot: or(own.PresentOnBoot, or(kind.PresentOnBoot, p.file.Defaults.PresentOnBoot)),
		Networking:    first(own.Networking, kind.Networking, p.file.Defaults.Networking),
		NetworkReason: "explicit",
		Clipboard:     first(own.Clipboard, kind.Clipboard, ClipOff),
		Color:         first(own.Color, kind.Color),
		Shares:        append(append([]Share(nil), kind.Shares...), own.Shares...),
		CPUs:          lower(rec.Devices.CPUs, kind.Limits.CPUs, own.Limits.CPUs),
		MemMiB:        lower(rec.Devices.MemMiB, p.file.Limits.MemMiB, kind.Limits.MemMiB, own.Limits.MemMiB),
		CPUPercent:    lower(100, p.file.Limits.CPUPercent, kind.Limits.CPUPercent, own.Limits.CPUPercent),
		Input:         or(own.Devices.Input, or(kind.Devices.Input, true)),
		GPU:           first(own.Devices.GPU, kind.Devices.GPU, "virtio") != "none",
		TPM:           rec.Devices.TPM || or(own.Devices.VTPM, or(kind.Devices.VTPM, rec.Kind == Windows)),
	}
	e.Audio = e.GPU && or(own.Audio, or(kind.Audio, false))
	if p.file.Limits.MemMiB == nil {
		e.MemMiB = min(e.MemMiB, defaultMemCap)
	}
	if e.Networking == "" {
		e.Networking, e.NetworkReason = NetOff, "default_off"
	}
	return e
}

// NetworkMarker is the line that says whether a machine gets a network, and
// why: of a run that makes its image, or of an ordinary one.
func (e *Effective) NetworkMarker(k Kind, provisioning bool) string {
	name := "LINUX_DESKTOP_NETWORK"
	if k == Windows {
		name = "WINDOWS_DESKTOP_NETWORK"
	}
	state, reason := "off", e.NetworkReason
	switch {
	case e.Networking == NetOn:
		state = "on"
	case e.Networking == NetProvisioning && provisioning, e.NetworkReason == "default_off" && provisioning:
		state, reason = "on", "auto_provisioning"
	}
	return "RAYOS_HOST_MARKER:" + name + ":" + state + ":" + reason
}

// Network reports whether a run of the machine gets a network card.
func (e *Effective) Network(provisioning bool) bool {
	return e.Networking == NetOn || provisioning && (e.Networking == NetProvisioning || e.NetworkReason == "default_off")
}

func or[T any](p *T, otherwise T) T {
	if p != nil {
		return *p
	}
	return otherwise
}

// first returns the first that is not the zero value.
func first[T comparable](vs ...T) (v T) {
	for _, c := range vs {
		if c != v {
			return c
		}
	}
	return v
}

func lower(v int, caps ...*int) int {
	for _, c := range caps {
		if c != nil {
			v = min(v, *c)
		}
	}
	return v
}
