package geom

// Transform is wl_output.transform: a rotation counter-clockwise, preceded by
// a flip around a vertical axis for the Flipped values. The numbers are the
// protocol's.
type Transform uint8

// The eight transforms.
const (
	Normal Transform = iota
	Rotate90
	Rotate180
	Rotate270
	Flipped
	Flipped90
	Flipped180
	Flipped270
)

// Valid reports whether t is one of the eight.
func (t Transform) Valid() bool { return t <= Flipped270 }

// Swaps reports whether t exchanges width and height.
func (t Transform) Swaps() bool { return t&1 != 0 }

// Invert returns the transform that undoes t.
func (t Transform) Invert() Transform {
	if t&Rotate90 != 0 && t&Flipped == 0 {
		return t ^ Rotate180
	}
	return t
}

// Then returns the transform that has the effect of t and then of u.
func (t Transform) Then(u Transform) Transform {
	flip := (t ^ u) & Flipped
	if u&Flipped != 0 {
		return flip | (u-t)&3
	}
	return flip | (u+t)&3
}

// ApplySize returns the size of an image of size s after t.
func (t Transform) ApplySize(s Size) Size {
	if t.Swaps() {
		return Size{s.H, s.W}
	}
	return s
}

// ApplyRect maps r, inside an image of size s, to where its pixels are after
// t. With s the size before the transform. Coordinates saturate.
func (t Transform) ApplyRect(r Rect, s Size) Rect {
	switch t {
	case Rotate90:
		return Rect{r.Y0, away(s.W, r.X1), r.Y1, away(s.W, r.X0)}
	case Rotate180:
		return Rect{away(s.W, r.X1), away(s.H, r.Y1), away(s.W, r.X0), away(s.H, r.Y0)}
	case Rotate270:
		return Rect{away(s.H, r.Y1), r.X0, away(s.H, r.Y0), r.X1}
	case Flipped:
		return Rect{away(s.W, r.X1), r.Y0, away(s.W, r.X0), r.Y1}
	case Flipped90:
		return Rect{r.Y0, r.X0, r.Y1, r.X1}
	case Flipped180:
		return Rect{r.X0, away(s.H, r.Y1), r.X1, away(s.H, r.Y0)}
	case Flipped270:
		return Rect{away(s.H, r.Y1), away(s.W, r.X1), away(s.H, r.Y0), away(s.W, r.X0)}
	}
	return r
}

// away returns where a coordinate is when it is counted from the other edge.
func away(size, v int32) int32 { return saturate(int64(size) - int64(v)) }

// ApplyFRect is ApplyRect for fractional rectangles.
func (t Transform) ApplyFRect(r FRect, w, h float64) FRect {
	switch t {
	case Rotate90:
		return FRect{r.Y0, w - r.X1, r.Y1, w - r.X0}
	case Rotate180:
		return FRect{w - r.X1, h - r.Y1, w - r.X0, h - r.Y0}
	case Rotate270:
		return FRect{h - r.Y1, r.X0, h - r.Y0, r.X1}
	case Flipped:
		return FRect{w - r.X1, r.Y0, w - r.X0, r.Y1}
	case Flipped90:
		return FRect{r.Y0, r.X0, r.Y1, r.X1}
	case Flipped180:
		return FRect{r.X0, h - r.Y1, r.X1, h - r.Y0}
	case Flipped270:
		return FRect{h - r.Y1, w - r.X1, h - r.Y0, w - r.X0}
	}
	return r
}

func (t Transform) String() string {
	if !t.Valid() {
		return "invalid"
	}
	return [...]string{
		"normal", "90", "180", "270",
		"flipped", "flipped-90", "flipped-180", "flipped-270",
	}[t]
}
