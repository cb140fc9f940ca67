package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestMirrorIsOfTheWholeArchive(t *testing.T) {
	for name, tt := range map[string]struct{ targets, want string }{
		"none":     {"", fallbackMirror},
		"own":      {"Packages main bookworm http://mirror.example/debian/\n", "http://mirror.example/debian"},
		"security": {"Packages main bookworm-security http://mirror.example/debian-security/\nPackages main bookworm-updates http://mirror.example/debian\n", fallbackMirror},
		"second":   {"Sources main bookworm http://a.example/debian\nPackages contrib bookworm http://b.example/debian\nPackages main bookworm https://c.example/x/debian\n", "https://c.example/x/debian"},
		"vendor":   {"Packages main stable https://dl.example/chrome/deb/\n", fallbackMirror},
		"file":     {"Packages main bookworm file:/srv/debian\n", fallbackMirror},
	} {
		if got := pickMirror(tt.targets); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

// TestSettings reads the archive that goes onto the disk.
func TestSettings(t *testing.T) {
	data, err := desktopSettings()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := desktopSettings(); err != nil || !bytes.Equal(data, again) {
		t.Errorf("the same settings give other bytes (%v)", err)
	}
	var names []string
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
		want := int64(0o644)
		if strings.HasPrefix(h.Name, "etc/sudoers.d/") {
			want = 0o440
		}
		if h.Mode != want || h.Uid != 0 || h.Gid != 0 || h.Size == 0 {
			t.Errorf("%s: mode %o of %d:%d, %d bytes", h.Name, h.Mode, h.Uid, h.Gid, h.Size)
		}
	}
	for _, want := range []string{"etc/sudoers.d/rayos", "usr/share/backgrounds/rayos.png", "etc/skel/.config/labwc/rc.xml", "etc/skel/.config/labwc/autostart", "etc/skel/.config/foot/foot.ini"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s among %q", want, names)
		}
	}
}

// TestInputsNameTheDisk changes what a disk is made of.
func TestInputsNameTheDisk(t *testing.T) {
	settings, err := desktopSettings()
	if err != nil {
		t.Fatal(err)
	}
	now := desktopInputs(settings)
	if desktopInputs(settings) != now {
		t.Error("the same inputs have another name")
	}
	if desktopInputs(append(slices.Clone(settings), 1)) == now {
		t.Error("other settings have the same name")
	}
	defer func(old []string) { desktopPackages = old }(desktopPackages)
	desktopPackages = append(slices.Clone(desktopPackages), "hello")
	if desktopInputs(settings) == now {
		t.Error("other packages have the same name")
	}
}

func TestStepsForPeople(t *testing.T) {
	for step, want := range map[string]string{
		"downloading packages with apt...":                   "downloading packages",
		"installing remaining packages inside the chroot...": "installing the desktop",
		"using /tmp/mmdebstrap.x as tempdir":                 "",
	} {
		if got := stepNote(step); got != want {
			t.Errorf("%q is told as %q; want %q", step, got, want)
		}
	}
}

// sparse writes a file of a hole, data, and a hole.
func sparse(t *testing.T, path string) []byte {
	t.Helper()
	data := make([]byte, 3<<20)
	copy(data[1<<20:], "data in the middle")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(data[1<<20:1<<20+4096], 1<<20); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(int64(len(data))); err != nil {
		t.Fatal(err)
	}
	return data
}

func blocks(t *testing.T, path string) int64 {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	return st.Blocks * 512
}

func TestDiskIsCopiedOnce(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "image"), filepath.Join(dir, "machine", "disk", "root.ext4")
	data := sparse(t, from)
	if err := CopyDisk(to, from, 16<<20); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(to)
	if err != nil || len(got) != 16<<20 || !bytes.Equal(got[:len(data)], data) || len(bytes.Trim(got[len(data):], "\x00")) > 0 {
		t.Errorf("copied %d bytes (%v); want the image in 16 MiB", len(got), err)
	}
	if n := blocks(t, to); n > 1<<20 {
		t.Errorf("the copy takes %d bytes of disk; want no more than its data", n)
	}
	// Whatever is there is the person's.
	if err := os.WriteFile(to, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := CopyDisk(to, from, 16<<20); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(to); err != nil || string(got) != "mine" {
		t.Errorf("the person's disk has become %d bytes (%v)", len(got), err)
	}
	link := filepath.Join(dir, "machine", "disk", "link") // even where nothing can be read
	if err := os.Symlink("nowhere", link); err != nil {
		t.Fatal(err)
	}
	if err := CopyDisk(link, from, 16<<20); err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(link); err != nil || target != "nowhere" {
		t.Errorf("a link has become %q (%v)", target, err)
	}
}

func TestNoHalfDisk(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "root.ext4")
	if err := CopyDisk(to, filepath.Join(dir, "no image"), 1<<20); err == nil {
		t.Error("copied what isn't there")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v (%v)", left, err)
	}
}

// TestSparseCopy copies without the help of the file system.
func TestSparseCopy(t *testing.T) {
	dir := t.TempDir()
	data := sparse(t, filepath.Join(dir, "from"))
	src, err := os.Open(filepath.Join(dir, "from"))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	dst, err := os.Create(filepath.Join(dir, "to"))
	if err != nil {
		t.Fatal(err)
	}
	defer dst.Close()
	if err := copySparse(dst, src); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(dst.Name())
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("copied %d bytes (%v); want %d", len(got), err, len(data))
	}
	if n := blocks(t, dst.Name()); n > 1<<20 {
		t.Errorf("the copy takes %d bytes of disk", n)
	}
}
