package cursor

import (
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// shapes draws every name of wp_cursor_shape_device_v1.shape, version 2.
var shapes = map[string]func(*sketch){
	"default":       arrow,
	"context-menu":  func(s *sketch) { arrow(s); menuBadge(s) },
	"help":          func(s *sketch) { arrow(s); questionBadge(s) },
	"dnd-ask":       func(s *sketch) { arrow(s); questionBadge(s) },
	"pointer":       pointing,
	"progress":      func(s *sketch) { arrow(s); busy(s, 215, 205, 42, 20) },
	"wait":          func(s *sketch) { s.hot = point{160, 160}; busy(s, 160, 160, 80, 30) },
	"cell":          cell,
	"crosshair":     crosshair,
	"text":          func(s *sketch) { beam(s, false) },
	"vertical-text": func(s *sketch) { beam(s, true) },
	"alias":         func(s *sketch) { arrow(s); aliasBadge(s) },
	"copy":          func(s *sketch) { arrow(s); copyBadge(s) },
	"move":          func(s *sketch) { cross(s, true) },
	"all-resize":    func(s *sketch) { cross(s, true) },
	"all-scroll":    func(s *sketch) { cross(s, false) },
	"no-drop":       func(s *sketch) { arrow(s); forbidden(s, 215, 205, 40, 17) },
	"not-allowed":   func(s *sketch) { s.hot = point{160, 160}; forbidden(s, 160, 160, 80, 28) },
	"grab":          func(s *sketch) { hand(s, openFingers) },
	"grabbing":      func(s *sketch) { hand(s, closedFingers) },
	"e-resize":      func(s *sketch) { double(s, 1, 0) },
	"w-resize":      func(s *sketch) { double(s, 1, 0) },
	"ew-resize":     func(s *sketch) { double(s, 1, 0) },
	"n-resize":      func(s *sketch) { double(s, 0, 1) },
	"s-resize":      func(s *sketch) { double(s, 0, 1) },
	"ns-resize":     func(s *sketch) { double(s, 0, 1) },
	"ne-resize":     func(s *sketch) { double(s, 1, -1) },
	"sw-resize":     func(s *sketch) { double(s, 1, -1) },
	"nesw-resize":   func(s *sketch) { double(s, 1, -1) },
	"nw-resize":     func(s *sketch) { double(s, 1, 1) },
	"se-resize":     func(s *sketch) { double(s, 1, 1) },
	"nwse-resize":   func(s *sketch) { double(s, 1, 1) },
	"col-resize":    func(s *sketch) { divider(s, false) },
	"row-resize":    func(s *sketch) { divider(s, true) },
	"zoom-in":       func(s *sketch) { lens(s, true) },
	"zoom-out":      func(s *sketch) { lens(s, false) },
}

// arrow is the default pointer.
func arrow(s *sketch) {
	s.hot = point{40, 30}
	s.area(10, point{45, 37}, point{153, 145}, point{92, 150}, point{45, 192})
}

// double is an arrow with a head at both ends, along dx, dy.
func double(s *sketch, dx, dy int32) { heads(s, dx, dy, 44) }

// heads is double with heads of a given half width.
func heads(s *sketch, dx, dy, half int32) {
	s.hot = point{160, 160}
	const c = 160
	// at maps along and across to the picture.
	at := func(along, across int32) point {
		if dx != 0 && dy != 0 {
			along, across = along*181/256, across*181/256
		}
		return point{c + along*dx - across*dy, c + along*dy + across*dx}
	}
	s.line(20, at(-60, 0), at(60, 0))
	for _, d := range [2]int32{-1, 1} {
		s.area(8, at(100*d, 0), at((100-half)*d, half*d), at((100-half)*d, -half*d))
	}
}

// cross has heads in all four directions, joined by lines or around a dot.
func cross(s *sketch, lines bool) {
	heads(s, 1, 0, 32)
	heads(s, 0, 1, 32)
	if lines {
		return
	}
	kept := s.shapes[:0]
	for _, sh := range s.shapes {
		if sh.area {
			kept = append(kept, sh)
		}
	}
	s.shapes = kept
	s.disc(160, 160, 22)
}

// divider is two bars being pushed apart.
func divider(s *sketch, turned bool) {
	s.hot = point{160, 160}
	at := func(x, y int32) point {
		if turned {
			return point{160 - y, 160 + x}
		}
		return point{160 + x, 160 + y}
	}
	for _, d := range [2]int32{-1, 1} {
		s.line(20, at(25*d, -85), at(25*d, 85))
		s.line(20, at(40*d, 0), at(80*d, 0))
		s.area(8, at(116*d, 0), at(76*d, 40*d), at(76*d, -40*d))
	}
}

// crosshair marks one point exactly.
func crosshair(s *sketch) {
	s.hot = point{160, 160}
	for _, d := range [2]int32{-1, 1} {
		s.line(14, point{165 + 35*d, 165}, point{165 + 105*d, 165})
		s.line(14, point{165, 165 + 35*d}, point{165, 165 + 105*d})
	}
	s.disc(165, 165, 8)
}

// cell is a plus with a light inside.
func cell(s *sketch) {
	s.hot = point{160, 160}
	s.line(64, point{160, 90}, point{160, 230})
	s.line(64, point{90, 160}, point{230, 160})
	s.stroke(light(), 40, point{160, 90}, point{160, 230})
	s.stroke(light(), 40, point{90, 160}, point{230, 160})
}

// beam stands between two letters.
func beam(s *sketch, turned bool) {
	s.hot = point{160, 160}
	at := func(x, y int32) point {
		if turned {
			return point{160 - y, 160 + x}
		}
		return point{160 + x, 160 + y}
	}
	s.line(16, at(0, -72), at(0, 72))
	for _, d := range [2]int32{-1, 1} {
		s.line(16, at(-36, 92*d), at(-12, 88*d), at(0, 72*d), at(12, 88*d), at(36, 92*d))
	}
}

// lens is a magnifying glass.
func lens(s *sketch, plus bool) {
	s.hot = point{135, 135}
	s.line(34, point{190, 190}, point{245, 245})
	s.ring(135, 135, 72, 20)
	s.spot(light(), 135, 135, 62)
	s.stroke(dark(), 18, point{103, 135}, point{167, 135})
	if plus {
		s.stroke(dark(), 18, point{135, 103}, point{135, 167})
	}
}

// busy is a ring with a bright quarter.
func busy(s *sketch, x, y, r, width int32) {
	s.ring(x, y, r, width)
	var p vector.Path
	k := r * 36195 >> 16
	p.MoveTo(s.pt(x, y-r))
	p.CubeTo(s.pt(x+k, y-r), s.pt(x+r, y-k), s.pt(x+r, y))
	s.outlineOf(theme.For(theme.Dark).Accent, width, &p)
}

// forbidden is a ring with a bar across.
func forbidden(s *sketch, x, y, r, width int32) {
	d := r * 181 / 256
	s.ring(x, y, r, width)
	s.line(width, point{x - d, y - d}, point{x + d, y + d})
	bad := theme.For(theme.Light).Bad
	var p vector.Path
	p.Circle(s.pt(x, y), s.u(r))
	s.outlineOf(bad, width, &p)
	s.stroke(bad, width, point{x - d, y - d}, point{x + d, y + d})
}

// badge is a coloured disc below the arrow.
func badge(s *sketch, c render.Color) {
	s.disc(215, 205, 56)
	s.spot(c, 215, 205, 56)
}

func copyBadge(s *sketch) {
	badge(s, theme.For(theme.Light).Good)
	s.stroke(light(), 16, point{185, 205}, point{245, 205})
	s.stroke(light(), 16, point{215, 175}, point{215, 235})
}

func aliasBadge(s *sketch) {
	badge(s, theme.For(theme.Light).Accent)
	s.stroke(light(), 15, point{192, 228}, point{237, 183})
	s.stroke(light(), 15, point{205, 183}, point{237, 183}, point{237, 215})
}

func questionBadge(s *sketch) {
	badge(s, theme.For(theme.Light).Accent)
	var p vector.Path
	p.MoveTo(s.pt(198, 189))
	p.CubeTo(s.pt(198, 168), s.pt(232, 168), s.pt(232, 189))
	p.CubeTo(s.pt(232, 202), s.pt(215, 203), s.pt(215, 216))
	s.outlineOf(light(), 14, &p)
	s.spot(light(), 215, 235, 9)
}

func menuBadge(s *sketch) {
	s.area(10, point{170, 160}, point{262, 160}, point{262, 258}, point{170, 258})
	for y := int32(182); y <= 238; y += 28 {
		s.stroke(light(), 12, point{186, y}, point{246, y})
	}
}
