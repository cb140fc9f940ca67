package rfb

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
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
)

// patience is how long a real server may take for anything.
const patience = 2 * time.Minute

// process starts a command whose line with a text tells that it is ready, and returns
// what stands after the text.
func process(t *testing.T, prefix string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = w, &log, []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = cmd.Process.Kill(), cmd.Wait() // it was killed
		_ = r.Close()                         // was only read
		if t.Failed() {
			t.Logf("%s:\n%s", name, &log)
		}
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(r)
	for in.Scan() {
		if _, s, ok := strings.Cut(in.Text(), prefix); ok {
			return s
		}
	}
	t.Fatalf("%s isn't ready: %v", name, in.Err())
	return ""
}

// desk is an X server of TigerVNC and a client that draws on its root window.
type desk struct {
	t      *testing.T
	number string // of the display
	socket string
	x      *xgb.Conn
	root   xproto.Window
	gc     xproto.Gcontext
	rnd    *rand.Rand
}

func newDesk(t *testing.T, args ...string) *desk {
	t.Helper()
	if testing.Short() {
		t.Skip("starts an X server")
	}
	if _, err := exec.LookPath("Xtigervnc"); err != nil {
		t.Skip("tigervnc-standalone-server isn't installed")
	}
	d := &desk{t: t, socket: filepath.Join(t.TempDir(), "vnc"), rnd: rand.New(rand.NewPCG(8, 8))}
	args = append([]string{
		"-displayfd", "3", "-rfbunixpath", d.socket, "-rfbport", "-1", "-geometry", "333x217",
		"-depth", "24", "-noreset", "-nolisten", "tcp", "-ac",
	}, args...)
	d.number = process(t, "", "Xtigervnc", args...)
	d.open()
	return d
}

// open connects with the display.
func (d *desk) open() {
	t := d.t
	xgb.Logger.SetOutput(io.Discard) // it tells how every connection ends
	var err error
	if d.x, err = xgb.NewConnDisplay(":" + d.number); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.x.Close)
	d.root = xproto.Setup(d.x).DefaultScreen(d.x).Root
	if d.gc, err = xproto.NewGcontextId(d.x); err != nil {
		t.Fatal(err)
	}
	d.check(xproto.CreateGCChecked(d.x, d.gc, xproto.Drawable(d.root), 0, nil).Check())
}

func (d *desk) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// draw fills rectangles, moves an area and puts noise somewhere.
func (d *desk) draw(w, h int32) {
	for range 20 {
		r := someRect(d.rnd, int(w), int(h))
		d.check(xproto.ChangeGCChecked(d.x, d.gc, xproto.GcForeground, []uint32{d.rnd.Uint32() & 0xffffff}).Check())
		d.check(xproto.PolyFillRectangleChecked(d.x, xproto.Drawable(d.root), d.gc, []xproto.Rectangle{
			{X: int16(r.X0), Y: int16(r.Y0), Width: uint16(r.W()), Height: uint16(r.H())},
		}).Check())
	}
	noise := make([]byte, 4*70*60)
	for i := range noise {
		noise[i] = byte(d.rnd.Uint32())
	}
	d.check(xproto.PutImageChecked(d.x, xproto.ImageFormatZPixmap, xproto.Drawable(d.root), d.gc, 70, 60, 100, 50, 0, 24, noise).Check())
	d.check(xproto.CopyAreaChecked(d.x, xproto.Drawable(d.root), xproto.Drawable(d.root), d.gc, 80, 40, 5, 9, 120, 90).Check())
}

// pixels are the server's own.
func (d *desk) pixels(w, h int32) *picture {
	img, err := xproto.GetImage(d.x, xproto.ImageFormatZPixmap, xproto.Drawable(d.root), 0, 0, uint16(w), uint16(h), 0xffffffff).Reply()
	d.check(err)
	m := newPicture(int(w), int(h))
	for i := range m.px {
		m.px[i] = binary.LittleEndian.Uint32(img.Data[4*i:]) & 0xffffff
	}
	return m
}

// viewer is a client that runs, and copies of what it was told.
type viewer struct {
	t      *testing.T
	c      *Client
	fb     Framebuffer
	frames chan *Framebuffer // the newest
	sizes  chan ResizeStatus
	kinds  map[Encoding]int // of rectangles, to be read after ended
	ended  chan error
}

func view(t *testing.T, network, address string, opt Options) *viewer {
	t.Helper()
	return follow(t, connect(t, network, address, opt))
}

