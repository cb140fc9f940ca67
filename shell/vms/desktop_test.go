package vms_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/shell/control"
	"rayos/vmm"
)

const desktopID = "linux-desktop-001"

// Colours of the guest's terminals: the background and the text.
var (
	terminalColor = color.RGBA{0x16, 0x18, 0x1d, 0xff}
	textColor     = color.RGBA{0xec, 0xef, 0xf4, 0xff}
)

// find returns the smallest rectangle that holds all pixels of exactly a colour,
// and how many they are. The desktop's background is not far from that of
// terminals.
func find(p proctest.Picture, c color.RGBA) (box image.Rectangle, n int) {
	for y := range p.Rect.Max.Y {
		for x := range p.Rect.Max.X {
			if p.RGBAAt(x, y) == c {
				n++
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box, n
}

// newDesktop is a world with a desktop that has never been started. The image
// is built by whoever runs first on this computer, from the package mirror.
func newDesktop(t *testing.T) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("boots a machine")
	}
	proctest.Need(t, "mmdebstrap", "mke2fs", "debugfs")
	w := newWorld(t, desktopID)
	if got := w.build("linux-desktop"); got != desktopID {
		t.Fatalf("vm build made %q; want %s", got, desktopID)
	}
	return w
}

// buildWithin is how long the packages of an image may take to come and to be
// unpacked.
const buildWithin = 15 * time.Minute

// build makes a machine and returns its id.
func (w *world) build(image string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), buildWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, proctest.Binary("rayctl"), "vm", "build", image)
	cmd.Env, cmd.WaitDelay = w.Env(), time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("vm build: %v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// terminals is where terminals are in the guest's picture, and how many pixels
// of it they have.
func (w *world) terminals() (image.Rectangle, int) {
	w.t.Helper()
	return find(w.content(), terminalColor)
}

// prompted waits until the shell of the terminal on the screen has asked what to
// do: its text is longer than the cursor is wide.
func (w *world) prompted() {
	w.t.Helper()
	w.Until("a terminal with a prompt is on the screen", func() bool {
		p := w.content()
		box, n := find(p, terminalColor)
		text, _ := find(p.Part(box), textColor)
		return n > 100_000 && text.Dx() > 80
	})
}

// write types a line into the guest.
func (w *world) write(line string) {
	w.t.Helper()
	w.typeText(line + "\n")
}

// click clicks at a point of the guest's picture.
func (w *world) click(p image.Point) {
	w.t.Helper()
	at := proctest.Bounds(w.Windows()[0].Content).Min.Add(p)
	w.Call("input click", proctest.Args{"at": strconv.Itoa(at.X) + "," + strconv.Itoa(at.Y)})
}

// disk is the file of the machine's disk.
func (w *world) disk() string {
	return filepath.Join(w.data, "vm", "linux", w.id, "disk", "root.ext4")
}

// onDisk reads a file of the disk of a machine that doesn't run.
func (w *world) onDisk(path string) string {
	w.t.Helper()
	out, err := exec.Command("debugfs", "-R", "cat "+path, w.disk()).Output()
	if err != nil {
		w.t.Fatalf("debugfs: %v", err)
	}
	return string(out)
}

// guest runs a program in the guest by its qemu-guest-agent, and returns what
// it writes.
func (w *world) guest(argv ...string) string {
	w.t.Helper()
	root, err := vmm.NewRoot(w.data, w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	conn, err := net.Dial("unix", root.VM(vmm.Linux, vmm.ID(w.id)).Socket("qga"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(proctest.Patience)); err != nil {
		w.t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	ask := func(command string, args any, result any) {
		w.t.Helper()
		line, err := json.Marshal(map[string]any{"execute": command, "arguments": args})
		if err == nil {
			_, err = conn.Write(append(line, '\n'))
		}
		if err == nil {
			line, err = in.ReadBytes('\n')
		}
		var answer struct{ Return json.RawMessage }
		if err == nil {
			err = json.Unmarshal(bytes.TrimLeft(line, "\xff"), &answer)
		}
		if err == nil && answer.Return == nil {
			w.t.Fatalf("%s: %s", command, line)
		}
		if err == nil {
			err = json.Unmarshal(answer.Return, result)
		}
		if err != nil {
			w.t.Fatalf("%s: %v", command, err)
		}
	}
	var id int
	if ask("guest-sync-delimited", map[string]int{"id": 4711}, &id); id != 4711 {
		w.t.Fatalf("guest-sync answers %d", id)
	}
	var started struct{ PID int }
	ask("guest-exec", map[string]any{"path": argv[0], "arg": argv[1:], "capture-output": true}, &started)
	var status struct {
		Exited   bool
		ExitCode int
		Out      string `json:"out-data"`
	}
	w.Until(argv[0]+" has ended in the guest", func() bool {
		ask("guest-exec-status", map[string]int{"pid": started.PID}, &status)
		return status.Exited
	})
	out, err := base64.StdEncoding.DecodeString(status.Out)
	if err != nil || status.ExitCode != 0 {
		w.t.Fatalf("%q in the guest: status %d, %v", argv, status.ExitCode, err)
	}
	return string(out)
}

// holds waits until a file of the person's home in the guest has a text.
func (w *world) holds(name, text string) {
	w.t.Helper()
	said := ""
	defer func() {
		if said != text+"\n" {
			w.t.Errorf("%s says %q; want %q", name, said, text)
		}
	}()
	w.Until(name+" says "+text, func() bool {
		said = w.guest("/bin/sh", "-c", "cat /home/rayos/"+name+" 2>/dev/null || true")
		return said == text+"\n"
	})
}

// TestLinuxDesktop is two days in the life of a desktop: it comes up hidden
// with the session, is worked with, sleeps while there is no session, is turned
// off, and has everything on its disk the next day.
func TestLinuxDesktop(t *testing.T) {
	w := newDesktop(t)
	empty := w.Shoot(nil)
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	w.policy("[linux]\nnetworking = \"on\"\n")
	begin := time.Now()
	step := func(what string) { t.Logf("%5.1f s %s", time.Since(begin).Seconds(), what) }

	w.begin()
	w.Until("it is started with the session", func() bool { return strings.Contains(w.Log(), "RAYOS_HOST_MARKER:LINUX_DESKTOP_HIDDEN:running:") })
	w.Until("its compositor takes clients", func() bool { return w.vm().State == "running" })
	step("ready")
	if v := w.vm(); v.Shown || len(w.Windows()) != 0 || !proctest.Diff(empty, w.Shoot(nil)).Empty() || strings.Contains(w.Log(), "PRESENTED") {
		t.Errorf("hidden, it can be seen: %+v", v)
	}
	w.do("show")
	w.prompted()
	step("shown, with a terminal")
	ordered(w, "RAYOS_LINUX_DESKTOP_READY", "RAYOS_LINUX_DESKTOP_PRESENTED:ok:", "RAYOS_LINUX_DESKTOP_FIRST_FRAME:ok:")
	w.Until("qemu-guest-agent answers", func() bool {
		return strings.Contains(w.Log(), "RAYOS_HOST_MARKER:LINUX_DESKTOP_GUEST_AGENT:ok:Debian")
	})

	// Keys arrive where the focus is.
	w.write("me=first; echo $me >proof; sync")
	w.holds("proof", "first")
	first, pixels := w.terminals()
	var launched control.Detail
	if err := w.Try("vm launch", proctest.Args{"machine": desktopID, "app": "foot"}, &launched); err != nil {
		t.Fatal(err)
	}
	if err := w.Try("vm launch", proctest.Args{"machine": desktopID, "app": "rm"}, nil); err == nil {
		t.Error("what is no application was launched")
	}
	w.Until("a second terminal is on the screen", func() bool {
		box, n := w.terminals()
		return n > pixels && box.Max.X > first.Max.X && box.Max.Y > first.Max.Y
	})
	step("second terminal by " + launched.Detail)
	w.write("me=second; echo $me >focus")
	w.holds("focus", "second")
	w.click(image.Pt(first.Min.X+3, first.Min.Y+30))
	w.write("echo $me >focus")
	w.holds("focus", "first")
	step("typed and clicked")

	// The guest follows its window.
	before := w.vm()
	w.Call("state", proctest.Args{"window": w.Windows()[0].ID, "state": "maximize"})
	w.Until("the guest has its window's size", func() bool {
		v, size := w.vm(), proctest.Bounds(w.Windows()[0].Content).Size()
		return v.Width != before.Width && image.Pt(int(v.Width), int(v.Height)) == size
	})
	w.Until("the terminals are on the new screen", func() bool { _, n := w.terminals(); return n > pixels })
	step("resized to " + strconv.Itoa(int(w.vm().Width)) + "x" + strconv.Itoa(int(w.vm().Height)))
	w.write("echo $me again >focus")
	w.holds("focus", "first again")

	// The session ends, the machine sleeps, and the next session wakes it.
	w.guest("/bin/date", "-s", "2021-02-03 04:05:06")
	w.Settle()
	picture, pid := w.content(), w.vm().PID
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	if line, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline"); err == nil && bytes.Contains(line, []byte(w.data)) {
		t.Errorf("QEMU %d runs on without a session", pid)
	}
	w.begin()
	w.Until("it is resumed", func() bool { return w.vm().State == "running" })
	if v := w.vm(); v.PID == pid || v.Shown || !strings.HasPrefix(v.Detail, "resumed") {
		t.Errorf("in the next session: %+v; want another QEMU, hidden and resumed", v)
	}
	w.do("show")
	w.Until("the same picture", func() bool { return same(picture, w.content()) })
	step("resumed")
	w.Until("its clock is right", func() bool {
		seconds, err := strconv.ParseInt(strings.TrimSpace(w.guest("/bin/date", "+%s")), 10, 64)
		return err == nil && time.Since(time.Unix(seconds, 0)).Abs() < time.Minute
	})
	w.write("echo $me awake >focus")
	w.holds("focus", "first awake")

	// Building again is for the kernel; the disk is the person's.
	w.do("shutdown")
	ordered(w, "LINUX_DESKTOP_SHUTDOWN:ok:agent", "LINUX_DESKTOP_SHUTDOWN:ok:off")
	step("shut down")
	if got := w.onDisk("/home/rayos/proof"); got != "first\n" {
		t.Errorf("on the disk: %q", got)
	}
	w.build("linux-desktop")
	if got := w.onDisk("/home/rayos/proof"); got != "first\n" {
		t.Errorf("on the disk after it was built again: %q", got)
	}
	w.do("show")
	w.prompted()
	w.holds("proof", "first")
	step("booted again")
	if got := w.caller(); got != "hello" {
		t.Errorf("the network brings %q", got)
	}

	// A compositor that dies comes back, and the programs that begin with it.
	compositor := `for p in /proc/[0-9]*; do [ "$(cat $p/comm 2>/dev/null)" = labwc ] && echo -n ${p#/proc/}; done; true`
	old := w.guest("/bin/sh", "-c", compositor)
	w.guest("/bin/sh", "-c", "kill -9 "+old)
	w.Until("there is another compositor", func() bool {
		now := w.guest("/bin/sh", "-c", compositor)
		return now != "" && now != old
	})
	w.Until("a terminal is on the screen again", func() bool {
		return w.guest("/bin/sh", "-c", "cat /proc/[0-9]*/comm 2>/dev/null | grep -c -x foot; true") == "1\n"
	})
	w.prompted()
	w.write("echo anew >focus")
	w.holds("focus", "anew")
	step("compositor started again")

	// The power button turns it off in order.
	w.powerButton()
	w.Until("it has shut down", func() bool { return w.vm().State == "stopped" })
	if v := w.vm(); v.Restarts != 0 || v.Shown {
		t.Errorf("turned off: %+v; want it hidden, and no crash", v)
	}
	step("turned off by its button")
}

// TestBrokenDesktop boots what isn't whole.
func TestBrokenDesktop(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	proctest.Need(t, "mmdebstrap", "mke2fs")
	for name, tt := range map[string]struct {
		why   string
		spoil func(disk string) error
	}{
		"half a system": {"rootfs_not_sane_reprovision", func(disk string) error {
			return exec.Command("mke2fs", "-q", "-t", "ext4", disk, "16M").Run()
		}},
		"no system": {"persist_mount_failed", func(disk string) error { return os.WriteFile(disk, make([]byte, 1<<20), 0o600) }},
		"no disk":   {"no such file", os.Remove},
	} {
		t.Run(name, func(t *testing.T) {
			w := newDesktop(t)
			if err := tt.spoil(w.disk()); err != nil {
				t.Fatal(err)
			}
			err := w.Try("vm start", proctest.Args{"machine": desktopID}, nil)
			if err == nil || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("start: %v; want %s", err, tt.why)
			}
			v := w.vm()
			if vmm.State(v.State).Alive() || !strings.Contains(v.Detail, tt.why) || v.Restarts != 0 {
				t.Errorf("it is %s: %s, after %d restarts; want it off because of %s", v.State, v.Detail, v.Restarts, tt.why)
			}
		})
	}
}

// policy writes the policy of the next session.
func (w *world) policy(text string) {
	w.t.Helper()
	path := filepath.Join(w.data, "policy", "rayos-policy.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("version = 0\n"+text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// caller has the guest call this computer, and returns what it says.
func (w *world) caller() string {
	w.t.Helper()
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		w.t.Fatal(err)
	}
	defer l.Close()
	if err := l.SetDeadline(time.Now().Add(proctest.Patience)); err != nil {
		w.t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	w.guest("/bin/bash", "-c", "echo -n hello >/dev/tcp/10.0.2.2/"+port)
	conn, err := l.Accept()
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	said, err := io.ReadAll(io.LimitReader(conn, 100))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(said)
}

// powerButton presses the machine's, by the monitor that is there for people.
func (w *world) powerButton() {
	w.t.Helper()
	root, err := vmm.NewRoot(w.data, w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	conn, err := net.Dial("unix", root.VM(vmm.Linux, vmm.ID(w.id)).Socket("qmp2"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for _, command := range []string{"qmp_capabilities", "system_powerdown"} {
		if _, err := conn.Write([]byte(`{"execute":"` + command + `"}` + "\n")); err != nil {
			w.t.Fatal(err)
		}
		for {
			line, err := in.ReadString('\n')
			if err != nil || strings.Contains(line, `"error"`) {
				w.t.Fatalf("%s: %s %v", command, line, err)
			}
			if strings.Contains(line, `"return"`) {
				break
			}
		}
	}
}
