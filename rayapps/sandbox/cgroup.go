package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Limits are what an app may use at most, all its threads together; 0 is no
// limit.
type Limits struct {
	MemoryMiB  int `json:"memory_mib,omitempty"`
	CPUPercent int `json:"cpu_percent,omitempty"` // of one processor
	Tasks      int `json:"tasks,omitempty"`       // threads
}

func (l Limits) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		form string
	}{{l.MemoryMiB, "%d MiB"}, {l.CPUPercent, "%d %% of a processor"}, {l.Tasks, "%d tasks"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf(p.form, p.n))
		}
	}
	return strings.Join(parts, ", ")
}

// cpuPeriod is the time in which a share of the processors is given, in
// microseconds: the kernel's own default.
const cpuPeriod = 100_000

// controller is a kind of limit, in both versions of cgroups.
type controller struct {
	name   string
	v2, v1 func(Limits) map[string]string // files and what is written to them; nil for no limit
}

func one(n int, file, value string) map[string]string {
	if n == 0 {
		return nil
	}
	return map[string]string{file: value}
}

var controllers = []controller{
	{
		"memory",
		func(l Limits) map[string]string {
			return one(l.MemoryMiB, "memory.max", strconv.FormatInt(int64(l.MemoryMiB)<<20, 10))
		},
		func(l Limits) map[string]string {
			return one(l.MemoryMiB, "memory.limit_in_bytes", strconv.FormatInt(int64(l.MemoryMiB)<<20, 10))
		},
	},
	{
		"cpu",
		func(l Limits) map[string]string {
			return one(l.CPUPercent, "cpu.max", fmt.Sprintf("%d %d", l.CPUPercent*cpuPeriod/100, cpuPeriod))
		},
		func(l Limits) map[string]string {
			return one(l.CPUPercent, "cpu.cfs_quota_us", strconv.Itoa(l.CPUPercent*cpuPeriod/100))
		},
	},
	{
		"pids",
		func(l Limits) map[string]string { return one(l.Tasks, "pids.max", strconv.Itoa(l.Tasks)) },
		func(l Limits) map[string]string { return one(l.Tasks, "pids.max", strconv.Itoa(l.Tasks)) },
	},
}

// Group is a cgroup that holds processes to limits, made below our own or above
// it, wherever the kernel lets us.
type Group struct {
	dirs []string
	// Lacks are the limits that could not be had, with reasons.
	Lacks []string
}

// NewGroup makes a cgroup of a name that is free. With an error there is none
// at all.
func NewGroup(name string, l Limits) (*Group, error) {
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, fmt.Errorf("cgroup: %w", err)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("cgroup: %w", err)
	}
	return newGroup(findTrees(string(groups), string(mounts)), name, l)
}

func newGroup(trees []tree, name string, l Limits) (*Group, error) {
	g := &Group{}
	for _, c := range controllers {
		if c.v2(l) == nil {
			continue
		}
		err := errors.New("the kernel has no such cgroups here")
		for _, t := range trees {
			if !t.v2 && !slices.Contains(t.controllers, c.name) {
				continue
			}
			var dir string
			if dir, err = t.limit(c, name, l); err == nil {
				if !slices.Contains(g.dirs, dir) {
					g.dirs = append(g.dirs, dir)
				}
				break
			}
		}
		if err != nil {
			g.Lacks = append(g.Lacks, c.name+": "+err.Error())
		}
	}
	if g.dirs == nil {
		return nil, fmt.Errorf("cgroup: %s", strings.Join(g.Lacks, "; "))
	}
	return g, nil
}

// Add puts a process into the group, with what it will start.
func (g *Group) Add(pid int) error {
	for _, dir := range g.dirs {
		if err := writeKernel(filepath.Join(dir, "cgroup.procs"), strconv.Itoa(pid)); err != nil {
			return fmt.Errorf("cgroup: %w", err)
		}
	}
	return nil
}

// Close removes the group, when its processes have ended.
func (g *Group) Close() error {
	var errs []error
	for _, dir := range g.dirs {
		errs = append(errs, os.Remove(dir))
	}
	return errors.Join(errs...)
}

