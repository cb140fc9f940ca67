package bvh

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func randomBoxes(r *rand.Rand, n int) []Box {
	boxes := make([]Box, n)
	for i := range boxes {
		for a := range 3 {
			boxes[i].Min[a] = float32(r.IntN(400)) / 4
			boxes[i].Max[a] = boxes[i].Min[a] + float32(r.IntN(60))/8
		}
	}
	return boxes
}

func randomRay(r *rand.Rand) Ray {
	var o, d Vec
	for a := range 3 {
		o[a] = float32(r.IntN(480))/4 - 10
		if r.IntN(3) > 0 {
			d[a] = float32(r.NormFloat64())
		}
	}
	return NewRay(o, d, 0, 1000)
}

// closest asks every box.
func closest(boxes []Box, ray Ray) Hit {
	best := Hit{ID: None, T: ray.TMax}
	for i := range boxes {
		if at, ok := ray.enter(&boxes[i].Min, &boxes[i].Max, best.T); ok && at < best.T {
			best = Hit{ID: uint32(i), T: at}
		}
	}
	return best
}

func overlapping(boxes []Box, q *Box) []uint32 {
	var ids []uint32
	for i := range boxes {
		if overlap(&boxes[i].Min, &boxes[i].Max, &q.Min, &q.Max) {
			ids = append(ids, uint32(i))
		}
	}
	return ids
}

// sound checks that every box is in one leaf, and every node around what is in it.
func sound(t *testing.T, tree *Tree) {
	t.Helper()
	seen := make([]bool, tree.Len())
	var walk func(at uint32, depth int)
	walk = func(at uint32, depth int) {
		n := tree.nodes[at]
		if depth > MaxDepth {
			t.Fatalf("depth %d; the stack has room for %d", depth, MaxDepth)
		}
		within := func(lo, hi Vec) {
			for a := range 3 {
				if lo[a] < n.Min[a] || hi[a] > n.Max[a] {
					t.Fatalf("node %d from %v to %v has %v to %v in it", at, n.Min, n.Max, lo, hi)
				}
			}
		}
		if n.Count == 0 {
			for _, c := range []uint32{n.Start, n.Start + 1} {
				if c <= at {
					t.Fatalf("node %d has the child %d", at, c)
				}
				within(tree.nodes[c].Min, tree.nodes[c].Max)
				walk(c, depth+1)
			}
			return
		}
		for i := n.Start; i < n.Start+n.Count; i++ {
			b := tree.boxes[i]
			within(b.Min, b.Max)
			if seen[b.ID] {
				t.Fatalf("box %d is in two leaves", b.ID)
			}
			seen[b.ID] = true
		}
	}
	if tree.Len() > 0 {
		walk(0, 1)
	}
	if slices.Contains(seen, false) {
		t.Fatal("a box is in no leaf")
	}
}

func TestQueriesFindWhatAskingEveryBoxDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 5, 64, 1000} {
		boxes := randomBoxes(r, n)
		tree, err := Build(boxes)
		if err != nil {
			t.Fatal(err)
		}
		for round := range 3 {
			sound(t, tree)
			for range 500 {
				ray := randomRay(r)
				if got, want := tree.Closest(ray), closest(boxes, ray); got != want {
					t.Fatalf("%d boxes, round %d: ray %+v meets %+v; want %+v", n, round, ray, got, want)
				}
				q := randomBoxes(r, 1)[0]
				got, want := tree.AppendOverlapping(nil, &q), overlapping(boxes, &q)
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Fatalf("%d boxes: %+v overlaps %v; want %v", n, q, got, want)
				}
				sum := Overlaps{First: None, Count: uint32(len(want))}
				if len(want) > 0 {
					sum.First = want[0]
				}
				if got := tree.Overlapping(&q); got != sum {
					t.Fatalf("%d boxes: overlaps %+v; want %+v", n, got, sum)
				}
			}
			boxes = randomBoxes(r, n)
			if err := tree.Refit(boxes); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestDegenerateBoxesStayShallow: boxes that planes don't divide well.
func TestDegenerateBoxesStayShallow(t *testing.T) {
	same := make([]Box, 3000)
	spread := make([]Box, 200)
	for i := range same {
		same[i] = Box{Min: Vec{1, 1, 1}, Max: Vec{2, 2, 2}}
	}
	for i := range spread { // each plane cuts off one
		x := float32(math.Pow(1.1, float64(i)))
		spread[i] = Box{Min: Vec{x, 0, 0}, Max: Vec{x * 1.01, 1, 1}}
	}
	for _, boxes := range [][]Box{same, spread} {
		tree, err := Build(boxes)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, tree)
	}
	tree, _ := Build(same)
	if got := tree.Closest(NewRay(Vec{1.5, 1.5, -1}, Vec{0, 0, 1}, 0, Limit)); got != (Hit{0, 2}) {
		t.Errorf("of equal boxes %+v; want the lowest index", got)
	}
}

// TestNeighboursAreNeverBothMet: edges of windows side by side.
func TestNeighboursAreNeverBothMet(t *testing.T) {
	tree, err := Build([]Box{{Min: Vec{0, 0, 0}, Max: Vec{10, 10, 1}}, {Min: Vec{10, 0, 0}, Max: Vec{20, 10, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for x, want := range map[float32]uint32{0: 0, 9.99: 0, 10: 1, 19.99: 1, 20: None, -0.01: None} {
		if got := tree.Closest(NewRay(Vec{x, 0, -1}, Vec{0, 0, 1}, 0, Limit)); got.ID != want {
			t.Errorf("x = %v meets %d; want %d", x, got.ID, want)
		}
	}
}

func TestBadBoxesAreRefused(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	tree, err := Build(make([]Box, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []Box{{Min: Vec{nan}}, {Max: Vec{0, inf}}, {Max: Vec{0, 0, 2 * Limit}}, {Min: Vec{1}}} {
		if _, err := Build([]Box{b}); err == nil {
			t.Errorf("a tree of %+v", b)
		}
		if err := tree.Refit([]Box{b}); err == nil {
			t.Errorf("refitted with %+v", b)
		}
	}
	if err := tree.Refit(nil); err == nil {
		t.Error("refitted one box with none")
	}
}

func TestQueriesAllocateNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	boxes := randomBoxes(r, 500)
	tree, err := Build(boxes)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]uint32, 0, 500)
	ray, q := randomRay(r), Box{Max: Vec{50, 50, 50}}
	if n := testing.AllocsPerRun(100, func() {
		tree.Closest(ray)
		tree.Overlapping(&q)
		ids = tree.AppendOverlapping(ids[:0], &q)
		if err := tree.Refit(boxes); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations; want none", n)
	}
}

func BenchmarkClosest(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	tree, err := Build(randomBoxes(r, 1000))
	if err != nil {
		b.Fatal(err)
	}
	rays := make([]Ray, 1024)
	for i := range rays {
		rays[i] = randomRay(r)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		tree.Closest(rays[i%len(rays)])
	}
}

func BenchmarkEveryBox(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	boxes := randomBoxes(r, 1000)
	ray := randomRay(r)
	for b.Loop() {
		closest(boxes, ray)
	}
}
