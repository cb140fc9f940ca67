package surfaces

import (
	"testing"

	"rayos/gpu/render"
)

func TestBestIcon(t *testing.T) {
	image := func(n int32) IconImage { return IconImage{Pixels: render.Pixels{W: n, H: n}, Size: n, Scale: 1} }
	icon := &Icon{Images: []IconImage{image(32), image(16), image(64), image(48)}}
	for px, want := range map[int32]int32{1: 16, 16: 16, 17: 32, 40: 48, 64: 64, 500: 64} {
		if got := icon.Best(px).Pixels.W; got != want {
			t.Errorf("the best for %d pixels has %d; want %d", px, got, want)
		}
	}
	if (&Icon{Name: "app"}).Best(16) != nil || (*Icon)(nil).Best(16) != nil {
		t.Error("an icon without images has one")
	}
}
