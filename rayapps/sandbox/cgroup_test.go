package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// inGroup runs an attempt in a cgroup with limits; a machine that gives out no
// cgroup of that kind skips the test.
func inGroup(t *testing.T, l Limits, what string) (got string, st Status) {
	t.Helper()
	if raced {
		t.Skip("looking for races takes more memory and threads than apps are given")
	}
	b := newBox(t)
	name := fmt.Sprintf("rayos-test-%d-%s", os.Getpid(), strings.ToLower(t.Name()))
	b.launcher.Limit = func(pid int, l Limits) (Hold, error) {
		g, err := NewGroup(name, l)
		if err != nil {
			return Hold{}, err
		}
		if len(g.Lacks) > 0 {
			return Hold{}, fmt.Errorf("%v, %w", g.Lacks, g.Close())
		}
		if lacks := Unheld(pid, l); len(lacks) == 0 {
			t.Error("it is held before it is put there")
		}
		if err := g.Add(pid); err != nil {
			return Hold{}, fmt.Errorf("%w, %w", err, g.Close())
		}
		if lacks := Unheld(pid, l); len(lacks) != 0 {
			t.Errorf("it isn't held: %v", lacks)
		}
		return Hold{By: "cgroup", Release: func() {
			if err := g.Close(); err != nil {
				t.Error(err)
			}
		}}, nil
	}
	g, err := NewGroup(name, l)
	if err == nil && len(g.Lacks) > 0 {
		err = fmt.Errorf("%v", g.Lacks)
	}
	if err == nil {
		err = g.Add(os.Getpid() + 1<<22) // nobody's: the group is there, and takes no such process
		if err == nil {
			t.Error("a process that there isn't was put into a cgroup")
		}
		err = g.Close()
	}
	if err != nil {
		t.Skipf("no cgroup with %v can be made here: %v", l, err)
	}
	got = b.try(what, func(s *Spec) { s.Limits = l })
	return got, b.lastStatus
}

func TestMemoryIsLimited(t *testing.T) {
	// Of what is shared, too, which RLIMIT_DATA doesn't see.
	if got, _ := inGroup(t, Limits{MemoryMiB: 256}, "shared 128"); got != "done" {
		t.Errorf("less than the limit: %q", got)
	}
	if got, st := inGroup(t, Limits{MemoryMiB: 256}, "ended shared 400"); !strings.HasPrefix(got, "killed") || !slices.Contains(st.Has, "limits by cgroup: 256 MiB") {
		t.Errorf("more than the limit: %q, %+v", got, st)
	}
}

func TestTasksAreLimited(t *testing.T) {
	if got, _ := inGroup(t, Limits{Tasks: 64}, "ended threads 40"); got != "done" {
		t.Errorf("less than the limit: %q", got)
	}
	if got, _ := inGroup(t, Limits{Tasks: 64}, "ended threads 100"); !strings.HasPrefix(got, "killed") {
		t.Errorf("more than the limit: %q", got)
	}
}

func TestProcessorsAreLimited(t *testing.T) {
	if got, st := inGroup(t, Limits{CPUPercent: 20}, "throttled"); got != "done" {
		t.Errorf("a busy loop isn't held back: %q, %+v", got, st)
	}
}

// TestWithoutCgroup: the app runs, and it is told what it lacks.
func TestWithoutCgroup(t *testing.T) {
	b := newBox(t)
	b.launcher.Limit = func(int, Limits) (Hold, error) { return Hold{}, fmt.Errorf("no cgroup here") }
	if got := b.try("environment NOTHING", func(s *Spec) { s.Limits = Limits{Tasks: 200, CPUPercent: 50} }); got != "done" {
		t.Error(got)
	}
	if st := b.lastStatus; st.Level() != Partial || !slices.Contains(st.Lacks, "limits of 50 % of a processor, 200 tasks: no cgroup here") {
		t.Errorf("%+v", st)
	}
}

func TestTrees(t *testing.T) {
	root := t.TempDir()
	v2, mem := filepath.Join(root, "v2"), filepath.Join(root, "mem")
	own := filepath.Join(v2, "user", "app.slice")
	for _, dir := range []string{own, filepath.Join(mem, "x")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	trees := findTrees("4:memory:/x\n0::/user/app.slice\n3:cpu,cpuacct:/\nbad\n",
		"1 1 0:1 / "+v2+" rw - cgroup2 c rw\n2 1 0:2 / "+mem+" rw - cgroup c rw,memory\n3 1 0:3 /elsewhere /y rw - cgroup c rw,cpu\n4 1 0:4 / /z rw - tmpfs t rw\nbad\n")
	if got, want := fmt.Sprint(trees), fmt.Sprintf("[{%s /user/app.slice true []} {%s /x false [memory]}]", v2, mem); got != want {
		t.Errorf("%s; want %s", got, want)
	}
	// A folder that isn't the kernel's has no files of that name.
	if g, err := newGroup(trees, "a", Limits{Tasks: 1, MemoryMiB: 1}); err == nil || g != nil {
		t.Errorf("%+v, %v", g, err)
	}
	if left, err := filepath.Glob(filepath.Join(root, "*/*/a")); len(left) != 0 || err != nil {
		t.Errorf("left: %v, %v", left, err)
	}
	if _, err := newGroup(nil, "a", Limits{}); err == nil {
		t.Error("no limit made a cgroup")
	}
}

func FuzzTrees(f *testing.F) {
	f.Add("0::/a\n1:memory:/b", "1 1 0:1 / /c rw - cgroup2 c rw\n2 1 0:2 / /d rw - cgroup c rw,memory")
	f.Fuzz(func(t *testing.T, groups, mounts string) {
		for _, tr := range findTrees(groups, mounts) {
			if !filepath.IsAbs(tr.own) || strings.Contains(tr.own, "/../") {
				t.Errorf("%+v", tr)
			}
		}
	})
}
