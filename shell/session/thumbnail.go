package session

import (
	"rayos/geom"
	"rayos/gpu/compute"
	"rayos/gpu/render"
	"rayos/shell/notify"
)

// thumbSide is the longest side of the small picture in a notification, in
// pixels: enough for the largest scale.
const thumbSide = 160

// thumbnail makes a small picture of a large one of 32-bit pixels. It is called
// from a goroutine beside the loop.
func (r *reflex) thumbnail(p render.Pixels) (*notify.Image, error) {
	size := thumbSize(p.Size())
	small := make([]uint32, int(size.W)*int(size.H))
	task := &compute.ScaleTask{Source: frameOf(&p, p.Size().Rect()), Width: int(size.W), Height: int(size.H), Result: small}
	if err := r.Do(task, compute.Normal); err != nil {
		return nil, err
	}
	m := &notify.Image{Width: int(size.W), Height: int(size.H), Pixels: make([]byte, 0, 4*len(small))}
	for _, v := range small {
		a := v >> 24
		if p.Format == render.XRGB8888 {
			a = 255
		}
		straight := func(c uint32) byte {
			if a == 0 {
				return 0
			}
			return byte(min(255, (c&255*255+a/2)/a))
		}
		m.Pixels = append(m.Pixels, straight(v>>16), straight(v>>8), straight(v), byte(a))
	}
	return m, nil
}

// thumbSize is how large the small picture is: in proportion, but for pictures
// that are more than 64 times as long.
func thumbSize(of geom.Size) geom.Size {
	long := max(of.W, of.H)
	if long <= thumbSide {
		return of
	}
	side := func(v int32) int32 {
		return max(int32(int64(v)*thumbSide/int64(long)), (v+compute.MaxRatio-1)/compute.MaxRatio)
	}
	return geom.Size{W: side(of.W), H: side(of.H)}
}
