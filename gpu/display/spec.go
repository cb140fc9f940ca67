package display

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rayos/geom"
)

// Spec describes an output that is to be made: the size of a headless output
// or of a window on a host.
type Spec struct {
	Name    string     // "" lets the display choose
	Size    geom.Size  // physical pixels
	Scale   geom.Scale // 0 is 1.0, or the host's for a window
	Refresh int32      // mHz, 0 is 60 Hz, or the host's for a window
	// Transform is how the output is mounted, as in wl_output.transform.
	Transform geom.Transform
}

// Limits of a Spec.
const (
	maxSide    = 16384
	minScale   = geom.ScaleOne / 4
	maxScale   = geom.ScaleOne * 8
	maxRefresh = 1_000_000 // mHz
)

// DefaultRefresh is the refresh rate of an output for which none is known, in
// mHz.
const DefaultRefresh = 60_000

// DefaultSpec is what a display makes when nothing is asked for.
var DefaultSpec = Spec{Size: geom.Size{W: 1280, H: 720}}

// ParseSpec reads WIDTHxHEIGHT[@SCALE][:HZ][,transform=TRANSFORM], for example
// 1280x720, 1920x1080@1.5, 2560x1440@1.25:144 or 1280x720@1,transform=90. The
// size is in physical pixels, before the transform. Scales are rounded to
// 1/120, refresh rates to 1 mHz.
func ParseSpec(s string) (Spec, error) {
	bad := func(format string, args ...any) (Spec, error) {
		return Spec{}, fmt.Errorf("output %q: %s (want WIDTHxHEIGHT[@SCALE][:HZ][,transform=TRANSFORM], e.g. 1920x1080@1.5:60)",
			s, fmt.Sprintf(format, args...))
	}
	var sp Spec
	rest, option, hasOption := strings.Cut(s, ",")
	if hasOption {
		name, value, _ := strings.Cut(option, "=")
		if name != "transform" {
			return bad("there is no %q", name)
		}
		var ok bool
		if sp.Transform, ok = ParseTransform(value); !ok {
			return bad("transform %q; %s are possible", value, strings.Join(Transforms(), ", "))
		}
	}
	rest, hz, hasHz := strings.Cut(rest, ":")
	dims, scale, hasScale := strings.Cut(rest, "@")
	w, h, ok := strings.Cut(dims, "x")
	if !ok {
		return bad("no size")
	}
	for _, side := range []struct {
		text string
		dst  *int32
	}{{w, &sp.Size.W}, {h, &sp.Size.H}} {
		v, err := strconv.ParseUint(side.text, 10, 31)
		if err != nil {
			return bad("%q is not a number of pixels", side.text)
		}
		if v < 1 || v > maxSide {
			return bad("a side of %d pixels; 1 to %d is possible", v, maxSide)
		}
		*side.dst = int32(v)
	}
	if hasScale {
		v, ok := decimal(scale, int64(geom.ScaleOne))
		if !ok {
			return bad("%q is not a scale", scale)
		}
		if v < int64(minScale) || v > int64(maxScale) {
			return bad("scale %s; %g to %g is possible", scale, minScale.Float(), maxScale.Float())
		}
		sp.Scale = geom.Scale(v)
	}
	if hasHz {
		v, ok := decimal(hz, 1000)
		if !ok {
			return bad("%q is not a refresh rate", hz)
		}
		if v < 1000 || v > maxRefresh {
			return bad("%s Hz; 1 to %d is possible", hz, maxRefresh/1000)
		}
		sp.Refresh = int32(v)
	}
	return sp, nil
}

// Transforms returns the names of all transforms.
func Transforms() []string {
	var names []string
	for t := geom.Normal; t.Valid(); t++ {
		names = append(names, t.String())
	}
	return names
}

// ParseTransform reads the name of a transform.
func ParseTransform(name string) (geom.Transform, bool) {
	i := slices.Index(Transforms(), name)
	return geom.Transform(max(i, 0)), i >= 0
}

// decimal reads digits[.digits] and returns it in units of 1/unit, rounded. It
// takes at most 4 digits before and 9 after the point.
func decimal(s string, unit int64) (int64, bool) {
	whole, frac, point := strings.Cut(s, ".")
	if len(whole) > 4 || len(frac) > 9 || point && frac == "" {
		return 0, false
	}
	n, err := strconv.ParseUint(whole, 10, 16)
	if err != nil {
		return 0, false
	}
	num, den := int64(n), int64(1)
	for _, c := range frac {
		if c < '0' || c > '9' {
			return 0, false
		}
		num, den = num*10+int64(c-'0'), den*10
	}
	return (num*unit + den/2) / den, true
}

// String returns the spec in the form that ParseSpec reads.
func (s Spec) String() string {
	text := s.Size.String()
	if s.Scale != 0 {
		text += "@" + shortDecimal(s.Scale.Float())
	}
	if s.Refresh != 0 {
		text += ":" + shortDecimal(float64(s.Refresh)/1000)
	}
	if s.Transform != geom.Normal {
		text += ",transform=" + s.Transform.String()
	}
	return text
}

// shortDecimal keeps 4 digits after the point, enough to tell 1/120 apart.
func shortDecimal(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 4, 64), "0"), ".")
}
