package crash

import (
	"errors"
	"io"
	"os"
	"slices"
	"testing"

	"rayos/internal/atomicfile"
)

// states lists what a crash may leave under a name.
func states(d *Disk, name string) []string {
	var list []string
	for _, left := range d.Left() {
		s := "none"
		if b := left.File(name); b != nil || left.names[name] != nil {
			s = string(b)
		}
		list = append(list, s)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestWhatACrashLeaves(t *testing.T) {
	d := NewDisk()
	h, err := d.Open("x", os.O_CREATE)
	if err != nil {
		t.Fatal(err)
	}
	put := func(s string) func() error {
		return func() error { _, err := io.WriteString(h, s); return err }
	}
	for _, c := range []struct {
		name string
		do   func() error
		want []string
	}{
		{"written", put("abcd"), []string{"", "\x00\x00\x00\x00", "\x00\x00cd", "ab", "abcd", "none"}},
		{"synced", h.Sync, []string{"abcd", "none"}},
		{"names synced", d.Sync, []string{"abcd"}},
		{"appended", put("ef"), []string{"abcd", "abcd\x00\x00", "abcd\x00f", "abcde", "abcdef"}},
		{"cut", func() error { return h.Truncate(2) }, []string{"ab", "abcd"}},
		{"renamed", func() error { return errors.Join(h.Sync(), d.Rename("x", "y")) }, []string{"ab", "none"}},
		{"all synced", d.Sync, []string{"none"}},
	} {
		if err := c.do(); err != nil {
			t.Fatal(err)
		}
		if got := states(d, "x"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
	if got := states(d, "y"); !slices.Equal(got, []string{"ab"}) {
		t.Errorf("%q", got)
	}
}

// replaced replaces a file and tells what a crash at each step may leave.
func replaced(t *testing.T, skip string) (list []string) {
	t.Helper()
	for n := 1; ; n++ {
		d := NewDisk()
		d.Put("x", []byte("old"))
		_, err := atomicfile.Replace(Steps(Skip(d, skip), StopAt(n)), "x", func(w io.Writer) error {
			_, err := io.WriteString(w, "anew")
			return err
		})
		list = append(list, states(d, "x")...)
		if err == nil {
			if n != 6 {
				t.Errorf("it has %d steps", n-1)
			}
			slices.Sort(list)
			return slices.Compact(list)
		}
	}
}

// TestReplace: the old or the new one is there, and the tests' disk would tell
// if it were otherwise.
func TestReplace(t *testing.T) {
	if got := replaced(t, ""); !slices.Equal(got, []string{"anew", "old"}) {
		t.Errorf("%q", got)
	}
	if got := replaced(t, "sync"); len(got) < 4 {
		t.Errorf("without a sync of the file: %q", got)
	}
	d := NewDisk()
	d.Put("x", []byte("old"))
	done := func(fs atomicfile.FS) []string {
		if _, err := atomicfile.Replace(fs, "x", func(w io.Writer) error { return nil }); err != nil {
			t.Fatal(err)
		}
		return states(d, "x")
	}
	if got := done(Skip(d, "sync names")); !slices.Contains(got, "old") {
		t.Errorf("without a sync of the names: %q", got)
	}
	if got := done(d); !slices.Equal(got, []string{""}) {
		t.Errorf("acknowledged: %q", got)
	}
}

// TestReplaceThatFails leaves the old one and nothing beside it.
func TestReplaceThatFails(t *testing.T) {
	full := errors.New("no space left")
	for n := 1; ; n++ {
		d := NewDisk()
		d.Put("x", []byte("old"))
		h, err := atomicfile.Replace(Steps(d, FailAt(n, full)), "x", func(w io.Writer) error {
			_, err := io.WriteString(w, "anew")
			return err
		})
		if err == nil {
			return
		}
		old := string(d.File("x")) == "old"
		if !errors.Is(err, full) || old != (h == nil) || len(d.names) != 1 {
			t.Errorf("step %d: %v, %v, %q", n, h, err, d.File("x"))
		}
	}
}
