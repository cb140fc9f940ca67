package vms_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/shell/control"
)

func TestMain(m *testing.M) { os.Exit(proctest.Main(m)) }

// programs builds what the session starts, beside it.
var programs = sync.OnceValue(func() error {
	dir := filepath.Dir(proctest.Binary("rayos-session"))
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", dir+"/", "rayos/cmd/rayos-vm", "rayos/cmd/rayos-agent")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return errors.Join(err, errors.New(string(out)))
	}
	return nil
})

const microID = "linux-micro-001"

// world is a data folder and the session on it.
type world struct {
	*proctest.Session
	t    *testing.T
	id   string // of the machine
	data string
	dir  string // runtime directory
	opt  proctest.Options
	pids []int // of machines
}

// newWorld makes a data folder whose images are those of other runs.
func newWorld(t *testing.T, id string) *world {
	t.Helper()
	return newWorldWith(t, id, proctest.Options{})
}

// newWorldWith is newWorld with more for the session.
func newWorldWith(t *testing.T, id string, o proctest.Options) *world {
	t.Helper()
	proctest.Need(t, "qemu-system-x86_64", "dpkg-deb", "apt-get", "xz")
	if err := programs(); err != nil {
		t.Fatal(err)
	}
	cache := os.Getenv("RAYOS_IMAGE_CACHE")
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(user, "rayos", "images")
	}
	w := &world{t: t, id: id, dir: proctest.RuntimeDir(t), opt: o}
	w.data = filepath.Join(w.dir, "data")
	for _, dir := range []string{cache, w.data} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(cache, filepath.Join(w.data, "images")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sweep)
	w.begin()
	return w
}

// begin starts a session.
func (w *world) begin() {
	w.t.Helper()
	w.Session = proctest.StartWith(w.t, proctest.Options{
		Dir: w.dir, Env: append([]string{"RAYOS_DATA=" + w.data}, w.opt.Env...), Files: w.opt.Files,
		Args: append([]string{"--headless", "--output", "1360x900", "--x11=false", "--plain", "--no-shell"}, w.opt.Args...),
	})
}

// sweep ends what a failed test has left: processes outlive sessions.
func (w *world) sweep() {
	for _, pid := range w.pids {
		line, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		if err == nil && bytes.Contains(line, []byte(w.data)) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // or it has ended meanwhile
		}
	}
}

// vm is the machine as the session tells it.
func (w *world) vm() control.VM {
	w.t.Helper()
	var v control.VM
	if err := w.Try("vm status", proctest.Args{"machine": "linux"}, &v); err != nil {
		w.t.Fatal(err)
	}
	w.pids = append(w.pids, v.HostPID, v.PID)
	return v
}

// do carries out a command on the machine.
func (w *world) do(op string) string {
	w.t.Helper()
	var d control.Detail
	if err := w.Try("vm "+op, proctest.Args{"machine": w.id}, &d); err != nil {
		w.t.Fatalf("vm %s: %v\n%s", op, err, w.Log())
	}
	w.vm()
	return d.Detail
}

func (w *world) typeText(text string) {
	w.t.Helper()
	if err := w.Try("vm type", proctest.Args{"machine": w.id, "text": text, "no-enter": true}, nil); err != nil {
		w.t.Fatal(err)
	}
}

// content is what the machine's window shows.
func (w *world) content() proctest.Picture {
	w.t.Helper()
	for _, win := range w.Windows() {
		if strings.HasSuffix(win.Owner, " guest") {
			return w.Shoot(nil).Part(proctest.Bounds(win.Content))
		}
	}
	return proctest.Picture{RGBA: image.NewRGBA(image.Rect(0, 0, 0, 0))}
}

// Size of a character on Linux' console, in pixels.
const cellW, cellH = 8, 16

// cell is the bitmap of a character's place.
func cell(p proctest.Picture, col, row int) string {
	var b strings.Builder
	for y := range cellH {
		for x := range cellW {
			c := p.RGBAAt(p.Rect.Min.X+col*cellW+x, p.Rect.Min.Y+row*cellH+y)
			b.WriteByte("01"[min(int(c.R)+int(c.G)+int(c.B), 1)])
		}
	}
	return b.String()
}

var unlit = strings.Repeat("0", cellW*cellH)

