package compute

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"time"

	"rayos/gpu/compute/bvh"
)

// samples are the sizes that routes are measured with: one that is mostly the
// way to the device and back, one that is mostly work.
var samples = [kernels][2]int{
	Trace: {64, 8192}, Overlap: {64, 8192}, Search: {1, 16}, Tiles: {1, 128}, Scale: {64, 32768},
}

// measure finds out, for each kernel, from how many items on the device is
// faster than the CPU. The caller holds exec.
func (e *Engine) measure() {
	e.measuring, e.measured = true, true
	defer func() { e.measuring = false }()
	var routes []Route
	for k := range kernels {
		var cpu, gpu [2]float64
		for i, n := range samples[k] {
			p, err := sample(k, n).program()
			if err != nil {
				e.config.Log("s1: sample of %s: %v", k, err)
				return
			}
			cpu[i] = shortest(func() bool { e.pool.run(p, n, func() {}); return true })
			gpu[i] = shortest(func() bool {
				return e.device != nil && e.dispatch(&job{program: p, priority: Immediate, submitted: e.config.now()}) == nil
			})
			if e.device == nil {
				return // lost, and said so
			}
		}
		r := fit(k, samples[k], cpu, gpu)
		e.routes[k] = r
		routes = append(routes, r)
		e.config.Log("s1: route %v", &r)
	}
	e.count(func(s *Stats) { s.Routes = routes })
}

// verify has the device compute a task of each kernel and compares the results
// with the CPU's: drivers promise more than some keep. The caller holds exec.
func (e *Engine) verify() error {
	e.measuring = true
	defer func() { e.measuring = false }()
	start, items := time.Now(), 0
	for k := range kernels {
		p, err := sample(k, samples[k][0]).program()
		if err != nil {
			return err
		}
		e.pool.run(p, p.items, func() {})
		want := slices.Clone(p.out)
		clear(p.out)
		if err := e.dispatch(&job{program: p, priority: Immediate, submitted: e.config.now()}); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		if !bytes.Equal(p.out, want) {
			return fmt.Errorf("%s: not what the CPU computes", k)
		}
		items += p.items
	}
	e.count(func(s *Stats) { s.Verified, s.VerifiedIn = items, time.Since(start) })
	return nil
}

// shortest runs f three times and returns the least ns; +Inf when it fails.
func shortest(f func() bool) float64 {
	best := math.Inf(1)
	for range 3 {
		start := time.Now()
		if !f() {
			return math.Inf(1)
		}
		best = min(best, float64(time.Since(start)))
	}
	return best
}

// fit finds where two lines through two points each cross.
func fit(k Kernel, n [2]int, cpu, gpu [2]float64) Route {
	items := float64(n[1] - n[0])
	r := Route{Kernel: k, CPUItem: cpu[1] / float64(n[1]), GPUItem: max(0, gpu[1]-gpu[0]) / items}
	r.GPUTrip = max(0, gpu[0]-r.GPUItem*float64(n[0]))
	// What is gained must be worth the uncertainty of the measurement.
	if gain := r.CPUItem - 1.1*r.GPUItem; gain > 0 && !math.IsInf(gpu[0], 1) && !math.IsInf(gpu[1], 1) {
		r.From = min(MaxItems, int(r.GPUTrip/gain)+1)
	}
	return r
}

// sample is a task of n items, for measuring: always the same one.
func sample(k Kernel, n int) Task {
	const dim, side = 64, 1024
	seed := uint32(1)
	random := func() uint32 { // xorshift32
		seed ^= seed << 13
		seed ^= seed >> 17
		seed ^= seed << 5
		return seed
	}
	coordinate := func() float32 { return float32(random() % side) }
	vector := func(count int) []float32 {
		v := make([]float32, count)
		for i := range v {
			v[i] = float32(int32(random())) / (1 << 31)
		}
		return v
	}
	frame := func(w, h int) Frame {
		f := Frame{Width: w, Height: h, Stride: w, Pixels: make([]uint32, w*h)}
		for i := range f.Pixels {
			f.Pixels[i] = random()
		}
		return f
	}
	boxes := func(count int) []bvh.Box {
		b := make([]bvh.Box, count)
		for i := range b {
			x, y := coordinate(), coordinate()
			b[i] = bvh.Box{Min: bvh.Vec{x, y, float32(i)}, Max: bvh.Vec{x + 100, y + 80, float32(i + 1)}}
		}
		return b
	}
	switch k {
	case Trace, Overlap:
		tree, err := bvh.Build(boxes(256))
		if err != nil {
			panic(err) // all within limits
		}
		if k == Overlap {
			return &OverlapTask{Tree: tree, Queries: boxes(n), Found: make([]bvh.Overlaps, n)}
		}
		rays := make([]bvh.Ray, n)
		for i := range rays {
			rays[i] = bvh.NewRay(bvh.Vec{coordinate(), coordinate(), -1}, bvh.Vec{0, 0, 1}, 0, bvh.Limit)
		}
		return &TraceTask{Tree: tree, Rays: rays, Hits: make([]bvh.Hit, n)}
	case Search:
		return &SearchTask{Dim: dim, Queries: vector(dim), Vectors: vector(n * block * dim), K: 10, Best: make([]Match, 10)}
	case Tiles:
		const edge = 64
		w, h := n*edge, edge
		return &TileTask{Before: frame(w, h), Now: frame(w, h), Edge: edge, Mask: 0xffffff, Tiles: make([]Tile, n)}
	default:
		return &ScaleTask{Source: frame(n/8*4, 8*4), Width: n / 8, Height: 8, Result: make([]uint32, n)}
	}
}
