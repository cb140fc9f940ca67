package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/bench/rawclient"
)

const (
	machineID = "linux-micro-001"
	machineMB = 512
	// bootLimit bounds what builds or boots a machine; buildLimit also waits for
	// packages that come over the network.
	bootLimit  = 2 * time.Minute
	buildLimit = 20 * time.Minute
)

// world is a session with a data folder of its own and a virtual machine in it.
type world struct {
	l       *Launcher
	c       *Compositor
	setup   Setup
	session *Session
	control *control
	vm      *machineSocket // nil until the machine was started
	pids    []int          // of rayos-vm and QEMU, as told last
}

// machineStatus is what a session tells of a machine.
type machineStatus struct {
	State   string `json:"state"`
	PID     int    `json:"pid"`      // of QEMU
	HostPID int    `json:"host_pid"` // of rayos-vm
	Window  uint32 `json:"window"`
	Shown   bool   `json:"shown"`
	Width   int32  `json:"width"`
	Height  int32  `json:"height"`
}

// newWorld makes the folder, has the session build linux-micro there, and starts
// the machine with machineMB of memory.
func newWorld(l *Launcher, c *Compositor, setup Setup) (*world, error) {
	if err := l.machinePrograms(c); err != nil {
		return nil, err
	}
	data, err := l.machineData()
	if err != nil {
		return nil, err
	}
	setup.Data = data
	w := &world{l: l, c: c, setup: setup}
	err = w.begin()
	if err == nil {
		err = w.build()
	}
	if err == nil {
		err = w.boot()
	}
	if err != nil {
		return nil, errors.Join(err, w.end())
	}
	return w, nil
}

// machinePrograms makes sure that the session finds its rayos-vm.
func (l *Launcher) machinePrograms(c *Compositor) error {
	for _, name := range []string{"rayos-vm", "rayos-agent"} {
		if _, err := os.Stat(filepath.Join(filepath.Dir(c.path), name)); err != nil {
			return &UnfitError{"there is no " + name + " beside the session"}
		}
	}
	if _, err := exec.LookPath("qemu-system-x86_64"); err != nil {
		return &UnfitError{"qemu-system-x86_64 is not installed"}
	}
	return nil
}

// machineData makes a data folder. Images are shared by all that this launcher
// makes, and begin with those that the person has.
func (l *Launcher) machineData() (string, error) {
	images := filepath.Join(l.base, "images")
	if _, err := os.Stat(images); errors.Is(err, fs.ErrNotExist) {
		if err := os.Mkdir(images, 0o755); err != nil {
			return "", err
		}
		if user, err := os.UserCacheDir(); err == nil {
			if err := copyTree(filepath.Join(user, "rayos", "images"), images); err != nil {
				return "", err
			}
		}
	}
	data, err := os.MkdirTemp(l.base, "data-")
	if err != nil {
		return "", err
	}
	err = errors.Join(os.Symlink(images, filepath.Join(data, "images")), os.Mkdir(filepath.Join(data, "policy"), 0o755))
	// A session that begins takes up what runs and starts nothing by itself.
	policy := "version = 0\n[defaults]\nautoboot_vms = false\n"
	err = errors.Join(err, os.WriteFile(filepath.Join(data, "policy", "rayos-policy.toml"), []byte(policy), 0o644))
	return data, errors.Join(err, giveAway(data), giveAway(images))
}

// copyTree copies regular files and folders; a tree that isn't there is empty.
func copyTree(from, to string) error {
	err := os.CopyFS(to, os.DirFS(from))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// giveAway hands a tree to the user that sessions run as.
func giveAway(tree string) error {
	if os.Getuid() != 0 {
		return nil
	}
	return filepath.WalkDir(tree, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, nobody, nobody)
	})
}

// begin starts a session on the data folder.
func (w *world) begin() error {
	var err error
	if w.session, err = w.l.Start(w.c, w.setup); err != nil {
		return err
	}
	w.control, err = w.session.dialControl()
	return err
}

// rest ends the session as a person would.
func (w *world) rest() error {
	err := w.control.close()
	w.control = nil
	if w.session != nil {
		err = errors.Join(err, w.session.Alive(), w.session.Stop())
		w.session = nil
	}
	return err
}

// build makes the image, and gives its machine the memory that is measured: the
// registry is a file that a person may edit while no session runs.
func (w *world) build() error {
	if err := w.control.callWithin(buildLimit, "vm build", map[string]any{"image": "linux-micro"}, nil); err != nil {
		return err
	}
	if err := w.rest(); err != nil {
		return err
	}
	path := filepath.Join(w.setup.Data, "vm", "registry.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, err = withMemory(text, machineMB)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return err
	}
	return w.begin()
}

// withMemory changes a registry so that machineID has as many MiB.
func withMemory(text []byte, mib int) ([]byte, error) {
	var file map[string]any
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	at := file
	for _, key := range []string{"vms", machineID, "devices"} {
		next, ok := at[key].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("there is no %q", key)
		}
		at = next
	}
	at["memory_mb"] = mib
	delete(file, "sha256")
	return json.Marshal(file)
}

