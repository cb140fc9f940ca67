package decor

import (
	"encoding/binary"
	"testing"

	"rayos/shell/theme"
)

func TestAttentionIsALineUnderTheTitle(t *testing.T) {
	for _, scale := range scales {
		f := frame(theme.Linux)
		f.Active, f.Scale = false, scale
		quiet := NewRenderer(nil).Title(&f)
		f.Attention = true
		loud := NewRenderer(nil).Title(&f)
		warn := uint32(theme.For(f.Scheme).Warn)
		for y := range loud.H {
			at := y*loud.Stride + loud.W/2*4
			was := binary.LittleEndian.Uint32(quiet.Data[at:])
			got := binary.LittleEndian.Uint32(loud.Data[at:])
			if y >= loud.H-scale.Apply(2) {
				was = warn
			}
			if got != was {
				t.Errorf("scale %v: line %d of %d is %08x; want %08x", scale.Float(), y, loud.H, got, was)
			}
		}
	}
}
