package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/vmm/confine"
)

// bind is something of the machine's files that an app sees, at the same path.
type bind struct {
	path, from string // from is where it really lies
	dir        bool
	attributes uint64
}

// oldRoot is where the machine's files are while the app's are put together.
const oldRoot = "/old"

// root makes a file system of what rules let the app use, and goes there. Every
// file in it can be read by the app's user: what isn't in it doesn't exist.
func (p *plan) root(rules *confine.Rules) error {
	var binds []bind
	for _, list := range []struct {
		paths      []string
		attributes uint64
	}{
		{rules.Read, unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV},
		{rules.Devices, unix.MOUNT_ATTR_NOSUID},
		{rules.Write, unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV},
	} {
		for _, path := range list.paths {
			b, err := newBind(path, list.attributes)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
			binds = append(binds, b)
		}
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	// It lies over /tmp until it is the root: then /tmp is to be seen again.
	if err := unix.Mount("rayos-sandbox", "/tmp", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=1m,mode=0755"); err != nil {
		return fmt.Errorf("tmpfs: %w", err)
	}
	if err := os.Mkdir("/tmp"+oldRoot, 0o700); err != nil {
		return err
	}
	if err := unix.PivotRoot("/tmp", "/tmp"+oldRoot); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	for i := range binds {
		if err := binds[i].mount(binds[:i]); err != nil {
			return fmt.Errorf("%s: %w", binds[i].path, err)
		}
	}
	if err := os.Mkdir("/proc", 0o555); err != nil {
		return err
	}
	// In a process namespace of its own it shows the app alone.
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err == nil {
		rules.Read = append(rules.Read, "/proc")
	}
	if err := unix.Unmount(oldRoot, unix.MNT_DETACH); err != nil {
		return fmt.Errorf("leave the machine's files: %w", err)
	}
	if err := os.Remove(oldRoot); err != nil {
		return err
	}
	if err := unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV, ""); err != nil {
		return fmt.Errorf("read-only root: %w", err)
	}
	return nil
}

func newBind(path string, attributes uint64) (bind, error) {
	from, err := filepath.EvalSymlinks(path)
	if err != nil {
		return bind{}, err
	}
	st, err := os.Stat(from)
	if err != nil {
		return bind{}, err
	}
	return bind{path, from, st.IsDir(), attributes}, nil
}

// mount makes the bind, unless it lies in one of those before it and is no
// exception from that.
func (b *bind) mount(before []bind) error {
	for _, o := range before {
		if o.attributes == b.attributes && o.path == o.from && b.path == b.from && strings.HasPrefix(b.path, o.path+"/") {
			return nil
		}
	}
	if err := os.MkdirAll(filepath.Dir(b.path), 0o755); err != nil {
		return err
	}
	if b.dir {
		if err := os.MkdirAll(b.path, 0o755); err != nil {
			return err
		}
	} else if err := os.WriteFile(b.path, nil, 0o644); err != nil {
		return err
	}
	// With all that is mounted below: the kernel lets nobody look beneath.
	if err := unix.Mount(oldRoot+b.from, b.path, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return err
	}
	attr := unix.MountAttr{Attr_set: b.attributes}
	return unix.MountSetattr(-1, b.path, unix.AT_RECURSIVE, &attr)
}

// dropCapabilities gives up all that the process could do in its namespace, for
// good: also a program that root runs gets none of it back.
func dropCapabilities() error {
	for c := range uintptr(64) {
		err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0)
		if errors.Is(err, unix.EINVAL) {
			break // the kernel's last one was before
		}
		if errors.Is(err, unix.EPERM) {
			return clearCapabilities() // it has none to give up, and no_new_privs to come
		}
		if err != nil {
			return err
		}
	}
	const noRoot, noFixup, noKeep, noRaise = 0x3, 0xc, 0x20, 0xc0 // with their locks: capabilities(7)
	if err := unix.Prctl(unix.PR_SET_SECUREBITS, noRoot|noFixup|noKeep|noRaise, 0, 0, 0); err != nil {
		return fmt.Errorf("securebits: %w", err)
	}
	return clearCapabilities()
}

func clearCapabilities() error {
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("ambient: %w", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	return unix.Capset(&header, &none[0])
}
