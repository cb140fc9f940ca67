package vmm

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func testRoot(t *testing.T) Root {
	t.Helper()
	root, err := NewRoot(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func open(t *testing.T, root Root) *Registry {
	t.Helper()
	r, err := OpenRegistry(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func sampleRecord() Record {
	return Record{
		ID: "linux-desktop-001", Name: "Linux desktop", Kind: Linux, State: Running,
		Storage: Storage{Disks: map[string]string{"root": "vm/linux/linux-desktop-001/disk/root.ext4"}},
		Devices: Devices{CPUs: 2, MemMiB: 1024},
		Process: &Process{PID: 4711, Start: 12, BootID: "b", UUID: "u", Version: "7.2.22"},
		Saved: &SavedState{
			Tag: "pre-stop-1", File: "vm/linux/linux-desktop-001/state/s", RAM: "vm/linux/linux-desktop-001/state/ram",
			Created: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Generation: 3, QEMU: "7.2.22", Consumed: true,
		},
		Geometry:   &Geometry{X: -20, Y: 10, Width: 1280, Height: 800},
		Generation: 3,
	}
}

func TestRegistryKeepsRecords(t *testing.T) {
	root := testRoot(t)
	r := open(t, root)
	want := sampleRecord()
	if err := r.Add(want); err != nil {
		t.Fatal(err)
	}
	if err := r.Add(want); err == nil {
		t.Error("an id was given twice")
	}
	state, err := r.Apply(want.ID, Shutdown, func(rec *Record) { rec.Process.PID = 4712 })
	if err != nil || state != Stopping {
		t.Fatalf("Apply = %v, %v; want stopping", state, err)
	}
	if _, err := r.Apply(want.ID, Resume, nil); err == nil {
		t.Error("a stopping machine resumed")
	}
	if err := r.Update("nobody", nil); !errors.Is(err, ErrNoVM) {
		t.Errorf("Update(nobody) = %v; want ErrNoVM", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	want.State, want.Process.PID = Stopping, 4712
	r = open(t, root)
	if diff := cmp.Diff([]Record{want}, r.List()); diff != "" || r.Recovered != "" {
		t.Errorf("read back (-want +got), recovered %q:\n%s", r.Recovered, diff)
	}
	rec, _ := r.Get(want.ID)
	rec.Storage.Disks["root"] = "x"
	rec.Process.PID = 1
	if again, _ := r.Get(want.ID); again.Process.PID != 4712 || again.Storage.Disks["root"] == "x" {
		t.Error("Get hands out the registry's own record")
	}
}

func TestRegistryHasOneWriter(t *testing.T) {
	root := testRoot(t)
	r := open(t, root)
	if _, err := OpenRegistry(root); !errors.Is(err, ErrRegistryBusy) {
		t.Errorf("second OpenRegistry = %v; want ErrRegistryBusy", err)
	}
	r.Close()
	open(t, root)
}

func TestRefusedChangeChangesNothing(t *testing.T) {
	root := testRoot(t)
	r := open(t, root)
	if err := r.Add(sampleRecord()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(root.Registry())
	for name, f := range map[string]func(*Record) error{
		"own error":    func(rec *Record) error { rec.Name = "x"; return errors.New("no") },
		"absolute":     func(rec *Record) error { rec.Storage.Disks["root"] = "/dev/sda"; return nil },
		"dots":         func(rec *Record) error { rec.Saved.File = "vm/../../x"; return nil },
		"option":       func(rec *Record) error { rec.Storage.Kernel = "a,file.locking=off"; return nil },
		"memory":       func(rec *Record) error { rec.Devices.MemMiB = 1 << 30; return nil },
		"state":        func(rec *Record) error { rec.State = "flying"; return nil },
		"id":           func(rec *Record) error { rec.ID = "other"; return nil },
		"pid":          func(rec *Record) error { rec.Process.PID = -1; return nil },
		"far geometry": func(rec *Record) error { rec.Geometry.X = 1 << 30; return nil },
	} {
		if err := r.Update("linux-desktop-001", f); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	after, _ := os.ReadFile(root.Registry())
	if rec, _ := r.Get("linux-desktop-001"); !bytes.Equal(before, after) || rec.Name != "Linux desktop" {
		t.Error("a refused change left traces")
	}
}

// TestRegistryDamagedAtEveryByte damages the file at every byte: the backup
// is used, the damaged file is kept.
func TestRegistryDamagedAtEveryByte(t *testing.T) {
	root := testRoot(t)
	r := open(t, root)
	if err := r.Add(sampleRecord()); err != nil {
		t.Fatal(err)
	}
	if err := r.Update("linux-desktop-001", func(rec *Record) error { rec.Name = "newer"; return nil }); err != nil {
		t.Fatal(err)
	}
	r.Close()
	good, err := os.ReadFile(root.Registry())
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x15
		vms, err := decodeRegistry(bad)
		if err == nil && !bytes.Contains(good[max(0, i-1):i+1], []byte{' '}) && good[i] != '\n' {
			t.Fatalf("byte %d (%q → %q) changed and nobody saw it: %v", i, good[i], bad[i], vms)
		}
	}
	for _, cut := range []int{0, 1, len(good) / 2, len(good) - 3} {
		if err := os.WriteFile(root.Registry(), good[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		r := open(t, root)
		if rec, err := r.Get("linux-desktop-001"); err != nil || rec.Name != "Linux desktop" || r.Recovered == "" {
			t.Errorf("cut at %d: %v, %v, recovered %q; want the backup", cut, rec.Name, err, r.Recovered)
		}
		if got, _ := os.ReadFile(root.Registry()); !bytes.Equal(got, good[:cut]) {
			t.Errorf("cut at %d: opening changed the file", cut)
		}
		r.Close()
	}
	r = open(t, root)
	if err := r.Update("linux-desktop-001", func(rec *Record) error { rec.Name = "newest"; return nil }); err != nil {
		t.Fatal(err)
	}
	if kept, _ := os.ReadFile(root.Registry() + ".damaged"); !bytes.Equal(kept, good[:len(good)-3]) {
		t.Error("the damaged file was not kept")
	}
	if vms, err := readRegistry(root.Registry()); err != nil || vms["linux-desktop-001"].Name != "newest" {
		t.Errorf("after recovery: %v, %v", vms, err)
	}
}

func TestUnknownVersionIsLeftAlone(t *testing.T) {
	root := testRoot(t)
	path := root.Registry()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"version":2,"vms":{},"new":true}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := OpenRegistry(root); err == nil {
		t.Errorf("OpenRegistry = %v; want an error", r.List())
	}
	if got, _ := os.ReadFile(path); string(got) != text {
		t.Error("the file was changed")
	}
}

func TestEditedByHand(t *testing.T) {
	text := `{"version":1,"vms":{"a":{"id":"a","name":"A","type":"linux","state":"stopped","storage":{"disks":null},
		"devices":{"vcpu":1,"memory_mb":64,"network":false,"tpm":false},"disk_generation":0}}}`
	if vms, err := decodeRegistry([]byte(text)); err != nil || vms["a"].Name != "A" {
		t.Errorf("decodeRegistry = %v, %v", vms, err)
	}
	for _, bad := range []string{
		strings.Replace(text, `"id":"a"`, `"id":"b"`, 1),
		strings.Replace(text, `"vcpu":1`, `"vcpu":0`, 1),
		strings.Replace(text, `"name"`, `"nam"`, 1),
		text + "{}",
		`{"version":1,"vms":{"a":null}}`,
	} {
		if vms, err := decodeRegistry([]byte(bad)); err == nil {
			t.Errorf("decodeRegistry(%s) = %v; want an error", bad, vms)
		}
	}
}

func FuzzDecodeRegistry(f *testing.F) {
	rec := sampleRecord()
	data, err := encodeRegistry(map[ID]*Record{rec.ID: &rec})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"version":1,"vms":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		vms, err := decodeRegistry(data)
		if err != nil {
			return
		}
		again, err := encodeRegistry(vms)
		if err != nil {
			return // grown over the limit by indentation
		}
		if back, err := decodeRegistry(again); err != nil || !cmp.Equal(back, vms) {
			t.Errorf("read back %v, %v; want %v", back, err, vms)
		}
	})
}

func BenchmarkUpdate(b *testing.B) {
	root, err := NewRoot(b.TempDir(), "")
	if err != nil {
		b.Fatal(err)
	}
	r, err := OpenRegistry(root)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	if err := r.Add(sampleRecord()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := r.Update("linux-desktop-001", func(rec *Record) error { rec.Generation++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
