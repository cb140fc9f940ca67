package rfbserver

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

func (d *desk) seat(i int) *testSeat {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seats[i]
}

func TestViewersPointAndType(t *testing.T) {
	d := newDesk(t, geom.Size{W: 40, H: 30}, Options{})
	e := d.look(rfb.Options{})
	d.sees(e)
	s := d.seat(0)
	for _, err := range []error{
		e.c.Key(true, 'a', 30), e.c.Key(false, 'a', 30), e.c.Key(true, 0xff53, 0xcd), e.c.Key(true, 'x', 0),
		e.c.Pointer(geom.Point{X: 7, Y: 8}, rfb.Left|rfb.WheelDown), e.c.Pointer(geom.Point{X: 900, Y: 900}, rfb.Forward),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{
		"key 0x61 30 true", "key 0x61 30 false", "key 0xff53 106 true", "key 0x78 0 true",
		"pointer {7 8} 10001", "pointer {39 29} 100000000",
	} {
		hear(t, s.told, want)
	}
	s.v.Bell()
	hear(t, e.told, "bell")
	s.v.SetLED(rfb.LEDCaps)
	hear(t, e.told, "led 4")
	if err := s.v.SetCursor(rfb.Cursor{Size: geom.Size{W: 2, H: 1}, Hot: geom.Point{X: 1}, Pix: []byte{1, 2, 3, 255, 4, 5, 6, 7}}); err != nil {
		t.Fatal(err)
	}
	hear(t, e.told, "cursor 2x1 {1 0} 01 02 03 ff 04 05 06 07")
	if err := s.v.SetCursor(rfb.Cursor{Size: geom.Size{W: 2, H: 2}, Pix: []byte{1}}); err == nil {
		t.Error("a cursor without pixels is one")
	}
	e.c.Close()
	hear(t, s.told, "close")
}

func TestClipboard(t *testing.T) {
	d := newDesk(t, geom.Size{W: 40, H: 30}, Options{})
	e := d.look(rfb.Options{})
	d.sees(e)
	s := d.seat(0)
	if err := e.c.SetClipboard(rfb.Clip{Text: []byte("häß€")}); err != nil {
		t.Fatal(err)
	}
	hear(t, s.told, "offer 1")
	if !s.v.Extended() {
		t.Error("the viewer has no extended clipboard")
	}
	s.v.Request(rfb.FormatText)
	hear(t, s.told, "clipboard häß€")
	s.v.SetClipboard(rfb.FormatText|rfb.FormatHTML, rfb.Clip{})
	hear(t, e.told, "offer 101")
	if err := e.c.RequestClipboard(rfb.FormatText); err != nil {
		t.Fatal(err)
	}
	hear(t, s.told, "wanted 1")
	if err := s.v.Provide(rfb.Clip{Text: []byte("ours")}); err != nil {
		t.Fatal(err)
	}
	hear(t, e.told, "clipboard ours")
}

func TestSizes(t *testing.T) {
	d := newDesk(t, geom.Size{W: 40, H: 30}, Options{})
	e := d.look(rfb.Options{})
	d.sees(e)
	s := d.seat(0)
	other := d.look(rfb.Options{})
	d.sees(other)
	ask := func(size geom.Size) {
		if err := e.c.SetDesktopSize(size); err != nil {
			t.Fatal(err)
		}
	}
	ask(geom.Size{W: 50, H: 60})
	hear(t, s.told, "resize 50x60")
	hear(t, e.told, "resized prohibited")
	s.resizes(func(size geom.Size) rfb.ResizeStatus {
		if err := d.screen.Resize(size); err != nil {
			t.Error(err)
		}
		return rfb.ResizeDone
	})
	ask(geom.Size{W: 50, H: 60})
	hear(t, s.told, "resize 50x60")
	hear(t, e.told, "resized done")
	d.resize(geom.Size{W: 50, H: 60})
	d.paint(d.size.Rect(), 5)
	d.sees(e)
	d.sees(other)
	if err := d.screen.Resize(geom.Size{}); err == nil {
		t.Error("a screen has no pixels")
	}
}

func TestWhatHasMovedIsCopied(t *testing.T) {
	d := newDesk(t, geom.Size{W: 640, H: 480}, Options{})
	d.paint(d.size.Rect(), 0)
	conn, in := d.raw(t)
	send(t, conn, []byte{2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1}) // Raw, CopyRect
	send(t, conn, []byte{3, 0, 0, 0, 0, 0, 2, 128, 1, 224})
	rects(t, in, 4)
	send(t, conn, []byte{3, 1, 0, 0, 0, 0, 2, 128, 1, 224})
	d.scroll(d.size.Rect(), 32, 0)
	kinds, bytes := rects(t, in, 4)
	if kinds[rfb.CopyRect] != 1 || bytes > 4*640*64 {
		t.Errorf("a scrolled picture came as %v, %d bytes", kinds, bytes)
	}
}

// raw connects a viewer of hand and begins.
func (d *desk) raw(t *testing.T) (net.Conn, io.Reader) {
	t.Helper()
	server, conn := pipe(t)
	go func() { _ = d.srv.Serve(t.Context(), server) }() // ends with the connection
	send(t, conn, []byte("RFB 003.008\n"))
	take(t, conn, 12+2)
	send(t, conn, []byte{1})
	take(t, conn, 4)
	send(t, conn, []byte{1})
	p := take(t, conn, 24)
	take(t, conn, int(binary.BigEndian.Uint32(p[20:])))
	return conn, conn
}

// pipe returns both ends of a socket of this machine.
func pipe(t *testing.T) (server, viewer net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if viewer, err = net.Dial("tcp", ln.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { viewer.Close() })
	if server, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	return server, viewer
}

func send(t *testing.T, w io.Writer, p []byte) {
	t.Helper()
	if _, err := w.Write(p); err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, r io.Reader, n int) []byte {
	t.Helper()
	p := make([]byte, n)
	if _, err := io.ReadFull(r, p); err != nil {
		t.Fatal(err)
	}
	return p
}

// rects reads an update of raw pixels and moves, and counts.
func rects(t *testing.T, r io.Reader, pixel int) (kinds map[rfb.Encoding]int, bytes int) {
	t.Helper()
	kinds = map[rfb.Encoding]int{}
	p := take(t, r, 4)
	for range binary.BigEndian.Uint16(p[2:]) {
		p = take(t, r, 12)
		enc := rfb.Encoding(binary.BigEndian.Uint32(p[8:]))
		kinds[enc]++
		n := 4
		if enc == rfb.Raw {
			n = pixel * int(binary.BigEndian.Uint16(p[4:])) * int(binary.BigEndian.Uint16(p[6:]))
		}
		take(t, r, n)
		bytes += n
	}
	return kinds, bytes
}

func TestPixelFormats(t *testing.T) {
	const px = 0x12cdef
	for _, c := range []struct {
		name   string
		format []byte
		want   []byte // a pixel
	}{
		{"32 big", []byte{32, 24, 1, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0}, []byte{0, 0x12, 0xcd, 0xef}},
		{"32 red first", []byte{32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0}, []byte{0x12, 0xcd, 0xef, 0}},
		{"565", []byte{16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0}, []byte{0x7d, 0x16}},
		{"565 big", []byte{16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0}, []byte{0x16, 0x7d}},
		{"332", []byte{8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 0, 3, 6, 0, 0, 0}, []byte{0 | 6<<3 | 3<<6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := parseFormat(c.format)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.pixel(nil, f.of(px)); !bytes.Equal(got, c.want) {
				t.Errorf("% x; want % x", got, c.want)
			}
		})
	}
	for _, bad := range [][]byte{
		{24, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0},
		{16, 16, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0},
		{32, 24, 0, 1, 0, 254, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0},
		{32, 24, 0, 0, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0},
		{32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 200, 8, 0, 0, 0, 0},
	} {
		if _, err := parseFormat(bad); err == nil {
			t.Errorf("% x is a format", bad)
		}
	}
}

// certificate is one that nobody knows.
func certificate(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func TestPassword(t *testing.T) {
	if _, err := New(nil, Options{Password: "secret"}); err == nil {
		t.Error("a password without TLS")
	}
	d := newDesk(t, geom.Size{W: 40, H: 30}, Options{Password: "secret", TLS: certificate(t)})
	try := func(password string) error {
		server, conn := pipe(t)
		go func() { _ = d.srv.Serve(t.Context(), server) }() // ends with the connection
		_, err := rfb.Connect(t.Context(), conn, rfb.Options{
			Pin:         func(tls.ConnectionState) error { return nil },
			Credentials: func(context.Context, rfb.Security) (string, string, error) { return "", password, nil },
		})
		return err
	}
	if err := try("secret"); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"the password is wrong", "try again later"} {
		if err := try("guess"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a wrong password: %v; want %q", err, want)
		}
	}
}

// elsewhere is a connection from another machine.
type elsewhere struct{ net.Conn }

func (elsewhere) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1} }

