package rfbserver

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"rayos/geom"
	"rayos/internal/proctest"
)

// xscreen is an X server without a monitor, on which TigerVNC's viewer shows a desk.
type xscreen struct {
	t      *testing.T
	number string
	x      *xgb.Conn
	root   xproto.Window
	size   geom.Size
	place  geom.Point // where finds has found a picture
}

func newXScreen(t *testing.T, programs ...string) *xscreen {
	t.Helper()
	if testing.Short() {
		t.Skip("starts an X server")
	}
	for _, name := range append(programs, "Xvfb") {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: make deps-test", name)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "700x600x24", "-nolisten", "tcp", "-noreset", "-ac")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	w.Close()
	if err := r.SetReadDeadline(time.Now().Add(proctest.Patience)); err != nil {
		t.Fatal(err)
	}
	s := &xscreen{t: t, size: geom.Size{W: 700, H: 600}}
	if _, err := fmt.Fscan(r, &s.number); err != nil {
		t.Fatal(err)
	}
	xgb.Logger.SetOutput(io.Discard) // it tells how every connection ends
	if s.x, err = xgb.NewConnDisplay(":" + s.number); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.x.Close)
	if err := xtest.Init(s.x); err != nil {
		t.Fatal(err)
	}
	s.root = xproto.Setup(s.x).DefaultScreen(s.x).Root
	return s
}

// finds reports whether a desk's picture is on the screen, but for colours that a
// viewer's format rounds by at most so much.
func (s *xscreen) finds(d *desk, tolerance int) bool {
	s.t.Helper()
	img, err := xproto.GetImage(s.x, xproto.ImageFormatZPixmap, xproto.Drawable(s.root), 0, 0, uint16(s.size.W), uint16(s.size.H), 0xffffffff).Reply()
	if err != nil {
		s.t.Fatal(err)
	}
	at := func(x, y int32) uint32 { return binary.LittleEndian.Uint32(img.Data[4*(y*s.size.W+x):]) & 0xffffff }
	near := func(a, b uint32) bool {
		for shift := 0; shift < 24; shift += 8 {
			if diff := int(a>>shift&0xff) - int(b>>shift&0xff); diff > tolerance || diff < -tolerance {
				return false
			}
		}
		return true
	}
	for y := range s.size.H - d.size.H + 1 {
	place:
		for x := range s.size.W - d.size.W + 1 {
			for v := range d.size.H {
				for u := range d.size.W {
					if !near(at(x+u, y+v), binary.LittleEndian.Uint32(d.pix[int(v)*d.stride+4*int(u):])) {
						continue place
					}
				}
			}
			s.place = geom.Point{X: x, Y: y}
			return true
		}
	}
	return false
}

func TestTigerVNCsViewer(t *testing.T) {
	s := newXScreen(t, "vncviewer")
	for i, c := range []struct {
		name      string
		args      []string
		tolerance int
	}{
		{"Raw", []string{"-PreferredEncoding=Raw"}, 0},
		{"Hextile", []string{"-PreferredEncoding=Hextile"}, 0},
		{"ZRLE", []string{"-PreferredEncoding=ZRLE"}, 0},
		{"Tight", []string{"-PreferredEncoding=Tight", "-NoJPEG"}, 0},
		{"Tight, 256 colours", []string{"-PreferredEncoding=Tight", "-FullColor=0", "-LowColorLevel=2"}, 43},
		{"ZRLE, 64 colours", []string{"-PreferredEncoding=ZRLE", "-FullColor=0", "-LowColorLevel=1"}, 43},
		{"Hextile, 256 colours", []string{"-PreferredEncoding=Hextile", "-FullColor=0", "-LowColorLevel=2"}, 43},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, geom.Size{W: 320, H: 240}, Options{})
			d.rnd = rand.New(rand.NewPCG(uint64(i), 0)) // nobody takes one picture for another
			d.paint(d.size.Rect(), 40)
			d.paint(geom.XYWH(10, 10, 90, 90), 2)
			d.paint(geom.XYWH(110, 120, 100, 90), 0)
			s.follows(d, c.tolerance, func() {
				d.paint(geom.XYWH(5, 5, 200, 100), 300)
				d.scroll(d.size.Rect(), 60, 0)
			}, func(port int) *exec.Cmd {
				args := append([]string{"-AutoSelect=0", "-SecurityTypes=None", "-Shared", "-MenuKey="}, c.args...)
				return exec.Command("vncviewer", append(args, fmt.Sprintf("127.0.0.1::%d", port))...)
			})
		})
	}
}

