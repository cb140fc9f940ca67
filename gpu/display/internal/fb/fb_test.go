package fb

import (
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
)

func TestNew(t *testing.T) {
	b, err := New(geom.Size{W: 7, H: 5})
	if err != nil {
		t.Fatal(err)
	}
	if b.Size() != (geom.Size{W: 7, H: 5}) || b.Stride != 28 || len(b.Data) != 140 || b.Format != render.XRGB8888 {
		t.Errorf("New = %v, stride %d, %d bytes, %v", b.Size(), b.Stride, len(b.Data), b.Format)
	}
	b.Data[139] = 1
	if err := b.Free(); err != nil {
		t.Error(err)
	}
	if _, err := New(geom.Size{}); err == nil {
		t.Error("New of an empty size succeeded")
	}
}

func TestSharedIsSealedAndShared(t *testing.T) {
	b, fd, err := NewShared(geom.Size{W: 4, H: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	b.Data[5] = 42
	var got [1]byte
	if _, err := unix.Pread(fd, got[:], 5); err != nil || got[0] != 42 {
		t.Errorf("the descriptor holds %d, %v; want 42", got[0], err)
	}
	if err := unix.Ftruncate(fd, 10); err == nil {
		t.Error("the memory could be shrunk")
	}
	if err := b.Free(); err != nil {
		t.Error(err)
	}
}
