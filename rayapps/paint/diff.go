package paint

import (
	"sort"

	"rayos/geom"
)

// Diff adds to damage the whole logical pixels where a and b may differ. Either
// may be nil. It finds commands that both have in the same order; the others
// damage what they touch. What a backdrop blurs is Draw's matter.
func Diff(a, b *List, damage *geom.Region) {
	if a != nil && b != nil && a.hash == b.hash {
		return
	}
	var x, y []op
	if a != nil {
		x = a.ops
	}
	if b != nil {
		y = b.ops
	}
	for len(x) > 0 && len(y) > 0 && x[0].hash == y[0].hash {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1].hash == y[len(y)-1].hash {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	var keepX, keepY []bool
	if len(x) > 0 && len(y) > 0 {
		keepX, keepY = common(x, y)
	}
	add := func(ops []op, keep []bool) {
		for i := range ops {
			if keep == nil || !keep[i] {
				damage.UnionRect(ops[i].bounds)
			}
		}
	}
	add(x, keepX)
	add(y, keepY)
}

// common marks commands that x and y share, in the same order in both. It
// pairs equal commands as they come and takes the longest ascending run of
// pairs.
func common(x, y []op) (keepX, keepY []bool) {
	first := make(map[uint64]int, len(y)) // the earliest free command of a hash, +1
	next := make([]int, len(y))
	for i := len(y) - 1; i >= 0; i-- {
		next[i] = first[y[i].hash]
		first[y[i].hash] = i + 1
	}
	type pair struct{ x, y, prev int }
	var pairs []pair
	var ends []int // the pair that ends the best run of each length
	for i := range x {
		j := first[x[i].hash]
		if j == 0 {
			continue
		}
		first[x[i].hash] = next[j-1]
		p := pair{i, j - 1, -1}
		n := sort.Search(len(ends), func(k int) bool { return pairs[ends[k]].y > p.y })
		if n > 0 {
			p.prev = ends[n-1]
		}
		pairs = append(pairs, p)
		if n == len(ends) {
			ends = append(ends, 0)
		}
		ends[n] = len(pairs) - 1
	}
	if len(ends) == 0 {
		return nil, nil
	}
	keepX, keepY = make([]bool, len(x)), make([]bool, len(y))
	for k := ends[len(ends)-1]; k >= 0; k = pairs[k].prev {
		keepX[pairs[k].x], keepY[pairs[k].y] = true, true
	}
	return keepX, keepY
}
