package bench

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"rayos/internal/bench/rawclient"
)

// vncPrograms are QEMU, and what shows its VNC server: a viewer and the display
// it draws on, which composes nothing.
var vncPrograms = []string{"qemu-system-x86_64", "xtigervncviewer", "Xvfb"}

// VNC is the peer of virtual machines: QEMU's own VNC server, shown by
// tigervnc-viewer on Xvfb. It reports false where one of them isn't installed.
func VNC() (Compositor, bool, error) {
	for _, name := range vncPrograms {
		if _, err := exec.LookPath(name); err != nil {
			if errors.Is(err, exec.ErrNotFound) {
				return Compositor{}, false, nil
			}
			return Compositor{}, false, fmt.Errorf("look for %s: %w", name, err)
		}
	}
	out, err := exec.Command(vncPrograms[0], "--version").Output()
	if err != nil {
		return Compositor{}, false, fmt.Errorf("version of %s: %w", vncPrograms[0], err)
	}
	_, version, _ := strings.Cut(string(out), "version ")
	version, _, _ = strings.Cut(version, " ")
	return Compositor{Name: viewerName, Version: version, viewer: true}, true, nil
}

// viewerName is the peer that isn't a compositor.
const viewerName = "vnc"

// vnc is a machine that is shown by a viewer.
type vnc struct {
	dir      string
	programs []*exec.Cmd
	serial   *bufio.Reader
	console  net.Conn
	monitor  net.Conn
	log      *os.File // of the programs
}

// measureVNC has the machine that RayOS has measured draw the same for a viewer.
func measureVNC(l *Launcher, e Effort) (Values, error) {
	if l.machine == nil {
		return nil, &UnfitError{"RayOS has made no machine to compare with"}
	}
	data, err := l.machineData()
	if err != nil {
		return nil, err
	}
	m := &vnc{dir: data}
	v, err := m.measure(l.machine, e)
	if err != nil && m.log != nil {
		said, rerr := readFrom(m.log.Name(), 0)
		err = errors.Join(fmt.Errorf("%w; they said %q", err, said[max(0, len(said)-400):]), rerr, m.log.Close())
	}
	return v, errors.Join(err, m.end())
}

func (m *vnc) measure(like *machineArguments, e Effort) (Values, error) {
	if err := m.boot(like); err != nil {
		return nil, err
	}
	cpus, err := guestThreads(filepath.Join(m.dir, "qmp2.sock"))
	if err != nil {
		return nil, err
	}
	parts := []spender{machineSide{Process{m.programs[0].Process.Pid}, cpus}}
	for _, p := range m.programs[1:] {
		parts = append(parts, Process{p.Process.Pid})
	}
	if err := m.drawn(2 * warmFrames); err != nil {
		return nil, err
	}
	frames := 2 * e.Frames
	cpu, err := spentBy(parts, func() error { return m.drawn(frames) })
	return Values{"guest.cpu": cpu.Seconds() * 1e3 / float64(frames)}, err
}

// boot starts QEMU, the display and the viewer, and waits for the guest and for
// the viewer's connection.
func (m *vnc) boot(like *machineArguments) error {
	kernels, err := filepath.Glob(filepath.Join(m.dir, "images", "micro-*", "vmlinux"))
	if err != nil {
		return err
	}
	if len(kernels) == 0 {
		return errors.New("there is no image of linux-micro")
	}
	kernel := newest(kernels)
	picture := filepath.Join(m.dir, "vnc")
	args := append(like.withVNC(m.dir, picture), "-kernel", kernel, "-initrd", filepath.Join(filepath.Dir(kernel), "initrd"))
	if err := m.start(vncPrograms[0], nil, args...); err != nil {
		return err
	}
	if m.console, err = dialSoon(filepath.Join(m.dir, "serial.sock")); err != nil {
		return err
	}
	m.serial = bufio.NewReader(m.console)
	if m.monitor, err = dialSoon(filepath.Join(m.dir, "qmp.sock")); err != nil {
		return err
	}
	if _, err := io.WriteString(m.monitor, `{"execute":"qmp_capabilities"}`+"\n"); err != nil {
		return err
	}
	if err := m.says("RAYOS_LINUX_AGENT_READY"); err != nil {
		return err
	}
	display, err := m.display(int32(guestOutput.Width), int32(guestOutput.Height))
	if err != nil {
		return err
	}
	if err := m.start(vncPrograms[1], nil, "-display", display, "-RemoteResize=0", picture); err != nil {
		return err
	}
	return m.event("VNC_INITIALIZED")
}

// newest is the file that was written last: the image that RayOS has made.
func newest(files []string) string {
	return slices.MaxFunc(files, func(a, b string) int {
		return cmp.Compare(written(a), written(b))
	})
}

// written is when a file was, 0 for one that can't be asked.
func written(path string) int64 {
	st, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return st.ModTime().UnixNano()
}

