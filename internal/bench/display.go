package bench

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"rayos/geom"
	"rayos/internal/bench/rawclient"
)

// display starts a screen with the server that belongs to a competitor.
func (l *Launcher) display(c *Compositor) (*display, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	var d *display
	if c.viewer {
		d, err = l.x11Display(port)
	} else {
		d, err = l.waylandDisplay(c, port)
	}
	if err != nil {
		return nil, err
	}
	d.address = net.JoinHostPort("127.0.0.1", port)
	if err := listens(d.address); err != nil {
		return nil, errors.Join(fmt.Errorf("the server: %w", err), d.close())
	}
	return d, nil
}

// freePort is one of this machine that nobody listens on.
func freePort() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(ln.Addr().String())
	return port, errors.Join(err, ln.Close())
}

// listens waits until somebody takes connections.
func listens(address string) (err error) {
	for end := time.Now().Add(rawclient.Timeout); time.Now().Before(end); time.Sleep(time.Millisecond) {
		var conn net.Conn
		if conn, err = connectAs(nobody, func(a string) (net.Conn, error) { return net.Dial("tcp", a) }, address); err == nil {
			return conn.Close()
		}
	}
	return err
}

// waylandDisplay is a compositor with a fullscreen window and its server.
func (l *Launcher) waylandDisplay(c *Compositor, port string) (*display, error) {
	s, err := l.Start(c, Setup{Width: sceneSize.W, Height: sceneSize.H})
	if err != nil {
		return nil, err
	}
	d := &display{}
	var closers []func() error
	d.close = func() error {
		var errs []error
		for i := range closers {
			errs = append(errs, closers[len(closers)-1-i]())
		}
		return errors.Join(append(errs, s.Alive(), s.Stop())...)
	}
	fail := func(err error) (*display, error) { return nil, errors.Join(err, d.close()) }
	name, args := "wayvnc", []string{"-f", "60", "127.0.0.1", port}
	if c.Name == RayOS {
		name, args = filepath.Join(filepath.Dir(c.path), "rayos-vnc"), []string{"--listen", net.JoinHostPort("127.0.0.1", port)}
		if _, err := os.Stat(name); err != nil {
			return fail(&UnfitError{"there is no rayos-vnc beside the session"})
		}
	}
	conn, err := s.Dial()
	if err != nil {
		return fail(err)
	}
	closers = append(closers, conn.Close)
	w, err := conn.NewWindow(rawclient.WindowOptions{Title: "scene", Buffers: 3, Format: rawclient.XRGB8888, Fullscreen: true})
	if err != nil {
		return fail(err)
	}
	closers = append(closers, w.Release)
	p, err := s.run(name, args...)
	if err != nil {
		return fail(err)
	}
	closers = append(closers, p.end)
	d.server = p.Process
	d.show = func(pix []byte, area geom.Rect) error {
		w.Draw(pix)
		return w.Frame(rawclient.Damage{X: area.X0, Y: area.Y0, W: area.W(), H: area.H()})
	}
	return d, nil
}

// x11Display is Xvfb with a client that draws on its root window, and x11vnc.
func (l *Launcher) x11Display(port string) (*display, error) {
	if _, err := exec.LookPath("x11vnc"); err != nil {
		return nil, &UnfitError{"x11vnc is not installed"}
	}
	dir, err := os.MkdirTemp(l.base, "x11-")
	if err != nil {
		return nil, err
	}
	if err := giveAway(dir); err != nil {
		return nil, err
	}
	m := &vnc{dir: dir}
	d, err := m.drawn11(vncPrograms[2], "-ac", "-screen", "0", geometry(sceneSize.W, sceneSize.H)+"x24")
	if err != nil {
		return nil, errors.Join(err, m.end())
	}
	if err := m.start("x11vnc", nil, "-display", d.name, "-localhost", "-rfbport", port, "-nopw", "-forever", "-shared", "-nocursor", "-quiet", "-no6"); err != nil {
		return nil, errors.Join(err, d.close())
	}
	d.server = Process{m.programs[len(m.programs)-1].Process.Pid}
	return d, nil
}

// drawn11 starts an X server and a client that draws on its root window.
func (m *vnc) drawn11(server string, args ...string) (*display, error) {
	d := &display{}
	var err error
	if d.name, err = m.xServer(server, args...); err != nil {
		return nil, err
	}
	xgb.Logger.SetOutput(io.Discard) // it tells that there is no authority, which none is asked for
	x, err := xgb.NewConnDisplay(d.name)
	if err != nil {
		return nil, err
	}
	root := xproto.Setup(x).DefaultScreen(x).Root
	gc, err := xproto.NewGcontextId(x)
	if err == nil {
		err = xproto.CreateGCChecked(x, gc, xproto.Drawable(root), 0, nil).Check()
	}
	if err != nil {
		x.Close()
		return nil, err
	}
	d.show = func(pix []byte, area geom.Rect) error { return putImage(x, root, gc, pix, area) }
	d.close = func() error {
		x.Close()
		return m.end()
	}
	return d, nil
}

// putImage draws an area, in bands that fit into a request.
func putImage(x *xgb.Conn, root xproto.Window, gc xproto.Gcontext, pix []byte, area geom.Rect) error {
	rows := max(1, 200_000/(4*area.W()))
	for y := area.Y0; y < area.Y1; y += rows {
		h := min(rows, area.Y1-y)
		data := make([]byte, 0, 4*area.W()*h)
		for row := y; row < y+h; row++ {
			data = append(data, pix[4*(int(row)*int(sceneSize.W)+int(area.X0)):][:4*area.W()]...)
		}
		xproto.PutImage(x, xproto.ImageFormatZPixmap, xproto.Drawable(root), gc, uint16(area.W()), uint16(h), int16(area.X0), int16(y), 0, 24, data)
	}
	_, err := xproto.GetInputFocus(x).Reply() // all of it has been drawn
	return err
}

// geometry is a size as X servers want it told.
func geometry(w, h int32) string { return strconv.Itoa(int(w)) + "x" + strconv.Itoa(int(h)) }
