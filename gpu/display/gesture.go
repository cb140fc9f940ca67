package display

import (
	"time"

	"rayos/geom"
)

// GestureKind is what fingers do on a touchpad.
type GestureKind uint8

// Gestures.
const (
	Swipe GestureKind = iota
	Pinch
	Hold
)

// GestureUpdate is how a gesture went on.
type GestureUpdate struct {
	Delta    geom.FPoint // of the fingers' centre since the last, logical pixels
	Scale    float64     // of a pinch: the fingers' distance, 1 at its begin
	Rotation float64     // of a pinch: degrees clockwise since the last
}

// GestureInput is an optional part of Handler: it takes touchpad gestures. There
// is one at a time.
type GestureInput interface {
	GestureBegin(t time.Duration, k GestureKind, fingers uint32)
	GestureUpdate(t time.Duration, u GestureUpdate)
	GestureEnd(t time.Duration, cancelled bool)
}
