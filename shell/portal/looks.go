package portal

import (
	"strings"

	"github.com/godbus/dbus/v5"

	"rayos/gpu/render"
)

// Looks is how the person wants programs to look.
type Looks struct {
	Light    bool         // else dark
	Accent   render.Color // 0 is none
	Contrast bool         // more than usual
	Still    bool         // reduced motion
}

// appearance is the one namespace.
const appearance = "org.freedesktop.appearance"

// keys are those of the namespace, in the order in which changes are told.
var keys = [...]string{"color-scheme", "accent-color", "contrast", "reduced-motion"}

// colour is in sRGB, 0 to 1; anything else is none.
type colour struct{ R, G, B float64 }

// value returns what a key has, and whether there is such a key.
func (l Looks) value(namespace, key string) (v dbus.Variant, ok bool) {
	if namespace != appearance {
		return v, false
	}
	switch key {
	case "color-scheme":
		if l.Light {
			return dbus.MakeVariant(uint32(2)), true
		}
		return dbus.MakeVariant(uint32(1)), true
	case "accent-color":
		return dbus.MakeVariant(l.accent()), true
	case "contrast":
		return flag(l.Contrast), true
	case "reduced-motion":
		return flag(l.Still), true
	}
	return v, false
}

func (l Looks) accent() colour {
	if l.Accent == 0 {
		return colour{-1, -1, -1}
	}
	part := func(shift int) float64 { return float64(l.Accent>>shift&0xff) / 255 }
	return colour{part(16), part(8), part(0)}
}

func flag(on bool) dbus.Variant {
	n := uint32(0)
	if on {
		n = 1
	}
	return dbus.MakeVariant(n)
}

// all returns every key, by namespace.
func (l Looks) all() map[string]map[string]dbus.Variant {
	of := make(map[string]dbus.Variant, len(keys))
	for _, k := range keys {
		of[k], _ = l.value(appearance, k)
	}
	return map[string]map[string]dbus.Variant{appearance: of}
}

// Limits of what a program asks for.
const (
	maxPatterns = 64
	maxPattern  = 255 // bytes, as of any name on the bus
)

// asked reports whether patterns choose our namespace: no pattern and the empty
// one choose all, org.example.* all that begin with org.example. It is not ok if
// there are too many.
func asked(patterns []string) (chosen, ok bool) {
	if len(patterns) > maxPatterns {
		return false, false
	}
	chosen = len(patterns) == 0
	for _, p := range patterns {
		if len(p) > maxPattern {
			return false, false
		}
		start, glob := strings.CutSuffix(p, "*")
		if p == "" || p == appearance || glob && strings.HasPrefix(appearance, start) {
			chosen = true
		}
	}
	return chosen, true
}
