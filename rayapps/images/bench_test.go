package images

import (
	"context"
	"image"
	"testing"
)

// A photo of 24 million pixels: decoded, turned, and halved.
func BenchmarkDecode(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 6000, 4000), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = byte(i * i >> 12)
	}
	data := encoded(b, m, "jpeg")
	b.Run("jpeg", func(b *testing.B) {
		for b.Loop() {
			if _, err := decode(context.Background(), data, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	p, err := convert(context.Background(), m, false)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("halves", func(b *testing.B) {
		for b.Loop() {
			if _, err := halves(context.Background(), p); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("turn", func(b *testing.B) {
		for b.Loop() {
			turn(p, 6)
		}
	})
}