// do carries out a command on the machine.
func (w *world) do(op string) error {
	return w.control.callWithin(bootLimit, "vm "+op, map[string]any{"machine": machineID}, nil)
}

func (w *world) status() (machineStatus, error) {
	var st machineStatus
	err := w.control.call("vm status", map[string]any{"machine": machineID}, &st)
	if err == nil {
		w.pids = []int{st.HostPID, st.PID}
	}
	return st, err
}

// boot starts the machine and waits until its agent answers.
func (w *world) boot() error {
	if err := w.do("start"); err != nil {
		return err
	}
	st, err := w.status()
	if err != nil {
		return err
	}
	if w.vm, err = dialMachine(filepath.Join(w.folder(), "run", "vm.sock")); err != nil {
		return err
	}
	if st.State == "running" {
		return nil
	}
	return w.vm.await(bootLimit, func(e *machineEvent) bool { return e.Event == "ready" && e.What == "agent" })
}

func (w *world) folder() string { return filepath.Join(w.setup.Data, "vm", "linux", machineID) }

// serial is the guest's console.
func (w *world) serial() string { return filepath.Join(w.folder(), "logs", "serial.log") }

// end leaves nothing behind, also after a failure.
func (w *world) end() error {
	var errs []error
	if w.control != nil && w.session.Alive() == nil {
		_, err := w.status()
		errs = append(errs, err, w.do("kill"))
	}
	if w.vm != nil {
		errs = append(errs, w.vm.conn.Close())
	}
	errs = append(errs, w.rest(), w.sweep(), os.RemoveAll(w.setup.Data))
	return errors.Join(errs...)
}

// sweep ends the machine's processes where a failure has left them: they are
// made to outlive sessions. Only those of this data folder are meant.
func (w *world) sweep() error {
	var errs []error
	for _, pid := range w.pids {
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			continue // it has ended
		}
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && strings.Contains(string(line), w.setup.Data) {
			if err := unix.PidfdSendSignal(fd, unix.SIGTERM, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
				errs = append(errs, err)
			}
		}
		errs = append(errs, unix.Close(fd))
	}
	return errors.Join(errs...)
}

// crash kills the session, whose machine lives on.
func (w *world) crash() error {
	err := w.control.close()
	w.control = nil
	if kerr := w.session.cmd.Process.Signal(syscall.SIGKILL); kerr != nil {
		return errors.Join(err, kerr)
	}
	err = errors.Join(err, w.session.Stop())
	w.session = nil
	return err
}

// seen captures the middle of the output until its colour is as is says, and
// returns that colour. begin is called when the first capture waits.
func (w *world) seen(capture *rawclient.Capture, within time.Duration, begin func() error, is func(color uint32) bool) (uint32, error) {
	if err := capture.Start(true); err != nil {
		return 0, err
	}
	if err := begin(); err != nil {
		return 0, err
	}
	for start := time.Now(); time.Since(start) < within; {
		color, err := capture.Wait()
		if err != nil || is(color) {
			return color, err
		}
		if err := capture.Start(true); err != nil {
			return 0, err
		}
	}
	return 0, errors.New("the screen doesn't change as it should")
}

// logged reads a file from where until the text stands in it, and returns where
// to read on. The file grows by a machine that is alive.
func (w *world) logged(path string, from int64, text string, within time.Duration) (int64, error) {
	watch, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return 0, fmt.Errorf("inotify: %w", err)
	}
	defer unix.Close(watch) // a watch holds nothing that closing could lose
	if _, err := unix.InotifyAddWatch(watch, path, unix.IN_MODIFY); err != nil {
		return 0, fmt.Errorf("watch %s: %w", path, err)
	}
	events := make([]byte, 4096)
	for end := time.Now().Add(within); ; {
		tail, err := readFrom(path, from)
		if err != nil {
			return 0, err
		}
		if i := strings.Index(tail, text); i >= 0 {
			return from + int64(i+len(text)), nil
		}
		left := time.Until(end)
		if left <= 0 {
			return 0, fmt.Errorf("%s says no %q within %v, but %q", filepath.Base(path), text, within, tail[max(0, len(tail)-300):])
		}
		if _, err := unix.Poll([]unix.PollFd{{Fd: int32(watch), Events: unix.POLLIN}}, int(left.Milliseconds())+1); err != nil && err != unix.EINTR {
			return 0, fmt.Errorf("poll: %w", err)
		}
		if _, err := unix.Read(watch, events); err != nil && err != unix.EAGAIN && err != unix.EINTR {
			return 0, fmt.Errorf("read inotify: %w", err)
		}
	}
}

func readFrom(path string, from int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() // read only: nothing to lose
	text, err := io.ReadAll(io.NewSectionReader(f, from, 1<<20))
	return string(text), err
}
