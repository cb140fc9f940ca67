package confine

import (
	"fmt"
	"strings"
)

// Rules say what a process may do. Paths are absolute; a folder stands for all
// that is in it. Of Read and Run what isn't there is left out: systems keep
// libraries in different places.
type Rules struct {
	Read    []string `json:"read,omitempty"`    // files and folders to read
	Run     []string `json:"run,omitempty"`     // programs to read and execute
	Write   []string `json:"write,omitempty"`   // files to read and write; folders to also make and remove files in
	Devices []string `json:"devices,omitempty"` // to read, write and control
	Network bool     `json:"network,omitempty"` // sockets of the Internet
	// Ports, if there are any, are those that TCP may connect to, and it serves
	// none; Datagrams then says whether UDP is there at all.
	Ports     []uint16 `json:"ports,omitempty"`
	Datagrams bool     `json:"datagrams,omitempty"`
	Local     bool     `json:"local,omitempty"`  // Unix sockets, made and connected by path
	Spawn     bool     `json:"spawn,omitempty"`  // processes of its own, and signals to others
	Owners    bool     `json:"owners,omitempty"` // owners and extended attributes of files
	Files     uint64   `json:"files,omitempty"`  // descriptors at most; 0 leaves the limit
}

// LandlockPorts is the version of Landlock that knows ports of TCP.
const LandlockPorts = 4

// Support is what a kernel can do.
type Support struct {
	Landlock int  `json:"landlock"` // version of its interface, 0 without
	Seccomp  bool `json:"seccomp"`
}

// Whole reports whether all kinds of rules are enforced: files by their
// content's every change (Landlock 3 knows truncation) and system calls.
func (s Support) Whole() bool { return s.Landlock >= 3 && s.Seccomp }

// String is "landlock 7, seccomp", or "nothing".
func (s Support) String() string {
	var parts []string
	if s.Landlock > 0 {
		parts = append(parts, fmt.Sprintf("landlock %d", s.Landlock))
	}
	if s.Seccomp {
		parts = append(parts, "seccomp")
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// Detect asks the kernel.
func Detect() Support {
	return Support{Landlock: landlockVersion(), Seccomp: seccompWorks()}
}
