package bench

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"rayos/geom"
	"rayos/internal/bench/rawclient"
	"rayos/rayapps/rfb"
)

// remoteEncodings are those that all servers have.
var remoteEncodings = []rfb.Encoding{rfb.Tight, rfb.ZRLE, rfb.Raw}

// remoteKey names a row.
func remoteKey(s *scene, enc rfb.Encoding) string {
	return "vnc." + s.name + "." + strings.ToLower(enc.String())
}

// remoteProbe measures what it costs to show a screen to a VNC viewer: the CPU of
// the server's process and the bytes it sends, for each pixel that has changed.
// RayOS has rayos-vnc, sway wayvnc; vnc is x11vnc on Xvfb, which shows the same
// scenes drawn by an X11 client.
func remoteProbe() Probe {
	p := Probe{Name: "vnc.server", Peers: []string{"sway", viewerName}, Rounds: 2}
	for _, s := range []struct{ key, name string }{
		{"scroll", "text that scrolls"}, {"spin", "a spinner of 48x48"}, {"video", "a film of 640x360"}, {"photo", "photos of 1280x592"},
	} {
		for _, enc := range remoteEncodings {
			key := "vnc." + s.key + "." + strings.ToLower(enc.String())
			p.Rows = append(p.Rows, Row{Key: key, Name: fmt.Sprintf("VNC server, %s, %v: CPU", s.name, enc), Unit: "ms/Mpx", Bar: ratioBar(1)})
			if enc != rfb.Raw {
				p.Rows = append(p.Rows, Row{Key: key + ".bytes", Name: fmt.Sprintf("… %s, %v: sent", s.name, enc), Unit: "B/px"})
			}
		}
	}
	p.Start = measureRemote
	return p
}

func measureRemote(l *Launcher, c *Compositor, e Effort) (Values, error) {
	list, err := scenes()
	if err != nil {
		return nil, err
	}
	v := Values{}
	d, err := l.display(c)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		if err := d.measure(s, e, v); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", s.name, err), d.close())
		}
	}
	return v, d.close()
}

// display is a screen with a server for VNC viewers.
type display struct {
	server  spender
	address string
	name    string // of an X11 display
	// show puts a scene's pixels on the screen, of which an area has changed.
	show  func(pix []byte, area geom.Rect) error
	close func() error
}

// measure shows a scene in every encoding.
func (d *display) measure(s *scene, e Effort, v Values) error {
	n := 0
	for _, enc := range remoteEncodings {
		w, err := watch(d.address, enc)
		if err != nil {
			return err
		}
		steps, bytes := max(2, e.Frames/s.share), 0
		cpu := time.Duration(0)
		for i := range 2 {
			bytes = w.conn.read()
			cpu, err = spentBy([]spender{d.server}, func() error {
				tick := time.NewTicker(time.Second / time.Duration(s.rate))
				defer tick.Stop()
				for range []int{3, steps}[i] { // the first ones warm
					<-tick.C
					if err := d.step(s, w, n); err != nil {
						return err
					}
					n++
				}
				return nil
			})
			if err != nil {
				return errors.Join(err, w.close())
			}
		}
		pixels := float64(steps) * float64(s.area.W()) * float64(s.area.H())
		v[remoteKey(s, enc)] = cpu.Seconds() * 1e3 / (pixels / 1e6)
		if enc != rfb.Raw {
			v[remoteKey(s, enc)+".bytes"] = float64(w.conn.read()-bytes) / pixels
		}
		if err := w.close(); err != nil {
			return err
		}
	}
	return nil
}

// step changes the scene and returns when the viewer sees it.
func (d *display) step(s *scene, w *watcher, n int) error {
	w.mu.Lock()
	s.draw(n)
	w.want, w.area = s.pix, s.area
	w.mu.Unlock()
	area := s.area
	if n == 0 {
		area = sceneSize.Rect()
	}
	if err := d.show(s.pix, area); err != nil {
		return err
	}
	select {
	case <-w.seen:
		return nil
	case err := <-w.ended:
		w.ended <- err
		return fmt.Errorf("the viewer has ended: %w", err)
	case <-time.After(rawclient.Timeout):
		return errors.New("the viewer doesn't see what is shown")
	}
}

// counted is a connection whose bytes are counted.
type counted struct {
	net.Conn
	mu sync.Mutex
	n  int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	c.n += n
	c.mu.Unlock()
	return n, err
}

func (c *counted) read() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// watcher is a viewer that tells when it sees what is wanted.
type watcher struct {
	conn  *counted
	c     *rfb.Client
	fb    rfb.Framebuffer
	seen  chan struct{}
	ended chan error

	mu   sync.Mutex
	want []byte // nil when it was seen
	area geom.Rect
	near bool // colours may differ: it is seen when something has come
}

// watch connects with a server.
func watch(address string, enc rfb.Encoding) (*watcher, error) {
	conn, err := connectAs(nobody, func(a string) (net.Conn, error) { return net.Dial("tcp", a) }, address)
	if err != nil {
		return nil, err
	}
	w := &watcher{conn: &counted{Conn: conn}, seen: make(chan struct{}, 1), ended: make(chan error, 1)}
	ctx, cancel := context.WithTimeout(context.Background(), rawclient.Timeout)
	defer cancel()
	if w.c, err = rfb.Connect(ctx, w.conn, rfb.Options{Encodings: []rfb.Encoding{enc, rfb.CopyRect}, Workers: -1}); err != nil {
		return nil, err
	}
	go func() {
		w.ended <- w.c.Run(rfb.Handler{
			Resize: func(d rfb.Desktop) rfb.Framebuffer { w.fb = rfb.NewFramebuffer(d.Size); return w.fb },
			Frame:  func(*geom.Region) { w.look() },
		})
	}()
	return w, nil
}

// look tells if what is wanted is there.
func (w *watcher) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.want == nil || w.fb.Size != sceneSize {
		return
	}
	for y := w.area.Y0; y < w.area.Y1 && !w.near; y++ {
		at := 4 * int(w.area.X0)
		want := w.want[4*int(sceneSize.W)*int(y)+at:][:4*w.area.W()]
		if got := w.fb.Pix[w.fb.Stride*int(y)+at:][:4*w.area.W()]; !bytes.Equal(want, got) && !same(want, got) {
			return
		}
	}
	w.want = nil
	w.seen <- struct{}{}
}

// same reports whether two rows have the same colours.
func same(a, b []byte) bool {
	for i := 0; i < len(a); i += 4 {
		if (binary.LittleEndian.Uint32(a[i:])^binary.LittleEndian.Uint32(b[i:]))&0xffffff != 0 {
			return false
		}
	}
	return true
}

func (w *watcher) close() error {
	err := w.c.Close()
	<-w.ended
	return err
}