func TestStrangersNeedAPassword(t *testing.T) {
	d := newDesk(t, geom.Size{W: 40, H: 30}, Options{})
	server, conn := pipe(t)
	go func() { _ = d.srv.Serve(t.Context(), elsewhere{server}) }() // ends with the connection
	if _, err := rfb.Connect(t.Context(), conn, rfb.Options{}); err == nil || !strings.Contains(err.Error(), "need a password") {
		t.Errorf("let in: %v", err)
	}
}

func TestTooManyViewers(t *testing.T) {
	d := newDesk(t, geom.Size{W: 40, H: 30}, Options{Viewers: 1})
	d.sees(d.look(rfb.Options{}))
	server, conn := pipe(t)
	if err := d.srv.Serve(t.Context(), server); err == nil {
		t.Error("a second viewer of one")
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the second viewer's connection is open")
	}
}

// One that doesn't read gets the newest picture when it does, and keeps nobody.
func TestSlowViewersMissPictures(t *testing.T) {
	d := newDesk(t, geom.Size{W: 640, H: 480}, Options{})
	_, _ = d.raw(t) // asks for nothing
	conn, in := d.raw(t)
	send(t, conn, []byte{2, 0, 0, 1, 0, 0, 0, 0})
	for range 3 {
		send(t, conn, []byte{3, 1, 0, 0, 0, 0, 2, 128, 1, 224})
	}
	e := d.look(rfb.Options{})
	for range 40 { // 50 MB
		d.paint(d.size.Rect(), 0)
	}
	d.sees(e)
	total := 0
	for range 3 {
		_, n := rects(t, in, 4)
		total += n
		send(t, conn, []byte{3, 1, 0, 0, 0, 0, 2, 128, 1, 224})
		d.paint(geom.XYWH(0, 0, 64, 64), 0)
	}
	if total > 5*4*640*480 {
		t.Errorf("%d bytes wait for one who doesn't read", total)
	}
}

func FuzzViewer(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 7, 3, 0, 0, 0, 0, 0, 0, 9, 0, 9})
	f.Add([]byte{1, 6, 0, 0, 0, 255, 255, 255, 248, 16, 0, 0, 1, 1, 2, 3, 4, 248, 0, 0, 0, 128, 0, 0, 0, 1, 5})
	f.Add([]byte{1, 251, 0, 0, 9, 0, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 9, 0, 0, 0, 0, 255, 0, 0, 1, 0, 0, 0, 97, 0, 0, 0, 30})
	d := newDesk(&testing.T{}, geom.Size{W: 64, H: 64}, Options{Seat: Look})
	f.Fuzz(func(t *testing.T, p []byte) {
		server, conn := net.Pipe()
		served := make(chan struct{})
		go func() {
			defer close(served)
			_ = d.srv.Serve(t.Context(), unixConn{server}) // it is nonsense most of the time
		}()
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		_, _ = conn.Write(append([]byte("RFB 003.008\n\x01"), p...))
		conn.Close()
		<-served
	})
}

// unixConn says that it is of this machine.
type unixConn struct{ net.Conn }

func (unixConn) LocalAddr() net.Addr { return &net.UnixAddr{Net: "unix"} }
