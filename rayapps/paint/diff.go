package paint

import "rayos/geom"

// Diff adds to damage the whole logical pixels where a and b may differ. Either
// may be nil. It compares commands: equal ones at the start and at the end
// don't count.
func Diff(a, b *List, damage *geom.Region) {
	var x, y []op
	if a != nil {
		x = a.ops
	}
	if b != nil {
		y = b.ops
	}
	if a != nil && b != nil && a.hash == b.hash {
		return
	}
	for len(x) > 0 && len(y) > 0 && x[0].hash == y[0].hash {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1].hash == y[len(y)-1].hash {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	for i := range x {
		damage.UnionRect(x[i].bounds)
	}
	for i := range y {
		damage.UnionRect(y[i].bounds)
	}
}
