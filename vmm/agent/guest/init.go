package guest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// mounts that every system begins with.
var mounts = []struct {
	source, target, kind string
	flags                uintptr
	data                 string
}{
	{"proc", "/proc", "proc", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC, ""},
	{"sysfs", "/sys", "sysfs", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC, ""},
	{"devtmpfs", "/dev", "devtmpfs", unix.MS_NOSUID, "mode=0755"},
	{"devpts", "/dev/pts", "devpts", unix.MS_NOSUID | unix.MS_NOEXEC, "ptmxmode=0666,gid=5,mode=0620"},
	{"tmpfs", "/dev/shm", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=1777"},
	{"tmpfs", "/run", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=0755"},
	{"tmpfs", "/tmp", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=1777"},
}

// mountAll mounts them below root.
func mountAll(root string) error {
	for _, m := range mounts {
		target := filepath.Join(root, m.target)
		if err := os.MkdirAll(target, 0o755); err != nil {
			return err
		}
		err := unix.Mount(m.source, target, m.kind, m.flags, m.data)
		if err != nil && !errors.Is(err, unix.EBUSY) { // the kernel may have done it
			return fmt.Errorf("mount %s: %w", target, err)
		}
	}
	return nil
}

// loadModules inserts the modules of a folder in the order of their names.
// One that doesn't load is told of and stops no other: its hardware may not
// be there.
func loadModules(dir string, say func(format string, args ...any)) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.ko"))
	if err != nil {
		return err
	}
	slices.Sort(files)
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		err = unix.FinitModule(int(f.Fd()), "", 0)
		f.Close()
		if err != nil && !errors.Is(err, unix.EEXIST) && !errors.Is(err, unix.ENODEV) {
			say("module %s: %v", filepath.Base(path), err)
		}
	}
	return nil
}

// cmdline is the kernel's command line as words and settings.
type cmdline map[string]string

func parseCmdline(text string) cmdline {
	c := cmdline{}
	for word := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(word, "=")
		c[name] = value
	}
	return c
}

func readCmdline() (cmdline, error) {
	text, err := os.ReadFile("/proc/cmdline")
	return parseCmdline(string(text)), err
}

// powerOff ends the machine with everything on disk.
func powerOff() error {
	unix.Sync()
	_ = unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_RDONLY, "") // an initramfs has nothing to lose
	return unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
}
