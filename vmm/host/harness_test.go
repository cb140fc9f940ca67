package host_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/vmm"
	"rayos/vmm/host"
	"rayos/vmm/image"
)

// binaries is where rayos-vm and rayos-agent are built.
var binaries string

func TestMain(m *testing.M) {
	host.FakeMain()
	dir, err := os.MkdirTemp("/tmp", "rayos-vm-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binaries = dir
	status := 1
	if err := build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		status = proctest.Main(m)
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

func build(dir string) error {
	for _, name := range []string{"rayos-vm", "rayos-agent"} {
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", dir+"/", "rayos/cmd/"+name)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", cmd.Args, err, out)
		}
	}
	return nil
}

// micro builds the guest once, and keeps it for other runs in
// $RAYOS_IMAGE_CACHE or rayos/images in the person's cache.
var micro = sync.OnceValues(func() (image.System, error) {
	cache, err := imageCache()
	if err != nil {
		return image.System{}, err
	}
	b := image.Builder{Cache: cache, Agent: filepath.Join(binaries, "rayos-agent")}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	return b.System(ctx)
})

func imageCache() (string, error) {
	if cache := os.Getenv("RAYOS_IMAGE_CACHE"); cache != "" {
		return cache, nil
	}
	user, err := os.UserCacheDir()
	return filepath.Join(user, "rayos", "images"), err
}

const id = vmm.ID("linux-micro-001")

// vm is a machine in a data root of its own.
type vm struct {
	t    *testing.T
	id   vmm.ID
	root vmm.Root
	dir  vmm.Dir
	cmd  *exec.Cmd // rayos-vm
	env  []string  // its environment, ours if nil
	*host.Client

	mu     sync.Mutex
	more   sync.Cond
	events []host.Event
}

// newVM makes a machine that boots linux-micro.
func newVM(t *testing.T) *vm {
	t.Helper()
	proctest.Need(t, "qemu-system-x86_64")
	system, err := micro()
	if err != nil {
		t.Fatal(err)
	}
	v := emptyVM(t)
	link := func(name, to string) string {
		if err := os.Symlink(to, filepath.Join(v.root.Dir, name)); err != nil {
			t.Fatal(err)
		}
		return name
	}
	v.add(vmm.Storage{Kernel: link("vmlinux", system.Kernel), Initrd: link("initrd", system.Initrd)})
	return v
}

func emptyVM(t *testing.T) *vm {
	t.Helper()
	root, err := vmm.NewRoot(proctest.RuntimeDir(t), "")
	if err != nil {
		t.Fatal(err)
	}
	v := &vm{t: t, id: id, root: root, dir: root.VM(vmm.Linux, id)}
	v.more.L = &v.mu
	return v
}

func (v *vm) add(s vmm.Storage) {
	v.t.Helper()
	v.addRecord(vmm.Record{
		ID: id, Name: "Linux micro", Kind: vmm.Linux, State: vmm.Stopped, Storage: s,
		Devices: vmm.Devices{CPUs: 1, MemMiB: 256},
	})
}

func (v *vm) addRecord(rec vmm.Record) {
	v.t.Helper()
	reg, err := vmm.OpenRegistry(v.root)
	if err != nil {
		v.t.Fatal(err)
	}
	defer reg.Close()
	if err := reg.Add(rec); err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(v.end)
}

