package guest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"rayos/vmm/agent"
)

// The desktop's disk, and the file that says that all of it is there.
const (
	desktopDisk = "/dev/vda"
	desktopSane = "/.rayos_desktop_rootfs_ready"
	desktopUID  = "1000"
	display     = "wayland-0"
	cursorTheme = "DMZ-White"
	qgaName     = "org.qemu.guest_agent.0"
)

// Patience with hardware and with the compositor.
const (
	diskWithin    = 30 * time.Second
	cardWithin    = 30 * time.Second
	waylandWithin = 60 * time.Second
	lookAgain     = 20 * time.Millisecond // at a socket
)

// desktop is a system on a disk, with a compositor.
type desktop struct {
	*system
	events     *uevents
	account    *syscall.Credential
	env        []string // of the person's programs, but for the compositor's socket
	runtime    string
	seat       chan struct{} // closed when seatd serves
	seatOnce   sync.Once
	connectors []*connector
	clipboard  *clipboard
}

// fail says what goes wrong, in the words that hosts know.
func (s *system) fail(reason string, err error) error {
	s.say("RAYOS_LINUX_DESKTOP_ERR %s", reason)
	s.mu.Lock()
	s.failed = reason
	s.mu.Unlock()
	return err
}

// enterDisk makes the disk the root of the system.
func (s *system) enterDisk(events *uevents) error {
	if err := events.awaitFile(desktopDisk, diskWithin); err != nil {
		return s.fail("persist_mount_failed", err)
	}
	const root = "/newroot"
	if err := os.Mkdir(root, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(desktopDisk, root, "ext4", unix.MS_NOATIME, ""); err != nil {
		return s.fail("persist_mount_failed", fmt.Errorf("mount %s: %w", desktopDisk, err))
	}
	if _, err := os.Stat(root + desktopSane); err != nil {
		return s.fail("rootfs_not_sane_reprovision", err)
	}
	if err := grow(desktopDisk, root); err != nil {
		s.say("rayos-agent: grow the disk: %v", err) // it is small, but whole
	}
	s.say("RAYOS_LINUX_DESKTOP_PROVISION_SKIP")
	for _, program := range []string{"usr/bin/labwc", "usr/bin/foot", "usr/sbin/seatd"} {
		if st, err := os.Stat(filepath.Join(root, program)); err != nil || st.Size() == 0 {
			return s.fail("rootfs_not_sane_reprovision", fmt.Errorf("%s is missing or empty", program))
		}
	}
	s.say("RAYOS_LINUX_DESKTOP_PKGS_OK")
	for _, dir := range []string{"/dev", "/proc", "/sys", "/run", "/tmp"} {
		if err := os.MkdirAll(root+dir, 0o755); err != nil {
			return err
		}
		if err := unix.Mount(dir, root+dir, "", unix.MS_MOVE, ""); err != nil {
			return fmt.Errorf("move %s: %w", dir, err)
		}
	}
	// The memory of the initramfs is of use elsewhere.
	if err := os.RemoveAll("/modules"); err != nil {
		return err
	}
	if err := unix.Chdir(root); err != nil {
		return err
	}
	if err := unix.Mount(".", "/", "", unix.MS_MOVE, ""); err != nil {
		return fmt.Errorf("move the root: %w", err)
	}
	if err := unix.Chroot("."); err != nil {
		return err
	}
	return unix.Chdir("/")
}

// ext4Resize is EXT4_IOC_RESIZE_FS: it takes the new count of blocks.
const ext4Resize = 0x40086610

// grow makes a mounted file system as large as its disk.
func grow(disk, root string) error {
	d, err := os.Open(disk)
	if err != nil {
		return err
	}
	defer d.Close()
	size, err := d.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(root, &fs); err != nil {
		return err
	}
	r, err := os.Open(root)
	if err != nil {
		return err
	}
	defer r.Close()
	// Blocks that the system itself needs aren't counted here, so a system that
	// has its size is told so again; it takes that as done.
	blocks := uint64(size / fs.Bsize)
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, r.Fd(), ext4Resize, uintptr(unsafe.Pointer(&blocks))); errno != 0 {
		return errno
	}
	return nil
}

