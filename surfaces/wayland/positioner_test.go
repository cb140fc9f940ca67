package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
)

const (
	slideX  = protocol.XdgPositionerConstraintAdjustmentSlideX
	slideY  = protocol.XdgPositionerConstraintAdjustmentSlideY
	flipX   = protocol.XdgPositionerConstraintAdjustmentFlipX
	flipY   = protocol.XdgPositionerConstraintAdjustmentFlipY
	resizeX = protocol.XdgPositionerConstraintAdjustmentResizeX
	resizeY = protocol.XdgPositionerConstraintAdjustmentResizeY
)

// TestPlacement solves placements in bounds of 100x100 for an anchor rectangle
// at 40,40 of 20x10 and a popup of 30x20, unless said otherwise.
func TestPlacement(t *testing.T) {
	const (
		none        = protocol.XdgPositionerAnchorNone
		top         = protocol.XdgPositionerAnchorTop
		bottom      = protocol.XdgPositionerAnchorBottom
		left        = protocol.XdgPositionerAnchorLeft
		right       = protocol.XdgPositionerAnchorRight
		topLeft     = protocol.XdgPositionerAnchorTopLeft
		bottomLeft  = protocol.XdgPositionerAnchorBottomLeft
		topRight    = protocol.XdgPositionerAnchorTopRight
		bottomRight = protocol.XdgPositionerAnchorBottomRight
	)
	rect := geom.XYWH(40, 40, 20, 10)
	size := geom.Size{W: 30, H: 20}
	for _, tc := range []struct {
		name            string
		anchor, gravity protocol.XdgPositionerAnchor
		adjust          protocol.XdgPositionerConstraintAdjustment
		rect            geom.Rect
		size            geom.Size
		offset          geom.Point
		want            geom.Rect
	}{
		{"centred", none, none, 0, rect, size, geom.Point{}, geom.XYWH(35, 35, 30, 20)},
		{"top", top, top, 0, rect, size, geom.Point{}, geom.XYWH(35, 20, 30, 20)},
		{"bottom", bottom, bottom, 0, rect, size, geom.Point{}, geom.XYWH(35, 50, 30, 20)},
		{"left", left, left, 0, rect, size, geom.Point{}, geom.XYWH(10, 35, 30, 20)},
		{"right", right, right, 0, rect, size, geom.Point{}, geom.XYWH(60, 35, 30, 20)},
		{"top left", topLeft, topLeft, 0, rect, size, geom.Point{}, geom.XYWH(10, 20, 30, 20)},
		{"bottom left", bottomLeft, bottomLeft, 0, rect, size, geom.Point{}, geom.XYWH(10, 50, 30, 20)},
		{"top right", topRight, topRight, 0, rect, size, geom.Point{}, geom.XYWH(60, 20, 30, 20)},
		{"bottom right", bottomRight, bottomRight, 0, rect, size, geom.Point{}, geom.XYWH(60, 50, 30, 20)},
		{"menu", bottomLeft, bottomRight, 0, rect, size, geom.Point{X: 1, Y: 2}, geom.XYWH(41, 52, 30, 20)},

		{"constrained but nothing allowed", right, right, 0, geom.XYWH(80, 40, 20, 10), size, geom.Point{}, geom.XYWH(100, 35, 30, 20)},
		{"flip x", right, right, flipX, geom.XYWH(70, 40, 20, 10), size, geom.Point{}, geom.XYWH(40, 35, 30, 20)},
		{"flip y", bottom, bottom, flipY, geom.XYWH(40, 80, 20, 10), size, geom.Point{}, geom.XYWH(35, 60, 30, 20)},
		{"flip both", bottomRight, bottomRight, flipX | flipY, geom.XYWH(70, 80, 20, 10), size, geom.Point{}, geom.XYWH(40, 60, 30, 20)},
		{"flip keeps the offset", right, right, flipX, geom.XYWH(70, 40, 20, 10), size, geom.Point{X: 5}, geom.XYWH(45, 35, 30, 20)},
		{"flip of the wrong axis", right, right, flipY, geom.XYWH(80, 40, 20, 10), size, geom.Point{}, geom.XYWH(100, 35, 30, 20)},
		{"flip does not help", right, right, flipX, geom.XYWH(20, 40, 60, 10), geom.Size{W: 50, H: 20}, geom.Point{}, geom.XYWH(80, 35, 50, 20)},
		{"flip of the middle", none, none, flipX, geom.XYWH(90, 40, 10, 10), size, geom.Point{}, geom.XYWH(80, 35, 30, 20)},

		{"slide left", bottomLeft, bottomRight, slideX, geom.XYWH(85, 40, 10, 10), size, geom.Point{}, geom.XYWH(70, 50, 30, 20)},
		{"slide right", bottomRight, bottomLeft, slideX, geom.XYWH(5, 40, 10, 10), size, geom.Point{}, geom.XYWH(0, 50, 30, 20)},
		{"slide up", topRight, bottomRight, slideY, geom.XYWH(40, 95, 10, 5), size, geom.Point{}, geom.XYWH(50, 80, 30, 20)},
		{"slide down", bottomRight, topRight, slideY, geom.XYWH(40, 0, 10, 5), size, geom.Point{}, geom.XYWH(50, 0, 30, 20)},
		{"slide, too large: the near edge stays", bottomLeft, bottomRight, slideX, geom.XYWH(50, 40, 10, 10), geom.Size{W: 120, H: 20}, geom.Point{}, geom.XYWH(0, 50, 120, 20)},
		{"slide, too large to the left", bottomRight, bottomLeft, slideX, geom.XYWH(40, 40, 10, 10), geom.Size{W: 120, H: 20}, geom.Point{}, geom.XYWH(-20, 50, 120, 20)},
		{"slide both", bottomRight, bottomRight, slideX | slideY, geom.XYWH(90, 90, 10, 10), size, geom.Point{}, geom.XYWH(70, 80, 30, 20)},

		{"resize right", right, right, resizeX, geom.XYWH(70, 40, 10, 10), size, geom.Point{}, geom.XYWH(80, 35, 20, 20)},
		{"resize left", left, left, resizeX, geom.XYWH(20, 40, 10, 10), size, geom.Point{}, geom.XYWH(0, 35, 20, 20)},
		{"resize down", bottom, bottom, resizeY, geom.XYWH(40, 80, 20, 10), size, geom.Point{}, geom.XYWH(35, 90, 30, 10)},
		{"resize to nothing is none", right, right, resizeX, geom.XYWH(90, 40, 10, 10), size, geom.Point{}, geom.XYWH(100, 35, 30, 20)},

		{"flip before slide", right, right, flipX | slideX, geom.XYWH(70, 40, 20, 10), size, geom.Point{}, geom.XYWH(40, 35, 30, 20)},
		{"slide when flip does not help", right, right, flipX | slideX, geom.XYWH(20, 40, 60, 10), geom.Size{W: 50, H: 20}, geom.Point{}, geom.XYWH(50, 35, 50, 20)},
		{"slide before resize", right, right, slideX | resizeX, geom.XYWH(80, 40, 10, 10), size, geom.Point{}, geom.XYWH(70, 35, 30, 20)},
		{"slide, then resize", right, right, slideX | resizeX, geom.XYWH(80, 40, 10, 10), geom.Size{W: 150, H: 20}, geom.Point{}, geom.XYWH(0, 35, 100, 20)},
		{"all", bottomRight, bottomRight, flipX | flipY | slideX | slideY | resizeX | resizeY, geom.XYWH(45, 45, 10, 10), geom.Size{W: 300, H: 300}, geom.Point{}, geom.XYWH(0, 0, 100, 100)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := placement{
				size: tc.size, anchorRect: tc.rect, anchor: tc.anchor,
				gravity: protocol.XdgPositionerGravity(tc.gravity), adjust: tc.adjust, offset: tc.offset,
			}
			if got := p.solve(geom.XYWH(0, 0, 100, 100)); got != tc.want {
				t.Errorf("solve = %v; want %v", got, tc.want)
			}
		})
	}
}

