package host_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/proctest"
	"rayos/vmm"
	"rayos/vmm/host"
)

const windowsID = vmm.ID("windows-desktop-001")

// newWindows makes a machine of the Windows profile. Windows can't be had: its
// disk is blank, so that what shows is the firmware. vars is a template for the
// machine's own firmware variables, empty for the profile's.
func newWindows(t *testing.T, vars string) *vm {
	t.Helper()
	proctest.Need(t, "qemu-system-x86_64", "swtpm")
	v := emptyVM(t)
	v.id, v.dir = windowsID, v.root.VM(vmm.Windows, windowsID)
	if err := v.dir.Create(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(v.dir.Disk("disk.raw"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(v.dir.Disk("disk.raw"), 64<<20); err != nil {
		t.Fatal(err)
	}
	if vars != "" {
		data, err := os.ReadFile(vars)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(v.dir.File("ovmf_vars.fd"), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	v.addRecord(vmm.Record{
		ID: windowsID, Name: "Windows desktop", Kind: vmm.Windows, State: vmm.Stopped,
		Storage: vmm.Storage{Disks: map[string]string{"root": filepath.Join(v.dir.Rel, "disk", "disk.raw")}},
		Devices: vmm.Devices{CPUs: 2, MemMiB: 4096, TPM: true},
	})
	return v
}

// prompts counts the lines that begin with the firmware shell's prompt: it is
// yellow, at the left, and six letters long; what is typed behind it is grey.
func prompts(p proctest.Picture) (n int) {
	yellow := func(x, y int) bool {
		c := p.RGBAAt(x, y)
		return c.R > 0xc0 && c.G > 0xc0 && c.B < 0x80
	}
	type span struct{ left, right int } // of the yellow in a line of text
	var lines []span
	left, inside := p.Rect.Max.X, false
	for y := range p.Rect.Max.Y {
		row := span{p.Rect.Max.X, -1}
		for x := range p.Rect.Max.X {
			if yellow(x, y) {
				row.left, row.right = min(row.left, x), x
			}
		}
		switch {
		case row.right < 0:
		case !inside:
			lines = append(lines, row)
		default:
			l := &lines[len(lines)-1]
			l.left, l.right = min(l.left, row.left), max(l.right, row.right)
		}
		inside = row.right >= 0
		left = min(left, row.left)
	}
	for _, l := range lines {
		if l.left-left < cellW/2 && l.right-l.left < len("Shell>")*cellW {
			n++
		}
	}
	return n
}

// boot starts the machine, to the firmware's shell. On a processor that has a lot
// else to do the firmware sometimes gives its own shell up before it begins and
// finds nothing else to run; a person would start the machine again.
func (v *vm) boot(s *proctest.Session, window uint32) {
	v.t.Helper()
	given := func() int { return strings.Count(v.logText("serial.log"), "No bootable option") }
	for range 3 {
		gave, before := false, given()
		v.ask(host.Request{Op: host.OpStart})
		s.Until("the shell asks, or the firmware gives up", func() bool {
			gave = given() > before
			return gave || prompts(content(s, window)) == 1
		})
		if !gave {
			return
		}
		v.t.Log("the firmware has not run its shell: the machine is started again")
		v.ask(host.Request{Op: host.OpKill})
	}
	v.t.Fatal("the firmware doesn't run its shell")
}

// TestFirmwareShell boots the Windows profile, secure flash, TPM and all, to
// the firmware's shell: without keys enrolled it may run. What is typed changes
// the picture in the session.
func TestFirmwareShell(t *testing.T) {
	v := newWindows(t, "/usr/share/OVMF/OVMF_VARS_4M.fd")
	v.run()
	s := startSession(t)
	v.attach(s)
	w := v.window(s)
	v.boot(s, w.ID)
	before := content(s, w.ID)
	s.Call("focus", proctest.Args{"window": w.ID})
	v.ask(host.Request{Op: host.OpType, Text: "ver\n"})
	s.Until("the shell has answered and asks again", func() bool { return prompts(content(s, w.ID)) == 2 })
	if sameScreen(content(s, w.ID), before) {
		t.Error("what was typed has changed nothing")
	}

	tpm := v.dir.File("tpm")
	if list, err := os.ReadDir(tpm); err != nil || len(list) == 0 {
		t.Errorf("the TPM has kept nothing in %s: %v", tpm, err)
	}
	own, err := os.ReadFile(v.dir.File("ovmf_vars.fd"))
	if err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile("/usr/share/OVMF/OVMF_VARS_4M.fd")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(own, template) {
		t.Error("the firmware has written no variables: these are not its own")
	}
}

// TestTPMIsSuspended suspends a Windows machine and resumes it in another
// rayos-vm: what the TPM knows is in the saved state, it goes on where it was,
// and the firmware too.
func TestTPMIsSuspended(t *testing.T) {
	v := newWindows(t, "/usr/share/OVMF/OVMF_VARS_4M.fd")
	v.run()
	s := startSession(t)
	v.attach(s)
	w := v.window(s)
	v.boot(s, w.ID)
	before, tpm, at := content(s, w.ID), v.tpm(), v.status().Generation
	// Nothing in there answers: it can be suspended all the same.
	if st := v.status(); st.State != vmm.Starting || len(st.Blockers) > 0 {
		t.Errorf("a TPM stands in the way of suspend: %+v", st)
	}
	ended := tpmEnds(t, tpm.PID)
	v.ask(host.Request{Op: host.OpSuspend})
	saved, err := os.ReadFile(v.dir.State("saved"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"tpm-emulator", "tpm-crb"} {
		if !bytes.Contains(saved, []byte(part)) {
			t.Errorf("the saved state, %d bytes, has no %s", len(saved), part)
		}
	}
	ended()

	v.kill()
	v.run()
	v.attach(s)
	w = v.window(s)
	v.ask(host.Request{Op: host.OpResume})
	if now := v.tpm(); now.PID == tpm.PID {
		t.Errorf("the TPM is process %d as before", now.PID)
	}
	if now := v.status().Generation; now != at {
		t.Errorf("generation %d; it was %d: it was booted", now, at)
	}
	s.Until("the same screen", func() bool { return sameScreen(content(s, w.ID), before) })
	s.Call("focus", proctest.Args{"window": w.ID})
	v.ask(host.Request{Op: host.OpType, Text: "ver\n"})
	s.Until("the shell has answered and asks again", func() bool { return prompts(content(s, w.ID)) == 2 })
}

// tpm is the process of the machine's TPM.
func (v *vm) tpm() (p vmm.Process) {
	v.t.Helper()
	data, err := os.ReadFile(filepath.Join(v.dir.Run(), "tpm.json"))
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return p
}

// tpmEnds returns what waits for the end of a TPM that runs.
func tpmEnds(t *testing.T, pid int) func() {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatalf("TPM of a machine that runs: %v", err)
	}
	return func() {
		t.Helper()
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(proctest.Patience/time.Millisecond))
		if n != 1 {
			t.Errorf("the TPM lives on without its machine: %v", err)
		}
		if err := unix.Close(fd); err != nil {
			t.Error(err)
		}
	}
}

// TestTPMEndsWithItsMachine kills a Windows machine and starts it again: it has
// one TPM at a time, and keeps what it was given at first.
func TestTPMEndsWithItsMachine(t *testing.T) {
	v := newWindows(t, "")
	v.run()
	var before vmm.Process
	for range 2 {
		v.ask(host.Request{Op: host.OpStart})
		tpm := v.tpm()
		if tpm.PID <= 1 || tpm.PID == before.PID {
			t.Fatalf("TPM %+v; before %+v", tpm, before)
		}
		ended := tpmEnds(t, tpm.PID)
		v.ask(host.Request{Op: host.OpKill})
		ended()
		before = tpm
	}
	own, err := os.Stat(v.dir.File("ovmf_vars.fd"))
	if err != nil {
		t.Fatal(err)
	}
	if template, err := os.Stat("/usr/share/OVMF/OVMF_VARS_4M.ms.fd"); err != nil || own.Size() != template.Size() {
		t.Errorf("own variables of %d bytes; the template: %v", own.Size(), err)
	}
}
