// Package logic evaluates decisions as geometry: every outcome of a tree of
// branches and switches is a box in the space of its two inputs, and an
// evaluation is a ray through the boxes. Thousands of them are one task of
// System 1, on whatever computes it.
//
//	t := logic.Branch(logic.X, 0.5, logic.Result(1), logic.Result(0)) // x > 0.5
//	b, err := logic.Compile(t)
//	out, err := b.Evaluate(engine, []logic.Inputs{{0.9, 0}, {0.1, 0}}, compute.Normal) // 1, 0
//
// Boxes are exact: comparisons are those of 32-bit floats, because a box's lower
// face belongs to it and its upper one doesn't; only numbers less than 1e-15
// apart, which there are near zero, are the same. Where boxes lie behind each
// other (a switch's default behind its cases), the nearer wins, so the order of
// cases is depth.
package logic

import (
	"fmt"
	"math"

	"rayos/gpu/compute"
	"rayos/gpu/compute/bvh"
)

// Axis is an input.
type Axis uint8

// Inputs of an evaluation by Axis, finite and within ±Limit.
const (
	X Axis = iota
	Y
	axes
)

// Limits of a tree.
const (
	Limit      = bvh.Limit / 2
	MaxResults = 4096 // outcomes of a compiled tree
	maxDepth   = 256
	// quantum is what numbers near zero differ by at least: thinner boxes would
	// be left before the ray is as deep as they are.
	quantum = 1e-15
)

// Inputs are the values that a tree decides by.
type Inputs [axes]float32

// Node is a part of a tree of decisions.
type Node interface {
	compile(c *compiler, in region, depth int) error
}

// Result ends a decision.
type Result uint64

type branch struct {
	axis        Axis
	above       float32
	then, other Node
}

type inRange struct {
	axis            Axis
	low, high       float32
	inside, outside Node
}

// Case is a value of a switch and what follows.
type Case struct {
	Value float32
	Node  Node
}

type choice struct {
	axis  Axis
	cases []Case
	other Node
}

// Branch goes on with then when an input is above a threshold, else with other.
func Branch(a Axis, threshold float32, then, other Node) Node {
	return &branch{a, threshold, then, other}
}

// Range goes on with inside when an input is at least low and below high.
func Range(a Axis, low, high float32, inside, outside Node) Node {
	return &inRange{a, low, high, inside, outside}
}

// Switch goes on with the first case whose value an input is, else with other.
func Switch(a Axis, cases []Case, other Node) Node { return &choice{a, cases, other} }

// region is what of the inputs' space a node decides about.
type region struct{ min, max Inputs }

func everything() region {
	return region{Inputs{-Limit, -Limit}, Inputs{next(Limit), next(Limit)}}
}

func (r region) empty() bool { return r.min[X] >= r.max[X] || r.min[Y] >= r.max[Y] }

// below and from cut a region at a value, which is the upper part's.
func (r region) below(a Axis, v float32) region {
	r.max[a] = min(r.max[a], v)
	return r
}

func (r region) from(a Axis, v float32) region {
	r.min[a] = max(r.min[a], v)
	return r
}

// next is the smallest number that counts as above v.
func next(v float32) float32 { return max(math.Nextafter32(v, float32(math.Inf(1))), v+quantum) }

type compiler struct {
	boxes   []bvh.Box
	results []Result
}

func (c *compiler) node(n Node, in region, depth int) error {
	switch {
	case n == nil:
		return fmt.Errorf("logic: a decision leads to nothing")
	case depth > maxDepth:
		return fmt.Errorf("logic: decisions are nested more than %d deep", maxDepth)
	case in.empty():
		return nil // never comes to it
	}
	return n.compile(c, in, depth)
}

