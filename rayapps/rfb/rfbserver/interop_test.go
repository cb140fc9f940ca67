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
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

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
}

func newXScreen(t *testing.T) *xscreen {
	t.Helper()
	if testing.Short() {
		t.Skip("starts an X server")
	}
	for _, name := range []string{"Xvfb", "vncviewer"} {
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
			return true
		}
	}
	return false
}

func TestTigerVNCsViewer(t *testing.T) {
	s := newXScreen(t)
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
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			home := t.TempDir()
			_, port, _ := net.SplitHostPort(ln.Addr().String())
			args := append([]string{"-AutoSelect=0", "-SecurityTypes=None", "-Shared", "-MenuKey="}, c.args...)
			cmd := exec.Command("vncviewer", append(args, "127.0.0.1::"+port)...)
			cmd.Env = []string{"DISPLAY=:" + s.number, "HOME=" + home, "PATH=" + os.Getenv("PATH"), "XDG_CONFIG_HOME=" + filepath.Join(home, "c")}
			var log bytes.Buffer
			cmd.Stdout, cmd.Stderr = &log, &log
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			conn, err := ln.Accept()
			if err != nil {
				t.Fatal(err)
			}
			served := make(chan struct{})
			go func() {
				defer close(served)
				_ = d.srv.Serve(t.Context(), conn) // the viewer is killed
			}()
			defer func() {
				_, _ = cmd.Process.Kill(), cmd.Wait()
				<-served
				if t.Failed() {
					t.Logf("%s", strings.TrimSpace(log.String()))
				}
			}()
			sees := func(what string) {
				t.Helper()
				end := time.Now().Add(proctest.Patience)
				for !s.finds(d, c.tolerance) {
					if time.Now().After(end) {
						t.Fatalf("the viewer doesn't show %s", what)
					}
					time.Sleep(20 * time.Millisecond) // an X server doesn't tell what has been drawn
				}
			}
			sees("the picture")
			d.paint(geom.XYWH(5, 5, 200, 100), 300)
			d.scroll(geom.Rect{X0: 0, Y0: 0, X1: 320, Y1: 240}, 60)
			sees("what has changed and moved")
		})
	}
}
