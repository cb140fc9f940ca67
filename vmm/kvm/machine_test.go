package kvm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/vmm"
	"rayos/vmm/host"
	"rayos/vmm/qemu"
)

// What the nested system is told by its environment: paths of the host's.
const (
	envProgram = "NESTED_RAYOS_VM"
	envQEMU    = "NESTED_QEMU"
	envKernel  = "NESTED_KERNEL"
	envInitrd  = "NESTED_INITRD"
)

const (
	hostTag   = "host"  // of the host's files
	hostRoot  = "/root" // where they are mounted
	scratch   = "/mnt"  // memory, within them
	machineID = vmm.ID("linux-micro-001")
)

// machineReport is what became of a machine in the nested system.
type machineReport struct {
	Means    host.Means
	KVM      struct{ Enabled, Present bool } // QEMU's own word
	Size     geom.Size                       // of the screen, as rayos-vm says
	Screen   geom.Size                       // as QEMU says
	Lit      int                             // bytes of its pixels that aren't 0
	Shutdown []string                        // stages
	State    vmm.State                       // in the end
}

// machine runs a machine as a person would: by rayos-vm, which finds out how
// guests run here.
func (r *report) machine(ctx context.Context) error {
	if err := enterHost(); err != nil {
		return err
	}
	root, err := dataRoot()
	if err != nil {
		return err
	}
	r.stage("the host's files")
	cmd := exec.CommandContext(ctx, os.Getenv(envProgram), "--root", root.Dir, "--qemu", os.Getenv(envQEMU), "--start", string(machineID))
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + scratch}
	cmd.Stderr = os.Stdout
	dir := root.VM(vmm.Linux, machineID)
	err = r.runMachine(ctx, cmd, dir)
	if err == nil {
		return nil
	}
	for _, name := range []string{"qemu.log", "serial.log"} {
		text, rerr := os.ReadFile(dir.Logs(name))
		fmt.Printf("%s: %v\n%s\n", name, rerr, text)
	}
	return err
}

// enterHost makes the host's files the only ones. They can't be changed; what
// is new goes to memory.
func enterHost() error {
	if err := unix.Mount(hostTag, hostRoot, "9p", unix.MS_RDONLY, "trans=virtio,version=9p2000.L,msize=524288,cache=loose"); err != nil {
		return fmt.Errorf("mount the host's files: %w", err)
	}
	if err := mountSystem(hostRoot); err != nil {
		return err
	}
	// Each page of a guest that is touched first is an expensive exit: large
	// ones are few.
	if err := unix.Mount("tmpfs", filepath.Join(hostRoot, scratch), "tmpfs", 0, "huge=always,size=1g"); err != nil {
		return fmt.Errorf("mount %s: %w", scratch, err)
	}
	return errors.Join(unix.Chroot(hostRoot), unix.Chdir("/"))
}

// dataRoot makes a data folder with one machine.
func dataRoot() (vmm.Root, error) {
	root, err := vmm.NewRoot(filepath.Join(scratch, "data"), "")
	if err != nil {
		return root, err
	}
	reg, err := vmm.OpenRegistry(root)
	if err != nil {
		return root, err
	}
	for name, from := range map[string]string{"vmlinux": os.Getenv(envKernel), "initrd": os.Getenv(envInitrd)} {
		if err := copyFile(filepath.Join(root.Dir, name), from); err != nil {
			return root, errors.Join(err, reg.Close())
		}
	}
	err = reg.Add(vmm.Record{
		ID: machineID, Name: "Linux micro", Kind: vmm.Linux, State: vmm.Stopped,
		Storage: vmm.Storage{Kernel: "vmlinux", Initrd: "initrd"}, Devices: vmm.Devices{CPUs: 1, MemMiB: 256},
	})
	return root, errors.Join(err, reg.Close())
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func (r *report) runMachine(ctx context.Context, cmd *exec.Cmd, dir vmm.Dir) error {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	line := make([]byte, 256)
	n, err := out.Read(line) // rayos-vm listens when it says so
	if err != nil {
		return fmt.Errorf("rayos-vm said %q: %w, %w", line[:n], err, cmd.Wait())
	}
	r.stage("rayos-vm")
	c, err := host.Dial(dir.Socket("vm"))
	if err == nil {
		err = errors.Join(r.live(ctx, &talk{Client: c}, dir), c.Close())
	}
	if err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	// Without a machine and a client it isn't needed.
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("rayos-vm: %w", err)
	}
	r.stage("rayos-vm has ended")
	return nil
}

