package bvh

import (
	"fmt"
	"math"
)

// Limits of a tree.
const (
	MaxBoxes = 1 << 24
	MaxDepth = 60 // of nodes; traversal keeps a stack of this size
	leafSize = 4
	bins     = 12
)

// Node is an inner node or a leaf. 32 bytes, as kernels read it.
type Node struct {
	Min   Vec
	Start uint32 // leaf: its first box; inner: its first child, the second follows
	Max   Vec
	Count uint32 // leaf: number of boxes; inner: 0
}

// Tree is a hierarchy over boxes.
type Tree struct {
	nodes []Node
	boxes []Box    // in the order of the leaves
	place []uint32 // of box i in boxes
}

// Build makes a tree over boxes, whose indices are their identities. ID of the
// given boxes is not read. No boxes make a tree that nothing meets.
func Build(boxes []Box) (*Tree, error) {
	if len(boxes) > MaxBoxes {
		return nil, fmt.Errorf("bvh: %d boxes; a tree takes %d", len(boxes), MaxBoxes)
	}
	if err := Check(boxes); err != nil {
		return nil, err
	}
	t := &Tree{boxes: make([]Box, len(boxes)), place: make([]uint32, len(boxes))}
	for i := range boxes {
		t.boxes[i] = boxes[i]
		t.boxes[i].ID = uint32(i)
	}
	t.nodes = append(make([]Node, 0, max(1, len(boxes))), Node{Count: uint32(len(boxes))})
	if len(boxes) > 0 {
		t.split(0, 1)
	}
	for i := range t.boxes {
		t.place[t.boxes[i].ID] = uint32(i)
	}
	return t, nil
}

// Len returns the number of boxes.
func (t *Tree) Len() int { return len(t.boxes) }

// Nodes returns the nodes, the root first. They belong to the tree.
func (t *Tree) Nodes() []Node { return t.nodes }

// Boxes returns the boxes in the order that leaves name them. They belong to
// the tree.
func (t *Tree) Boxes() []Box { return t.boxes }

// Refit gives the boxes new places, in the order of Build. The shape stays, so
// queries stay right but slow down as boxes move far; build anew when Cost has
// doubled.
func (t *Tree) Refit(boxes []Box) error {
	if len(boxes) != len(t.boxes) {
		return fmt.Errorf("bvh: refit with %d boxes; the tree has %d", len(boxes), len(t.boxes))
	}
	if err := Check(boxes); err != nil {
		return err
	}
	for i := range boxes {
		b := &t.boxes[t.place[i]]
		b.Min, b.Max = boxes[i].Min, boxes[i].Max
	}
	// Children come behind their parents.
	for i := len(t.nodes) - 1; i >= 0; i-- {
		n := &t.nodes[i]
		switch {
		case n.Count > 0:
			t.fit(n)
		case len(t.boxes) > 0:
			a, b := &t.nodes[n.Start], &t.nodes[n.Start+1]
			n.Min, n.Max = a.Min, a.Max
			grow(&n.Min, &n.Max, &b.Min, &b.Max)
		}
	}
	return nil
}

// Cost is the surface area heuristic's estimate of boxes and nodes tested by a
// ray that meets the root.
func (t *Tree) Cost() float64 {
	root := area(&t.nodes[0].Min, &t.nodes[0].Max)
	if root == 0 {
		return float64(len(t.boxes))
	}
	sum := 0.0
	for i := range t.nodes {
		n := &t.nodes[i]
		sum += area(&n.Min, &n.Max) / root * float64(1+n.Count)
	}
	return sum
}

func (t *Tree) fit(n *Node) {
	first := &t.boxes[n.Start]
	n.Min, n.Max = first.Min, first.Max
	for i := n.Start + 1; i < n.Start+n.Count; i++ {
		grow(&n.Min, &n.Max, &t.boxes[i].Min, &t.boxes[i].Max)
	}
}

