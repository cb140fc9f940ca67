package vmm

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"rayos/internal/strictoml"
)

// maxPolicy is the largest policy file that is read.
const maxPolicy = 256 << 10

// PolicyError is a policy file that can't be obeyed.
type PolicyError struct {
	Path         string
	Line, Column int // 1-based; 0 when it is about the whole file
	Violation
}

func (e *PolicyError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s: %s", e.Path, e.Rule, e.Detail)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", e.Path, e.Line, e.Column, e.Rule, e.Detail)
}

// LoadPolicy reads a policy. A missing file is the default policy. When the
// file can't be obeyed the policy that comes with the error is safe: no
// machine may run.
func LoadPolicy(path string) (Policy, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Policy{}, nil
	}
	var data []byte
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(f, maxPolicy+1))
		f.Close()
	}
	if err != nil {
		return Policy{Safe: err.Error()}, fmt.Errorf("policy: %w", err)
	}
	p, err := ParsePolicy(data)
	if pe := (*PolicyError)(nil); errors.As(err, &pe) {
		pe.Path = path
	}
	if err != nil {
		p = Policy{Safe: err.Error()}
	}
	return p, err
}

// ParsePolicy reads a policy from memory. Its error is a *PolicyError.
func ParsePolicy(data []byte) (Policy, error) {
	fail := func(line, column int, rule, format string, args ...any) (Policy, error) {
		return Policy{}, &PolicyError{Path: "policy", Line: line, Column: column, Violation: Violation{rule, fmt.Sprintf(format, args...)}}
	}
	var file policyFile
	if err := strictoml.Decode(data, maxPolicy, &file); err != nil {
		var bad *strictoml.Error
		if !errors.As(err, &bad) {
			return fail(0, 0, "syntax", "%v", err)
		}
		return fail(bad.Line, bad.Column, bad.Key, "%s", bad.Detail)
	}
	if v := file.check(); v != nil {
		line, column := strictoml.Position(data, v.Rule)
		return fail(line, column, v.Rule, "%s", v.Detail)
	}
	return Policy{file: file}, nil
}

// check finds the first value that is out of range.
func (f *policyFile) check() *Violation {
	switch {
	case f.Version == nil:
		return &Violation{"version", "missing; this is version 0"}
	case *f.Version != 0:
		return &Violation{"version", fmt.Sprintf("%d is not supported; this program obeys version 0", *f.Version)}
	}
	if v := oneOf("defaults.networking", f.Defaults.Networking, NetOff, NetOn); v != nil {
		return v
	}
	if v := oneOf("logging.level", f.Logging.Level, "error", "warn", "info", "debug", "trace"); v != nil {
		return v
	}
	if v := between("limits.cpu_percent", f.Limits.CPUPercent, 1, 100); v != nil {
		return v
	}
	if v := between("limits.mem_mib", f.Limits.MemMiB, 64, maxMemMiB); v != nil {
		return v
	}
	if v := f.Linux.check("linux."); v != nil {
		return v
	}
	if v := f.Windows.check("windows."); v != nil {
		return v
	}
	if w := &f.Windows; or(w.Enabled, false) && !or(w.Devices.VTPM, true) {
		return &Violation{"windows.devices.vtpm", "must be true: Windows does not install without a TPM"}
	}
	ids := make([]string, 0, len(f.VM))
	for id := range f.VM {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		s := f.VM[id]
		if _, err := ParseID(id); err != nil {
			return &Violation{"vm." + id, err.Error()}
		}
		if s.VMID != "" {
			return &Violation{"vm." + id + ".vm_id", "the section's name is the id"}
		}
		if v := s.check("vm." + id + "."); v != nil {
			return v
		}
	}
	return nil
}

func (s *section) check(at string) *Violation {
	if s.VMID != "" {
		if _, err := ParseID(s.VMID); err != nil {
			return &Violation{at + "vm_id", err.Error()}
		}
	}
	for _, v := range []*Violation{
		oneOf(at+"networking", s.Networking, NetOff, NetOn, NetProvisioning),
		oneOf(at+"clipboard", s.Clipboard, ClipOff, ClipToGuest, ClipFromGuest, ClipBoth),
		oneOf(at+"devices.gpu", s.Devices.GPU, "virtio", "none"),
		between(at+"limits.cpus", s.Limits.CPUs, 1, maxCPUs),
		between(at+"limits.mem_mib", s.Limits.MemMiB, 64, maxMemMiB),
		between(at+"limits.cpu_percent", s.Limits.CPUPercent, 1, 100),
		inside(at+"storage.root_disk", s.Storage.RootDisk),
		inside(at+"storage.disk", s.Storage.Disk),
		inside(at+"storage.ovmf_vars", s.Storage.OVMFVars),
		inside(at+"storage.vtpm_state_dir", s.Storage.VTPMState),
	} {
		if v != nil {
			return v
		}
	}
	if or(s.Microphone, false) {
		return &Violation{at + "microphone", "can't be true: no machine hears"}
	}
	if s.Color != "" && !colorForm.MatchString(s.Color) {
		return &Violation{at + "color", fmt.Sprintf("%q: want \"#rrggbb\"", s.Color)}
	}
	if len(s.Shares) > maxShares {
		return &Violation{at + "shares", fmt.Sprintf("%d shares: at most %d", len(s.Shares), maxShares)}
	}
	tags := map[string]bool{}
	for _, sh := range s.Shares {
		if v := inside(at+"shares", sh.Path); v != nil || sh.Path == "" {
			return &Violation{at + "shares", fmt.Sprintf("path %q: want a folder below your home, without \"..\"", sh.Path)}
		}
		if _, err := ParseID(sh.Tag); err != nil || len(sh.Tag) > 31 {
			return &Violation{at + "shares", fmt.Sprintf("tag %q: want up to 31 of a-z, 0-9 and '-'", sh.Tag)}
		}
		if tags[sh.Tag] {
			return &Violation{at + "shares", fmt.Sprintf("tag %q: two shares have it", sh.Tag)}
		}
		tags[sh.Tag] = true
	}
	return nil
}

func oneOf[T ~string](rule string, v T, allowed ...T) *Violation {
	if v == "" || slices.Contains(allowed, v) {
		return nil
	}
	return &Violation{rule, fmt.Sprintf("%q: want one of %q", string(v), allowed)}
}

func between(rule string, v *int, lo, hi int) *Violation {
	if v == nil || *v >= lo && *v <= hi {
		return nil
	}
	return &Violation{rule, fmt.Sprintf("%d: want %d to %d", *v, lo, hi)}
}

func inside(rule, rel string) *Violation {
	if rel == "" {
		return nil
	}
	if err := CheckPath(rel); err != nil {
		return &Violation{rule, err.Error()}
	}
	return nil
}
