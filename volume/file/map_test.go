package file

import (
	"bytes"
	"os"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

func mapped(f *File) bool {
	f.data.mu.Lock()
	defer f.data.mu.Unlock()
	return f.data.leased != nil
}

// leasable reports whether files can have leases here.
func leasable(t *testing.T, path string) bool {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	return err == nil
}

// TestAFileThatChangesUnderItsMap: what was opened stays as it was, and nobody
// dies, whether others cut the file, write to it or replace it in place.
func TestAFileThatChangesUnderItsMap(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"cut":              func(path string) error { return os.Truncate(path, 0) },
		"cut within":       func(path string) error { return os.Truncate(path, 5000) },
		"written in place": func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte("x"), 30000), 0o600) },
		"removed":          os.Remove,
	} {
		path, data := base(t, "a")
		f := open(t, path)
		g := open(t, path)
		if !mapped(f) && leasable(t, path) {
			t.Errorf("%s: the file was copied", name)
		}
		before, err := f.Section(Docs)
		if err != nil {
			t.Fatal(err)
		}
		// Others go on reading.
		stop := make(chan struct{})
		var readers sync.WaitGroup
		for range 2 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						if !bytes.Equal(f.data.bytes, data) {
							t.Errorf("%s: other bytes were read", name)
							return
						}
					}
				}
			})
		}
		if err := change(path); err != nil {
			t.Fatal(err)
		}
		close(stop)
		readers.Wait()
		if string(before) != "three documents of a" || !slices.Equal(f.data.bytes, data) {
			t.Errorf("%s: it reads %q", name, before)
		}
		for _, f := range []*File{f, g} {
			if mapped(f) && name != "removed" {
				t.Errorf("%s: it is mapped as before", name)
			}
			if err := f.Verify(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestAFileThatIsOpenForWriting can't have a lease: it is read into memory.
func TestAFileThatIsOpenForWriting(t *testing.T) {
	path, _ := base(t, "a")
	w, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	f := open(t, path)
	if mapped(f) {
		t.Fatal("a file that somebody may write to is mapped")
	}
	if err := w.Truncate(0); err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}