// run starts rayos-vm and connects to it.
func (v *vm) run(args ...string) {
	v.t.Helper()
	log, err := os.OpenFile(filepath.Join(v.root.Dir, "rayos-vm.log"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		v.t.Fatal(err)
	}
	defer log.Close()
	v.cmd = exec.Command(filepath.Join(binaries, "rayos-vm"), append(append([]string{"--root", v.root.Dir}, args...), string(v.id))...)
	v.cmd.Stderr, v.cmd.Env = log, v.env
	v.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := v.cmd.StdoutPipe()
	if err != nil {
		v.t.Fatal(err)
	}
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	line := make([]byte, 256)
	if n, err := out.Read(line); err != nil {
		v.t.Fatalf("rayos-vm said %q: %v\n%s", line[:n], err, v.text("rayos-vm.log"))
	}
	v.dial()
}

func (v *vm) dial() {
	v.t.Helper()
	c, err := host.Dial(v.dir.Socket("vm"))
	if err != nil {
		v.t.Fatal(err)
	}
	v.Client = c
	go func() {
		for ev := range c.Events() {
			v.mu.Lock()
			v.events = append(v.events, ev)
			v.more.Broadcast()
			v.mu.Unlock()
		}
	}()
}

// kill ends rayos-vm as a fault would.
func (v *vm) kill() {
	v.t.Helper()
	if err := v.cmd.Process.Kill(); err != nil {
		v.t.Fatal(err)
	}
	v.cmd.Wait()
	<-v.Client.Done()
}

// end leaves nothing behind.
func (v *vm) end() {
	if v.cmd == nil {
		return
	}
	if v.cmd.ProcessState == nil {
		ctx, cancel := context.WithTimeout(context.Background(), proctest.Patience)
		defer cancel()
		if _, err := v.Call(ctx, host.Request{Op: host.OpKill}, nil); err != nil {
			v.t.Error(err)
			v.killQEMU()
		}
		v.cmd.Process.Signal(syscall.SIGTERM)
		if err := v.cmd.Wait(); err != nil {
			v.t.Errorf("rayos-vm: %v", err)
		}
	}
	if v.t.Failed() {
		v.t.Logf("rayos-vm:\n%s\nQEMU:\n%s\nserial:\n%s", v.text("rayos-vm.log"), v.logText("qemu.log"), v.logText("serial.log"))
	}
}

// killQEMU ends a QEMU that rayos-vm didn't.
func (v *vm) killQEMU() {
	var r vmm.Process
	b, err := os.ReadFile(filepath.Join(v.dir.Run(), "machine.json"))
	if err != nil || json.Unmarshal(b, &r) != nil || r.PID <= 1 {
		return
	}
	syscall.Kill(r.PID, syscall.SIGKILL)
}

func (v *vm) text(name string) string {
	b, err := os.ReadFile(filepath.Join(v.root.Dir, name))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (v *vm) logText(name string) string {
	b, err := os.ReadFile(v.dir.Logs(name))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// ask asks for something that must be granted.
func (v *vm) ask(r host.Request) host.Answer {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*proctest.Patience)
	defer cancel()
	a, err := v.Call(ctx, r, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return a
}

func (v *vm) status() host.Status {
	v.t.Helper()
	a := v.ask(host.Request{Op: host.OpStatus})
	return *a.Status
}

// heard waits until the machine has told of something, from the event number
// from on, and returns the number after it.
func (v *vm) heard(what string, from int, is func(host.Event) bool) int {
	v.t.Helper()
	timer := time.AfterFunc(2*proctest.Patience, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.more.Broadcast()
	})
	defer timer.Stop()
	start := time.Now()
	v.mu.Lock()
	defer v.mu.Unlock()
	for {
		if i := slices.IndexFunc(v.events[from:], is); i >= 0 {
			return from + i + 1
		}
		if time.Since(start) >= 2*proctest.Patience {
			v.t.Fatalf("not heard: %s; heard %+v", what, v.events[from:])
		}
		v.more.Wait()
	}
}

// count is how many events were heard so far.
func (v *vm) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.events)
}

func ready(what string) func(host.Event) bool {
	return func(e host.Event) bool { return e.Event == host.EventReady && e.What == what }
}

func state(s vmm.State) func(host.Event) bool {
	return func(e host.Event) bool { return e.Event == host.EventState && e.State == s }
}

func event(kind string) func(host.Event) bool {
	return func(e host.Event) bool { return e.Event == kind }
}

// attach shows the machine in a session.
func (v *vm) attach(s *proctest.Session) {
	v.t.Helper()
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		v.t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "wayland")
	defer f.Close()
	if err := syscall.Connect(fd, &syscall.SockaddrUnix{Name: s.Socket()}); err != nil {
		v.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), proctest.Patience)
	defer cancel()
	if err := v.Attach(ctx, f); err != nil {
		v.t.Fatal(err)
	}
}

// size is how large a file of the machine's state is.
func (v *vm) size(name string) int64 {
	v.t.Helper()
	st, err := os.Stat(v.dir.State(name))
	if err != nil {
		v.t.Fatal(err)
	}
	return st.Size()
}

// pss is the memory of a process in KiB, with its part of what it shares.
func pss(t *testing.T, pid int) (kib int) {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if n, err := fmt.Sscanf(line, "Pss: %d kB", &kib); n == 1 && err == nil {
			return kib
		}
	}
	t.Fatal("no Pss")
	return 0
}
