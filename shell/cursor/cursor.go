package cursor

import (
	"strings"
	"sync"

	"rayos/geom"
	"rayos/gpu/render"
)

// Image is a picture of the pointer.
type Image struct {
	// Pixels are premultiplied ARGB8888.
	Pixels render.Pixels
	// Hot is the pixel that points, from the top-left corner.
	Hot   geom.Point
	Scale geom.Scale
}

// Side is the width and height of a picture in logical pixels.
const Side = 32

// Scales that are drawn; others get the nearest one.
const (
	minScale = geom.ScaleOne / 2
	maxScale = geom.ScaleOne * 4
)

// maxImages bounds the cache, at the size of scale 1 about 0.5 MB.
const maxImages = 128

type imageKey struct {
	shape string
	scale geom.Scale
}

var (
	mu     sync.Mutex
	images = map[imageKey]*Image{}
)

// Load returns the picture of a shape at a scale.
func Load(shape string, scale geom.Scale) *Image {
	shape = strings.ReplaceAll(shape, "_", "-")
	draw, ok := shapes[shape]
	if !ok {
		shape = "default"
		draw = shapes[shape]
	}
	key := imageKey{shape, min(max(scale, minScale), maxScale)}
	mu.Lock()
	defer mu.Unlock()
	if img := images[key]; img != nil {
		return img
	}
	if len(images) == maxImages {
		clear(images)
	}
	s := sketch{scale: key.scale}
	draw(&s)
	img := s.image()
	images[key] = img
	return img
}
