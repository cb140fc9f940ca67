package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rayos/internal/atomicfile"
	"rayos/internal/atomicfile/crash"
)

// read opens a journal, closes it and returns its records.
func read(t *testing.T, dir string) ([]string, Report, error) {
	t.Helper()
	var got []string
	f, r, err := Open(dir, func(p []byte) error { got = append(got, string(p)); return nil })
	if err == nil {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	return got, r, err
}

// filled returns a folder with a journal of these records, and its bytes.
func filled(t *testing.T, records ...string) (dir string, data []byte) {
	t.Helper()
	dir = t.TempDir()
	f, _, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := f.Write(AppendFrame(nil, []byte(r))); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		t.Fatal(err)
	}
	data, err = os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return dir, data
}

func TestAppendAndRewrite(t *testing.T) {
	dir, data := filled(t, "one", "two")
	if want := AppendFrame(AppendFrame([]byte("RAYCJN01"), []byte("one")), []byte("two")); !bytes.Equal(data, want) {
		t.Errorf("%q; want %q", data, want)
	}
	if got, r, err := read(t, dir); err != nil || !slices.Equal(got, []string{"one", "two"}) || r != (Report{Records: 2}) {
		t.Errorf("%q, %+v, %v", got, r, err)
	}
	f, _, err := Open(dir, func([]byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Rewrite(AppendFrame(nil, []byte("anew"))); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Write(AppendFrame(nil, []byte("more"))), f.Close()); err != nil {
		t.Fatal(err)
	}
	if got, _, err := read(t, dir); err != nil || !slices.Equal(got, []string{"anew", "more"}) {
		t.Errorf("%q, %v", got, err)
	}
	if list, err := filepath.Glob(filepath.Join(dir, "*.new")); err != nil || len(list) > 0 {
		t.Errorf("left %v, %v", list, err)
	}
}

// TestTornEnds cuts a journal after each byte.
func TestTornEnds(t *testing.T) {
	_, data := filled(t, "one", "two", "three")
	ends := []int{8, 8 + 11, 8 + 22, 8 + 35}
	for n := len(magic); n < len(data); n++ {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), data[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		whole := 0
		for whole+1 < len(ends) && ends[whole+1] <= n {
			whole++
		}
		got, r, err := read(t, dir)
		if err != nil || len(got) != whole || r.Cut != int64(n-ends[whole]) || r.Damaged != 0 {
			t.Errorf("%d bytes: %q, %+v, %v; want %d records", n, got, r, err, whole)
		}
		cut, err := os.ReadFile(filepath.Join(dir, cutName))
		if r.Cut > 0 && (err != nil || !bytes.Equal(cut, data[ends[whole]:n])) {
			t.Errorf("%d bytes: %q was kept, %v", n, cut, err)
		}
		if got, r, err := read(t, dir); err != nil || len(got) != whole || r.Cut != 0 {
			t.Errorf("%d bytes, again: %q, %+v, %v", n, got, r, err)
		}
	}
}

// TestEveryFlippedBitIsFound flips each bit. Nothing that was never written is
// read, and the others are.
func TestEveryFlippedBitIsFound(t *testing.T) {
	_, data := filled(t, "one", "two", "three")
	for bit := range 8 * len(data) {
		dir := t.TempDir()
		flipped := slices.Clone(data)
		flipped[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(filepath.Join(dir, name), flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		got, r, err := read(t, dir)
		if bit < 8*len(magic) {
			if err == nil && r.Damaged == 0 {
				t.Errorf("bit %d of the head wasn't found", bit)
			}
			continue
		}
		if err != nil || r.Damaged == 0 && r.Cut == 0 || len(got) != 2 {
			t.Errorf("bit %d: %q, %+v, %v; want two records and the damage told", bit, got, r, err)
		}
		for _, g := range got {
			if g != "one" && g != "two" && g != "three" {
				t.Errorf("bit %d: %q was never written", bit, g)
			}
		}
	}
}

func TestForeignFiles(t *testing.T) {
	for _, text := range []string{"", "RAYCJN", "RAYCJN02", "hello, I am a letter", strings.Repeat("\x00", 100)} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := read(t, dir); !errors.Is(err, ErrForeign) {
			t.Errorf("%q: %v", text, err)
		}
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(b) != text {
			t.Errorf("%q became %q, %v", text, b, err)
		}
	}
}

// TestZerosAtTheEnd: file systems lengthen files before they fill them.
func TestZerosAtTheEnd(t *testing.T) {
	dir, data := filled(t, "one")
	if err := os.WriteFile(filepath.Join(dir, name), append(data, make([]byte, 4096)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, r, err := read(t, dir); err != nil || len(got) != 1 || r.Cut != 4096 {
		t.Errorf("%q, %+v, %v", got, r, err)
	}
}

// brokenSync is a handle whose first sync fails.
type brokenSync struct {
	atomicfile.Handle
	failed *bool
}

func (h brokenSync) Sync() error {
	if !*h.failed {
		*h.failed = true
		return errors.New("i/o error")
	}
	return h.Handle.Sync()
}

type brokenDir struct {
	atomicfile.FS
	failed bool
	broken bool
}

func (d *brokenDir) Open(name string, flag int) (atomicfile.Handle, error) {
	h, err := d.FS.Open(name, flag)
	if err == nil && d.broken {
		return brokenSync{h, &d.failed}, nil
	}
	return h, err
}

// TestAFailedSyncIsNotTriedAgain: the kernel tells of what it lost once.
func TestAFailedSyncIsNotTriedAgain(t *testing.T) {
	dir := t.TempDir()
	d := &brokenDir{FS: atomicfile.Dir(dir)}
	f, _, err := OpenFS(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	d.broken = true
	f, _, err = OpenFS(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	one := AppendFrame(nil, []byte("one"))
	if err := f.Write(one); err != nil {
		t.Fatal(err)
	}
	if first, second := f.Sync(), f.Sync(); first == nil || second == nil || f.Write(one) == nil {
		t.Error("a file whose sync failed is used on")
	}
	if err := errors.Join(f.Rewrite(AppendFrame(nil, []byte("anew"))), f.Write(one), f.Sync(), f.Close()); err != nil {
		t.Error(err)
	}
	if got, _, err := read(t, dir); err != nil || !slices.Equal(got, []string{"anew", "one"}) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestOrderOfARewrite: what the name stands for is on disk before the name is,
// and the name is before anybody is told.
func TestOrderOfARewrite(t *testing.T) {
	var did []string
	f, _, err := OpenFS(crash.Steps(atomicfile.Dir(t.TempDir()), func(s crash.Step) error {
		did = append(did, s.Name)
		return nil
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	did = nil
	if err := errors.Join(f.Rewrite(AppendFrame(nil, []byte("x"))), f.Close()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"open", "write", "write", "sync", "rename", "sync names"}; !slices.Equal(did, want) {
		t.Errorf("%q; want %q", did, want)
	}
}

// FuzzScan: no file ends the program; what is whole is read in its order, and
// writing that again reads the same.
func FuzzScan(f *testing.F) {
	var two []byte
	for i := range 2 {
		two = AppendFrame(two, fmt.Appendf(nil, "record %d", i))
	}
	f.Add(two)
	f.Add(two[:len(two)-1])
	f.Add(append(two[:3:3], two[4:]...))
	f.Add(make([]byte, 20))
	f.Fuzz(func(t *testing.T, data []byte) {
		var again []byte
		n := 0
		end, damaged, err := Scan(data, func(p []byte) error {
			n++
			again = AppendFrame(again, p)
			return nil
		})
		if err != nil || end > len(data) || len(again) > end || damaged == 0 && !bytes.Equal(again, data[:end]) {
			t.Fatalf("%d records to %d, %d damaged, %v", n, end, damaged, err)
		}
		m := 0
		if end, damaged, err := Scan(again, func([]byte) error { m++; return nil }); err != nil || m != n || damaged != 0 || end != len(again) {
			t.Fatalf("%d records became %d", n, m)
		}
	})
}