// display starts Xvfb with a screen of a size and returns its name.
func (m *vnc) display(width, height int32) (string, error) {
	return m.xServer(vncPrograms[2], "-screen", "0", geometry(width, height)+"x24")
}

// xServer starts an X server and returns its name.
func (m *vnc) xServer(program string, args ...string) (string, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer r.Close() // it is read to its end
	err = m.start(program, w, append([]string{"-displayfd", "3", "-nolisten", "tcp"}, args...)...)
	if err := errors.Join(err, w.Close()); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s: no display: %w", program, err)
	}
	return ":" + strings.TrimSpace(line), nil
}

// start runs a program as the user that sessions run as, with a descriptor 3 if
// there is one. It ends with the driver.
func (m *vnc) start(name string, extra *os.File, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = m.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=" + m.dir}
	if extra != nil {
		cmd.ExtraFiles = []*os.File{extra}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	if m.log == nil {
		var err error
		if m.log, err = os.Create(filepath.Join(m.dir, "log")); err != nil {
			return err
		}
	}
	cmd.Stdout, cmd.Stderr = m.log, m.log
	if err := cmd.Start(); err != nil {
		return err
	}
	m.programs = append(m.programs, cmd)
	return nil
}

// dialSoon connects to a socket that a program is about to make.
func dialSoon(path string) (conn net.Conn, err error) {
	for end := time.Now().Add(rawclient.Timeout); time.Now().Before(end); time.Sleep(time.Millisecond) {
		conn, err = connectAs(nobody, func(path string) (net.Conn, error) { return net.Dial("unix", path) }, path)
		if err == nil {
			return conn, conn.SetDeadline(time.Now().Add(bootLimit))
		}
	}
	return nil, err
}

// says reads the guest's console until it has said something.
func (m *vnc) says(text string) error {
	if err := m.console.SetDeadline(time.Now().Add(bootLimit)); err != nil {
		return err
	}
	for {
		line, err := m.serial.ReadString('\n')
		if err != nil {
			return fmt.Errorf("the guest says no %q: %w", text, err)
		}
		if strings.Contains(line, text) {
			return nil
		}
	}
}

// event waits until QEMU tells something.
func (m *vnc) event(name string) error {
	for in := bufio.NewReader(m.monitor); ; {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("QEMU tells no %s: %w", name, err)
		}
		var ev struct{ Event string }
		if err := json.Unmarshal(line, &ev); err != nil {
			return err
		}
		if ev.Event == name {
			return nil
		}
	}
}

// drawn has the guest draw, and returns when it has.
func (m *vnc) drawn(frames int) error {
	if _, err := fmt.Fprintf(m.console, "DRAW:%d:%d\n", frames, drawRate); err != nil {
		return err
	}
	return m.says("RAYOS_LINUX_DRAW_END")
}

// end ends all programs, the newest first.
func (m *vnc) end() error {
	var errs []error
	for _, c := range []net.Conn{m.console, m.monitor} {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	for i := range m.programs {
		p := m.programs[len(m.programs)-1-i]
		if err := p.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			errs = append(errs, err)
		}
		var exit *exec.ExitError
		if err := p.Wait(); err != nil && !errors.As(err, &exit) {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, os.RemoveAll(m.dir))...)
}

// machineArguments are how RayOS has started a machine.
type machineArguments struct{ args []string }

// argumentsOf reads them from the process.
func argumentsOf(pid int) (*machineArguments, error) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return nil, err
	}
	return &machineArguments{strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")[1:]}, nil
}

// withVNC is a machine of the same processor, memory, kernel and screen, with a
// VNC server in place of the display that RayOS has. Its sockets are in dir.
func (a *machineArguments) withVNC(dir, socket string) []string {
	out := []string{
		"-nodefaults", "-no-user-config", "-vga", "none", "-display", "none", "-vnc", "unix:" + socket,
		"-object", fmt.Sprintf("memory-backend-file,id=ram,size=%dM,mem-path=%s,share=on", machineMB, filepath.Join(dir, "ram")),
		"-device", "virtio-gpu-pci", "-device", "virtio-keyboard-pci", "-device", "virtio-tablet-pci", "-device", "virtio-rng-pci",
		"-serial", "unix:" + filepath.Join(dir, "serial.sock") + ",server=on,wait=off",
		"-qmp", "unix:" + filepath.Join(dir, "qmp.sock") + ",server=on,wait=off",
		"-qmp", "unix:" + filepath.Join(dir, "qmp2.sock") + ",server=on,wait=off",
	}
	for i := 0; i+1 < len(a.args); i++ {
		switch a.args[i] {
		case "-accel", "-machine", "-cpu", "-smp", "-m", "-append":
			out = append(out, a.args[i], a.args[i+1])
		}
	}
	return out
}