// bootDesktop enters the disk and prepares what the desktop's programs need.
func (s *system) bootDesktop(events *uevents) error {
	if err := s.enterDisk(events); err != nil {
		return err
	}
	// Ctrl+Alt+Del is a wish, not a switch.
	if err := unix.Reboot(unix.LINUX_REBOOT_CMD_CAD_OFF); err != nil {
		return err
	}
	if name, err := os.ReadFile("/etc/hostname"); err == nil {
		if err := unix.Sethostname([]byte(strings.TrimSpace(string(name)))); err != nil {
			return err
		}
	}
	switch card, err := startNetwork("/sys", "/run"); {
	case err != nil: // the desktop is of use without
		s.say("RAYOS_LINUX_DESKTOP_ERR net_no_if")
		s.say("rayos-agent: network: %v", err)
	case card:
		s.say("RAYOS_LINUX_DESKTOP_NET_OK")
	default:
		s.say("RAYOS_LINUX_DESKTOP_NET_SKIP")
	}
	d := &desktop{system: s, events: events, seat: make(chan struct{}), clipboard: newClipboard(s.tell)}
	if err := d.person(); err != nil {
		return err
	}
	s.desktop = d
	s.launcher = &launcher{
		dir: "/usr/share/applications", icons: "/usr/share/icons", env: append(d.env, "WAYLAND_DISPLAY="+display), home: d.home(), credential: d.account,
		tell: s.tell, running: map[int]string{},
	}
	return nil
}

// person finds who uses the desktop, and makes the folder for sockets.
func (d *desktop) person() error {
	u, err := user.LookupId(desktopUID)
	if err != nil {
		return err
	}
	ids, err := u.GroupIds()
	if err != nil {
		return err
	}
	number := func(id string) uint32 {
		n, nerr := strconv.ParseUint(id, 10, 32)
		err = errors.Join(err, nerr)
		return uint32(n)
	}
	d.account = &syscall.Credential{Uid: number(u.Uid), Gid: number(u.Gid)}
	for _, id := range ids {
		d.account.Groups = append(d.account.Groups, number(id))
	}
	if err != nil {
		return err
	}
	const path = "/usr/local/bin:/usr/bin:/bin:/usr/games"
	if err := os.Setenv("PATH", path+":/usr/sbin:/sbin"); err != nil {
		return err
	}
	d.runtime = "/run/user/" + u.Uid
	d.env = []string{
		"HOME=" + u.HomeDir, "USER=" + u.Username, "LOGNAME=" + u.Username, "SHELL=/bin/bash", "LANG=C.UTF-8", "PATH=" + path,
		"XDG_RUNTIME_DIR=" + d.runtime, "XDG_SESSION_TYPE=wayland", "XDG_CURRENT_DESKTOP=labwc", "XCURSOR_THEME=" + cursorTheme, "XCURSOR_SIZE=24",
	}
	if err := os.MkdirAll(d.runtime, 0o755); err != nil {
		return err
	}
	return errors.Join(os.Chmod(d.runtime, 0o700), os.Chown(d.runtime, int(d.account.Uid), int(d.account.Gid)))
}

func (d *desktop) home() string { return strings.TrimPrefix(d.env[0], "HOME=") }

// serve brings the desktop's programs up and holds them.
func (d *desktop) serve() error {
	d.powerKeys()
	if err := d.events.awaitFile("/dev/dri/card0", cardWithin); err != nil {
		return err
	}
	if err := openDevices("/dev/dri/card*", "video"); err != nil {
		return err
	}
	if err := openDevices(soundDevices, "audio"); err != nil {
		d.say("RAYOS_LINUX_SOUND_ERR %v", err)
	}
	if err := seedUdev("/sys", "/run"); err != nil {
		return err
	}
	var err error
	if d.connectors, err = findConnectors("/sys"); err != nil {
		return err
	}
	go func() { d.say("rayos-agent: %v", d.follow()) }()
	go d.keep("seatd", d.runSeat)
	go d.keep("labwc", d.runCompositor)
	if path, err := findPort("/sys", "/dev", qgaName); err == nil {
		go d.keep("qemu-ga", func() (<-chan unix.WaitStatus, error) {
			return d.processes.start(d.service("/usr/sbin/qemu-ga", "-m", "virtio-serial", "-p", path, "-t", "/run"))
		})
	}
	return nil
}

// openDevices gives devices to the group of those who may use them, as udev would.
func openDevices(pattern, name string) error {
	group, err := user.LookupGroup(name)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(group.Gid)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(pattern)
	for _, f := range files {
		err = errors.Join(err, os.Chown(f, 0, gid), os.Chmod(f, 0o660))
	}
	return err
}

// service is a program of the system's.
func (d *desktop) service(path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", d.output, d.output
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd
}