func (r Result) compile(c *compiler, in region, _ int) error {
	if len(c.boxes) == MaxResults {
		return fmt.Errorf("logic: more than %d outcomes", MaxResults)
	}
	// Nearer means earlier: a box of depth one for each outcome.
	z := float32(len(c.boxes))
	c.boxes = append(c.boxes, bvh.Box{Min: bvh.Vec{in.min[X], in.min[Y], z}, Max: bvh.Vec{in.max[X], in.max[Y], z + 1}})
	c.results = append(c.results, r)
	return nil
}

func usable(a Axis, v float32) error {
	if a >= axes || !(v >= -Limit && v <= Limit) {
		return fmt.Errorf("logic: input %d is compared with %v; want input 0 or 1 and a number within ±%g", a, v, float64(Limit))
	}
	return nil
}

func (b *branch) compile(c *compiler, in region, depth int) error {
	if err := usable(b.axis, b.above); err != nil {
		return err
	}
	if err := c.node(b.then, in.from(b.axis, next(b.above)), depth+1); err != nil {
		return err
	}
	return c.node(b.other, in.below(b.axis, next(b.above)), depth+1)
}

func (r *inRange) compile(c *compiler, in region, depth int) error {
	for _, v := range []float32{r.low, r.high} {
		if err := usable(r.axis, v); err != nil {
			return err
		}
	}
	if r.low >= r.high {
		return fmt.Errorf("logic: a range from %v to %v; want the lower first", r.low, r.high)
	}
	for _, part := range []struct {
		n  Node
		in region
	}{{r.inside, in.from(r.axis, r.low).below(r.axis, r.high)}, {r.outside, in.below(r.axis, r.low)}, {r.outside, in.from(r.axis, r.high)}} {
		if err := c.node(part.n, part.in, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (s *choice) compile(c *compiler, in region, depth int) error {
	for _, k := range s.cases {
		if err := usable(s.axis, k.Value); err != nil {
			return err
		}
		if err := c.node(k.Node, in.from(s.axis, k.Value).below(s.axis, next(k.Value)), depth+1); err != nil {
			return err
		}
	}
	// Behind the cases, through all of them.
	return c.node(s.other, in, depth+1)
}

// BVH is a compiled tree. It may be used by many goroutines.
type BVH struct {
	tree    *bvh.Tree
	results []Result
}

// Compile makes the boxes of a tree.
func Compile(n Node) (*BVH, error) {
	c := &compiler{}
	if err := c.node(n, everything(), 1); err != nil {
		return nil, err
	}
	tree, err := bvh.Build(c.boxes)
	if err != nil {
		return nil, err
	}
	return &BVH{tree, c.results}, nil
}

func ray(in Inputs) (bvh.Ray, error) {
	for _, v := range in {
		if !(v >= -Limit && v <= Limit) {
			return bvh.Ray{}, fmt.Errorf("logic: an input is %v; want a number within ±%g", v, float64(Limit))
		}
	}
	return bvh.NewRay(bvh.Vec{in[X], in[Y], -1}, bvh.Vec{0, 0, 1}, 0, 2*MaxResults), nil
}

// Trace decides once, on the calling goroutine.
func (b *BVH) Trace(in Inputs) (Result, error) {
	r, err := ray(in)
	if err != nil {
		return 0, err
	}
	return b.results[b.tree.Closest(r).ID], nil
}

// Evaluate decides for many inputs at once.
func (b *BVH) Evaluate(e *compute.Engine, all []Inputs, p compute.Priority) ([]Result, error) {
	task := &compute.TraceTask{Tree: b.tree, Rays: make([]bvh.Ray, len(all)), Hits: make([]bvh.Hit, len(all))}
	for i := range all {
		var err error
		if task.Rays[i], err = ray(all[i]); err != nil {
			return nil, err
		}
	}
	if err := e.Do(task, p); err != nil {
		return nil, err
	}
	out := make([]Result, len(all))
	for i, h := range task.Hits {
		out[i] = b.results[h.ID] // outcomes cover everything, so there is one
	}
	return out, nil
}
