package vmm

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// damages calls fn with data damaged in each way: every byte changed in its
// lowest and highest bit, and cut at every length.
func damages(data []byte, fn func(bad []byte)) {
	for i := range data {
		for _, mask := range []byte{0x01, 0x80} {
			bad := bytes.Clone(data)
			bad[i] ^= mask
			fn(bad)
		}
		fn(data[:i:i])
	}
}

// files are the contents of a folder, without locks.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, p := range paths {
		if filepath.Ext(p) == ".lock" {
			continue
		}
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(p)] = string(b)
	}
	return all
}

// TestRegistryCorruptedOnTheDisk opens a registry that is damaged in every
// place. Either the machines are those that were written, or those of the
// backup, and that is said; nothing is changed by looking.
func TestRegistryCorruptedOnTheDisk(t *testing.T) {
	root := testRoot(t)
	r := open(t, root)
	if err := r.Add(sampleRecord()); err != nil {
		t.Fatal(err)
	}
	if err := r.Update("linux-desktop-001", func(rec *Record) error { rec.Name = "newer"; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(root.Registry())
	if err != nil {
		t.Fatal(err)
	}
	newer, older := sampleRecord(), sampleRecord()
	newer.Name = "newer"
	dir := filepath.Dir(root.Registry())
	n, recovered := 0, 0
	damages(good, func(bad []byte) {
		n++
		if err := os.WriteFile(root.Registry(), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		before := files(t, dir)
		r, err := OpenRegistry(root)
		if err != nil {
			t.Fatalf("%q: %v; want the backup", bad, err)
		}
		want := newer
		if r.Recovered != "" {
			recovered++
			want = older
		}
		list := r.List()
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		rec, err := ReadRecord(root, want.ID)
		if diff := cmp.Diff([]Record{want, want}, append(list, rec)); diff != "" || err != nil {
			t.Fatalf("%q, recovered %q, %v: (-want +got)\n%s", bad, r.Recovered, err, diff)
		}
		if after := files(t, dir); !maps.Equal(before, after) {
			t.Fatalf("%q: looking changed the files %q", bad, slices.Sorted(maps.Keys(after)))
		}
	})
	if recovered < n/2 {
		t.Errorf("%d of %d damages were seen", recovered, n)
	}
}

// TestRegistryWithoutBackupRunsNothing damages both files: there is an error and
// no machine, and both stay for whoever repairs them.
func TestRegistryWithoutBackupRunsNothing(t *testing.T) {
	root := testRoot(t)
	rec := sampleRecord()
	good, err := encodeRegistry(map[ID]*Record{rec.ID: &rec})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(root.Registry())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	damages(good, func(bad []byte) {
		if _, err := decodeRegistry(bad); err == nil {
			return // space between values
		}
		for _, name := range []string{root.Registry(), root.Registry() + ".bak"} {
			if err := os.WriteFile(name, bad, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before := files(t, dir)
		if r, err := OpenRegistry(root); err == nil {
			t.Fatalf("%q: opened with %v", bad, r.List())
		}
		if after := files(t, dir); !maps.Equal(before, after) {
			t.Fatalf("%q: looking changed the files %q", bad, slices.Sorted(maps.Keys(after)))
		}
	})
}

// TestPolicyCorruptedOnTheDisk loads a policy that is damaged in every place.
// Either all of it can be obeyed, or no machine may run, and the file stays.
func TestPolicyCorruptedOnTheDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.toml")
	rec := sampleRecord()
	safe := 0
	damages([]byte(samplePolicy), func(bad []byte) {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := LoadPolicy(path)
		if (err != nil) != (p.Safe != "") {
			t.Fatalf("%q: safe %q, %v", bad, p.Safe, err)
		}
		e := p.Effective(&rec)
		if err != nil {
			safe++
			if e.Enabled {
				t.Fatalf("%q: %+v in spite of %v", bad, e, err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, bad) {
			t.Fatalf("%q: the file was changed to %q, %v", bad, got, err)
		}
	})
	if safe < len(samplePolicy) {
		t.Errorf("%d damages were seen", safe)
	}
}
