package rfb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"

	"rayos/geom"
)

const next = "\x03\x01\x00\x00\x00\x00\x00\x04\x00\x02" // asks for what changes

// diary writes down what a handler is told.
type diary struct{ lines []string }

func (d *diary) say(format string, args ...any) {
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *diary) handler() Handler {
	return Handler{
		Resize: func(k Desktop) Framebuffer {
			d.say("resize %d×%d %d", k.Size.W, k.Size.H, len(k.Screens))
			return NewFramebuffer(k.Size)
		},
		Frame:     func(g *geom.Region) { d.say("frame %v", g.Extents()) },
		Bell:      func() { d.say("bell") },
		Name:      func(s string) { d.say("name %s", s) },
		LED:       func(l LED) { d.say("led %d", l) },
		Resized:   func(s ResizeStatus) { d.say("resized %v", s) },
		Cursor:    func(k Cursor) { d.say("cursor %v %v % x", k.Size, k.Hot, k.Pix) },
		Relative:  func(on bool) { d.say("relative %v", on) },
		Warp:      func(p geom.Point) { d.say("warp %v", p) },
		Audio:     func(p []byte) { d.say("audio % x", p) },
		AudioOn:   func(on bool) { d.say("audio %v", on) },
		Offer:     func(f Formats) { d.say("offer %d", f) },
		Clipboard: func(k Clip) { d.say("clip %s", k.Text) },
	}
}

