package session

import (
	"slices"

	"rayos/geom"
	"rayos/gpu/compute"
	"rayos/gpu/compute/bvh"
	"rayos/shell/control"
)

// WindowsAt implements control.Reflex: a ray for each point and a box for each
// box, through a tree of the windows' frames as they are now. The topmost window
// is the box with the lowest number, and the nearest.
func (r *reflex) WindowsAt(places []control.Place) func() ([]control.Spot, error) {
	var frames []bvh.Box
	var windows []control.Spot
	for _, p := range slices.Backward(r.s.wm.Arrange(nil)) {
		if w := r.s.windows[p.ID]; w != nil && w.mapped && p.Visible {
			depth := float32(len(frames))
			frames = append(frames, boxOf(p.Frame, depth, depth+1))
			windows = append(windows, control.Spot{Window: uint32(p.ID), AppID: w.guest.AppID, Title: w.guest.Title})
		}
	}
	return func() ([]control.Spot, error) {
		tree, err := bvh.Build(frames)
		if err != nil {
			return nil, err
		}
		top, count, err := r.at(tree, places)
		if err != nil {
			return nil, err
		}
		spots := make([]control.Spot, len(places))
		for i := range spots {
			if top[i] != bvh.None {
				spots[i] = windows[top[i]]
				spots[i].Windows = int(count[i])
			}
		}
		return spots, nil
	}
}

// at asks System 1 for the lowest box at each place, and how many there are.
func (r *reflex) at(tree *bvh.Tree, places []control.Place) (top, count []uint32, err error) {
	top, count = make([]uint32, len(places)), make([]uint32, len(places))
	var points, boxes []int // which places are
	var rays []bvh.Ray
	var queries []bvh.Box
	for i := range places {
		if p := &places[i]; p.Box.Empty() {
			points = append(points, i)
			rays = append(rays, bvh.NewRay(bvh.Vec{float32(p.Point.X), float32(p.Point.Y), -1}, bvh.Vec{0, 0, 1}, 0, bvh.Limit))
		} else {
			boxes = append(boxes, i)
			queries = append(queries, boxOf(p.Box, 0, bvh.Limit))
		}
	}
	if len(points) > 0 {
		hits := make([]bvh.Hit, len(rays))
		if err := r.Do(&compute.TraceTask{Tree: tree, Rays: rays, Hits: hits}, compute.High); err != nil {
			return nil, nil, err
		}
		for j, i := range points {
			if top[i] = hits[j].ID; top[i] != bvh.None {
				count[i] = 1
			}
		}
	}
	if len(boxes) > 0 {
		found := make([]bvh.Overlaps, len(queries))
		if err := r.Do(&compute.OverlapTask{Tree: tree, Queries: queries, Found: found}, compute.High); err != nil {
			return nil, nil, err
		}
		for j, i := range boxes {
			top[i], count[i] = found[j].First, found[j].Count
		}
	}
	return top, count, nil
}

// boxOf is a rectangle between two depths.
func boxOf(r geom.Rect, near, far float32) bvh.Box {
	return bvh.Box{Min: bvh.Vec{float32(r.X0), float32(r.Y0), near}, Max: bvh.Vec{float32(r.X1), float32(r.Y1), far}}
}