// follows starts a viewer of a desk and looks at what it shows: a picture, and what of
// it has changed and moved. Then it calls functions while the viewer is there.
func (s *xscreen) follows(d *desk, tolerance int, change func(), viewer func(port int) *exec.Cmd, then ...func()) {
	t := d.t
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if err := ln.(*net.TCPListener).SetDeadline(time.Now().Add(proctest.Patience)); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd := viewer(ln.Addr().(*net.TCPAddr).Port)
	cmd.Env = proctest.Environ(home, "DISPLAY=:"+s.number)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	defer func() {
		_, _ = cmd.Process.Kill(), cmd.Wait()
		<-served
		if t.Failed() {
			t.Logf("%s", strings.TrimSpace(log.String()))
		}
	}()
	conn, err := ln.Accept()
	if err != nil {
		close(served)
		t.Fatal(err)
	}
	go func() {
		defer close(served)
		_ = d.srv.Serve(t.Context(), conn) // the viewer is killed
	}()
	sees := func(what string) {
		t.Helper()
		end := time.Now().Add(proctest.Patience)
		for !s.finds(d, tolerance) {
			if time.Now().After(end) {
				t.Fatalf("the viewer doesn't show %s", what)
			}
			time.Sleep(20 * time.Millisecond) // an X server doesn't tell what has been drawn
		}
	}
	sees("the picture")
	change()
	sees("what has changed and moved")
	for _, fn := range then {
		fn()
	}
}

// gtk-vnc's viewer, which virt-manager and GNOME's Connections are made of, shows the
// same, and what is typed and pointed in its window arrives.
func TestGTKVNCsViewer(t *testing.T) {
	s := newXScreen(t, "gvncviewer")
	d := newDesk(t, geom.Size{W: 320, H: 240}, Options{})
	d.paint(d.size.Rect(), 4) // it asks for JPEG, which comes where there are many colours
	d.paint(geom.XYWH(10, 10, 90, 90), 2)
	s.follows(d, 0, func() {
		d.paint(geom.XYWH(5, 5, 200, 100), 5)
		d.scroll(d.size.Rect(), 60, 3)
	}, func(port int) *exec.Cmd {
		return exec.Command("gvncviewer", fmt.Sprintf("127.0.0.1:%d", port-5900))
	}, func() {
		s.input(xproto.MotionNotify, 0, s.place.Add(geom.Point{X: 60, Y: 70}))
		s.input(xproto.ButtonPress, 1, geom.Point{}) // it takes the keyboard with it
		s.input(xproto.ButtonRelease, 1, geom.Point{})
		s.input(xproto.MotionNotify, 0, s.place.Add(geom.Point{X: 70, Y: 80}))
		d.hears("pointer {70 80} 0")
		s.input(xproto.ButtonPress, 3, geom.Point{})
		d.hears("pointer {70 80} 100")
		s.input(xproto.ButtonRelease, 3, geom.Point{})
		d.hears("pointer {70 80} 0")
		s.input(xproto.KeyPress, 8+30, geom.Point{})
		d.hears("key 0x61 30 true")
		s.input(xproto.KeyRelease, 8+30, geom.Point{})
		d.hears("key 0x61 30 false")
	})
}

// input is what a mouse and a keyboard do.
func (s *xscreen) input(kind, detail byte, at geom.Point) {
	s.t.Helper()
	if err := xtest.FakeInputChecked(s.x, kind, detail, 0, s.root, int16(at.X), int16(at.Y), 0).Check(); err != nil {
		s.t.Fatal(err)
	}
}

// hears waits until the viewer's seat was told something.
func (d *desk) hears(want string) {
	d.t.Helper()
	end := time.After(proctest.Patience)
	var before []string
	for {
		select {
		case got := <-d.seat(0).told:
			if got == want {
				return
			}
			before = append(before, got)
		case <-end:
			d.t.Fatalf("not told %q but %q", want, before)
		}
	}
}
