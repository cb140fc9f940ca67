package wm

import (
	"slices"

	"rayos/geom"
)

// place chooses the floating position of a window on its output. A transient
// is centred on its parent; others go near the centre where they cover least
// of what is there, or in a cascade where there is no room.
func (s *State) place(w *window) {
	o := s.out(w.output)
	if o == nil {
		return
	}
	w.placed = w.size != (geom.Size{})
	z := s.floatFrame(w).Size()
	if p := s.win(w.parent); p != nil {
		w.pos = inside(centred(z, s.frameNow(p)), o.usable).Min()
		s.fit(w)
		return
	}
	centre := inside(centred(z, o.usable), o.usable)
	others := s.obstacles(w)
	best := leastOverlap(centre, others, o.usable)
	if overlap(best, others)*4 > int64(z.W)*int64(z.H) {
		best = s.cascade(centre, others, o.usable)
	}
	w.pos = best.Min()
	s.fit(w)
}

func centred(z geom.Size, in geom.Rect) geom.Rect {
	return geom.XYWH(in.X0+(in.W()-z.W)/2, in.Y0+(in.H()-z.H)/2, z.W, z.H)
}

// inside moves r into u; what is too big keeps its top left corner there.
func inside(r, u geom.Rect) geom.Rect {
	return geom.XYWH(max(min(r.X0, u.X1-r.W()), u.X0), max(min(r.Y0, u.Y1-r.H()), u.Y0), r.W(), r.H())
}

// maxObstacles bounds the search for a place; the topmost windows count.
const maxObstacles = 24

// obstacles returns the frames of the topmost windows that share w's output
// and workspace.
func (s *State) obstacles(w *window) []geom.Rect {
	var list []geom.Rect
	ws := s.root(w).workspace
	for _, id := range slices.Backward(s.stack) {
		v := s.win(id)
		if v == w || v.output != w.output || s.root(v).workspace != ws || s.hidden(v) {
			continue
		}
		if sh := s.shape(v); sh == shapeTiled || sh == shapeFull {
			continue
		}
		f, _ := s.frame(v)
		if list = append(list, f); len(list) == maxObstacles {
			break
		}
	}
	return list
}

// overlap returns how many pixels of r the others cover, counted once for
// each.
func overlap(r geom.Rect, others []geom.Rect) int64 {
	var sum int64
	for _, o := range others {
		v := r.Intersect(o)
		sum += int64(v.W()) * int64(v.H())
	}
	return sum
}

// leastOverlap tries the places that touch the edges of other windows and of
// u, and returns the one that covers least; of equals the one nearest to
// centre.
func leastOverlap(centre geom.Rect, others []geom.Rect, u geom.Rect) geom.Rect {
	xs := []int32{centre.X0, u.X0, u.X1 - centre.W()}
	ys := []int32{centre.Y0, u.Y0, u.Y1 - centre.H()}
	for _, o := range others {
		xs = append(xs, o.X0-centre.W(), o.X1)
		ys = append(ys, o.Y0-centre.H(), o.Y1)
	}
	best, least, nearest := centre, overlap(centre, others), int64(0)
	if least == 0 {
		return centre
	}
	for _, y := range ys {
		for _, x := range xs {
			r := geom.XYWH(x, y, centre.W(), centre.H())
			if !u.Contains(r) {
				continue
			}
			n := overlap(r, others)
			dx, dy := int64(x-centre.X0), int64(y-centre.Y0)
			d := dx*dx + dy*dy
			if n < least || n == least && d < nearest {
				best, least, nearest = r, n, d
			}
		}
	}
	return best
}

// cascade returns centre, or the first place down and right of it by title
// bar steps whose corner no other window has. Steps that leave u go on from
// its top left corner.
func (s *State) cascade(centre geom.Rect, others []geom.Rect, u geom.Rect) geom.Rect {
	r := centre
	for range maxObstacles + 1 {
		taken := slices.ContainsFunc(others, func(o geom.Rect) bool {
			return abs(o.X0-r.X0) < s.cfg.Title/2 && abs(o.Y0-r.Y0) < s.cfg.Title/2
		})
		if !taken {
			break
		}
		r = r.Add(geom.Point{X: s.cfg.Title, Y: s.cfg.Title})
		if !u.Contains(r) {
			if r = geom.XYWH(u.X0, u.Y0, r.W(), r.H()); !u.Contains(r) {
				break
			}
		}
	}
	return r
}
