package host

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/internal/proctest"
	"rayos/shell/control"
	"rayos/vmm"
	"rayos/vmm/qemu"
)

// glass is a machine's window in a real session, with the test for a guest.
type glass struct {
	t     *testing.T
	s     *proctest.Session
	host  *Host
	guest *recorder
	id    uint32
}

func newGlass(t *testing.T, output string) *glass {
	t.Helper()
	return newGlassWith(t, output, func(*Host) {})
}

// newGlassWith changes the host before it runs.
func newGlassWith(t *testing.T, output string, change func(h *Host)) *glass {
	t.Helper()
	dir := proctest.RuntimeDir(t)
	root, err := vmm.NewRoot(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	d := root.VM(vmm.Linux, "glass-001")
	h, err := New(Options{
		Dir: d, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Machine: Machine{Name: "Glass", Config: qemu.Config{ID: "glass-001", RAM: d.State("ram"), Sockets: d.Socket}},
	})
	if err != nil {
		t.Fatal(err)
	}
	change(h)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	g := &glass{t: t, host: h, guest: newRecorder()}
	h.input.use(g.guest)
	g.attach(proctest.StartWith(t, proctest.Options{Args: []string{"--headless", "--output", output}}))
	return g
}

// attach shows the machine in a session.
func (g *glass) attach(s *proctest.Session) {
	g.t.Helper()
	g.s = s
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		err = unix.Connect(fd, &unix.SockaddrUnix{Name: s.Socket()})
	}
	if err == nil {
		err = g.host.presenter.show(fd)
	}
	if err != nil {
		g.t.Fatal(err)
	}
	var w control.Window
	s.Until("the machine has a window", func() bool {
		list := s.Windows()
		i := slices.IndexFunc(list, func(w control.Window) bool { return strings.HasPrefix(w.Title, "Glass") })
		if i >= 0 {
			w = list[i]
		}
		return i >= 0
	})
	g.id = w.ID
}

// show makes the guest show a picture of one colour with a red mark in its
// first rows.
func (g *glass) show(size geom.Size, gray byte) {
	p := qemu.Picture{Size: size, Stride: 4 * int(size.W)}
	data := bytes.Repeat([]byte{gray}, p.Stride*int(size.H))
	for x := range 20 {
		copy(data[4*x:], []byte{0, 0, 0xff, 0})
	}
	g.host.screen.Scanout(p, data)
}

func (g *glass) content() proctest.Picture {
	g.t.Helper()
	w := g.s.Get(g.id)
	if w == nil {
		g.t.Fatal("the window is gone")
	}
	return g.s.Shoot(nil).Part(proctest.Bounds(w.Content))
}

func gray(v byte) uint32 { return uint32(v)<<16 | uint32(v)<<8 | uint32(v) }

func (g *glass) shows(what string, v byte, r image.Rectangle) {
	g.t.Helper()
	g.s.Until(what, func() bool {
		p := g.content()
		return r.In(p.Rect) && p.Is(r, gray(v))
	})
}

// at is a place in the window's content, for the session.
func (g *glass) at(x, y int) string {
	g.t.Helper()
	c := g.s.Get(g.id).Content
	return fmt.Sprintf("%d,%d", int(c.X)+x, int(c.Y)+y)
}

func TestWindowShowsTheGuestPixelByPixel(t *testing.T) {
	g := newGlass(t, "1600x1000")
	g.guest.until(t, "size 1280x800")
	g.show(geom.Size{W: 1280, H: 800}, 0x40)
	g.shows("the guest's picture", 0x40, image.Rect(0, 1, 1280, 790))
	if p := g.content(); p.Rect != image.Rect(0, 0, 1280, 800) || !p.Is(image.Rect(0, 0, 20, 1), 0xff0000) {
		t.Errorf("the content is %v with %v at its corner", p.Rect, p.RGBAAt(0, 0))
	}
	// A small change is a small copy.
	before := g.host.screen.statistics().Copied
	g.host.screen.Update(geom.XYWH(100, 100, 2, 1), 8, bytes.Repeat([]byte{0x80}, 8))
	g.shows("a change", 0x80, image.Rect(100, 100, 102, 101))
	if n := g.host.screen.statistics().Copied - before; n > 3*1280*800*4 {
		t.Errorf("%d bytes were copied for two pixels", n)
	}
}

func TestHiddenWindowGetsNothing(t *testing.T) {
	g := newGlass(t, "1600x1000")
	g.show(geom.Size{W: 1280, H: 800}, 0x40)
	all := image.Rect(0, 1, 1280, 790) // but for the round corners
	g.shows("the guest's picture", 0x40, all)
	g.s.Call("focus", proctest.Args{"window": g.id})
	g.s.Call("input key", proctest.Args{"chord": "a", "press": true})
	g.guest.until(t, "key 30 true")
	g.s.Call("state", proctest.Args{"window": g.id, "state": "minimize"})
	g.guest.until(t, "key 30 false")
	g.s.Until("the window is hidden", func() bool { _, visible := g.host.presenter.status(); return !visible })
	shown := g.host.screen.statistics().Shown
	for v := byte(0x50); v < 0x5a; v++ {
		g.show(geom.Size{W: 1280, H: 800}, v)
	}
	g.s.Settle()
	if n := g.host.screen.statistics(); n.Shown != shown || n.Dropped < 9 {
		t.Errorf("while hidden: %+v; want %d shown", n, shown)
	}
	g.s.Call("input key", proctest.Args{"chord": "a", "release": true})
	g.s.Call("state", proctest.Args{"window": g.id, "state": "restore"})
	g.shows("the newest picture", 0x59, all)
	if n := g.host.screen.statistics().Shown; n != shown+1 {
		t.Errorf("%d pictures for ten that nobody saw; want the last", n-shown)
	}
}