// follow passes the kernel's events on to those who ask udev, and plugs
// screens anew whose size has changed.
func (d *desktop) follow() error {
	buf := make([]byte, maxUevent)
	for {
		e, err := d.events.next(buf)
		if err != nil {
			return err
		}
		if e.value("ACTION") == "add" && e.value("SUBSYSTEM") == "sound" {
			if err := openDevices(soundDevices, "audio"); err != nil {
				d.say("RAYOS_LINUX_SOUND_ERR %v", err)
			}
		}
		if e.value("ACTION") == "add" && (e.value("SUBSYSTEM") == "input" || e.value("SUBSYSTEM") == "drm") {
			if err := seedUdev("/sys", "/run"); err != nil {
				d.say("rayos-agent: %v", err)
			}
		}
		if !e.hotplug() {
			if err := d.events.tell(e); err != nil {
				d.say("rayos-agent: %v", err)
			}
			continue
		}
		for _, c := range d.connectors {
			changed, err := c.changed()
			if changed && err == nil {
				err = c.replug(func() error { return d.events.tell(e) })
			}
			if err != nil {
				d.say("rayos-agent: %v", err)
			}
		}
	}
}

// runSeat starts seatd, which gives the compositor its devices. It writes to
// the pipe when it serves.
func (d *desktop) runSeat() (<-chan unix.WaitStatus, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := d.service("/usr/sbin/seatd", "-g", "video", "-l", "error", "-n", "3")
	cmd.ExtraFiles = []*os.File{w}
	end, err := d.processes.start(cmd)
	w.Close()
	if err != nil {
		r.Close()
		return nil, err
	}
	go func() {
		defer r.Close()
		if n, _ := r.Read(make([]byte, 1)); n == 0 { // it has ended, which keep sees
			d.say("RAYOS_LINUX_DESKTOP_ERR seatd_no_socket")
			return
		}
		d.seatOnce.Do(func() { close(d.seat) })
	}()
	return end, nil
}

// runCompositor starts labwc, and says when it takes clients.
func (d *desktop) runCompositor() (<-chan unix.WaitStatus, error) {
	select {
	case <-d.seat:
	case <-d.ended:
		return nil, errors.New("the system ends")
	}
	cmd := d.service("/usr/bin/labwc")
	cmd.Dir = d.home()
	cmd.SysProcAttr.Credential = d.account
	cmd.Env = append([]string{"LIBSEAT_BACKEND=seatd", "WLR_RENDERER=pixman", "WLR_LIBINPUT_NO_DEVICES=1"}, d.env...)
	end, err := d.processes.start(cmd)
	if err != nil {
		return nil, err
	}
	// Whoever keeps it wants its end, and so do we.
	ended, kept := make(chan struct{}), make(chan unix.WaitStatus, 1)
	go func() {
		status := <-end
		close(ended)
		d.unbecome(agent.ReadyWayland)
		kept <- status
	}()
	go d.awaitCompositor(ended)
	return kept, nil
}

// awaitCompositor waits until a client can connect. A socket's file is there
// before that, and nothing tells.
func (d *desktop) awaitCompositor(ended <-chan struct{}) {
	late := time.After(waylandWithin)
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for {
		select {
		case <-ended:
			// The words are those that hosts know, whatever the compositor.
			d.say("RAYOS_LINUX_DESKTOP_ERR weston_exited_early")
			return
		case <-d.ended:
			return
		case <-late:
			d.say("RAYOS_LINUX_DESKTOP_ERR not_ready_no_wayland_socket")
		case <-look.C:
			c, err := net.Dial("unix", d.socket())
			if err != nil {
				continue
			}
			c.Close()
			d.say("RAYOS_LINUX_DESKTOP_READY")
			d.become(agent.ReadyWayland, display)
			d.say("rayos-agent: clipboard: %v", d.clipboard.serve(d.socket()))
			return
		}
	}
}

// powerKeys ends the system when somebody asks: the power button, Ctrl+Alt+Del,
// or a program by a signal (/usr/sbin/shutdown does).
func (d *desktop) powerKeys() {
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, unix.SIGUSR2, unix.SIGPWR, unix.SIGINT, unix.SIGTERM)
	go func() {
		<-sig
		d.end()
	}()
	dirs, _ := filepath.Glob("/sys/class/input/event*") // the pattern is good
	for _, dir := range dirs {
		if !readInput(dir).button() {
			continue
		}
		f, err := os.Open(filepath.Join("/dev/input", filepath.Base(dir)))
		if err != nil {
			d.say("rayos-agent: %v", err)
			continue
		}
		go func() {
			defer f.Close()
			watchButton(f, d.end)
		}()
	}
}

// watchButton reads a power button's events until they end.
func watchButton(in io.Reader, pressed func()) {
	var event [24]byte // struct input_event of 64-bit systems
	for {
		if _, err := io.ReadFull(in, event[:]); err != nil {
			return
		}
		ne := binary.NativeEndian
		if ne.Uint16(event[16:]) == evKey && ne.Uint16(event[18:]) == keyPower && ne.Uint32(event[20:]) == 1 {
			pressed()
		}
	}
}
