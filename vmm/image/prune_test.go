package image

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cached makes a folder of a cache as a build would.
func cached(t *testing.T, cache, name string) string {
	t.Helper()
	dir := filepath.Join(cache, name)
	err := publish(dir, manifest{Inputs: name}, func(tmp string) error { return os.WriteFile(filepath.Join(tmp, "vmlinux"), []byte(name), 0o600) })
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "vmlinux")
}

func left(t *testing.T, dir string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

// qcow2 makes a disk that lies on another.
func qcow2(t *testing.T, path, backing string) {
	t.Helper()
	if err := os.WriteFile(path, overlay(backing), 0o600); err != nil {
		t.Fatal(err)
	}
}

func overlay(backing string) []byte {
	b := binary.BigEndian.AppendUint32([]byte("QFI\xfb"), 3)
	b = binary.BigEndian.AppendUint64(b, 104)
	b = binary.BigEndian.AppendUint32(b, uint32(len(backing)))
	return append(append(b, make([]byte, 104-len(b))...), backing...)
}

func TestOldImagesAreRemoved(t *testing.T) {
	const old, used, other = "micro-00000000000000aa", "micro-00000000000000bb", "micro-00000000000000cc"
	cache := filepath.Join(t.TempDir(), "images")
	cached(t, cache, old)
	cached(t, cache, used)
	kernel := cached(t, cache, other)
	cached(t, cache, "desktop-00000000000000aa")
	base := cached(t, cache, "desktop-00000000000000bb")
	cached(t, cache, "desktop-00000000000000cc")
	cached(t, cache, "linux-image-6.1.0-1-amd64")
	cached(t, cache, "linux-image-6.1.0-2-amd64")
	mine := filepath.Join(cache, "micro-00000000000000dd") // of our name, but not made by us
	for _, dir := range []string{filepath.Join(cache, ".building-123"), filepath.Join(cache, "apt", "lists"), filepath.Join(cache, "mine"), mine} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	// A disk lies by a link and another disk on an image.
	disks := t.TempDir()
	qcow2(t, filepath.Join(disks, "middle"), base)
	qcow2(t, filepath.Join(disks, "top"), "middle")
	if err := os.Symlink("top", filepath.Join(disks, "root.qcow2")); err != nil {
		t.Fatal(err)
	}
	var told []string
	b := Builder{Cache: cache, Note: func(s string) { told = append(told, s) }}
	b.use(filepath.Join(cache, used))
	b.use(filepath.Join(cache, "linux-image-6.1.0-2-amd64"))
	keep := []string{kernel, filepath.Join(disks, "root.qcow2"), filepath.Join(disks, "gone")}

	if err := b.Prune(keep); err != nil {
		t.Fatal(err)
	}
	// It has built no desktop: none is older than another.
	want := []string{"apt", "desktop-00000000000000aa", "desktop-00000000000000bb", "desktop-00000000000000cc", "linux-image-6.1.0-2-amd64", used, other, filepath.Base(mine), "mine"}
	if got := left(t, cache); !slices.Equal(got, want) {
		t.Errorf("left %q; want %q", got, want)
	}
	if len(told) != 3 || !strings.Contains(strings.Join(told, ""), old) {
		t.Errorf("told %q", told)
	}
	b.use(filepath.Join(cache, "desktop-00000000000000cc"))
	if err := b.Prune(keep); err != nil {
		t.Fatal(err)
	}
	want = slices.Delete(want, 1, 2)
	if got := left(t, cache); !slices.Equal(got, want) {
		t.Errorf("left %q; want %q", got, want)
	}
	if got := left(t, disks); len(got) != 3 {
		t.Errorf("of the disks %q are left", got)
	}
}

// TestPruneKeepsWhatItCantJudge has disks that may lie on anything, and a cache
// that others use too.
func TestPruneKeepsWhatItCantJudge(t *testing.T) {
	dir := t.TempDir()
	cache := filepath.Join(dir, "images")
	cached(t, cache, "micro-00000000000000aa")
	b := Builder{Cache: cache}
	b.use(cached(t, cache, "micro-00000000000000bb"))
	b.used = []string{"micro-00000000000000bb"}
	for name, backing := range map[string]string{"json": `json:{"file":{}}`, "net": "nbd:localhost:1", "itself": "itself"} {
		path := filepath.Join(dir, name)
		qcow2(t, path, backing)
		if err := b.Prune([]string{path}); err == nil {
			t.Errorf("%s: pruned beside a disk on %q", name, backing)
		}
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("images", link); err != nil {
		t.Fatal(err)
	}
	shared := Builder{Cache: link, used: b.used}
	if err := shared.Prune(nil); err != nil {
		t.Error(err)
	}
	if got := left(t, cache); len(got) != 2 {
		t.Errorf("left %q; want both", got)
	}
	none := Builder{Cache: filepath.Join(dir, "none")}
	if err := none.Prune(nil); err == nil {
		t.Error("pruned what isn't there")
	}
}

func FuzzBackingName(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(overlay("base"))
	f.Add(overlay("file:/base"))
	f.Add(overlay("nbd:x"))
	f.Add([]byte("QFI\xfb"))
	f.Fuzz(func(t *testing.T, disk []byte) {
		if len(disk) > 4096 {
			disk = disk[:4096]
		}
		name, err := backingName(bytes.NewReader(disk))
		if len(name) > maxBacking || err != nil && name != "" {
			t.Errorf("name of %d bytes, %v", len(name), err)
		}
	})
}
