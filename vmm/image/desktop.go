package image

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// DesktopDisk is how large a desktop's disk may grow.
const DesktopDisk = 8 << 30

// Desktop is a disk with Debian and a Wayland compositor, to be copied for
// each machine (see [CopyDisk]).
type Desktop struct {
	Dir  string
	Disk string // path of the ext4 file system
	Tar  string // SHA-256 of the archive that it was made from
}

const (
	desktopSuite = "trixie"
	desktopSize  = "1G" // of the image; the guest grows into the disk that it gets

	// fallbackMirror is asked where the system has no Debian mirror of its own.
	fallbackMirror = "http://deb.debian.org/debian"

	// desktopEpoch is the latest time of a file: the same packages give the
	// same archive.
	desktopEpoch = 1767225600
	desktopUUID  = "8e0a6f0c-52cb-4a5c-9d2e-7261796f7301"

	diskName = "root.ext4"
	tarName  = "root.tar.sha256"
)

// desktopPackages is what the desktop has beside Debian's minimum. It has no
// kernel: machines boot the one of [System].
var desktopPackages = []string{
	"alsa-utils", "ca-certificates", "dmz-cursor-theme", "fonts-dejavu-core", "foot", "labwc", "qemu-guest-agent", "seatd", "sudo", "swaybg", "xkb-data",
}

// desktopWithout are files that nobody misses in a machine without a graphics
// card: documentation, and Mesa's drivers with their compiler.
var desktopWithout = []string{
	"/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/lintian/*", "/usr/share/bug/*",
	"/usr/lib/x86_64-linux-gnu/dri/*", "/usr/lib/x86_64-linux-gnu/libLLVM*", "/usr/lib/x86_64-linux-gnu/libgallium*",
}

// desktopSetup unpacks $RAYOS_SETTINGS and makes the person, in the unpacked system
// that is its first argument.
//
//go:embed desktop/setup.sh
var desktopSetup string

// desktopDisk makes the file system: archive, folder to work in, disk, size,
// UUID.
//
//go:embed desktop/disk.sh
var desktopDisk string

// desktopFiles are settings, in desktop/root as they lie on the disk.
//
//go:embed all:desktop/root
var desktopFiles embed.FS

// desktopModes are those of files that not everybody may read.
var desktopModes = map[string]int64{"etc/sudoers.d/rayos": 0o440}

// Desktop builds the disk of linux-desktop, or finds it built.
func (b *Builder) Desktop(ctx context.Context) (Desktop, error) {
	d, err := b.desktop(ctx)
	if err != nil {
		return Desktop{}, fmt.Errorf("build linux-desktop: %w", err)
	}
	return d, nil
}

func (b *Builder) desktop(ctx context.Context) (Desktop, error) {
	settings, err := desktopSettings()
	if err != nil {
		return Desktop{}, err
	}
	inputs := desktopInputs(settings)
	dir := filepath.Join(b.Cache, "desktop-"+inputs[:16])
	d := Desktop{Dir: dir, Disk: filepath.Join(dir, diskName)}
	b.use(dir)
	if verify(dir, inputs) != nil {
		if err := os.MkdirAll(b.Cache, 0o755); err != nil {
			return d, err
		}
		err = publish(dir, manifest{Inputs: inputs}, func(tmp string) error { return b.fillDesktop(ctx, tmp, settings) })
		if err != nil {
			return d, err
		}
	}
	sum, err := os.ReadFile(filepath.Join(dir, tarName))
	d.Tar = strings.TrimSpace(string(sum))
	return d, err
}

// desktopInputs names what a disk is made of, but for the day's packages.
func desktopInputs(settings []byte) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "desktop 1\n%s\n%s\n%s\n%d\n%s\n%s\n", strings.Join(desktopArguments("", "", ""), "\n"), desktopSize, desktopUUID, desktopEpoch, desktopSetup, desktopDisk)
	sum.Write(settings)
	return hex.EncodeToString(sum.Sum(nil))
}