func TestPointerMeetsTheGuestsPixels(t *testing.T) {
	g := newGlass(t, "1600x1000")
	g.show(geom.Size{W: 1280, H: 800}, 0x40)
	g.shows("the guest's picture", 0x40, image.Rect(0, 1, 1280, 790))
	g.s.Call("input click", proctest.Args{"at": g.at(640, 400), "button": "right"})
	g.guest.until(t, "pointer 640,400")
	g.guest.until(t, "button 2 true")
	g.guest.until(t, "button 2 false")
	g.s.Call("input scroll", proctest.Args{"dx": 0, "dy": 2})
	said := g.guest.until(t, "button 4 false")
	said = append(said, g.guest.until(t, "button 4 false")...)
	if n := len(slices.DeleteFunc(said, func(s string) bool { return s != "button 4 true" })); n != 2 {
		t.Errorf("two steps down are %d clicks", n)
	}

	// The guest doesn't follow the new size: its picture is scaled, with bars.
	g.s.Call("resize", proctest.Args{"window": g.id, "size": "1000x500"})
	g.guest.until(t, "size 1000x500")
	g.shows("a bar at the left", 0, image.Rect(0, 0, 99, 490))
	g.shows("the picture, smaller", 0x40, image.Rect(102, 4, 898, 498))
	g.shows("a bar at the right", 0, image.Rect(901, 0, 1000, 490))
	for _, tc := range []struct {
		x, y int
		want string
	}{{500, 250, "pointer 640,400"}, {100, 0, "pointer 0,0"}, {20, 250, "pointer 0,400"}, {980, 499, "pointer 1279,798"}} {
		g.s.Call("input click", proctest.Args{"at": g.at(tc.x, tc.y)})
		g.guest.until(t, tc.want)
		g.guest.until(t, "button 0 false")
	}
	// Now it does.
	g.show(geom.Size{W: 1000, H: 500}, 0x60)
	g.shows("the new picture", 0x60, image.Rect(0, 1, 1000, 490))
}

func TestFractionalScaleIsTheGuestsToFill(t *testing.T) {
	g := newGlass(t, "1800x1200@1.5")
	g.guest.until(t, "size 1280x800")
	c := g.s.Get(g.id).Content
	if c.W != 853 || c.H != 533 {
		t.Errorf("content %dx%d; want 853x533 for 1280x800 pixels", c.W, c.H)
	}
	g.s.Call("resize", proctest.Args{"window": g.id, "size": "600x400"})
	g.guest.until(t, "size 900x600")
	g.show(geom.Size{W: 900, H: 600}, 0x40)
	g.s.Until("every pixel of the guest is one of the screen", func() bool {
		_, n := g.s.Shoot(proctest.Args{"window": g.id}).Find(0xff0000)
		return n > 0
	})
	g.s.Call("input click", proctest.Args{"at": g.at(300, 200)})
	g.guest.until(t, "pointer 450,300")
}

func TestNextCompositorShowsTheSameAtOnce(t *testing.T) {
	g := newGlass(t, "1600x1000")
	g.show(geom.Size{W: 1280, H: 800}, 0x40)
	all := image.Rect(0, 1, 1280, 790) // but for the round corners
	g.shows("the guest's picture", 0x40, all)
	g.s.Call("input key", proctest.Args{"chord": "b", "press": true})
	g.guest.until(t, "key 48 true")
	g.s.Kill()
	g.guest.until(t, "key 48 false")
	g.s.T.Log("the first session is dead")
	g.attach(proctest.StartWith(t, proctest.Options{Args: []string{"--headless", "--output", "1600x1000"}}))
	g.shows("the guest's picture", 0x40, all)

	// One takes the machine from the other.
	other := proctest.StartWith(t, proctest.Options{Args: []string{"--headless", "--output", "1600x1000"}})
	first, id := g.s, g.id
	g.attach(other)
	g.shows("the guest's picture", 0x40, all)
	first.Until("the window has left", func() bool { return first.Get(id) == nil })
}

func TestGuestsPointerIsOurs(t *testing.T) {
	g := newGlass(t, "1600x1000")
	g.show(geom.Size{W: 1280, H: 800}, 0x40)
	g.shows("the guest's picture", 0x40, image.Rect(0, 1, 1280, 790))
	g.s.Call("input click", proctest.Args{"at": g.at(300, 300)})
	g.guest.until(t, "button 0 false")
	g.host.screen.CursorImage(qemu.Cursor{
		Size: geom.Size{W: 10, H: 10}, Hot: geom.Point{X: 5, Y: 5}, Data: bytes.Repeat([]byte{0xff, 0, 0xff, 0xff}, 100),
	})
	c := g.s.Get(g.id).Content
	want := image.Rect(0, 0, 10, 10).Add(image.Pt(int(c.X)+295, int(c.Y)+295))
	g.s.Until("the guest's pointer image", func() bool {
		r, n := g.s.Shoot(proctest.Args{"cursor": true, "output": "HEADLESS-1"}).Find(0xff00ff)
		return r == want && n == 100
	})
	g.host.screen.CursorMoved(geom.Point{}, false)
	g.s.Until("no pointer", func() bool {
		_, n := g.s.Shoot(proctest.Args{"cursor": true, "output": "HEADLESS-1"}).Find(0xff00ff)
		return n == 0
	})
}