// live is the life of a machine: it boots, answers, reads keys and ends.
func (r *report) live(ctx context.Context, c *talk, dir vmm.Dir) error {
	m := &r.Machine
	if err := c.await(ctx, "agent", func(e host.Event) bool { return e.Event == host.EventState && e.State == vmm.Running }); err != nil {
		return err
	}
	r.stage("the guest's agent")
	if _, err := c.Call(ctx, host.Request{Op: host.OpClock}, nil); err != nil {
		return err
	}
	if _, err := c.Call(ctx, host.Request{Op: host.OpType, Text: "PING\n"}, nil); err != nil {
		return err
	}
	const pong = "RAYOS_LINUX_AGENT_PONG"
	if err := c.await(ctx, pong, func(e host.Event) bool { return e.Event == host.EventConsole && strings.Contains(e.Detail, pong) }); err != nil {
		return err
	}
	r.stage("an answer to what was typed")
	st, err := c.Status(ctx)
	if err != nil {
		return err
	}
	if st.Means == nil {
		return errors.New("a status without means")
	}
	m.Means, m.Size = *st.Means, st.Size
	if err := r.askQEMU(ctx, dir); err != nil {
		return err
	}
	r.stage("the screen")
	if _, err := c.Call(ctx, host.Request{Op: host.OpShutdown, DeadlineMS: 120_000}, nil); err != nil {
		return err
	}
	if err := c.await(ctx, "stopped", func(e host.Event) bool { return e.Event == host.EventState && e.State == vmm.Stopped }); err != nil {
		return err
	}
	for _, e := range c.heard {
		if e.Event == host.EventStage {
			m.Shutdown = append(m.Shutdown, e.Stage)
		}
	}
	st, err = c.Status(ctx)
	m.State = st.State
	r.stage("shut down")
	return err
}

// talk is a connection with rayos-vm and what was heard there.
type talk struct {
	*host.Client
	heard []host.Event
}

// await waits for something that the machine tells, if it hasn't yet.
func (c *talk) await(ctx context.Context, what string, is func(host.Event) bool) error {
	for i := 0; ; i++ {
		if i == len(c.heard) {
			select {
			case e, ok := <-c.Events():
				if !ok {
					return fmt.Errorf("no %s: the connection has ended; heard %+v", what, c.heard)
				}
				c.heard = append(c.heard, e)
			case <-ctx.Done():
				return fmt.Errorf("no %s: %w; heard %+v", what, ctx.Err(), c.heard)
			}
		}
		e := c.heard[i]
		if is(e) {
			return nil
		}
		if e.Event == host.EventState && (e.State == vmm.Failed || e.State == vmm.Stopped) {
			return fmt.Errorf("no %s: the machine is %s: %s", what, e.State, e.Detail)
		}
	}
}

// askQEMU asks by the monitor that is free for a person.
func (r *report) askQEMU(ctx context.Context, dir vmm.Dir) error {
	monitor, err := qemu.DialMonitor(ctx, dir.Socket("qmp2"), nil)
	if err != nil {
		return err
	}
	err = monitor.Execute(ctx, "query-kvm", nil, &r.Machine.KVM)
	// The kernel draws its text when it has time for it.
	for set := 10; err == nil && r.Machine.Lit == 0; set++ {
		err = r.screenshot(ctx, monitor, set)
	}
	return errors.Join(err, monitor.Close())
}

// screenshot takes a picture. QEMU may make no file and is given one.
func (r *report) screenshot(ctx context.Context, monitor *qemu.Monitor, set int) error {
	path := filepath.Join(scratch, "screen.ppm")
	f, err := os.Create(path)
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		f, err = os.OpenFile(path, os.O_WRONLY, 0) // QEMU takes what was opened as it would open it
	}
	if err != nil {
		return err
	}
	defer f.Close()
	name, err := monitor.AddFile(ctx, set, f)
	if err != nil {
		return err
	}
	if err := monitor.Execute(ctx, "screendump", map[string]string{"filename": name}, nil); err != nil {
		return err
	}
	if err := monitor.RemoveFile(ctx, set); err != nil {
		return err
	}
	ppm, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	m := &r.Machine
	var depth int
	if _, err := fmt.Sscanf(string(ppm[:min(32, len(ppm))]), "P6\n%d %d\n%d\n", &m.Screen.W, &m.Screen.H, &depth); err != nil {
		return fmt.Errorf("screendump: %w", err)
	}
	pixels := int(m.Screen.W) * int(m.Screen.H) * 3
	if pixels <= 0 || pixels > len(ppm) {
		return fmt.Errorf("screendump: %d bytes for %v", len(ppm), m.Screen)
	}
	m.Lit = pixels - bytes.Count(ppm[len(ppm)-pixels:], []byte{0})
	return nil
}