func TestPlacementWithoutBounds(t *testing.T) {
	p := placement{size: geom.Size{W: 30, H: 20}, anchorRect: geom.XYWH(500, 500, 1, 1), adjust: ^protocol.XdgPositionerConstraintAdjustment(0)}
	if got, want := p.solve(geom.Rect{}), geom.XYWH(485, 490, 30, 20); got != want {
		t.Errorf("solve = %v; want %v", got, want)
	}
}

// FuzzPlacement checks that a solution keeps its promises: it fits when a slide
// or resize on both axes may make it fit, and never grows.
func FuzzPlacement(f *testing.F) {
	f.Add(int32(0), int32(0), int32(10), int32(10), int32(30), int32(20), uint8(4), uint8(8), uint8(63), int32(0), int32(0))
	f.Add(int32(-2147483648), int32(2147483647), int32(2147483647), int32(1), int32(2147483647), int32(1), uint8(0), uint8(5), uint8(63), int32(-2147483648), int32(2147483647))
	f.Fuzz(func(t *testing.T, x, y, w, h, pw, ph int32, anchor, gravity, adjust uint8, ox, oy int32) {
		var p positioner
		// As the requests clamp it.
		p.anchorRect = geom.XYWH(clampCoordinate(x), clampCoordinate(y), min(max(w, 1), maxCoordinate), min(max(h, 1), maxCoordinate))
		p.size = geom.Size{W: min(max(pw, 1), maxCoordinate), H: min(max(ph, 1), maxCoordinate)}
		p.anchor = protocol.XdgPositionerAnchor(anchor % 9)
		p.gravity = protocol.XdgPositionerGravity(gravity % 9)
		p.adjust = protocol.XdgPositionerConstraintAdjustment(adjust % 64)
		p.offset = geom.Point{X: clampCoordinate(ox), Y: clampCoordinate(oy)}
		bounds := geom.XYWH(-50, -50, 1000, 800)
		got := p.solve(bounds)
		if got.W() <= 0 || got.H() <= 0 || got.W() > p.size.W || got.H() > p.size.H {
			t.Fatalf("solve = %v for a size of %v", got, p.size)
		}
		if both := slideX | resizeX; p.adjust&both == both && (got.X0 < bounds.X0 || got.X1 > bounds.X1) {
			t.Fatalf("solve = %v leaves %v on x", got, bounds)
		}
		if both := slideY | resizeY; p.adjust&both == both && (got.Y0 < bounds.Y0 || got.Y1 > bounds.Y1) {
			t.Fatalf("solve = %v leaves %v on y", got, bounds)
		}
	})
}
