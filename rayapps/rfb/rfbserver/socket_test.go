package rfbserver

import (
	"bytes"
	"errors"
	"io"
	"net"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// What is written arrives whole, also when the other end is slow; when it has gone,
// that is told.
func TestSocketWrites(t *testing.T) {
	ln, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	conn, err := net.Dial("unix", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	other, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	w := writerOf(conn)
	if _, ok := w.(socket); !ok {
		t.Fatalf("a unix socket is written to by %T", w)
	}
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<17) // more than a socket holds
	done := make(chan error, 1)
	go func() {
		n, err := w.Write(sent)
		if n != len(sent) && err == nil {
			err = io.ErrShortWrite
		}
		done <- err
	}()
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(other, got); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, sent) {
		t.Error("what arrived isn't what was sent")
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(sent[:16]); !errors.Is(err, unix.EPIPE) {
		t.Errorf("Write to nobody = %v; want %v", err, unix.EPIPE)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(sent[:16]); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Write after Close = %v; want %v", err, net.ErrClosed)
	}
}
