package rfb

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// unixPair returns both ends of a stream socket.
func unixPair(t testing.TB) (near, far *net.UnixConn) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "s"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("unix", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err = l.AcceptUnix()
	if err != nil {
		t.Fatal(err)
	}
	near = conn.(*net.UnixConn)
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

// TestRowsComeInPieces: whatever pieces the bytes come in, each is where it
// belongs.
func TestRowsComeInPieces(t *testing.T) {
	const w, h, stride, rounds = 1000, 300, 1300, 20
	near, far := unixPair(t)
	rng := rand.New(rand.NewPCG(1, 2))
	sent := make([]byte, rounds*(w*h+7))
	for i := range sent {
		sent[i] = byte(rng.Uint32())
	}
	done := make(chan error, 1)
	go func() {
		r := rand.New(rand.NewPCG(3, 4))
		for rest := sent; len(rest) > 0; {
			n := min(len(rest), 1+r.IntN(1<<(1+r.IntN(18))))
			if _, err := far.Write(rest[:n]); err != nil {
				done <- err
				return
			}
			rest = rest[n:]
		}
		done <- far.Close()
	}()
	d := newReader(near)
	if d.vec == nil {
		t.Fatal("a socket is read without readv")
	}
	area := make([]byte, h*stride)
	for round := range rounds {
		want := sent[round*(w*h+7):]
		if head, err := d.take(7); err != nil || !bytes.Equal(head, want[:7]) {
			t.Fatalf("round %d: %x, %v", round, head, err)
		}
		if err := d.rows(h, func(y int) []byte { return area[y*stride:][:w] }); err != nil {
			t.Fatal(err)
		}
		for y := range h {
			if !bytes.Equal(area[y*stride:][:w], want[7+y*w:][:w]) {
				t.Fatalf("round %d, row %d differs", round, y)
			}
		}
		if d.pos != int64((round+1)*(w*h+7)) {
			t.Fatalf("%d bytes are said to be read", d.pos)
		}
	}
	if err := d.rows(h, func(y int) []byte { return area[y*stride:][:w] }); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("after the end: %v", err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	for y := range h {
		if got := area[y*stride+w:][:stride-w]; y > 0 && !bytes.Equal(got, make([]byte, stride-w)) {
			t.Fatalf("beside row %d was written", y)
		}
	}
}

// TestRowsEnd with the deadline of the connection.
func TestRowsEnd(t *testing.T) {
	near, _ := unixPair(t)
	if err := near.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	area := make([]byte, 1<<20)
	err := newReader(near).rows(1<<10, func(y int) []byte { return area[y<<10:][:1<<10] })
	var late net.Error
	if !errors.As(err, &late) || !late.Timeout() {
		t.Errorf("%v", err)
	}
}

// BenchmarkRows reads a part of a picture from a socket.
func BenchmarkRows(b *testing.B) {
	const w, h, stride = 4 * 640, 360, 4 * 1280
	for _, how := range []string{"readv", "buffer"} {
		b.Run(how, func(b *testing.B) {
			near, far := unixPair(b)
			go func() {
				picture := make([]byte, w*h)
				for {
					if _, err := far.Write(picture); err != nil {
						return
					}
				}
			}()
			d := newReader(near)
			if how == "buffer" {
				d.vec = nil
			}
			area := make([]byte, h*stride)
			b.SetBytes(w * h)
			b.ReportAllocs()
			for b.Loop() {
				if err := d.rows(h, func(y int) []byte { return area[y*stride:][:w] }); err != nil {
					b.Fatal(err)
				}
			}
			near.Close()
		})
	}
}
