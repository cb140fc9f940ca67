package rfb

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"rayos/geom"
)

// A picture, in colour and in grey, is what the standard library makes of it
// but for rounding; one of another size than its rectangle is refused.
func TestTightJPEG(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 45, 37))
	colour := image.NewRGBA(grey.Rect)
	for y := range 37 {
		for x := range 45 {
			grey.SetGray(x, y, color.Gray{uint8(x * y)})
			colour.SetRGBA(x, y, color.RGBA{uint8(x * 5), uint8(y * 6), uint8(x + y), 255})
		}
	}
	for _, src := range []image.Image{grey, colour} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, src, &jpeg.Options{Quality: 90}); err != nil {
			t.Fatal(err)
		}
		want, err := jpeg.Decode(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		n := b.Len()
		data := append([]byte{0x90, byte(n&127) | 128, byte(n>>7&127) | 128, byte(n >> 14)}, b.Bytes()...)
		got := painted(t, Tight, 45, 37, data)
		for i := range 45 * 37 {
			r, g, b, _ := want.At(i%45, i/45).RGBA()
			for k, c := range []uint32{b, g, r} {
				if d := int(got[4*i+k]) - int(c>>8); d < -2 || d > 2 {
					t.Fatalf("%T: pixel %d,%d channel %d is %d; want %d", src, i%45, i/45, k, got[4*i+k], c>>8)
				}
			}
		}
		d := newDecoder(newReader(bytes.NewReader(data)), 0)
		*d.fb = NewFramebuffer(geom.Size{W: 45, H: 37})
		if err := d.rect(Tight, 0, geom.XYWH(0, 0, 45, 36)); err == nil || !strings.HasSuffix(err.Error(), "jpeg of 45×37") {
			t.Errorf("a rectangle of 45×36: %v", err)
		}
	}
}

// someJPEG is a picture of that size.
func someJPEG(t testing.TB, w, h, quality int) []byte {
	t.Helper()
	src := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			src.SetRGBA(x, y, color.RGBA{uint8(x * 5), uint8(y * 6), uint8(x + y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, src, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// abbreviated is a picture without its tables.
func abbreviated(p []byte) []byte {
	out := bytes.Clone(p[:2])
	for p = p[2:]; ; {
		n := 2 + int(p[2])<<8 + int(p[3])
		switch p[1] {
		case jpegDQT, jpegDHT:
		case jpegSOS:
			return append(out, p...)
		default:
			out = append(out, p[:n]...)
		}
		p = p[n:]
	}
}

// Pictures of the JPEG encoding follow each other without a length, and one without
// tables has those of the last that had some, also when workers overtake each other.
func TestJPEGStream(t *testing.T) {
	fine, coarse := someJPEG(t, 45, 37, 90), someJPEG(t, 45, 37, 20)
	if len(abbreviated(fine)) >= len(fine)-500 {
		t.Fatal("the tables are still there")
	}
	var all []byte
	for _, p := range [][]byte{fine, abbreviated(fine), coarse, abbreviated(coarse)} {
		all = append(all, p...)
	}
	for _, workers := range []int{0, 3} {
		d := newDecoder(newReader(bytes.NewReader(all)), workers)
		d.inline = 0
		*d.fb = NewFramebuffer(geom.Size{W: 45, H: 4 * 37})
		for i := range int32(4) {
			if err := d.rect(JPEG, int(i), geom.XYWH(0, i*37, 45, 37)); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.crew.flush(); err != nil {
			t.Fatal(err)
		}
		d.crew.close()
		if d.in.r != d.in.w {
			t.Errorf("%d bytes left", d.in.w-d.in.r)
		}
		n := len(d.fb.Pix) / 4
		a, b, c, e := d.fb.Pix[:n], d.fb.Pix[n:2*n], d.fb.Pix[2*n:3*n], d.fb.Pix[3*n:]
		if !bytes.Equal(a, b) || !bytes.Equal(c, e) || bytes.Equal(a, c) {
			t.Errorf("%d workers: pictures without tables are others: %v %v", workers, bytes.Equal(a, b), bytes.Equal(c, e))
		}
		if want := painted(t, Tight, 45, 37, append(compactly([]byte{0x90}, len(fine)), fine...)); !bytes.Equal(opaqueNone(a), want) {
			t.Error("the first isn't what Tight makes of it")
		}
	}
}

func opaqueNone(p []byte) []byte {
	p = bytes.Clone(p)
	for i := 3; i < len(p); i += 4 {
		p[i] = 0
	}
	return p
}
