package compute

import (
	"bytes"
	"errors"
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
			gpu[i] = e.shortestDispatch(p)
			if e.device == nil {
				return // lost, and said so
			}
		}
		if k == Trace && e.queries && !e.config.RT {
			if gpu = e.fasterRays(gpu); e.device == nil {
				return
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

func (e *Engine) shortestDispatch(p *program) float64 {
	return shortest(func() bool {
		return e.device != nil && e.dispatch(&job{program: p, priority: Immediate, submitted: e.config.now()}) == nil
	})
}

// fasterRays compares what ray queries take for the samples with what the trace
// kernel does, and leaves it at the faster one. The caller holds exec.
func (e *Engine) fasterRays(query [2]float64) [2]float64 {
	e.queries = false
	var kernel [2]float64
	for i, n := range samples[Trace] {
		p, err := sample(Trace, n).program()
		if err != nil {
			panic(err) // measured before
		}
		if kernel[i] = e.shortestDispatch(p); e.device == nil {
			return query
		}
	}
	if why := slower(query, kernel); why != "" {
		e.barred = why
		e.noRays(why)
		return kernel
	}
	e.queries = true
	return query
}

// slower says why ray queries aren't worth it, by what both samples took in ns;
// "" when they are.
func slower(query, kernel [2]float64) string {
	if query[1] < kernel[1] {
		return ""
	}
	return fmt.Sprintf("%d rays take %.0f µs by ray queries and %.0f by the trace kernel (RAYOS_RT_CORE=1 takes them all the same)", samples[Trace][1], query[1]/1e3, kernel[1]/1e3)
}

// verifyRays has the device answer the rays of a small scene, and again when its
// boxes have moved. The caller holds exec.
func (e *Engine) verifyRays() error {
	e.measuring = true
	defer func() { e.measuring = false }()
	tree, moved, rays := knownScene()
	for _, when := range []string{"as it was built", "refitted"} {
		task := &TraceTask{Tree: tree, Rays: rays, Hits: make([]bvh.Hit, len(rays))}
		p, err := task.program()
		if err != nil {
			return err
		}
		if err := e.dispatch(&job{program: p, priority: Immediate, submitted: e.config.now()}); err != nil {
			return err
		}
		if !p.query {
			return errors.New("it can't make a scene of a few boxes")
		}
		for i, got := range task.Hits {
			if want := tree.Closest(rays[i]); got != want {
				return fmt.Errorf("%s: ray %d meets box %d at %v; the CPU says %d at %v", when, i, got.ID, got.T, want.ID, want.T)
			}
		}
		if err := tree.Refit(moved); err != nil {
			return err
		}
	}
	return nil
}

// knownScene is what drivers are tried with: boxes side by side, one behind the
// other, in one another and in one place, flat ones too; rays that run in faces
// and edges, start on and in boxes, and cross them all. moved is where the boxes
// are moved to.
func knownScene() (tree *bvh.Tree, moved []bvh.Box, rays []bvh.Ray) {
	var boxes []bvh.Box
	add := func(x, y, z, w, h, d float32) {
		boxes = append(boxes, bvh.Box{Min: bvh.Vec{x, y, z}, Max: bvh.Vec{x + w, y + h, z + d}})
	}
	for n := range 25 {
		i, j := float32(n/5), float32(n%5)
		add(100*i, 80*j, 9, 100, 80, 1)      // a floor of tiles
		add(100*i+30, 80*j+20, i, 90, 70, 1) // windows on it
	}
	for n := range 5 {
		i := float32(n)
		add(-1000, 50*i, 4, 3000, 25, 0.5)
		add(200, 100, 3, 10+i, 10, 1)
		add(200, 100, 3, 10, 10, 1)
		add(300, 40*i, 2, 0, 40, 1) // flat
	}
	moved = append(moved, boxes...)
	for i := range moved {
		by := float32(i%7) * 10
		for a, f := range []float32{1, -1, 0.25} {
			moved[i].Min[a] += f * by
			moved[i].Max[a] += f * by
		}
	}
	for x := float32(-20); x <= 520; x += 20 {
		for y := float32(-20); y <= 420; y += 20 {
			rays = append(rays,
				bvh.NewRay(bvh.Vec{x, y, -1}, bvh.Vec{0, 0, 1}, 0, bvh.Limit),
				bvh.NewRay(bvh.Vec{x, y, 3}, bvh.Vec{0, 0, 1}, 0, 4),
				bvh.NewRay(bvh.Vec{x, y, 20}, bvh.Vec{(250 - x) / 300, (200 - y) / 700, -1}, 0, 100),
				bvh.NewRay(bvh.Vec{x, y, 3.5}, bvh.Vec{1, 0, 0}, 0.5, 300))
		}
	}
	tree, err := bvh.Build(boxes)
	if err != nil {
		panic(err) // all within limits
	}
	return tree, moved, rays
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