// split divides a node until its parts are leaves.
func (t *Tree) split(at, depth int) {
	n := &t.nodes[at]
	t.fit(n)
	if n.Count <= leafSize {
		return
	}
	start, end := n.Start, n.Start+n.Count
	mid := start
	// What is left of the depth must do for halving: 2^24 boxes need 22 levels.
	if depth < MaxDepth-26 {
		mid = t.partition(start, end)
	}
	if mid == start || mid == end {
		mid = t.halve(start, end)
	}
	child := len(t.nodes)
	n.Start, n.Count = uint32(child), 0
	t.nodes = append(t.nodes, Node{Start: start, Count: mid - start}, Node{Start: mid, Count: end - mid})
	t.split(child, depth+1)
	t.split(child+1, depth+1)
}

func centre(b *Box, axis int) float32 { return (b.Min[axis] + b.Max[axis]) / 2 }

// spread returns the extent of the boxes' centres.
func (t *Tree) spread(start, end uint32) (lo, hi Vec) {
	for a := range 3 {
		lo[a], hi[a] = math.MaxFloat32, -math.MaxFloat32
		for i := start; i < end; i++ {
			c := centre(&t.boxes[i], a)
			lo[a], hi[a] = min(lo[a], c), max(hi[a], c)
		}
	}
	return lo, hi
}

type bin struct {
	lo, hi Vec
	count  uint32
}

func (b *bin) add(lo, hi *Vec) {
	if b.count == 0 {
		b.lo, b.hi = *lo, *hi
	} else {
		grow(&b.lo, &b.hi, lo, hi)
	}
}

// partition orders boxes by the cheapest of the planes between bins, and
// returns where the second part starts; start when no plane divides them.
func (t *Tree) partition(start, end uint32) uint32 {
	lo, hi := t.spread(start, end)
	best, bestAxis, bestBin := math.Inf(1), -1, 0
	for a := range 3 {
		scale := bins / (hi[a] - lo[a])
		if !(hi[a] > lo[a]) || !(scale < math.MaxFloat32) {
			continue
		}
		var b [bins]bin
		for i := start; i < end; i++ {
			x := &b[binOf(&t.boxes[i], a, lo[a], scale)]
			x.add(&t.boxes[i].Min, &t.boxes[i].Max)
			x.count++
		}
		var left [bins]float64
		var sum bin
		for i := range bins - 1 {
			if b[i].count > 0 {
				sum.add(&b[i].lo, &b[i].hi)
				sum.count += b[i].count
			}
			left[i] = area(&sum.lo, &sum.hi) * float64(sum.count)
		}
		sum = bin{}
		for i := bins - 1; i > 0; i-- {
			if b[i].count > 0 {
				sum.add(&b[i].lo, &b[i].hi)
				sum.count += b[i].count
			}
			cost := left[i-1] + area(&sum.lo, &sum.hi)*float64(sum.count)
			if sum.count > 0 && sum.count < end-start && cost < best {
				best, bestAxis, bestBin = cost, a, i
			}
		}
	}
	if bestAxis < 0 {
		return start
	}
	scale := bins / (hi[bestAxis] - lo[bestAxis])
	mid := start
	for i := start; i < end; i++ {
		if binOf(&t.boxes[i], bestAxis, lo[bestAxis], scale) < bestBin {
			t.boxes[i], t.boxes[mid] = t.boxes[mid], t.boxes[i]
			mid++
		}
	}
	return mid
}

func binOf(b *Box, axis int, lo, scale float32) int {
	return min(bins-1, int((centre(b, axis)-lo)*scale))
}

// halve divides boxes that no plane does, as when all lie in one place. Any
// halves will do.
func (t *Tree) halve(start, end uint32) uint32 { return start + (end-start)/2 }

func grow(lo, hi, otherLo, otherHi *Vec) {
	for a := range 3 {
		lo[a] = min(lo[a], otherLo[a])
		hi[a] = max(hi[a], otherHi[a])
	}
}

func area(lo, hi *Vec) float64 {
	x, y, z := float64(hi[0])-float64(lo[0]), float64(hi[1])-float64(lo[1]), float64(hi[2])-float64(lo[2])
	return x*y + y*z + z*x
}
