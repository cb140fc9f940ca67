package host_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
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

// TestFirmwareShell boots the Windows profile, secure flash, TPM and all, to
// the firmware's shell: without keys enrolled it may run. What is typed changes
// the picture in the session.
func TestFirmwareShell(t *testing.T) {
	v := newWindows(t, "/usr/share/OVMF/OVMF_VARS_4M.fd")
	v.run()
	s := startSession(t)
	v.attach(s)
	w := v.window(s)
	v.ask(host.Request{Op: host.OpStart})
	s.Until("the shell asks", func() bool { return prompts(content(s, w.ID)) == 1 })
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

// TestTPMEndsWithItsMachine kills a Windows machine and starts it again: it has
// one TPM at a time, and keeps what it was given at first.
func TestTPMEndsWithItsMachine(t *testing.T) {
	v := newWindows(t, "")
	v.run()
	var before vmm.Process
	for range 2 {
		v.ask(host.Request{Op: host.OpStart})
		var tpm vmm.Process
		data, err := os.ReadFile(filepath.Join(v.dir.Run(), "tpm.json"))
		if err == nil {
			err = json.Unmarshal(data, &tpm)
		}
		if err != nil || tpm.PID <= 1 || tpm.PID == before.PID {
			t.Fatalf("TPM %+v, %v; before %+v", tpm, err, before)
		}
		fd, err := unix.PidfdOpen(tpm.PID, 0)
		if err != nil {
			t.Fatalf("TPM of a machine that runs: %v", err)
		}
		v.ask(host.Request{Op: host.OpKill})
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(proctest.Patience/time.Millisecond))
		if n != 1 {
			t.Errorf("the TPM lives on without its machine: %v", err)
		}
		if err := unix.Close(fd); err != nil {
			t.Error(err)
		}
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
