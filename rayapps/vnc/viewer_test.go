package vnc

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
	"rayos/rayapps/rfb"
	"rayos/rayapps/ui/theme"
)

// viewer has a book of two servers.
func viewer(t *testing.T) *Viewer {
	t.Helper()
	v, err := New(nil, func(name string) string { return map[string]string{"XDG_STATE_HOME": t.TempDir()}[name] })
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []server{{Address: "lab:1", Name: "lab"}, {Address: "10.0.0.7::5950"}} {
		if err := v.book.put(s); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func TestPictures(t *testing.T) {
	key := strings.Repeat("0123456789abcdef", 4)
	for name, set := range map[string]func(*Viewer){
		"form": func(v *Viewer) { v.address, v.bad = "lab:x", "want a display or a port behind the colon" },
		"password": func(v *Viewer) {
			v.link, v.address, v.password = &link{cancel: func() {}}, "lab:1", &wantPassword{method: rfb.VncAuth}
		},
		"named": func(v *Viewer) {
			v.link, v.address, v.user, v.password = &link{cancel: func() {}}, "lab:1", "ada", &wantPassword{method: rfb.TLSPlain}
		},
		"lost": func(v *Viewer) {
			v.link, v.address, v.name = &link{cancel: func() {}}, "lab:1", "lab"
			v.resize(rfb.Desktop{Size: geom.Size{W: 640, H: 480}})
			for i := range v.screen.pix {
				v.screen.pix[i] = byte(i / 640)
			}
			v.told(ended{io.ErrUnexpectedEOF})
		},
		"changed": func(v *Viewer) {
			v.link, v.address, v.trust = &link{cancel: func() {}}, "lab:1", &wantTrust{key: key, before: "x"}
		},
		"desktop": func(v *Viewer) {
			v.link, v.address, v.name = &link{cancel: func() {}}, "lab:1", "lab"
			v.resize(rfb.Desktop{Size: geom.Size{W: 640, H: 480}})
			for i := range v.screen.pix {
				v.screen.pix[i] = byte(i / 640)
			}
		},
	} {
		for kind, look := range map[string]rayapps.Look{
			"dark":  {Size: geom.Size{W: 640, H: 480}},
			"light": {Scheme: theme.Light, Scale: 180, Size: geom.Size{W: 640, H: 480}},
			"rtl":   {RTL: true, Size: geom.Size{W: 640, H: 480}},
		} {
			v := viewer(t)
			p := apptest.Preview(t, Options, v, look)
			set(v)
			v.w.Invalidate()
			pixels, err := p.Picture()
			if err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, name+"-"+kind, pixels)
			if kind == "dark" {
				golden.Text(t, name+".paint.txt", p.List().String())
			}
		}
	}
}

func TestBookIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "vnc.json")
	b, err := openBook(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []server{{Address: "a", Password: "x"}, {Address: "b"}, {Address: "a", Key: "k"}} {
		if err := b.put(s); err != nil {
			t.Fatal(err)
		}
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the book is %v, %v; want one that nobody else can read", st.Mode(), err)
	}
	again, err := openBook(path)
	if err != nil || len(again.Servers) != 2 || again.Servers[0] != (server{Address: "a", Key: "k"}) || again.get("b").Address != "b" {
		t.Errorf("read again: %+v, %v", again.Servers, err)
	}
	if err := again.forget("a"); err != nil || len(again.Servers) != 1 {
		t.Errorf("forgotten: %+v, %v", again.Servers, err)
	}
	for i := range 2 * maxServers {
		if err := again.put(server{Address: strings.Repeat("x", i+1)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(again.Servers); n != maxServers {
		t.Errorf("%d servers are kept; want %d", n, maxServers)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := openBook(path); err == nil || b == nil || len(b.Servers) != 0 {
		t.Errorf("a broken book: %v, %v", b, err)
	}
}

// A connection that is lost comes again, after longer and longer times, while the
// picture stays; one that was refused doesn't.
func TestLostConnection(t *testing.T) {
	v := viewer(t)
	p := apptest.Preview(t, Options, v, rayapps.Look{})
	ln, err := net.Listen("unix", filepath.Join(t.TempDir(), "silent")) // who never answers
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	v.address = ln.Addr().String()
	v.link = &link{cancel: func() {}}
	v.resize(rfb.Desktop{Size: geom.Size{W: 64, H: 48}})
	v.told(ended{io.EOF})
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		if v.lost == nil || v.screen == nil || v.link != nil || v.lost.wait != wait*time.Second {
			t.Fatalf("after the end: %+v; want to wait %v s with the picture", v.lost, wait)
		}
		p.Advance(wait*time.Second - time.Millisecond)
		if v.link != nil {
			t.Fatal("it is tried too early")
		}
		p.Advance(time.Millisecond)
		if v.link == nil {
			t.Fatal("it isn't tried again")
		}
		v.link.close()
		v.told(ended{io.EOF})
	}
	v.again()
	if v.link == nil {
		t.Fatal("the person can't have it tried now")
	}
	v.resize(rfb.Desktop{Size: geom.Size{W: 64, H: 48}})
	if v.lost != nil {
		t.Error("it has come and is still lost")
	}
	v.told(ended{fmt.Errorf("no: %w", rfb.ErrRefused)})
	if v.lost != nil || v.screen != nil || v.failed == "" {
		t.Error("what was refused is tried again")
	}
	v.hangUp()
}

func TestFit(t *testing.T) {
	room := geom.Size{W: 200, H: 100}
	for _, c := range []struct {
		picture geom.Size
		whole   bool
		want    geom.Rect
	}{
		{geom.Size{W: 400, H: 400}, true, geom.XYWH(50, 0, 100, 100)},
		{geom.Size{W: 400, H: 100}, true, geom.XYWH(0, 25, 200, 50)},
		{geom.Size{W: 40, H: 10}, false, geom.XYWH(80, 45, 40, 10)},
		{geom.Size{}, true, geom.Rect{}},
	} {
		if got := fit(room, c.picture, c.whole); got != c.want {
			t.Errorf("fit(%v, %v) = %v; want %v", c.picture, c.whole, got, c.want)
		}
	}
	s, err := newScreen(geom.Size{W: 400, H: 400})
	if err != nil {
		t.Fatal(err)
	}
	box := geom.XYWH(50, 0, 100, 100)
	for p, want := range map[geom.FPoint]geom.Point{{X: 50}: {}, {X: 100, Y: 50}: {X: 200, Y: 200}, {X: 900, Y: -5}: {X: 399}} {
		if got := s.at(p, box); got != want {
			t.Errorf("at %v: %v; want %v", p, got, want)
		}
	}
}

func TestScancodes(t *testing.T) {
	for code, want := range map[uint32]uint32{30: 0x1e, 57: 0x39, 88: 0x58, 103: 0xc8, 111: 0xd3, 125: 0xdb, 0: 0, 240: 0} {
		if got := scancode(code); got != want {
			t.Errorf("scancode(%d) = %#x; want %#x", code, got, want)
		}
	}
}

// TestLanguages shows the first page and a question in German and in Arabic, at its default size.
func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		name, language string
		look           rayapps.Look
	}{
		{"de-dark", "de", rayapps.Look{}},
		{"de-light-2x", "de", rayapps.Look{Scheme: theme.Light, Scale: 2 * geom.ScaleOne}},
		{"ar-dark-2x", "ar", rayapps.Look{Scale: 2 * geom.ScaleOne}},
		{"ar-light", "ar", rayapps.Look{Scheme: theme.Light}},
	} {
		t.Run(c.name, func(t *testing.T) {
			look := apptest.In(t, c.language, c.look)
			v := viewer(t)
			p := apptest.Preview(t, Options, v, look)
			if look.Scheme == theme.Light {
				v.link, v.address, v.password = &link{cancel: func() {}}, "lab:1", &wantPassword{method: rfb.VncAuth}
				p.Root().Invalidate()
			}
			pixels, err := p.Picture()
			if err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, "lang-"+c.name, pixels)
		})
	}
}

// TestSmallest shows the first page in German in the smallest window.
func TestSmallest(t *testing.T) {
	look := apptest.In(t, "de", rayapps.Look{Size: Options.MinSize})
	pixels, err := apptest.Preview(t, Options, viewer(t), look).Picture()
	if err != nil {
		t.Fatal(err)
	}
	golden.Pixels(t, "de-small", pixels)
}
