package vms_test

import (
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rayos/internal/proctest"
	"rayos/shell/control"
	"rayos/vmm"
	"rayos/vmm/host"
)

const hostileID = "linux-hostile-001"

// hostileQEMU builds a QEMU that a guest has taken over, in a tree of its own,
// and returns how it is told what to do next. Until that is called for the
// first time, who looks for QEMU along PATH finds the system's.
func hostileQEMU(t *testing.T) (path string, does func(behaviour string)) {
	t.Helper()
	tree := t.TempDir()
	built := filepath.Join(tree, "fake")
	cmd := exec.Command("go", "test", "-c", "-o", built, "rayos/vmm/host")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, dir := range []string{"bin", "share"} {
		if err := os.Mkdir(filepath.Join(tree, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(tree, "bin", "qemu-system-x86_64")
	return "PATH=" + filepath.Dir(program) + ":" + os.Getenv("PATH"), func(behaviour string) {
		if err := os.WriteFile(filepath.Join(tree, "share", "fake-qemu"), []byte(behaviour), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(built, program); err != nil && !errors.Is(err, os.ErrExist) {
			t.Fatal(err)
		}
	}
}

// status is a machine as the session tells it.
func (w *world) status(id string) (v control.VM) {
	w.t.Helper()
	if err := w.Try("vm status", proctest.Args{"machine": id}, &v); err != nil {
		w.t.Fatal(err)
	}
	w.pids = append(w.pids, v.HostPID, v.PID)
	return v
}

// memory is what the session's process holds, in KiB.
func (w *world) memory() (kib int) {
	w.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.PID))
	if err != nil {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if n, err := fmt.Sscanf(line, "VmRSS: %d kB", &kib); n == 1 && err == nil {
			return kib
		}
	}
	w.t.Fatal("no VmRSS")
	return 0
}

// TestHostileMachineBesideAnother has a machine whose QEMU does all that it
// shouldn't, one thing in each of its lives, and beside it a good one that is
// worked with all the time.
func TestHostileMachineBesideAnother(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	path, does := hostileQEMU(t)
	w := newWorldWith(t, microID, proctest.Options{Env: []string{path}})
	w.Call("vm build", proctest.Args{"image": "linux-micro"})
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	w.policy("[defaults]\nautoboot_vms = false\n[linux]\nvm_id = \"" + microID + "\"\n")
	w.addHostile()
	w.begin()

	w.do("show")
	w.do("start")
	good := w.vm()
	screen := func() proctest.Picture {
		var p control.Picture
		if err := w.Try("screenshot", proctest.Args{"window": good.Window}, &p); err != nil {
			t.Log(err) // it is late, say
			return proctest.Picture{RGBA: image.NewRGBA(image.Rectangle{})}
		}
		return proctest.Decode(t, p.PNG)
	}
	w.Until("the guest's text", func() bool { return reads(screen(), 0, "RAYOS_LINUX_AGENT_READY") })
	files, memory, most := w.Descriptors(), w.memory(), 0
	row := 1
	for _, behaviour := range []string{
		"absurd", "sizes", "updates", "cursors", "half", "endless", "stalled", "noise", "qmp-long", "honest,agent-flood", "honest,garbage",
	} {
		does(behaviour)
		said, shown := "", w.showHostile()
		w.Until(behaviour+": it has done its worst", func() bool {
			v := w.status(hostileID)
			said = v.State + ": " + v.Detail
			select {
			case out := <-shown:
				shown <- out
				return v.Width == 320 && v.Height == 200 || out != "presented\n"
			default:
				return strings.Contains(v.Detail, host.Stuck)
			}
		})
		t.Logf("%s: %s", behaviour, said)
		if broken := strings.Contains(said, host.Stuck); broken != (behaviour == "noise") && behaviour != "qmp-long" {
			t.Errorf("%s: %s", behaviour, said)
		}
		w.typeText("PING\n")
		row += 2
		w.Until(behaviour+": the other machine answers", func() bool {
			p := screen()
			return reads(p, row-2, "PING") && reads(p, row-1, "RAYOS_LINUX_AGENT_PONG")
		})
		if v := w.vm(); v.PID != good.PID || v.State != "running" || !v.Shown || v.Restarts != 0 {
			t.Fatalf("%s: the good machine is %+v", behaviour, v)
		}
		most = max(most, w.memory())
		if n := w.Descriptors() - files; n > 24 {
			t.Errorf("%s: the session has %d more files open", behaviour, n)
		}
		if out, err := w.rayctl("vm", "kill", hostileID); err != nil && !strings.Contains(out, "desktop_not_running") {
			t.Errorf("%s: kill: %s", behaviour, out)
		}
		w.Until(behaviour+": it is off", func() bool { return w.status(hostileID).State == "stopped" })
		t.Logf("%s: %s", behaviour, <-shown)
	}
	if grown := most - memory; grown > 64<<10 {
		t.Errorf("the session has grown by %d KiB", grown)
	}

	// The last one says that it can't come up, and whatever else it likes.
	does("honest,gives-up")
	shown := w.showHostile()
	w.Until("it has failed", func() bool { return w.status(hostileID).State == "failed" })
	t.Logf("it fails: %s", <-shown)
	v := w.status(hostileID)
	if !strings.HasPrefix(v.Detail, "the guest doesn't come up: rootfs") || strings.ContainsAny(v.Detail, "\x1b\n") {
		t.Errorf("it has failed because of %q", v.Detail)
	}
	if v := w.vm(); v.PID != good.PID || v.State != "running" {
		t.Errorf("the good machine is %+v", v)
	}
	for line := range strings.Lines(w.Log()) {
		if n := strings.Index(line, "RAYOS_READY"); n == 0 && strings.Contains(line, "ack") || strings.HasPrefix(line, "@ack FIRST_FRAME_PRESENTED ok initial_frame") {
			t.Errorf("the guest's word is taken for the session's: %q", line)
		}
	}
	w.do("shutdown")
}

// showHostile asks for the hostile machine's window, which may never have
// anything to show, and returns where the answer will be.
func (w *world) showHostile() chan string {
	ended := make(chan string, 1)
	go func() {
		for {
			out, err := w.rayctl("vm", "show", hostileID)
			if !strings.Contains(out, "debounced") { // from the life before
				if err != nil {
					out = fmt.Sprint(err, ": ", out)
				}
				ended <- out
				return
			}
		}
	}()
	return ended
}

// addHostile writes a machine like the good one into the registry.
func (w *world) addHostile() {
	w.t.Helper()
	root, err := vmm.NewRoot(w.data, w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	reg, err := vmm.OpenRegistry(root)
	if err != nil {
		w.t.Fatal(err)
	}
	rec, err := reg.Get(vmm.ID(microID))
	if err == nil {
		err = reg.Add(vmm.Record{
			ID: hostileID, Name: "Hostile", Kind: vmm.Linux, System: vmm.Micro, State: vmm.Stopped,
			Storage: vmm.Storage{Kernel: rec.Storage.Kernel, Initrd: rec.Storage.Initrd}, Devices: vmm.Devices{CPUs: 1, MemMiB: 64},
		})
	}
	if err := errors.Join(err, reg.Close()); err != nil {
		w.t.Fatal(err)
	}
}
