package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/vmm/confine"
	"rayos/vmm/host"
	"rayos/vmm/qemu"
)

// field is a line of a process's status.
func field(t *testing.T, pid int, name string) string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("process %d has no %s", pid, name)
	return ""
}

// TestMachineIsConfined starts a machine and has its QEMU try what one that is
// taken over by its guest would: reach files, sockets and programs of the
// person.
func TestMachineIsConfined(t *testing.T) {
	support := confine.Detect()
	if !support.Whole() {
		t.Skipf("this kernel has %v", support)
	}
	v := newVM(t)
	v.run()
	v.ask(host.Request{Op: host.OpStart})
	st := v.status()
	if got := st.Means; got == nil || got.Confined.State != host.ConfinedOn || got.Confined.Detail != support.String() {
		t.Fatalf("means %+v; want it confined by %v", got, support)
	}
	pid := st.Process.PID
	filters := func(pid int) int {
		n, err := strconv.Atoi(field(t, pid, "Seccomp_filters"))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, p := range []int{v.cmd.Process.Pid, pid} {
		if got := field(t, p, "NoNewPrivs") + field(t, p, "Seccomp"); got != "12" {
			t.Errorf("process %d: no_new_privs and seccomp %s; want 1 and 2 (a filter)", p, got)
		}
	}
	// QEMU has rayos-vm's filter, its launch's and its own.
	if own, all := filters(v.cmd.Process.Pid), filters(pid); all < own+2 {
		t.Errorf("filters: rayos-vm %d, QEMU %d", own, all)
	}

	other := proctest.RuntimeDir(t)
	secret := filepath.Join(other, "secret")
	if err := os.WriteFile(secret, make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	bus, err := net.Listen("unix", filepath.Join(other, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	ctx, cancel := context.WithTimeout(context.Background(), proctest.Patience)
	defer cancel()
	m, err := qemu.DialMonitor(ctx, v.dir.Socket("qmp2"), func(qemu.MonitorEvent) {})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	type args = map[string]any
	disk := func(path string) args {
		return args{"driver": "file", "filename": path, "node-name": "stolen", "read-only": true}
	}
	file := func(path string) args {
		return args{"id": "stolen", "backend": args{"type": "file", "data": args{"out": path}}}
	}
	for _, c := range []struct {
		what, command, want string
		args                args
	}{
		{"read a file", "blockdev-add", "Permission denied", disk(secret)},
		{"read the registry", "blockdev-add", "Permission denied", disk(v.root.Registry())},
		{"read another file of the machine", "blockdev-add", "Permission denied", disk(v.dir.State("generation"))},
		{"write a file", "chardev-add", "Permission denied", file(secret)},
		{"make a file", "chardev-add", "Permission denied", file(filepath.Join(other, "new"))},
		{"make a file in the machine's folder", "chardev-add", "Permission denied", file(v.dir.State("new"))},
		{"connect to a bus", "chardev-add", "Operation not permitted", args{"id": "stolen", "backend": args{"type": "socket", "data": args{
			"server": false, "addr": args{"type": "unix", "data": args{"path": bus.Addr().String()}},
		}}}},
		{"serve a socket", "chardev-add", "Operation not permitted", args{"id": "stolen", "backend": args{"type": "socket", "data": args{
			"server": true, "wait": false, "addr": args{"type": "unix", "data": args{"path": v.dir.Socket("stolen")}},
		}}}},
		{"use the network", "chardev-add", "", args{"id": "stolen", "backend": args{"type": "socket", "data": args{
			"server": true, "wait": false, "addr": args{"type": "inet", "data": args{"host": "127.0.0.1", "port": "0"}},
		}}}},
		{"open a device", "chardev-add", "Permission denied", args{"id": "stolen", "backend": args{"type": "serial", "data": args{"device": "/dev/tty"}}}},
	} {
		err := m.Execute(ctx, c.command, c.args, nil)
		var refused *qemu.CommandError
		if !errors.As(err, &refused) || !strings.Contains(refused.Detail, c.want) {
			t.Errorf("%s: %v; want %q", c.what, err, c.want)
		}
	}
	// A file that is the machine's own can still be opened: it is the rules that
	// refuse.
	if err := m.Execute(ctx, "blockdev-add", disk(v.dir.State("ram")), nil); err != nil {
		t.Errorf("its own memory: %v", err)
	}
	if got := v.status().State; !got.Alive() {
		t.Errorf("after all that it is %s", got)
	}
	// Programs are the last: its own filter ends a QEMU that starts one.
	spawned := filepath.Join(v.dir.Path(), "state", "spawned")
	if err := m.Execute(ctx, "migrate", args{"uri": "exec:touch " + spawned}, nil); err == nil {
		t.Error("start a program: it is allowed")
	}
	if _, err := os.Stat(spawned); err == nil {
		t.Error("start a program: it ran")
	}
}

// TestLaunchLowersPriority: a machine whose CPUs can't be capped comes last.
func TestLaunchLowersPriority(t *testing.T) {
	programs, err := confine.Programs("/bin/cat")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{
		"argv": []string{programs[0], "/proc/self/stat"}, "nice": 7,
		"rules": confine.Rules{Run: programs, Read: []string{"/usr/lib", "/lib", "/etc/ld.so.cache", "/proc"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	lock, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	cmd := exec.Command(filepath.Join(binaries, "rayos-vm"), "--launch", string(text))
	cmd.ExtraFiles = []*os.File{lock}
	out, err := cmd.CombinedOutput()
	const nice = 18 // of proc_pid_stat(5), from 0
	if fields := strings.Fields(string(out)); err != nil || len(fields) <= nice || fields[nice] != "7" {
		t.Errorf("%v: %s; want priority 7 in field %d", err, out, nice+1)
	}
}

// TestCapsAreInForce gives a machine half a processor and looks in the kernel
// whether it is held to that.
func TestCapsAreInForce(t *testing.T) {
	v := newVM(t)
	v.policy("version = 0\n[limits]\ncpu_percent = 50\nmem_mib = 200\n")
	v.run()
	v.ask(host.Request{Op: host.OpStart})
	st := v.status()
	m := st.Means
	if m == nil || m.CPUs != 1 || m.MemMiB != 200 || m.CPU.Percent != 50 {
		t.Fatalf("means %+v; want half of one CPU and 200 MiB", m)
	}
	ram, err := os.Stat(v.dir.State("ram"))
	if err != nil || ram.Size() != 200<<20 {
		t.Errorf("memory %v, %v; want 200 MiB", ram, err)
	}
	if m.CPU.By != host.CapCgroup {
		if m.CPU.By != host.CapPriority || m.CPU.Nice == 0 {
			t.Errorf("cap %+v; want a cgroup, or a low priority", m.CPU)
		}
		t.Skipf("no cgroup can be had here: %s", m.CPU.Detail)
	}
	groups, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", st.Process.PID))
	if err != nil || !strings.Contains(string(groups), "/"+filepath.Base(m.CPU.Detail)+"\n") {
		t.Errorf("QEMU is in %s, %v; want %s", groups, err, m.CPU.Detail)
	}
	own, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", v.cmd.Process.Pid))
	if err != nil || strings.Contains(string(own), filepath.Base(m.CPU.Detail)) {
		t.Errorf("rayos-vm is in %s, %v; want it outside", own, err)
	}
	// A guest that boots wants all of a processor.
	look := time.NewTicker(10 * time.Millisecond) // nobody tells
	defer look.Stop()
	late := time.After(proctest.Patience)
	for {
		text, err := os.ReadFile(filepath.Join(m.CPU.Detail, "cpu.stat"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "nr_throttled 0\n") {
			break
		}
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("it is never held back:\n%s", text)
		}
	}
	// The cgroup stays for the machine's next run. Of this one there is none.
	v.ask(host.Request{Op: host.OpKill})
	if err := os.Remove(m.CPU.Detail); err != nil {
		t.Error(err)
	}
}

// policy writes the policy of the machine's data root.
func (v *vm) policy(text string) {
	v.t.Helper()
	path := v.root.Policy()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
}
