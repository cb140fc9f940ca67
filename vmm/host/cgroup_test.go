package host

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestHierarchiesAreFound(t *testing.T) {
	const hybrid = `30 23 0:26 / /sys/fs/cgroup ro,nosuid shared:9 - tmpfs tmpfs ro,mode=755
31 30 0:27 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw,nsdelegate
34 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:15 - cgroup cgroup rw,cpu,cpuacct
35 30 0:31 / /sys/fs/cgroup/cpuset rw shared:16 - cgroup cgroup rw,cpuset
`
	for _, c := range []struct {
		name, groups, mounts string
		want                 []hierarchy
	}{
		{
			"v2", "0::/user.slice/user-1000.slice/session-2.scope\n", "24 23 0:22 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n",
			[]hierarchy{{"/sys/fs/cgroup", "/user.slice/user-1000.slice/session-2.scope", true}},
		},
		{
			"both", "4:cpu,cpuacct:/a\n3:cpuset:/c\n0::/b\n", hybrid,
			[]hierarchy{{"/sys/fs/cgroup/unified", "/b", true}, {"/sys/fs/cgroup/cpu,cpuacct", "/a", false}},
		},
		{
			"a container's part", "0::/box/in\n", "24 23 0:22 /box /sys/fs/cgroup rw - cgroup2 cgroup rw\n",
			[]hierarchy{{"/sys/fs/cgroup", "/in", true}},
		},
		{"outside of the mount", "0::/elsewhere\n", "24 23 0:22 /box /sys/fs/cgroup rw - cgroup2 cgroup rw\n", nil},
		{"none", "", "", nil},
		{"garbage", "0:\n:::\n9:cpu\n0::relative\n", "x - cgroup2\n1 2 3 4 5 6\n", nil},
	} {
		if got := parseHierarchies(c.groups, c.mounts); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v; want %+v", c.name, got, c.want)
		}
	}
}

func FuzzHierarchies(f *testing.F) {
	f.Add("0::/a\n2:cpu:/b\n", "24 23 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n")
	f.Fuzz(func(t *testing.T, groups, mounts string) {
		for _, h := range parseHierarchies(groups, mounts) {
			if !filepath.IsAbs(h.own) || h.own != filepath.Clean(h.own) {
				t.Errorf("own cgroup %q", h.own)
			}
			if len(h.ancestors()) > strings.Count(h.own, "/")+1 {
				t.Errorf("ancestors of %q: %q", h.own, h.ancestors())
			}
		}
	})
}

func TestCapsAreCompared(t *testing.T) {
	for text, want := range map[string]int{
		"150000 100000\n": 150000, "50000 50000": 100000, "10000 1000000": 1000,
		"max 100000": -1, "": -1, "1": -1, "1 0": -1, "-1 100000": -1, "9999999999999999 1": -1,
	} {
		got, ok := parseMax(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("parseMax(%q) = %d; want %d", text, got, want)
		}
	}
	if got := quota(4, 25); got != period {
		t.Errorf("a quarter of four CPUs is %d µs of %d", got, period)
	}
}

// tree writes files in the place of a hierarchy's.
func tree(t *testing.T, files map[string]string) hierarchy {
	t.Helper()
	h := hierarchy{mount: t.TempDir(), own: "/user/scope", v2: true}
	for name, text := range files {
		path := filepath.Join(h.mount, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// TestCapComesFromWhatThereIs: a cap above us is as good as one of ours, and
// without any the machine comes last.
func TestCapComesFromWhatThereIs(t *testing.T) {
	scope := func(limit string) []hierarchy {
		return []hierarchy{tree(t, map[string]string{"user/scope/cpu.max": limit, "user/cpu.max": "max 100000\n"})}
	}
	for _, c := range []struct {
		name    string
		percent int
		list    []hierarchy
		by      string
		nice    int
		detail  string
	}{
		{"all of it", 100, nil, CapNone, 0, "of its processors, 2"},
		{"a scope as low", 50, scope("100000 100000\n"), CapCgroup, 0, "100000 100000 of "},
		{"a scope that is lower", 50, scope("20000 100000\n"), CapCgroup, 0, "20000 100000 of "},
		{"a scope that gives more", 50, scope("100001 100000\n"), CapPriority, lowest, "no hard cap: "},
		{"nothing", 50, nil, CapPriority, lowest, "no hard cap: no cgroup"},
	} {
		got := capCPU("vm", 2, c.percent, c.list)
		if got.By != c.by || got.Nice != c.nice || got.Percent != c.percent || !strings.HasPrefix(got.Detail, c.detail) || got.procs != nil {
			t.Errorf("%s: %+v; want it by %s, %q", c.name, got, c.by, c.detail)
		}
	}
}

// TestCgroupIsMade makes a real one where this system lets us.
func TestCgroupIsMade(t *testing.T) {
	list, err := hierarchies()
	if err != nil {
		t.Fatal(err)
	}
	name := "rayos-test-" + filepath.Base(t.TempDir())
	c := capCPU(name, 1, 30, list)
	if c.procs == nil {
		t.Skipf("no cgroup can be made here: %+v", c)
	}
	t.Cleanup(func() {
		if err := os.Remove(c.Detail); err != nil {
			t.Error(err)
		}
	})
	defer c.procs.Close()
	text := ""
	for _, file := range []string{"cpu.max", "cpu.cfs_quota_us", "cpu.cfs_period_us"} {
		data, err := os.ReadFile(filepath.Join(c.Detail, file))
		if err == nil {
			text += string(data)
		}
	}
	if text != "30000 100000\n" && text != "30000\n100000\n" {
		t.Errorf("cap %q", text)
	}
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil || strings.Contains(string(own), name) {
		t.Errorf("we are in %s, %v; want to be back", own, err)
	}
	// Another run takes the same.
	again := capCPU(name, 1, 40, list)
	if again.procs == nil || again.Detail != c.Detail {
		t.Fatalf("again: %+v; before %+v", again, c)
	}
	again.procs.Close()
}
