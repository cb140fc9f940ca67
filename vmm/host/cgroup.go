package host

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// CPUCap is how the share of the host's processors that policy gives a machine
// is enforced.
type CPUCap struct {
	Percent int    `json:"percent"` // of all the machine's CPUs together
	By      string `json:"by"`      // CapCgroup and its like
	Detail  string `json:"detail,omitempty"`
	Nice    int    `json:"nice,omitempty"` // of QEMU
	FD      int    `json:"fd,omitempty"`   // of a cgroup's cgroup.procs, between stages of rayos-vm

	procs *os.File // the same
}

// Ways to enforce a cap.
const (
	CapNone     = "none"     // there is none: all of the machine's CPUs
	CapCgroup   = "cgroup"   // the kernel gives no more
	CapPriority = "priority" // no cgroup can be had: who else wants the processor comes first
)

// lowest is the priority of a machine that can't be capped.
const lowest = 19

// period is the time in which a share is given, in microseconds: the kernel's
// own default.
const period = 100_000

// quota is what a machine of so many CPUs may use of each period, in
// microseconds.
func quota(cpus, percent int) int { return cpus * percent * (period / 100) }

// capCPU caps what QEMU may use of the processors: by a cgroup above us that
// caps us already, or by one of its own in the place of hierarchy h.
func capCPU(name string, cpus, percent int, list []hierarchy) CPUCap {
	if percent >= 100 {
		return CPUCap{Percent: 100, By: CapNone, Detail: fmt.Sprintf("of its processors, %d", cpus)}
	}
	c := CPUCap{Percent: percent, By: CapCgroup}
	want := quota(cpus, percent)
	var errs []error
	for _, h := range list {
		if at := h.capped(want); at != "" {
			c.Detail = at
			return c
		}
		at, procs, err := h.make(name, want)
		if err == nil {
			c.Detail, c.procs, c.FD = at, procs, int(procs.Fd())
			return c
		}
		errs = append(errs, err)
	}
	why := "no cgroup"
	if err := errors.Join(errs...); err != nil {
		why = strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	return CPUCap{Percent: percent, By: CapPriority, Nice: lowest, Detail: "no hard cap: " + why}
}

// inherit takes over the descriptor that an earlier stage has opened.
func (c *CPUCap) inherit() error {
	if c.FD == 0 {
		return nil
	}
	unix.CloseOnExec(c.FD)
	c.procs = os.NewFile(uintptr(c.FD), "cgroup.procs")
	if c.procs == nil {
		return fmt.Errorf("%s: descriptor %d", foundFlag, c.FD)
	}
	return nil
}

// hierarchy is a tree of cgroups that can cap processors, and our place in it.
type hierarchy struct {
	mount string // its folder
	own   string // our cgroup, below mount
	v2    bool
}

// hierarchies finds those of this process, cgroup v2 first.
func hierarchies() ([]hierarchy, error) {
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	return parseHierarchies(string(groups), string(mounts)), nil
}

// parseHierarchies reads cgroup(7)'s /proc/self/cgroup and proc_pid_mountinfo(5).
func parseHierarchies(groups, mounts string) (list []hierarchy) {
	var v1, v2 string
	for line := range strings.Lines(groups) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(fields) != 3 || !strings.HasPrefix(fields[2], "/") {
			continue
		}
		switch {
		case fields[0] == "0" && fields[1] == "":
			v2 = fields[2]
		case contains(fields[1], "cpu"):
			v1 = fields[2]
		}
	}
	for line := range strings.Lines(mounts) {
		left, right, ok := strings.Cut(line, " - ")
		mount, kind := strings.Fields(left), strings.Fields(right)
		if !ok || len(mount) < 5 || len(kind) < 3 {
			continue
		}
		root, at := mount[3], mount[4]
		h := hierarchy{mount: at}
		switch {
		case kind[0] == "cgroup2" && v2 != "":
			h.own, h.v2 = v2, true
		case kind[0] == "cgroup" && v1 != "" && contains(kind[2], "cpu"):
			h.own = v1
		default:
			continue
		}
		// Of a mount that shows a part of the tree we see ours below it.
		own, err := filepath.Rel(root, h.own)
		if err != nil || own == ".." || strings.HasPrefix(own, "../") {
			continue
		}
		h.own = filepath.Join("/", own)
		if h.v2 {
			list = append([]hierarchy{h}, list...)
		} else {
			list = append(list, h)
		}
	}
	return list
}

