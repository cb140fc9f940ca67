package vnc

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"path/filepath"
	"testing"

	"rayos/geom"
	"rayos/internal/proctest"
	"rayos/rayapps/rfb"
	"rayos/rayapps/rfb/rfbserver"
)

// serve shows a screen on a socket, whose path it returns.
func serve(t *testing.T, o rfbserver.Options) (*rfbserver.Screen, string) {
	t.Helper()
	screen, err := rfbserver.NewScreen(geom.Size{W: 300, H: 280})
	if err != nil {
		t.Fatal(err)
	}
	o.Name, o.Log = "lab", slog.New(slog.DiscardHandler)
	o.Seat = rfbserver.Look
	srv, err := rfbserver.New(screen, o)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("unix", filepath.Join(t.TempDir(), "vnc"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() { _ = srv.Serve(t.Context(), conn) }() // ends with the viewer
		}
	}()
	return screen, ln.Addr().String()
}

// ear is a window's side of a link: what it is told, one after the other.
type ear struct {
	t     *testing.T
	link  *link
	posts chan func()
	event any
	tell  func(any) // beside it, nil for nobody
}

func listen(t *testing.T, path string, known server) *ear {
	t.Helper()
	return listenWith(t, path, known, secrets{})
}

func listenWith(t *testing.T, path string, known server, keys secrets) *ear {
	t.Helper()
	to, err := parseAddress(path)
	if err != nil {
		t.Fatal(err)
	}
	e := &ear{t: t, posts: make(chan func(), 64)}
	e.link = dial(to, known, keys, func(fn func()) bool { e.posts <- fn; return true }, func(ev any) {
		e.event = ev
		if e.tell != nil {
			e.tell(ev)
		}
	})
	t.Cleanup(e.link.close)
	return e
}

// next returns what is told next. The link goes on when it is asked for again.
func (e *ear) next() any {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.t.Context(), proctest.Patience)
	defer cancel()
	select {
	case fn := <-e.posts:
		fn()
		return e.event
	case <-ctx.Done():
		e.t.Fatal("nothing is told")
		return nil
	}
}

// until returns the next of a kind.
func until[T any](e *ear) T {
	e.t.Helper()
	for {
		switch ev := e.next().(type) {
		case T:
			return ev
		case ended:
			e.t.Fatalf("ended: %v", ev.err)
		}
	}
}

func TestPictureArrives(t *testing.T) {
	remote, path := serve(t, rfbserver.Options{})
	e := listen(t, path, server{})
	if c := until[connected](e); c.name != "lab" || c.security != rfb.None {
		t.Errorf("connected with %q by %v", c.name, c.security)
	}
	s, err := newScreen(until[resized](e).desktop.Size)
	if err != nil {
		t.Fatal(err)
	}
	pix := make([]byte, 4*300*280)
	for i := range pix {
		pix[i] = byte(i / 8000) // few colours: many would come as JPEG
	}
	for i := 3; i < len(pix); i += 4 {
		pix[i] = 255
	}
	all := geom.RegionOf(geom.Size{W: 300, H: 280}.Rect())
	if err := remote.Update(pix, 4*300, &all); err != nil {
		t.Fatal(err)
	}
	// A frame is the window's while it is told, and no longer.
	e.tell = func(ev any) {
		if p, ok := ev.(painted); ok {
			s.take(p.fb, p.damage)
		}
	}
	for {
		until[painted](e)
		opaque := bytes.Clone(s.pix)
		for i := 3; i < len(opaque); i += 4 {
			opaque[i] = 255
		}
		if bytes.Equal(opaque, pix) {
			return
		}
	}
}

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

func TestTrustAndPassword(t *testing.T) {
	_, path := serve(t, rfbserver.Options{Password: "secret", TLS: certificate(t)})
	e := listen(t, path, server{})
	trust := until[wantTrust](e)
	if len(trust.key) != 64 || trust.before != "" {
		t.Errorf("asked about %q, before %q", trust.key, trust.before)
	}
	trust.answer(true)
	until[wantPassword](e).answer("", "secret", true)
	if c := until[connected](e); c.security != rfb.X509Vnc {
		t.Errorf("connected by %v", c.security)
	}

	// What is known isn't asked for.
	e = listen(t, path, server{Key: trust.key, Password: "secret"})
	if _, ok := e.next().(connected); !ok {
		t.Errorf("told %T; want to be connected", e.event)
	}

	// Another certificate is told as one, and no is no.
	e = listen(t, path, server{Key: "another"})
	again := until[wantTrust](e)
	if again.before != "another" {
		t.Errorf("before it was %q", again.before)
	}
	again.answer(false)
	if end, ok := e.next().(ended); !ok || !errors.Is(end.err, errNo) {
		t.Errorf("told %+v; want to have given up", e.event)
	}

	e = listen(t, path, server{Key: trust.key, Password: "wrong"})
	if end, ok := e.next().(ended); !ok || !errors.Is(end.err, rfb.ErrRefused) {
		t.Errorf("told %+v; want to be refused", e.event)
	}
}
