package geom

// Region is a set of pixels.
type Region struct{ rects []Rect }