func contains(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if w == word {
			return true
		}
	}
	return false
}

// ancestors are our cgroup and those above it, the nearest first.
func (h *hierarchy) ancestors() (dirs []string) {
	for own := h.own; ; own = filepath.Dir(own) {
		dirs = append(dirs, filepath.Join(h.mount, own))
		if own == "/" {
			return dirs
		}
	}
}

// capped names the cgroup that gives us no more than want already.
func (h *hierarchy) capped(want int) string {
	if !h.v2 {
		return "" // one of ours is made as easily
	}
	for _, dir := range h.ancestors() {
		data, err := os.ReadFile(filepath.Join(dir, "cpu.max"))
		if err != nil {
			continue
		}
		if have, ok := parseMax(string(data)); ok && have <= want {
			return fmt.Sprintf("%s of %s", strings.TrimSpace(string(data)), dir)
		}
	}
	return ""
}

// parseMax reads a cpu.max, "150000 100000", as microseconds of our period.
func parseMax(text string) (int, bool) {
	fields := strings.Fields(text)
	if len(fields) != 2 {
		return 0, false
	}
	most, err := strconv.Atoi(fields[0])
	each, eerr := strconv.Atoi(fields[1])
	if err != nil || eerr != nil || most < 0 || each <= 0 || most > 1<<40 {
		return 0, false // "max" is no cap
	}
	return most * period / each, true
}

// make makes a cgroup, or takes the one of an earlier run, and proves that a
// process can be put there: us, for a moment.
func (h *hierarchy) make(name string, want int) (at string, procs *os.File, err error) {
	for _, dir := range h.ancestors() {
		if procs, err = h.makeIn(dir, name, want); err == nil {
			return filepath.Join(dir, name), procs, nil
		}
	}
	return "", nil, err
}

func (h *hierarchy) makeIn(dir, name string, want int) (*os.File, error) {
	if h.v2 {
		if err := enable(dir); err != nil {
			return nil, err
		}
	}
	at := filepath.Join(dir, name)
	if err := os.Mkdir(at, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	set := func(file, value string) error {
		// Neither made nor truncated: these are the kernel's.
		f, err := os.OpenFile(filepath.Join(at, file), os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteString(value)
		return errors.Join(err, f.Close())
	}
	var err error
	if h.v2 {
		err = set("cpu.max", fmt.Sprintf("%d %d", want, period))
	} else if err = set("cpu.cfs_period_us", strconv.Itoa(period)); err == nil {
		err = set("cpu.cfs_quota_us", strconv.Itoa(want))
	}
	if err != nil {
		return nil, err
	}
	procs, err := os.OpenFile(filepath.Join(at, "cgroup.procs"), os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	if err := h.visit(procs); err != nil {
		return nil, errors.Join(err, procs.Close())
	}
	return procs, nil
}

// visit goes to a cgroup and back.
func (h *hierarchy) visit(procs *os.File) error {
	back, err := os.OpenFile(filepath.Join(h.mount, h.own, "cgroup.procs"), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer back.Close()
	if _, err := procs.WriteString("0"); err != nil {
		return err
	}
	_, err = back.WriteString("0")
	return err
}

// enable lets the cgroups in dir have caps.
func enable(dir string) error {
	path := filepath.Join(dir, "cgroup.subtree_control")
	data, err := os.ReadFile(path)
	if err != nil || bytes.Contains(append([]byte(" "), bytes.ReplaceAll(data, []byte("\n"), []byte(" "))...), []byte(" cpu ")) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("+cpu")
	return errors.Join(err, f.Close())
}

// ownCap caps the machine's processors as policy says.
func (m *Machine) ownCap() (CPUCap, error) {
	list, err := hierarchies()
	if err != nil {
		return CPUCap{}, fmt.Errorf("CPU cap: %w", err)
	}
	return capCPU("rayos-vm-"+m.UUID[:8]+"-"+string(m.ID), m.CPUs, m.Percent, list), nil
}
