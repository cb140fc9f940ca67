package proctest

import (
	"context"
	"image"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"rayos/geom"
	"rayos/rayapps/rfb"
	"rayos/shell/control"
)

// viewer is somebody who looks by VNC.
type viewer struct {
	t       testing.TB
	c       *rfb.Client
	fb      rfb.Framebuffer
	mu      sync.Mutex
	shown   Picture // of the last frame
	resized string
	ended   bool
}

// look connects with a session whose viewers come to a socket.
func look(s *Session, path string) *viewer {
	s.T.Helper()
	s.Until("viewers can come", func() bool { return strings.Contains(s.Log(), "RAYOS_VNC:ready:"+path) })
	conn, err := net.Dial("unix", path)
	if err != nil {
		s.T.Fatal(err)
	}
	return lookThrough(s, conn, rfb.Options{})
}

// lookThrough looks at a session through a server's connection.
func lookThrough(s *Session, conn net.Conn, o rfb.Options) *viewer {
	s.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	v := &viewer{t: s.T}
	var err error
	if v.c, err = rfb.Connect(ctx, conn, o); err != nil {
		s.T.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = v.c.Run(rfb.Handler{ // how it ends is the test's doing
			Resize: func(d rfb.Desktop) rfb.Framebuffer {
				v.fb = rfb.NewFramebuffer(d.Size)
				return v.fb
			},
			Frame: func(*geom.Region) { v.frame() },
			Resized: func(st rfb.ResizeStatus) {
				v.mu.Lock()
				v.resized = st.String()
				v.mu.Unlock()
			},
		})
		v.mu.Lock()
		v.ended = true
		v.mu.Unlock()
	}()
	s.T.Cleanup(func() {
		v.c.Close()
		<-done
	})
	return v
}

func (v *viewer) frame() {
	v.mu.Lock()
	defer v.mu.Unlock()
	img := image.NewRGBA(image.Rect(0, 0, int(v.fb.Size.W), int(v.fb.Size.H)))
	for y := range int(v.fb.Size.H) {
		row := v.fb.Pix[y*v.fb.Stride:]
		for x := range int(v.fb.Size.W) {
			p := img.Pix[y*img.Stride+4*x:]
			p[0], p[1], p[2], p[3] = row[4*x+2], row[4*x+1], row[4*x], 255
		}
	}
	v.shown = Picture{img}
}

// sees waits until the viewer has what the session shows.
func (v *viewer) sees(s *Session, what string) {
	s.T.Helper()
	s.Until("the viewer sees "+what, func() bool {
		own := s.Shoot(nil)
		v.mu.Lock()
		defer v.mu.Unlock()
		return v.shown.RGBA != nil && v.shown.Rect == own.Rect && Diff(own, v.shown).Empty()
	})
}

func (v *viewer) get(f func(*viewer) bool) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return f(v)
}

func TestViewersSeeAndType(t *testing.T) {
	Need(t, "foot")
	dir := RuntimeDir(t)
	path := filepath.Join(dir, "vnc")
	s := StartWith(t, Options{Dir: dir, Args: []string{"--headless", "--output", "800x600", "--vnc", path}})
	v := look(s, path)
	v.sees(s, "the desktop")
	c := s.Launch("foot", "--title", "shell", "sh", "-c", "read line; echo $line >"+dir+"/said; read more")
	w := s.Window(c)
	v.sees(s, "a window")
	at := Middle(Bounds(w.Frame))
	point := func(down rfb.Button) {
		if err := v.c.Pointer(geom.Point{X: int32(at.X), Y: int32(at.Y)}, down); err != nil {
			t.Fatal(err)
		}
	}
	point(0)
	point(rfb.Left)
	point(0)
	for _, sym := range []uint32{'h', 'A', '!', 0xe4, 0x10020ac, 0xff0d} {
		for _, down := range []bool{true, false} {
			if err := v.c.Key(down, sym, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.Until("the line has arrived", func() bool {
		out, err := os.ReadFile(filepath.Join(dir, "said"))
		return err == nil && string(out) == "hA!ä€\n"
	})
	v.sees(s, "the text")

	second := look(s, path)
	second.sees(s, "the same")
	if err := v.c.SetDesktopSize(geom.Size{W: 640, H: 500}); err != nil {
		t.Fatal(err)
	}
	s.Until("the screen has another size", func() bool { return v.get(func(v *viewer) bool { return v.resized == "done" }) })
	v.sees(s, "the smaller desktop")
	second.sees(s, "the smaller desktop, too")

	var p control.Processes
	if err := s.Try("processes", nil, &p); err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Clients {
		if c.Name == "rayos-vnc" {
			if err := syscall.Kill(int(c.PID), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.Until("viewers are sent away", func() bool { return v.get(func(v *viewer) bool { return v.ended }) })
	s.Until("that is told", func() bool { return strings.Contains(s.Log(), "RAYOS_VNC:gone") })
}

// Our viewer in a session that wayvnc shows: pictures in each of its encodings, keys and
// the pointer.
func TestWayVNC(t *testing.T) {
	Need(t, "wayvnc", "foot")
	dir := RuntimeDir(t)
	path := filepath.Join(dir, "wayvnc")
	s := StartWith(t, Options{Dir: dir, Args: []string{"--headless", "--output", "800x600", "--no-shell"}})
	s.Launch("wayvnc", "--config=/dev/null", "--unix-socket", path)
	dial := func() net.Conn {
		var conn net.Conn
		s.Until("wayvnc listens", func() bool {
			var err error
			conn, err = net.Dial("unix", path)
			return err == nil
		})
		return conn
	}
	c := s.Launch("foot", "--title", "shell", "sh", "-c", "read line; echo $line >"+dir+"/said; read more")
	w := s.Window(c)
	for _, enc := range []rfb.Encoding{rfb.Raw, rfb.ZRLE, rfb.Tight} {
		v := lookThrough(s, dial(), rfb.Options{Encodings: []rfb.Encoding{enc}})
		v.sees(s, "a window in "+enc.String())
		if enc != rfb.Tight {
			v.c.Close()
			continue
		}
		at := Middle(Bounds(w.Frame))
		for _, down := range []rfb.Button{0, rfb.Left, 0} {
			if err := v.c.Pointer(geom.Point{X: int32(at.X), Y: int32(at.Y)}, down); err != nil {
				t.Fatal(err)
			}
		}
		for _, key := range []struct{ sym, scan uint32 }{{'h', 0x23}, {'i', 0x17}, {0xff0d, 0x1c}} {
			for _, down := range []bool{true, false} {
				if err := v.c.Key(down, key.sym, key.scan); err != nil {
					t.Fatal(err)
				}
			}
		}
		s.Until("the line has arrived", func() bool {
			out, err := os.ReadFile(filepath.Join(dir, "said"))
			return err == nil && string(out) == "hi\n"
		})
		v.sees(s, "the text")
	}
}