// tree is a mounted hierarchy of cgroups, and our place in it.
type tree struct {
	mount       string // its folder
	own         string // our cgroup, below mount
	v2          bool
	controllers []string // of one of the first version
}

// findTrees reads cgroups(7)'s /proc/self/cgroup and proc_pid_mountinfo(5), the
// second version first.
func findTrees(groups, mounts string) (trees []tree) {
	places := map[string]string{} // by controller; "" is the second version
	for line := range strings.Lines(groups) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(f) != 3 || !strings.HasPrefix(f[2], "/") {
			continue
		}
		for c := range strings.SplitSeq(f[1], ",") {
			places[c] = f[2]
		}
	}
	for line := range strings.Lines(mounts) {
		left, right, ok := strings.Cut(line, " - ")
		at, kind := strings.Fields(left), strings.Fields(right)
		if !ok || len(at) < 5 || len(kind) < 3 {
			continue
		}
		t := tree{mount: at[4], v2: kind[0] == "cgroup2"}
		place, known := places[""]
		if kind[0] == "cgroup" {
			known = false
			for c := range strings.SplitSeq(kind[2], ",") {
				if p, ok := places[c]; ok && c != "" {
					place, known = p, true
					t.controllers = append(t.controllers, c)
				}
			}
		} else if !t.v2 {
			continue
		}
		// Of a mount that shows a part of the hierarchy we see ours below it.
		rel, err := filepath.Rel(at[3], place)
		if !known || err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
			continue
		}
		t.own = filepath.Join("/", rel)
		if t.v2 {
			trees = slices.Insert(trees, 0, t)
		} else {
			trees = append(trees, t)
		}
	}
	return trees
}

// limit makes a cgroup with one limit, in our own or the nearest above it that
// takes one.
func (t *tree) limit(c controller, name string, l Limits) (dir string, err error) {
	for own := t.own; ; own = filepath.Dir(own) {
		parent := filepath.Join(t.mount, own)
		dir = filepath.Join(parent, name)
		var errs error
		files := c.v1(l)
		if t.v2 {
			files = c.v2(l)
			errs = enable(parent, c.name)
		}
		made := false
		if errs == nil {
			errs = os.Mkdir(dir, 0o755)
			made = errs == nil
			if errors.Is(errs, os.ErrExist) {
				errs = nil // another limit's, of the same app
			}
		}
		for file, value := range files {
			if errs == nil {
				errs = writeKernel(filepath.Join(dir, file), value)
			}
		}
		if errs == nil {
			return dir, nil
		}
		if made {
			errs = errors.Join(errs, os.Remove(dir))
		}
		if err == nil {
			err = errs // that of our own says the most
		}
		if own == "/" {
			return "", err
		}
	}
}

// enable lets the cgroups in a folder have limits of a kind.
func enable(dir, name string) error {
	have, err := os.ReadFile(filepath.Join(dir, "cgroup.subtree_control"))
	if err != nil || slices.Contains(strings.Fields(string(have)), name) {
		return err
	}
	return writeKernel(filepath.Join(dir, "cgroup.subtree_control"), "+"+name)
}

// writeKernel writes to a file that is there: the kernel's are neither made nor
// truncated.
func writeKernel(path, value string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(value)
	return errors.Join(err, f.Close())
}

// Unheld returns the limits that the cgroups of a process don't have, though
// somebody was asked for them.
func Unheld(pid int, l Limits) (lacks []string) {
	groups, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return []string{"cgroup: " + err.Error()}
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return []string{"cgroup: " + err.Error()}
	}
	trees := findTrees(string(groups), string(mounts))
	for _, c := range controllers {
		held := c.v2(l) == nil
		for _, t := range trees {
			files := c.v1(l)
			if t.v2 {
				files = c.v2(l)
			}
			for file, want := range files {
				got, err := os.ReadFile(filepath.Join(t.mount, t.own, file))
				held = held || err == nil && strings.TrimSpace(string(got)) == want
			}
		}
		if !held {
			lacks = append(lacks, c.name+": the cgroup doesn't have it")
		}
	}
	return lacks
}
