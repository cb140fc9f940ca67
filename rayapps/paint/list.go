package paint

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/digest"
	"rayos/rayapps/text"
)

// kind is what a command does.
type kind uint8

const (
	fillOp     kind = iota // box in color
	boxOp                  // rounded box with border
	shadowOp               // blurred rounded box
	pathOp                 // filled path
	strokeOp               // stroked path
	textOp                 // laid-out text
	imageOp                // picture
	gradientOp             // rounded box with a linear gradient
	backdropOp             // blurs what is below
	groupOp                // what follows, up to the end, is one translucent layer
	endOp                  // ends a group
)

// Radii are the radii of a box's corners: top left, top right, bottom right,
// bottom left.
type Radii [4]geom.Fixed

// Round returns four equal radii.
func Round(r geom.Fixed) Radii { return Radii{r, r, r, r} }

// Box is how a box looks. The border lies inside.
type Box struct {
	Radii  Radii
	Fill   render.Color
	Border render.Color
	Width  geom.Fixed // of the border
}

// Shadow is the shadow of a box: the box moved, grown by Spread and blurred.
// Blur is twice the standard deviation, as in CSS. Nothing is drawn below the
// box itself.
type Shadow struct {
	X, Y, Blur, Spread geom.Fixed
	Color              render.Color
}

// Gradient is a linear gradient of two colours between two points, given as
// fractions of the box in 1/256: {0, 0} is the top-left corner, {256, 256} the
// bottom-right.
type Gradient struct {
	From, To   geom.FixedPoint
	Start, End render.Color
}

// Cap is how an open stroke ends.
type Cap uint8

// Caps.
const (
	ButtCap Cap = iota
	RoundCap
	SquareCap
)

// op is one command. Which fields mean something depends on its kind.
type op struct {
	kind   kind
	cap    Cap
	alpha  uint8
	filter render.Filter
	clip   int32 // index into clips
	ref    int32 // index into texts, paths or images; of a group, its end
	box    geom.FixedRect
	radii  Radii
	color  render.Color
	color2 render.Color
	width  geom.Fixed // border, stroke, spread
	blur   geom.Fixed
	at     geom.FixedPoint // origin of text and path, offset of a shadow, start of a gradient
	to     geom.FixedPoint // end of a gradient
	src    geom.Rect       // image pixels

	hash   uint64    // of the command and what clips and groups it
	bounds geom.Rect // whole logical pixels that it can touch
}

// clip is a box that limits commands, inside of its parent.
type clip struct {
	parent int32
	box    geom.FixedRect
	radii  Radii
	bounds geom.Rect
	hash   uint64
}

// List is a picture: commands from back to front. It is immutable and may be
// read by several goroutines.
type List struct {
	ops    []op
	clips  []clip // clips[0] limits nothing
	texts  []*text.Layout
	paths  []*Path
	images []imageUse
	hash   uint64
	bounds geom.Rect
}

// imageUse is an image as it was when the list was made.
type imageUse struct {
	image   *Image
	version uint64
}

// Empty reports whether the list draws nothing.
func (l *List) Empty() bool { return l == nil || len(l.ops) == 0 }

// Len returns how many commands the list has.
func (l *List) Len() int { return len(l.ops) }

// Hash names the content. Lists with the same commands have the same hash, in
// every process.
func (l *List) Hash() uint64 { return l.hash }

// Bounds returns the whole logical pixels that the list can touch.
func (l *List) Bounds() geom.Rect { return l.bounds }

// Cost estimates the work of drawing the list at scale 1, in pixels that are
// filled. A host bounds with it what others make it draw.
func (l *List) Cost() int64 {
	var sum int64
	for i := range l.ops {
		o := &l.ops[i]
		area := int64(o.bounds.W()) * int64(o.bounds.H())
		switch o.kind {
		case shadowOp:
			area *= 4
		case imageOp, gradientOp:
			area *= 8
		case backdropOp:
			area *= 64
		case pathOp, strokeOp:
			area = 4*area + 64*int64(len(l.paths[o.ref].pts))
		}
		sum += area + 256
	}
	return sum
}

func (r *Radii) hash(d *digest.Digest) {
	d.Pair(int32(r[0]), int32(r[1]))
	d.Pair(int32(r[2]), int32(r[3]))
}

func hashRect(d *digest.Digest, r geom.FixedRect) {
	d.Pair(int32(r.X0), int32(r.Y0))
	d.Pair(int32(r.X1), int32(r.Y1))
}
