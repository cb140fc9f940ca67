package kvm

import (
	"encoding/json"
	"os"
	"strings"

	"rayos/internal/atomicfile"
)

// Device is where the kernel offers virtual machines.
const Device = "/dev/kvm"

// Verdict is what a probe has found.
type Verdict struct {
	Usable bool   `json:"usable"`
	Reason string `json:"reason"` // in a few words, for people and markers
	// Ran reports whether a guest was run: what it did holds until the next
	// boot, while a permission can be given at any time.
	Ran bool `json:"ran"`
}

func no(reason string) Verdict { return Verdict{Reason: reason} }

// cached is a verdict on file.
type cached struct {
	Verdict
	BootID string `json:"boot_id"`
}

// maxCache is the largest file that is read, in bytes.
const maxCache = 4 << 10

// Cached is [Probe], whose verdict it keeps in a file until the next boot. A
// file that can't be read or written costs another probe and nothing else; err
// says why it could not be written.
func Cached(device, file string) (v Verdict, err error) {
	boot, err := bootID()
	if err != nil {
		return Probe(device), err
	}
	if v, ok := read(file, boot); ok && accessible(device) {
		return v, nil
	}
	v = Probe(device)
	if !v.Ran {
		return v, nil
	}
	return v, write(file, cached{v, boot})
}

// accessible reports whether a verdict about the device still matters.
func accessible(device string) bool {
	f, err := os.OpenFile(device, os.O_RDWR, 0)
	return err == nil && f.Close() == nil
}

func read(file, boot string) (Verdict, bool) {
	st, err := os.Stat(file)
	if err != nil || st.Size() > maxCache {
		return Verdict{}, false
	}
	data, err := os.ReadFile(file)
	var c cached
	if err != nil || json.Unmarshal(data, &c) != nil {
		return Verdict{}, false
	}
	return c.Verdict, c.Ran && c.BootID == boot && c.Reason != ""
}

func write(file string, c cached) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return atomicfile.Write(file, append(data, '\n'))
}

func bootID() (string, error) {
	data, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(data)), err
}