// desktopSettings is an archive of the settings, the same for the same.
func desktopSettings() ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(name string, data []byte) error {
		head := tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), ModTime: time.Unix(desktopEpoch, 0)}
		if mode, ok := desktopModes[name]; ok {
			head.Mode = mode
		}
		if err := w.WriteHeader(&head); err != nil {
			return err
		}
		_, err := w.Write(data)
		return err
	}
	background, err := wallpaper()
	if err != nil {
		return nil, err
	}
	if err := add("usr/share/backgrounds/rayos.png", background); err != nil {
		return nil, err
	}
	const root = "desktop/root"
	err = fs.WalkDir(desktopFiles, root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := desktopFiles.ReadFile(file)
		if err != nil {
			return err
		}
		return add(strings.TrimPrefix(file, root+"/"), data)
	})
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// fillDesktop leaves the disk and its archive's sum in dir.
func (b *Builder) fillDesktop(ctx context.Context, dir string, settings []byte) error {
	root := os.Geteuid() == 0
	need := []string{"mmdebstrap", "mke2fs", "tar"}
	mode := "root"
	if !root {
		mode = "unshare"
		need = append(need, "fakeroot", "newuidmap")
	}
	for _, program := range need {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%w (packages mmdebstrap, e2fsprogs, fakeroot, uidmap)", err)
		}
	}
	work, err := os.MkdirTemp(dir, "work")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	archive := filepath.Join(work, "root.tar")
	source := mirror(ctx)
	b.note("fetching Debian %s from %s", desktopSuite, source)
	env := []string{
		fmt.Sprintf("SOURCE_DATE_EPOCH=%d", desktopEpoch), "RAYOS_SETUP=" + desktopSetup,
		"RAYOS_SETTINGS=" + base64.StdEncoding.EncodeToString(settings),
	}
	if err := b.run(ctx, env, "mmdebstrap", desktopArguments(mode, source, archive)...); err != nil {
		return err
	}
	sum, err := sumOf(archive)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, tarName), []byte(sum+"\n"), 0o644); err != nil {
		return err
	}
	b.note("building the disk")
	args := []string{"sh", "-c", desktopDisk, "sh", archive, filepath.Join(work, "root"), filepath.Join(dir, diskName), desktopSize, desktopUUID}
	if !root {
		args = append([]string{"fakeroot"}, args...)
	}
	return b.run(ctx, env, args[0], args[1:]...)
}

// desktopArguments is mmdebstrap's command line.
func desktopArguments(mode, mirror, archive string) []string {
	args := []string{
		"--mode=" + mode, "--variant=minbase", "--architectures=amd64", "--format=tar",
		"--aptopt=APT::Install-Recommends \"false\"", "--aptopt=Acquire::Languages \"none\"",
	}
	for _, pattern := range desktopWithout {
		args = append(args, "--dpkgopt=path-exclude="+pattern)
	}
	return append(args,
		"--include="+strings.Join(desktopPackages, ","),
		`--customize-hook=eval "$RAYOS_SETUP"`,
		desktopSuite, archive, "deb "+mirror+" "+desktopSuite+" main")
}

// desktopSteps are those of mmdebstrap that people may want to hear of, and
// what they hear.
var desktopSteps = [][2]string{
	{"running apt-get update", "reading the lists of packages"},
	{"downloading packages", "downloading packages"},
	{"extracting archives", "unpacking packages"},
	{"installing essential packages", "setting up the base system"},
	{"installing remaining packages", "installing the desktop"},
	{"creating tarball", "packing"},
}

func stepNote(step string) string {
	for _, s := range desktopSteps {
		if strings.HasPrefix(step, s[0]) {
			return s[1]
		}
	}
	return ""
}

// run runs a program and tells of its steps, which it writes as "I: step".
func (b *Builder) run(ctx context.Context, env []string, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive", "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
	cmd.Env = append(cmd.Env, env...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var last []string
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if step, ok := strings.CutPrefix(lines.Text(), "I: "); ok {
			if note := stepNote(step); note != "" {
				b.note("%s", note)
			}
			continue
		}
		last = append(last[max(0, len(last)-9):], lines.Text())
	}
	// A line that is too long ends the scan, not the program.
	_, err = io.Copy(io.Discard, stderr)
	if werr := cmd.Wait(); werr != nil {
		return fmt.Errorf("%s: %w: %s", program, werr, strings.Join(last, "; "))
	}
	return err
}

// mirror is where this system has its own Debian packages from.
func mirror(ctx context.Context) string {
	cmd := exec.CommandContext(ctx, "apt-get", "indextargets", "--format", "$(CREATED_BY) $(COMPONENT) $(CODENAME) $(REPO_URI)")
	out, err := cmd.Output()
	if err != nil {
		return fallbackMirror // a system without apt's lists
	}
	return pickMirror(string(out))
}

// pickMirror finds a mirror of the whole archive among "Packages main bookworm
// URI" lines. Other repositories, and those of security updates alone, don't
// hold another suite.
func pickMirror(targets string) string {
	for line := range strings.Lines(targets) {
		f := strings.Fields(line)
		if len(f) != 4 || f[0] != "Packages" || f[1] != "main" || strings.ContainsRune(f[2], '-') {
			continue
		}
		u, err := url.Parse(f[3])
		if err == nil && slices.Contains([]string{"http", "https"}, u.Scheme) && path.Base(u.Path) == "debian" {
			return strings.TrimRight(f[3], "/")
		}
	}
	return fallbackMirror
}

func sumOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
