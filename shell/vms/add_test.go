package vms

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/vmm"
)

func TestDisksThatMachinesCanHave(t *testing.T) {
	dir := t.TempDir()
	file := func(name, head string, size int64) string {
		path := filepath.Join(dir, name)
		write(t, path, head)
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		path   string
		format string
		err    error
		why    string
	}{
		{file("a.img", "", 1<<20), "raw", nil, ""},
		{file("b.img", "QFI\xfb\x00\x00\x00\x03", 200), "qcow2", nil, ""},
		{file("c.vmdk", "KDMV", 1<<20), "", ErrBadDisk, "VMDK"},
		{file("d.vhdx", "vhdxfile", 1<<20), "", ErrBadDisk, "VHDX"},
		{file("e.vdi", strings.Repeat("x", 0x40)+"\x7f\x10\xda\xbe", 1<<20), "", ErrBadDisk, "VDI"},
		{file("f.iso", strings.Repeat("\x00", 0x8001)+"CD001", 1<<20), "", ErrBadDisk, "ISO"},
		{file("g.txt", "notes", 5), "", ErrBadDisk, "sectors"},
		{file("h", "", 0), "", ErrBadDisk, "sectors"},
		{dir, "", ErrBadDisk, "directory"},
		{"/dev/null", "", ErrBadDisk, "not a file"},
		{"disk.img", "", ErrBadDisk, "absolute"},
		{filepath.Join(dir, "none"), "", ErrNoDisk, "none"},
	} {
		format, err := diskFormat(tt.path)
		if format != tt.format || !errors.Is(err, tt.err) || err != nil && !strings.Contains(err.Error(), tt.why) {
			t.Errorf("diskFormat(%s) = %q, %v; want %q, %v: %s", tt.path, format, err, tt.format, tt.err, tt.why)
		}
	}
}

func TestADiskIsTakenInAsItIs(t *testing.T) {
	d := newDesk(t)
	d.start()
	disk := filepath.Join(t.TempDir(), "mine.img")
	write(t, disk, strings.Repeat("d", 512))
	add := func(id vmm.ID, path string) (string, error) {
		return d.result(func(done Done) { d.sup.Add(vmm.Windows, id, path, done) })
	}
	if _, err := add("", filepath.Join(t.TempDir(), "none")); !errors.Is(err, ErrNoDisk) {
		t.Errorf("a disk that isn't there: %v", err)
	}
	if id, err := add("", disk); err != nil || id != "windows-desktop-001" {
		t.Fatalf("Add = %q, %v", id, err)
	}
	if _, err := add("", disk); !errors.Is(err, ErrThere) {
		t.Errorf("a second time: %v; want %v", err, ErrThere)
	}
	if _, err := add("Not an id", disk); err == nil {
		t.Error("anything is an id")
	}
	d.Do(func() {
		m := d.sup.Main(vmm.Windows)
		if m == nil || m.State() != vmm.Stopped {
			t.Fatalf("the Windows machine is %+v", m)
		}
		rec, err := d.sup.reg.Get(m.ID())
		if err != nil {
			t.Fatal(err)
		}
		if err := rec.Check(); err != nil || !rec.Devices.TPM || rec.Devices.CPUs < 2 || rec.Devices.MemMiB < 4096 {
			t.Errorf("record %+v: %v", rec, err)
		}
		path, err := d.root.Path(rec.Storage.Disks["root"])
		if err != nil {
			t.Fatal(err)
		}
		if to, err := os.Readlink(path); err != nil || to != disk || filepath.Ext(path) != ".raw" {
			t.Errorf("%s leads to %s, %v; want %s", path, to, err, disk)
		}
	})
	if b, err := os.ReadFile(disk); err != nil || string(b) != strings.Repeat("d", 512) {
		t.Errorf("the disk was touched: %v", err)
	}
	// Somebody's file in the way is not taken away.
	other := d.root.VM(vmm.Windows, "windows-2").Disk("root.raw")
	write(t, other, "precious")
	if _, err := add("windows-2", disk); !errors.Is(err, ErrThere) {
		t.Errorf("with a file in the way: %v; want %v", err, ErrThere)
	}
	if b, err := os.ReadFile(other); err != nil || string(b) != "precious" {
		t.Errorf("the file in the way is %q, %v", b, err)
	}
}
