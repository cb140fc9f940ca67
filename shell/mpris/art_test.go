package mpris

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func cover(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), 128, 255})
		}
	}
	return m
}

func TestLoadArt(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	var asPNG, asJPEG, large bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, cover(60, 40)), jpeg.Encode(&asJPEG, cover(200, 300), nil), png.Encode(&large, image.NewGray(image.Rect(0, 0, maxArtSide+1, 1)))); err != nil {
		t.Fatal(err)
	}
	fifo := filepath.Join(dir, "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	fat, err := os.Create(filepath.Join(dir, "fat"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(fat.Truncate(maxArtBytes+1), fat.Close()); err != nil {
		t.Fatal(err)
	}
	good, spaced := write("a.png", asPNG.Bytes()), write("a b.jpg", asJPEG.Bytes())
	for _, c := range []struct {
		name, url string
		ok        bool
	}{
		{"PNG", "file://" + good, true},
		{"JPEG, in other words", "file://localhost" + dir + "/a%20b.jpg", true},
		{"a path", spaced, false},
		{"a network", "https://example.org/a.png", false},
		{"another machine", "file://example.org" + good, false},
		{"nothing there", "file://" + dir + "/none.png", false},
		{"a folder", "file://" + dir, false},
		{"a pipe", "file://" + fifo, false},
		{"an endless device", "file:///dev/zero", false},
		{"too many bytes", "file://" + fat.Name(), false},
		{"too many pixels", "file://" + write("large.png", large.Bytes()), false},
		{"half of one", "file://" + write("half.png", asPNG.Bytes()[:asPNG.Len()/2]), false},
		{"text", "file://" + write("text.png", []byte("hello")), false},
		{"no URL", "%zz", false},
	} {
		px, err := LoadArt(c.url, 56)
		switch {
		case c.ok && (err != nil || px.W != 56 || px.H != 56):
			t.Errorf("%s: %v, %d×%d", c.name, err, px.W, px.H)
		case !c.ok && !errors.Is(err, ErrArt):
			t.Errorf("%s: %v; want ErrArt", c.name, err)
		}
	}
}

// TestSquare: the middle is shown, and means are right.
func TestSquare(t *testing.T) {
	m := image.NewNRGBA(image.Rect(10, 10, 14, 12)) // 4×2: the middle is 2×2
	for y := 10; y < 12; y++ {
		for x := 10; x < 14; x++ {
			m.Set(x, y, color.NRGBA{R: 255, A: 255})
		}
	}
	m.Set(11, 10, color.NRGBA{G: 200, A: 255})
	m.Set(12, 11, color.NRGBA{B: 100, A: 0})
	px := square(m, 1)
	if got := [4]byte(px.Data[:4]); got != [4]byte{0, 50, 127, 191} { // BGRA, premultiplied
		t.Errorf("%v", got)
	}
	if px := square(m, 5); px.W != 5 || [4]byte(px.Data[:4]) != [4]byte{0, 200, 0, 255} {
		t.Errorf("larger than it is: %v", px.Data[:4])
	}
}

func FuzzArt(f *testing.F) {
	var asPNG, asJPEG bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, cover(8, 9)), jpeg.Encode(&asJPEG, cover(9, 8), nil)); err != nil {
		f.Fatal(err)
	}
	f.Add(asPNG.Bytes())
	f.Add(asJPEG.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		px, err := decodeArt(bytes.NewReader(b), 16)
		if err == nil && (px.W != 16 || px.H != 16) {
			t.Errorf("%d×%d", px.W, px.H)
		}
	})
}
