package gl

import "rayos/geom"

// history is the damage of the frames that a window was shown last. Its
// buffers come back some frames old.
type history struct {
	size   geom.Size
	frames [4]geom.Region // the latest is frames[at]
	at, n  int
	repair geom.Region
}

// next returns what has to be copied for a frame with this damage, nil for
// all, into a buffer that was shown age frames ago, 0 for nobody knows. The
// result is good until the next call.
func (h *history) next(size geom.Size, damage *geom.Region, age int) *geom.Region {
	if size != h.size {
		h.size, h.n = size, 0
	}
	h.at = (h.at + 1) % len(h.frames)
	latest := &h.frames[h.at]
	if damage == nil {
		latest.SetRect(size.Rect())
	} else {
		latest.Set(damage)
		latest.IntersectRect(size.Rect())
	}
	h.n = min(h.n+1, len(h.frames))
	// A buffer of age 1 lacks this frame, one of age 2 the one before as well.
	if age <= 0 || age >= h.n {
		h.repair.SetRect(size.Rect())
		return &h.repair
	}
	h.repair.Clear()
	for i := range age {
		h.repair.Union(&h.frames[(h.at-i+len(h.frames))%len(h.frames)])
	}
	return &h.repair
}

// last returns the damage of the latest frame.
func (h *history) last() *geom.Region { return &h.frames[h.at] }

// clear forgets what the buffers hold.
func (h *history) clear() { h.n = 0 }
