package geom

// Fixed is wl_fixed_t: a signed 24.8 fixed-point number.
type Fixed int32

// FixedFromInt returns v as a Fixed.
func FixedFromInt(v int32) Fixed { return Fixed(v << 8) }

// FixedFromFloat returns v rounded to the nearest 1/256, saturated.
func FixedFromFloat(v float64) Fixed {
	v *= 256
	switch {
	case v >= 1<<31-1:
		return 1<<31 - 1
	case v <= -1<<31:
		return -1 << 31
	case v >= 0:
		return Fixed(v + 0.5)
	default:
		return Fixed(v - 0.5)
	}
}

// Float returns the value as a float64, exactly.
func (f Fixed) Float() float64 { return float64(f) / 256 }

// Int returns the value rounded towards minus infinity.
func (f Fixed) Int() int32 { return int32(f >> 8) }

// Scale is a ratio of physical to logical pixels in units of 1/120, as in
// wp_fractional_scale_v1: 120 is 1.0, 150 is 1.25, 240 is 2.0.
type Scale int32

// ScaleOne is a scale of 1.0.
const ScaleOne Scale = 120

// Float returns the scale as a float64.
func (s Scale) Float() float64 { return float64(s) / 120 }

// Ceil returns the integer scale at or above s, for clients that know only
// integers.
func (s Scale) Ceil() int32 { return (int32(s) + 119) / 120 }

// Apply returns a logical coordinate in physical pixels, rounded half up and
// saturated.
func (s Scale) Apply(v int32) int32 {
	return floorDiv(int64(v)*int64(s)+60, 120)
}

// Outwards returns the whole physical pixels that r, in logical pixels, has a
// part in.
func (s Scale) Outwards(r Rect) Rect {
	return Rect{
		floorDiv(int64(r.X0)*int64(s), 120), floorDiv(int64(r.Y0)*int64(s), 120),
		floorDiv(int64(r.X1)*int64(s)+119, 120), floorDiv(int64(r.Y1)*int64(s)+119, 120),
	}
}

// floorDiv returns n/d rounded down, saturated. d is positive.
func floorDiv(n, d int64) int32 {
	q := n / d
	if n%d < 0 {
		q--
	}
	return saturate(q)
}

// ApplyRect scales the edges of r, so neighbours that share an edge in logical
// space share it in physical space too.
func (s Scale) ApplyRect(r Rect) Rect {
	return Rect{s.Apply(r.X0), s.Apply(r.Y0), s.Apply(r.X1), s.Apply(r.Y1)}
}

// Unapply returns a physical coordinate in logical units.
func (s Scale) Unapply(v float64) float64 { return v * 120 / float64(s) }
