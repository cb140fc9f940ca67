package vms

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"

	"rayos/vmm"
)

// Errors of Add.
var (
	ErrThere   = errors.New("there is such a machine already")
	ErrBadDisk = errors.New("this is no disk for a machine")
	ErrNoDisk  = errors.New("there is no such disk")
)

// Add puts a machine with a disk of the person's into the registry. The disk
// stays where it is, as it is: the machine's folder gets a link to it. With an
// empty id it is the one that policy names.
func (s *Supervisor) Add(kind vmm.Kind, id vmm.ID, disk string, done Done) {
	if kind != vmm.Windows {
		done("", fmt.Errorf("%s machines are built", kind))
		return
	}
	if err := s.open(); err != nil {
		done("", err)
		return
	}
	if id == "" {
		id = s.policy.MainVM(kind)
	}
	if _, err := vmm.ParseID(string(id)); err != nil {
		done("", err)
		return
	}
	if s.machines[id] != nil {
		done("", fmt.Errorf("%w: %s", ErrThere, id))
		return
	}
	s.beside(func() {
		rec := newWindows(id)
		err := s.takeIn(s.ctx, &rec, disk)
		s.o.Desktop.Post(func() {
			if err != nil {
				done("", err)
				return
			}
			s.add(rec)
			done(string(id), nil)
		})
	})
}

// newWindows is a Windows machine without a disk.
func newWindows(id vmm.ID) vmm.Record {
	d := vmm.Devices{CPUs: min(max(runtime.NumCPU(), 2), 4), MemMiB: 4096, TPM: true}
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err == nil && uint64(info.Totalram)*uint64(info.Unit) >= 15<<30 {
		d.MemMiB = 8192
	}
	return vmm.Record{ID: id, Name: "Windows desktop", Kind: vmm.Windows, State: vmm.Stopped, Devices: d}
}

// takeIn gives a machine its disk and writes it down. It is called beside the
// loop.
func (s *Supervisor) takeIn(ctx context.Context, rec *vmm.Record, disk string) error {
	format, err := diskFormat(disk)
	if err != nil {
		return err
	}
	dir := s.o.Root.VM(rec.Kind, rec.ID)
	if err := dir.Create(); err != nil {
		return err
	}
	link := dir.Disk("root." + format)
	if err := os.Symlink(disk, link); err != nil {
		if was, rerr := os.Readlink(link); rerr != nil || was != disk { // not ours from before
			return fmt.Errorf("%w: %w", ErrThere, err)
		}
	}
	rel, err := filepath.Rel(s.o.Root.Dir, link)
	if err != nil {
		return err
	}
	rec.Storage.Disks = map[string]string{"root": rel}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.reg.Add(*rec)
}

// otherDisks are formats that QEMU reads and machines here don't have.
var otherDisks = []struct {
	name  string
	at    int
	magic string
}{
	{"VMDK", 0, "KDMV"},
	{"VHDX", 0, "vhdxfile"},
	{"VDI", 0x40, "\x7f\x10\xda\xbe"},
	{"an ISO image", 0x8001, "CD001"},
}

// sectorSize is what raw disks are whole numbers of, in bytes.
const sectorSize = 512

// diskFormat is the ending that says a disk's format, raw or qcow2. What a disk
// is is looked at once, now: later its guest could have written there what
// makes it look like another.
func diskFormat(path string) (string, error) {
	bad := func(format string, args ...any) (string, error) {
		return "", fmt.Errorf("%w: %s: %s", ErrBadDisk, path, fmt.Sprintf(format, args...))
	}
	if !filepath.IsAbs(path) {
		return bad("want an absolute path")
	}
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%w: %s", ErrNoDisk, path)
	case err != nil:
		return bad("%v", err)
	}
	defer f.Close() // nothing was written
	st, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !st.Mode().IsRegular() {
		return bad("not a file")
	}
	head := make([]byte, 0x8006)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	head = head[:n]
	for _, o := range otherDisks {
		if len(head) >= o.at && bytes.HasPrefix(head[o.at:], []byte(o.magic)) {
			return bad("it is %s; qemu-img convert -O qcow2 makes a disk of most", o.name)
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("QFI\xfb")):
		return "qcow2", nil
	case st.Size() == 0 || st.Size()%sectorSize != 0:
		return bad("%d bytes are no number of sectors", st.Size())
	}
	return "raw", nil
}
