package vms_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/shell/control"
)

const windowsID = "windows-desktop-001"

// rayctl runs a command line as a person does.
func (w *world) rayctl(args ...string) (string, error) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, proctest.Binary("rayctl"), args...)
	cmd.Env, cmd.WaitDelay = w.Env(), time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestWindowsPreflight asks for Windows where there is no disk: each command is
// acknowledged with the word that says so.
func TestWindowsPreflight(t *testing.T) {
	w := newWorld(t, windowsID)
	for _, tt := range []struct{ line, ack string }{
		{"show windows desktop", "SHOW_WINDOWS_DESKTOP:err:missing_WINDOWS_DISK_env"},
		{"windows type hello", "WINDOWS_SENDTEXT:err:desktop_not_running"},
		{"windows press enter", "WINDOWS_SENDKEY:err:desktop_not_running"},
		{"shutdown windows", "WINDOWS_SHUTDOWN:err:desktop_not_running"},
		{"hide windows desktop", "HIDE_WINDOWS_DESKTOP:err:desktop_not_running"},
	} {
		out, err := w.rayctl("prompt", tt.line)
		if err == nil || !strings.HasPrefix(out, "rayctl: RAYOS_HOST_ACK:"+tt.ack) {
			t.Errorf("%s: %q, %v; want %s", tt.line, out, err, tt.ack)
		}
	}
	out, err := w.rayctl("events")
	if err != nil || !strings.Contains(out, "session RAYOS_HOST_ACK:WINDOWS_PREFLIGHT:err:missing_WINDOWS_DISK_env") {
		t.Errorf("what is missing was not told by itself: %v\n%s", err, out)
	}
	if out, err := w.rayctl("vm", "add", "windows", "--disk", filepath.Join(w.dir, "none.img")); err == nil || !strings.Contains(out, "missing_WINDOWS_DISK_env") {
		t.Errorf("a disk that isn't there: %q, %v", out, err)
	}
	if _, err := os.Stat(filepath.Join(w.data, "vm", "windows")); err == nil {
		t.Error("what was refused has left a folder")
	}
}

// prompts counts the lines that begin with the firmware shell's prompt: it is
// yellow, at the left of all text, and six letters long.
func prompts(p proctest.Picture) (n int) {
	type span struct{ left, right int } // of the yellow in a line of text
	var lines []span
	left, inside := p.Rect.Max.X, false
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		row := span{p.Rect.Max.X, -1}
		for x := p.Rect.Min.X; x < p.Rect.Max.X; x++ {
			if c := p.RGBAAt(x, y); c.R > 0xc0 && c.G > 0xc0 && c.B < 0x80 {
				row.left, row.right = min(row.left, x), x
			}
		}
		lit := row.right >= 0
		switch {
		case lit && inside:
			l := &lines[len(lines)-1]
			l.left, l.right = min(l.left, row.left), max(l.right, row.right)
		case lit:
			lines = append(lines, row)
		}
		inside, left = lit, min(left, row.left)
	}
	for _, l := range lines {
		if l.left-left < cellW/2 && l.right-l.left < len("Shell>")*cellW {
			n++
		}
	}
	return n
}

// TestWindowsTypesIntoTheFirmwareShell takes in a disk without an operating
// system: its machine has all that Windows asks for and ends in the firmware's
// shell, which a prompt line types into.
func TestWindowsTypesIntoTheFirmwareShell(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	proctest.Need(t, "swtpm")
	vars, err := os.ReadFile("/usr/share/OVMF/OVMF_VARS_4M.fd") // no keys enrolled: the shell may run
	if err != nil {
		t.Skip("OVMF is not installed (package ovmf)")
	}
	dir := proctest.RuntimeDir(t)
	disk := filepath.Join(dir, "disk.img")
	if err := os.WriteFile(disk, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(disk, 64<<20); err != nil {
		t.Fatal(err)
	}
	w := newWorldWith(t, windowsID, proctest.Options{Env: []string{"WINDOWS_DISK=" + disk}})
	own := filepath.Join(w.data, "vm", "windows", windowsID)
	if err := os.MkdirAll(own, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(own, "ovmf_vars.fd"), vars, 0o600); err != nil {
		t.Fatal(err)
	}

	// The environment's disk makes the machine.
	if out, err := w.rayctl("show", "windows", "desktop"); err != nil || out != "RAYOS_HOST_ACK:SHOW_WINDOWS_DESKTOP:ok:presented\n" {
		t.Fatalf("show windows desktop: %q, %v", out, err)
	}
	ordered(w, "WINDOWS_DESKTOP_NETWORK:off:default_off", "RAYOS_WINDOWS_DESKTOP_PRESENTED:ok:", "RAYOS_WINDOWS_DESKTOP_FIRST_FRAME:ok:")
	var v control.VM
	if err := w.Try("vm status", proctest.Args{"machine": windowsID}, &v); err != nil {
		t.Fatal(err)
	}
	w.pids = append(w.pids, v.PID, v.HostPID)
	if v.Kind != "windows" || !v.Shown {
		t.Errorf("%+v; want a Windows machine that is shown", v)
	}
	w.Until("the shell asks", func() bool { return prompts(w.content()) == 1 })
	before := w.content()
	if out, err := w.rayctl("prompt", "windows type ver"); err != nil || out != "RAYOS_HOST_ACK:WINDOWS_SENDTEXT:ok:sent\n" {
		t.Fatalf("windows type: %q, %v", out, err)
	}
	w.Until("the shell has answered and asks again", func() bool { return prompts(w.content()) == 2 })
	if proctest.Diff(before, w.content()).Empty() {
		t.Error("what was typed has changed nothing on the screen")
	}

	// The command line has what the profile promises.
	out, err := w.rayctl("vm", "policy", windowsID, "--dry-run")
	if err != nil {
		t.Fatalf("vm policy: %v: %s", err, out)
	}
	for _, want := range []string{`"networking": "off"`, "WINDOWS_DESKTOP_NETWORK:off:default_off", "qemu-system-x86_64", "smm=on", "tpm-crb", "usb-tablet", own} {
		if !strings.Contains(out, want) {
			t.Errorf("vm policy --dry-run says nothing of %s:\n%s", want, out)
		}
	}
	if out, err := w.rayctl("vm", "kill", windowsID); err != nil || !strings.HasPrefix(out, "stopped") {
		t.Errorf("vm kill: %q, %v", out, err)
	}
	if out, err := w.rayctl("prompt", "windows type x"); err == nil || !strings.Contains(out, "WINDOWS_SENDTEXT:err:desktop_not_running") {
		t.Errorf("typed into a machine that is off: %q, %v", out, err)
	}
}