// reads reports whether a row is the text. The letters are those of the first
// row, which is known, and others that are the same wherever they are the same
// letter.
func reads(p proctest.Picture, row int, text string) bool {
	const first = "RAYOS_LINUX_AGENT_READY"
	if p.Rect.Dx() < cellW*(len(first)+1) || p.Rect.Dy() < cellH*(row+1) {
		return false
	}
	glyphs := map[rune]string{}
	for col, r := range first {
		g := cell(p, col, 0)
		if known, ok := glyphs[r]; ok && known != g || g == unlit {
			return false
		}
		glyphs[r] = g
	}
	for col, r := range text {
		g := cell(p, col, row)
		if known, ok := glyphs[r]; ok && known != g || g == unlit {
			return false
		}
		glyphs[r] = g
	}
	return cell(p, len(text), row) == unlit
}

// TestLinuxMicro is the life of a machine, from its image to its end.
func TestLinuxMicro(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	w := newWorld(t, microID)
	empty := w.Shoot(nil)
	var built control.Detail
	if err := w.Try("vm build", proctest.Args{"image": "linux-micro"}, &built); err != nil {
		t.Fatal(err)
	}
	if built.Detail != microID {
		t.Fatalf("vm build made %q; want %s", built.Detail, microID)
	}

	// Hidden, there is nothing of it to be seen.
	if got := w.do("start"); got != "running" || w.vm().State != "running" {
		t.Errorf("start says %q of a machine that is %s", got, w.vm().State)
	}
	pid := w.vm().PID
	if len(w.Windows()) != 0 || !proctest.Diff(empty, w.Shoot(nil)).Empty() {
		t.Errorf("a hidden machine can be seen: windows %v", w.Windows())
	}
	if strings.Contains(w.Log(), "PRESENTED") || strings.Contains(w.Log(), "FIRST_FRAME") {
		t.Error("a hidden machine is said to be presented")
	}
	var refused *control.Error
	if err := w.Try("vm type", proctest.Args{"machine": microID, "text": "x"}, nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "desktop_not_running") {
		t.Errorf("a hidden machine was typed to: %v", err)
	}

	// Shown, its text is there.
	if got := w.do("show"); got != "presented" {
		t.Errorf("show says %q; want presented", got)
	}
	if err := w.Try("vm show", proctest.Args{"machine": microID}, nil); err == nil || err.Error() != "debounced" {
		t.Errorf("show again at once: %v; want debounced", err)
	}
	win := w.Windows()[0]
	if win.Owner != "linux guest" || win.PID != int32(w.vm().HostPID) || !win.Focused {
		t.Errorf("window %+v; want one of a linux guest, with the focus", win)
	}
	w.Until("the guest's text", func() bool { return reads(w.content(), 0, "RAYOS_LINUX_AGENT_READY") })
	ordered(w, "RAYOS_HOST_MARKER:LINUX_DESKTOP_ACCEL:", "RAYOS_LINUX_DESKTOP_PRESENTED:ok:", "RAYOS_LINUX_DESKTOP_FIRST_FRAME:ok:")
	w.typeText("PING\n")
	w.Until("the answer", func() bool {
		p := w.content()
		return reads(p, 1, "PING") && reads(p, 2, "RAYOS_LINUX_AGENT_PONG")
	})

	// Keys of the person's keyboard go there too, but for the one that hides.
	w.Call("input type", proctest.Args{"text": "PING\n"})
	w.Until("another answer", func() bool { return reads(w.content(), 4, "RAYOS_LINUX_AGENT_PONG") })
	before := w.content()
	w.Call("input key", proctest.Args{"chord": "F12"})
	w.Until("it is hidden", func() bool { return len(w.Windows()) == 0 && !w.vm().Shown })
	w.Settle()
	if d := proctest.Diff(empty, w.Shoot(nil)); !d.Empty() {
		t.Errorf("pixels %v of a hidden machine stay", d)
	}
	w.do("show")
	if w.vm().PID != pid {
		t.Errorf("QEMU is %d after hide and show; it was %d", w.vm().PID, pid)
	}
	if !same(before, w.content()) {
		t.Error("the picture is another after hide and show")
	}

	// The close button hides.
	w.Call("close", proctest.Args{"window": strconv.Itoa(int(w.Windows()[0].ID))})
	if v := w.vm(); v.Shown || v.State != "running" || v.PID != pid {
		t.Errorf("after close: %+v; want it hidden and running", v)
	}
	w.do("show")

	// Its rayos-vm dies, QEMU doesn't, and another rayos-vm takes over.
	host := w.vm().HostPID
	if err := syscall.Kill(host, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	w.Until("another rayos-vm", func() bool { v := w.vm(); return v.HostPID != host && v.State == "running" && v.Shown })
	w.Until("the same picture", func() bool { return same(before, w.content()) })

	// The session dies, the machine doesn't.
	w.Kill()
	w.begin()
	w.Until("the machine is found", func() bool { v := w.vm(); return v.State == "running" && v.HostPID != 0 })
	if v := w.vm(); v.PID != pid || v.Shown {
		t.Errorf("in a new session: %+v; want QEMU %d, hidden", v, pid)
	}
	w.do("show")
	if !same(before, w.content()) {
		t.Error("the picture is another in a new session")
	}

	// The session ends in order and the next one goes on.
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	w.begin()
	w.Until("the machine is resumed", func() bool { return w.vm().State == "running" })
	if v := w.vm(); v.PID == pid || v.Shown || !strings.HasPrefix(v.Detail, "resumed") {
		t.Errorf("after suspend and resume: %+v; want another QEMU, hidden and resumed", v)
	}
	w.do("show")
	w.Until("the same picture", func() bool { return same(before, w.content()) })

	if got := w.do("shutdown"); got != "stopped" {
		t.Errorf("shutdown says %q; want stopped", got)
	}
	if v := w.vm(); v.State != "stopped" || v.Shown || len(w.Windows()) != 0 {
		t.Errorf("after shutdown: %+v, windows %v", v, w.Windows())
	}
	ordered(w, "_SHUTDOWN:ok:agent", "_SHUTDOWN:ok:off")
}

// same reports whether two pictures differ in no more than a blinking cursor.
func same(a, b proctest.Picture) bool {
	if a.Rect.Dx() == 0 || a.Rect.Size() != b.Rect.Size() {
		return false
	}
	d := proctest.Diff(a, b)
	return d.Empty() || d.Dx() <= cellW && d.Dy() <= cellH
}

// ordered waits until the log has all of these in this order: it comes by another
// way than acknowledgements.
func ordered(w *world, parts ...string) {
	w.T.Helper()
	w.Until(fmt.Sprintf("the log has %q in this order", parts), func() bool {
		log := w.Log()
		for _, part := range parts {
			_, rest, found := strings.Cut(log, part)
			if !found {
				return false
			}
			log = rest
		}
		return true
	})
}

// TestTwentyShows starts a machine by shows that all come at once.
func TestTwentyShows(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	w := newWorld(t, microID)
	w.Call("vm build", proctest.Args{"image": "linux-micro"})
	ctx, cancel := context.WithTimeout(context.Background(), proctest.Patience)
	defer cancel()
	var wg sync.WaitGroup
	var presented atomic.Int32
	for range 20 {
		wg.Go(func() {
			cmd := exec.CommandContext(ctx, proctest.Binary("rayctl"), "vm", "show", "linux")
			cmd.Env, cmd.WaitDelay = w.Env(), time.Second
			out, err := cmd.CombinedOutput()
			switch text := string(out); {
			case err == nil && text == "presented\n":
				presented.Add(1)
			case text != "rayctl: debounced\n" && text != "rayctl: launch_in_progress\n":
				t.Errorf("show: %v: %s", err, out)
			}
		})
	}
	wg.Wait()
	if n := presented.Load(); n != 1 {
		t.Errorf("%d shows were carried out; want one", n)
	}
	v := w.vm()
	if len(w.Windows()) != 1 || !v.Shown {
		t.Errorf("%d windows; want one", len(w.Windows()))
	}
	if n := processes(t, "-name\x00guest="+microID, w.data); n != 1 {
		t.Errorf("%d QEMUs; want one", n)
	}
	if n := processes(t, "rayos-vm\x00", "--root\x00"+w.data); n != 1 {
		t.Errorf("%d rayos-vms; want one", n)
	}

	// QEMU dies, and comes again by itself.
	if err := syscall.Kill(v.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	w.Until("the crash is told", func() bool { n := w.vm(); return strings.HasPrefix(n.Detail, "crashed") && n.Shown })
	w.Until("it has another QEMU", func() bool { n := w.vm(); return n.PID != 0 && n.PID != v.PID && n.Restarts == 1 })
	w.do("kill")
	if v := w.vm(); v.State != "stopped" {
		t.Errorf("after kill it is %s", v.State)
	}
}

// processes counts those whose command line has all parts.
func processes(t *testing.T, parts ...string) (n int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		line, err := os.ReadFile(f)
		all := err == nil // or it has ended meanwhile
		for _, part := range parts {
			all = all && bytes.Contains(line, []byte(part))
		}
		if all {
			n++
		}
	}
	return n
}