func connect(t *testing.T, network, address string, opt Options) *Client {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := Connect(ctx, conn, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// follow runs a client.
func follow(t *testing.T, c *Client) *viewer {
	v := &viewer{kinds: map[Encoding]int{}, t: t, c: c, frames: make(chan *Framebuffer, 1), sizes: make(chan ResizeStatus, 4), ended: make(chan error, 1)}
	c.dec.seen = func(e Encoding) { v.kinds[e]++ }
	go func() {
		v.ended <- v.c.Run(Handler{
			Resize:  func(d Desktop) Framebuffer { v.fb = NewFramebuffer(d.Size); return v.fb },
			Resized: func(s ResizeStatus) { v.sizes <- s },
			Frame: func(*geom.Region) {
				f := v.fb
				f.Pix = bytes.Clone(f.Pix)
				select {
				case <-v.frames:
				default:
				}
				v.frames <- &f
			},
		})
	}()
	t.Cleanup(func() {
		if err := v.c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if err := <-v.ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("Run = %v", err)
		}
	})
	return v
}

// spoke checks that the server did use an encoding, and ends the connection.
func (v *viewer) spoke(e Encoding) {
	v.t.Helper()
	if err := v.c.Close(); err != nil {
		v.t.Error(err)
	}
	err := <-v.ended
	v.ended <- err
	if v.kinds[e] == 0 {
		v.t.Errorf("the server has sent no %v but %v", e, v.kinds)
	}
}

// shows waits for a frame that is m.
func (v *viewer) shows(m *picture) {
	v.t.Helper()
	deadline := time.After(patience)
	last := errors.New("no frame came")
	for {
		select {
		case f := <-v.frames:
			if int(f.Size.W) != m.w || int(f.Size.H) != m.h {
				last = fmt.Errorf("size %v; want %d×%d", f.Size, m.w, m.h)
			} else if last = differs(f, m); last == nil {
				return
			}
		case err := <-v.ended:
			v.ended <- err
			v.t.Fatalf("Run = %v while waiting; %v", err, last)
		case <-deadline:
			v.t.Fatal(last)
		}
	}
}

// With each encoding the client shows what TigerVNC's X server shows.
func TestTigerVNCEncodings(t *testing.T) {
	d := newDesk(t, "-SecurityTypes", "None")
	for _, enc := range pixelEncodings {
		t.Run(enc.String(), func(t *testing.T) {
			v := view(t, "unix", d.socket, Options{Encodings: []Encoding{enc, CopyRect}})
			for range 3 {
				d.draw(333, 217)
				v.shows(d.pixels(333, 217))
			}
		})
	}
}

// Keys, buttons and a new size arrive at TigerVNC's X server.
func TestTigerVNCInput(t *testing.T) {
	d := newDesk(t, "-SecurityTypes", "None")
	v := view(t, "unix", d.socket, Options{})
	d.draw(333, 217)
	v.shows(d.pixels(333, 217))
	mask := uint32(xproto.EventMaskKeyPress | xproto.EventMaskButtonPress)
	d.check(xproto.ChangeWindowAttributesChecked(d.x, d.root, xproto.CwEventMask, []uint32{mask}).Check())
	events := make(chan xgb.Event, 16)
	go func() {
		defer close(events)
		for {
			e, err := d.x.WaitForEvent()
			if e == nil && err == nil {
				return // the connection was closed
			}
			events <- e
		}
	}()
	// pressed returns the next press of a key or a button.
	pressed := func() (code xproto.Keycode, button xproto.Button, at geom.Point) {
		t.Helper()
		deadline := time.After(patience)
		for {
			select {
			case e := <-events:
				switch e := e.(type) {
				case xproto.KeyPressEvent:
					return e.Detail, 0, geom.Point{}
				case xproto.ButtonPressEvent:
					return 0, e.Detail, geom.Point{X: int32(e.RootX), Y: int32(e.RootY)}
				}
			case <-deadline:
				t.Fatal("no event came")
			}
		}
	}
	d.check(v.c.Key(true, 'a', 0x1e))
	if code, _, _ := pressed(); code != 0x1e+8 {
		t.Errorf("key %d; want %d", code, 0x1e+8)
	}
	d.check(v.c.Key(false, 'a', 0x1e))
	d.check(v.c.Pointer(geom.Point{X: 30, Y: 40}, 0))
	d.check(v.c.Pointer(geom.Point{X: 30, Y: 40}, Right))
	if _, button, at := pressed(); button != 3 || at != (geom.Point{X: 30, Y: 40}) {
		t.Errorf("button %d at %v; want 3 at 30,40", button, at)
	}
	d.check(v.c.Pointer(geom.Point{X: 30, Y: 40}, 0))

	d.check(v.c.SetDesktopSize(geom.Size{W: 401, H: 303}))
	select {
	case s := <-v.sizes:
		if s != ResizeDone {
			t.Errorf("SetDesktopSize: %v", s)
		}
	case <-time.After(patience):
		t.Fatal("no answer to SetDesktopSize")
	}
	d.draw(401, 303)
	v.shows(d.pixels(401, 303))
}

// testCertificate is one with its key, as DER and as PEM.
func testCertificate(t *testing.T) (der []byte, pems [2][]byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(crand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return cert, [2][]byte{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
}

// TigerVNC's security types: passwords alone, in TLS that nobody vouches for, and in
// TLS with a certificate that is pinned.
func TestTigerVNCSecurity(t *testing.T) {
	dir := t.TempDir()
	cert, pems := testCertificate(t)
	cmd := exec.Command("vncpasswd", "-f")
	cmd.Stdin = strings.NewReader("password\n")
	hidden, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("tigervnc-tools isn't installed")
	} else if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"pass": hidden, "cert": pems[0], "key": pems[1]} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pin := func(s tls.ConnectionState) error {
		if !bytes.Equal(s.PeerCertificates[0].Raw, cert) {
			return errors.New("another certificate")
		}
		return nil
	}
	for _, s := range []Security{VncAuth, Plain, TLSNone, TLSVnc, TLSPlain, X509None, X509Vnc, X509Plain} {
		t.Run(s.String(), func(t *testing.T) {
			plain := s == Plain || s == TLSPlain || s == X509Plain
			if plain && os.Getuid() != 0 {
				t.Skip("nobody's password is known; PAM lets root pass by pam_rootok, if it is root who asks")
			}
			d := newDesk(t, "-SecurityTypes", s.String(), "-PasswordFile", filepath.Join(dir, "pass"), "-PlainUsers", "root", "-PAMService", "su",
				"-X509Cert", filepath.Join(dir, "cert"), "-X509Key", filepath.Join(dir, "key"))
			v := view(t, "unix", d.socket, Options{Security: []Security{s}, Pin: pin, Credentials: func(context.Context, Security) (string, string, error) {
				return "root", "password", nil
			}})
			if v.c.Security != s {
				t.Errorf("security %v; want %v", v.c.Security, s)
			}
			d.draw(333, 217)
			v.shows(d.pixels(333, 217))
			if s == X509None || s == TLSNone {
				return
			}
			conn, err := net.Dial("unix", d.socket)
			d.check(err)
			_, err = Connect(t.Context(), conn, Options{
				Security: []Security{s}, Pin: pin,
				Credentials: func(context.Context, Security) (string, string, error) { return "nobody", "wrong", nil },
			})
			if !errors.Is(err, ErrRefused) {
				t.Errorf("Connect with a wrong password: %v", err)
			}
		})
	}
}

// With each encoding the client shows what x11vnc sees on the same X server.
func TestX11VNC(t *testing.T) {
	if _, err := exec.LookPath("x11vnc"); err != nil {
		t.Skip("x11vnc isn't installed")
	}
	d := newDesk(t, "-SecurityTypes", "None")
	port := process(t, "PORT=", "x11vnc", "-display", ":"+d.number, "-localhost", "-autoport", "5950",
		"-nopw", "-forever", "-shared", "-noshm", "-nocursor", "-quiet", "-no6")
	for _, enc := range []Encoding{Raw, RRE, CoRRE, Hextile, Zlib, ZRLE, Tight} {
		t.Run(enc.String(), func(t *testing.T) {
			v := view(t, "tcp", "127.0.0.1:"+port, Options{Encodings: []Encoding{enc, CopyRect}})
			for range 2 {
				d.draw(333, 217)
				v.shows(d.pixels(333, 217))
			}
			v.spoke(enc)
		})
	}
	t.Run("Tight without zlib", func(t *testing.T) {
		v := view(t, "tcp", "127.0.0.1:"+port, Options{Encodings: []Encoding{Tight, CopyRect, PseudoCompress0}})
		for range 2 {
			d.draw(333, 217)
			v.shows(d.pixels(333, 217))
		}
	})
}
