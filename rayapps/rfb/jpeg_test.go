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