// Everything that isn't pixels, in order, with what the client sends to it.
func TestSession(t *testing.T) {
	var c *Client
	var d diary
	h := d.handler()
	check := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	bells := 0
	h.Bell = func() {
		switch bells++; bells {
		case 1: // before the server told what it can do
			check(c.Key(true, 0x61, 0x1e))
			check(c.Pointer(geom.Point{X: 3, Y: -1}, Left|Back))
			check(c.SetClipboard(Clip{Text: []byte("é€")}))
			if err := c.SetDesktopSize(geom.Size{W: 8, H: 2}); !errors.Is(err, ErrUnsupported) {
				t.Errorf("SetDesktopSize = %v", err)
			}
		case 2:
			check(c.Key(false, 0x61, 0x1e))
			check(c.Pointer(geom.Point{X: 3, Y: 1}, Left|Back))
			check(c.SetDesktopSize(geom.Size{W: 8, H: 2}))
			check(c.SetClipboard(Clip{Text: []byte("a\nb")}))
		}
	}
	h.Offer = func(f Formats) {
		d.say("offer %d", f)
		check(c.RequestClipboard(f))
	}
	err := running(t, Options{}, h, func(k *Client) { c = k }, func(s script) {
		s.send("\x02")
		s.want("\x04\x01\x00\x00\x00\x00\x00\x61", "\x05\x81\x00\x03\x00\x00", "\x06\x00\x00\x00\x00\x00\x00\x02\xe9?")
		// Continuous updates and a fence, which is answered without its request bit.
		s.send("\x96", "\xf8\x00\x00\x00\x80\x00\x00\xff\x02hi")
		s.want("\x96\x01\x00\x00\x00\x00\x00\x04\x00\x02", "\xf8\x00\x00\x00\x00\x00\x00\x07\x02hi")
		// What it can do, a cursor of each kind, and then a mark for LastRect.
		s.send("\x00\x00\xff\xff",
			"\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xfe\xfe", // QEMU keys
			"\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xfe\xc4", // more buttons
			"\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xfe\xff", // relative
			"\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xfe\xfb\x05",
			"\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xfe\xcd\x00\x00\x00\x03new",
			"\x00\x01\x00\x00\x00\x02\x00\x01\xff\xff\xff\x11\x01\x02\x03\x00\x04\x05\x06\x00\x40",
			"\x00\x01\x00\x00\x00\x02\x00\x01\xff\xff\xff\x10\x01\x02\x03\x04\x05\x06\x80\xc0",
			"\x00\x00\x00\x00\x00\x01\x00\x01\xff\xff\xfe\xc6\x00\x00\x00\x00\x01\x02\x09\x04",
			// VMware's cursor by masks (a colour, nothing, what turns round), and with alpha.
			"\x00\x01\x00\x00\x00\x03\x00\x01WMVd\x00\x00", strings.Repeat("\x00", 4)+strings.Repeat("\xff", 8), "\x01\x02\x03\x00"+strings.Repeat("\x00", 4)+strings.Repeat("\xff", 4),
			"\x00\x00\x00\x00\x00\x01\x00\x01WMVd\x01\x00\xff\x80\x00\x80",
			"\x00\x03\x00\x01\x00\x00\x00\x00WMVf",
			"\x00\x00\x00\x00\x00\x00\x00\x00WMVh\x00\x00\x00\x02",
			"\x00\x00\x00\x00\x00\x04\x00\x02\xff\xff\xfe\xcc\x01\x00\x00\x00\x00\x00\x00\x07\x00\x00\x00\x00\x00\x04\x00\x02\x00\x00\x00\x09",
			"\x00\x01\x00\x00\x00\x02\x00\x02\x00\x00\x00\x02\x00\x00\x00\x00\x01\x02\x03\x00",
			"\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\x20")
		// The extension of the clipboard, with all actions.
		s.send("\x03\x00\x00\x00\xff\xff\xff\xf8\x1f\x00\x00\x01\x00\x00\x00\x00")
		s.want("\x06\x00\x00\x00\xff\xff\xff\xec\x1f\x00\x00\x0f", strings.Repeat("\x00", 16))
		s.send("\x02")
		s.want("\xff\x00\x00\x00\x00\x00\x00\x61\x00\x00\x00\x1e", "\x05\x81\x00\x03\x00\x01\x01",
			"\xfb\x00\x00\x08\x00\x02\x01\x00\x00\x00\x00\x07\x00\x00\x00\x00\x00\x08\x00\x02\x00\x00\x00\x09",
			"\x06\x00\x00\x00\xff\xff\xff\xfc\x08\x00\x00\x01")
		// The server offers text, and sends back what the client has.
		s.send("\x03\x00\x00\x00\xff\xff\xff\xfc\x08\x00\x00\x01")
		s.want("\x06\x00\x00\x00\xff\xff\xff\xfc\x02\x00\x00\x01")
		s.send("\x03\x00\x00\x00\xff\xff\xff\xfc\x02\x00\x00\x01")
		s.want("\x06\x00\x00\x00\xff\xff\xff")
		rest := make([]byte, 1)
		if _, err := io.ReadFull(s, rest); err != nil {
			t.Error(err)
		}
		body := make([]byte, -int(int8(rest[0])))
		if _, err := io.ReadFull(s, body); err != nil {
			t.Error(err)
		}
		s.send("\x03\x00\x00\x00\xff\xff\xff", string(rest), string(body))
		// Its refusal, and its consent, to a new size, which asks for all anew.
		s.send("\x00\x00\x00\x01\x00\x01\x00\x01\x00\x08\x00\x02\xff\xff\xfe\xcc\x00\x00\x00\x00")
		s.send("\x00\x00\x00\x01\x00\x01\x00\x00\x00\x08\x00\x02\xff\xff\xfe\xcc\x00\x00\x00\x00")
		s.want("\x96\x01\x00\x00\x00\x00\x00\x08\x00\x02", "\x03\x00\x00\x00\x00\x00\x00\x08\x00\x02")
		s.send("\x03\x00\x00\x00\x00\x00\x00\x02\xe9!")
		s.send("\x00\x00\x00\x01\x00\x00\x00\x00\x00\x09\x00\x01\x00\x00\x00\x00") // not within
	})
	want := []string{
		"resize 4×2 0",
		"relative true", "led 5", "name new",
		"cursor 2x1 {1 0} 00 00 00 00 04 05 06 ff",
		"cursor 2x1 {1 0} 03 02 01 ff 06 05 04 ff",
		"cursor 1x1 {0 0} 04 02 01 04",
		"cursor 3x1 {1 0} 01 02 03 ff 00 00 00 00 00 00 00 ff",
		"cursor 1x1 {0 0} 00 40 80 80", "warp {3 1}", "led 2",
		"resize 4×2 1", "frame 2x2+1+0",
		"offer 1", "clip a\nb", "resized prohibited", "resize 8×2 0", "resized done", "clip é!",
	}
	if got := strings.Join(d.lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("told:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
	if got := errorText(err); !strings.Contains(got, "rectangle 0, Raw: 9x1+0+0 is not in 8×2") {
		t.Errorf("Run = %v", err)
	}
}

// A server that hangs up between messages is told apart from one that breaks
// off, of which the error says where.
func TestHangUp(t *testing.T) {
	for data, want := range map[string]string{
		"":                 "rfb: EOF",
		"\x00\x00\x00\x01": "rfb: update at byte 46: rectangle 0: unexpected EOF",
		"\x00\x00\x00\x01\x00\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x02": "rfb: update at byte 46: rectangle 0, RRE of 1×1 at 0,0 (byte 62): unexpected EOF",
	} {
		const head = "RFB 003.008\n\x01\x01\x00\x00\x00\x00" + serverInit
		c, err := Connect(t.Context(), deaf{r: strings.NewReader(head + data)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var d diary
		if err := c.Run(d.handler()); errorText(err) != want {
			t.Errorf("Run = %v; want %s", err, want)
		}
	}
}

// The next update is asked for while one is decoded, and Close ends Run.
func TestRequestsAndClose(t *testing.T) {
	var c *Client
	frames := 0
	h := Handler{Frame: func(*geom.Region) {
		if frames++; frames == 2 {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	}}
	err := running(t, Options{}, h, func(k *Client) { c = k }, func(s script) {
		for range 2 {
			s.send("\x00\x00\x00\x01")
			s.want(next)
			s.send("\x00\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00abcd")
		}
	})
	if !errors.Is(err, net.ErrClosed) || frames != 2 {
		t.Errorf("Run = %v after %d frames", err, frames)
	}
}

// A server that never reads costs the queue's limit and no waiting.
func TestSlowServer(t *testing.T) {
	a, b := net.Pipe()
	defer func() { _, _ = a.Close(), b.Close() }() // of a test's pipe
	var o outbox
	o.start(a, 1000)
	var err error
	for range 1000 {
		if err = o.send(func(p []byte) []byte { return append(p, 1, 2, 3) }); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrSlow) || len(o.queued) > 1003 {
		t.Errorf("send = %v with %d bytes queued", err, len(o.queued))
	}
}

// deaf is a connection from a recorded stream to nowhere.
type deaf struct {
	net.Conn
	r io.Reader
}

func (d deaf) Read(p []byte) (int, error) { return d.r.Read(p) }
func (deaf) Write(p []byte) (int, error)  { return len(p), nil }
func (deaf) Close() error                 { return nil }

// FuzzStream gives a whole server to the client.
func FuzzStream(f *testing.F) {
	const head = "RFB 003.008\n\x01\x01\x00\x00\x00\x00"
	init := "\x00\x40\x00\x30" + serverInit[4:]
	rnd := rand.New(rand.NewPCG(5, 5))
	m := newPicture(64, 48)
	e := newEncoder(m, rnd)
	for _, enc := range losslessEncodings {
		r := geom.XYWH(3, 2, 40, 33)
		m.paint(rnd, r, 5)
		f.Add([]byte(head + init + "\x00\x00\x00\x01" + string(e.rect(nil, enc, r))))
	}
	for _, tail := range []string{
		"\x02\x96\xf8\x00\x00\x00\x80\x00\x00\xff\x02hi",
		"\x00\x00\xff\xff\x00\x01\x00\x00\x00\x02\x00\x01\xff\xff\xff\x11\x01\x02\x03\x00\x04\x05\x06\x00\x40\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\x20",
		"\x00\x00\x00\x01\x00\x01\x00\x00\x00\x02\x00\x01\xff\xff\xff\x10\x01\x02\x03\x04\x05\x06\x80\xc0",
		"\x00\x00\x00\x01\x00\x00\x00\x00\x00\x01\x00\x01\xff\xff\xfe\xc6\x00\x00\x00\x00\x01\x02\x09\x04",
		"\x00\x00\x00\x01\x00\x00\x00\x00\x00\x04\x00\x02\xff\xff\xfe\xcc\x01\x00\x00\x00\x00\x00\x00\x07\x00\x00\x00\x00\x00\x04\x00\x02\x00\x00\x00\x09",
		"\x03\x00\x00\x00\xff\xff\xff\xf8\x1f\x00\x00\x01\x00\x00\x00\x00\x03\x00\x00\x00\xff\xff\xff\xfc\x02\x00\x00\x01",
		"\x03\x00\x00\x00\x00\x00\x00\x02\xe9!\x01\x00\x00\x00\x00\x01abcdef",
		"\x00\x00\x00\x03\x00\x01\x00\x00\x00\x01\x00\x01WMVd\x00\x00abcdefgh\x00\x03\x00\x01\x00\x00\x00\x00WMVf\x00\x00\x00\x00\x00\x00\x00\x00WMVh\x00\x00\x00\x02",
		"\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xfe\xfd\xff\x01\x00\x01\xff\x01\x00\x02\x00\x00\x00\x04abcd\xff\x01\x00\x00",
	} {
		f.Add([]byte(head + init + tail))
	}
	f.Add([]byte("RFB 003.003\n\x00\x00\x00\x020123456789abcdef\x00\x00\x00\x01"))
	f.Add([]byte("RFB 003.008\n\x01\x13\x00\x02\x00\x01\x00\x00\x01\x06\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Side: 256, Pixels: 1 << 14, Cursor: 64, Text: 100, Clipboard: 1000, Audio: 1000, Queue: 1 << 16}
		c, err := Connect(t.Context(), deaf{r: bytes.NewReader(data)}, Options{Credentials: secret, Limits: limits, Workers: 1, Audio: &AudioFormat{SampleS16, 2, 48000}})
		if err != nil {
			return
		}
		c.dec.inline = 100
		var d diary
		if err := c.Run(d.handler()); err == nil {
			t.Fatal("Run ended without a reason")
		}
		if n := len(c.inner) + len(c.cursor); n > 1000+4*64*64 {
			t.Fatalf("%d bytes held", n)
		}
	})
}
