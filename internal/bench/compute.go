package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"rayos/gpu/compute"
	"rayos/gpu/compute/bvh"
)

// computeProbe measures System 1 in the driver's own process: what a small task
// takes through the engine by what the same dispatch takes when a recorded
// command buffer is submitted and its fence waited for. Without a Vulkan driver
// its cells stay empty.
func computeProbe() Probe {
	return Probe{
		Name: "compute", Peers: []string{},
		Rows: []Row{
			{Key: "compute.trip", Name: "System 1: 64 rays to the device and back", Unit: "us"},
			{Key: "compute.bare", Name: "… a bare submission and its fence", Unit: "us"},
			{Key: "compute.ratio", Name: "… the first by the second", Unit: "x", Bar: limitBar(1.2)},
			{Key: "rays.windows.cpu", Name: "hit tests, 256 windows: the CPU", Unit: "ns"},
			{Key: "rays.windows.kernel", Name: "… our kernel", Unit: "ns"},
			{Key: "rays.windows.query", Name: "… ray queries", Unit: "ns"},
			{Key: "rays.space.cpu", Name: "rays among 20,000 boxes: the CPU", Unit: "ns"},
			{Key: "rays.space.kernel", Name: "… our kernel", Unit: "ns"},
			{Key: "rays.space.query", Name: "… ray queries", Unit: "ns"},
		},
		Start: measureCompute,
	}
}

func measureCompute(_ *Launcher, _ *Compositor, e Effort) (Values, error) {
	engine := compute.Start(compute.Config{GPU: true, Software: true, Always: true})
	defer engine.Close()
	if engine.Stats().Reason != "" {
		return Values{}, nil
	}
	trips, bare, err := engine.RoundTrips(e.Syncs / 5)
	if err != nil {
		return nil, fmt.Errorf("compute: %w", err)
	}
	if s := engine.Stats(); s.OnGPU != uint64(len(trips)) {
		return nil, fmt.Errorf("compute: %d of %d tasks were done by the device", s.OnGPU, len(trips))
	}
	us := func(d []time.Duration) float64 {
		slices.Sort(d)
		return float64(d[len(d)/2].Nanoseconds()) / 1e3
	}
	a, b := us(trips), us(bare)
	v := Values{"compute.trip": a, "compute.bare": b, "compute.ratio": a / b}
	return v, measureRays(v, e)
}

// measureRays measures batches of rays done by all CPUs, by the trace kernel and
// by ray queries of the same adapter, in turns: ns a ray. Where the adapter has no
// ray queries their cells stay empty.
func measureRays(v Values, e Effort) error {
	const count = 1 << 16
	r := rand.New(rand.NewPCG(1, 2))
	at := func() float32 { return 1000 * r.Float32() }
	windows, space := make([]bvh.Box, 256), make([]bvh.Box, 20000)
	for i := range windows {
		x, y := at(), at()
		windows[i] = bvh.Box{Min: bvh.Vec{x, y, float32(i)}, Max: bvh.Vec{x + 100, y + 80, float32(i + 1)}}
	}
	for i := range space {
		x, y, z := at(), at(), at()
		space[i] = bvh.Box{Min: bvh.Vec{x, y, z}, Max: bvh.Vec{x + 10, y + 10, z + 10}}
	}
	pointers, rays := make([]bvh.Ray, count), make([]bvh.Ray, count)
	for i := range rays {
		pointers[i] = bvh.NewRay(bvh.Vec{at(), at(), -1}, bvh.Vec{0, 0, 1}, 0, bvh.Limit)
		rays[i] = bvh.NewRay(bvh.Vec{at(), at(), at()}, bvh.Vec{at() - 500, at() - 500, at() - 500}, 0, bvh.Limit)
	}
	engines := map[string]*compute.Engine{
		"cpu":    compute.Start(compute.Config{}),
		"kernel": compute.Start(compute.Config{GPU: true, Software: true, Always: true, NoRT: true}),
		"query":  compute.Start(compute.Config{GPU: true, Software: true, Always: true, RT: true}),
	}
	for name, engine := range engines {
		defer engine.Close()
		if name == "query" && engine.Stats().RT != compute.RayQuery {
			delete(engines, name)
		}
	}
	for _, scene := range []struct {
		name  string
		boxes []bvh.Box
		rays  []bvh.Ray
	}{{"windows", windows, pointers}, {"space", space, rays}} {
		tree, err := bvh.Build(scene.boxes)
		if err != nil {
			return err
		}
		took := map[string][]float64{}
		var hits map[string][]bvh.Hit
		for range 1 + e.Syncs/1000 { // the first warms up
			hits = map[string][]bvh.Hit{}
			for name, engine := range engines {
				task := &compute.TraceTask{Tree: tree, Rays: scene.rays, Hits: make([]bvh.Hit, count)}
				start := time.Now()
				if err := engine.Do(task, compute.Immediate); err != nil {
					return fmt.Errorf("compute: %s: %w", name, err)
				}
				took[name] = append(took[name], float64(time.Since(start).Nanoseconds())/count)
				hits[name] = task.Hits
			}
		}
		for name, t := range took {
			if !slices.Equal(hits[name], hits["cpu"]) {
				return fmt.Errorf("compute: rays of %s by %s are not what the CPU computes", scene.name, name)
			}
			if s := engines[name].Stats(); name != "cpu" && s.OnCPU > 0 || (name == "query") != (s.Queried > 0) {
				return fmt.Errorf("compute: rays of %s went another way than %s", scene.name, name)
			}
			if t = t[min(1, len(t)-1):]; len(t) > 0 {
				slices.Sort(t)
				v["rays."+scene.name+"."+name] = t[len(t)/2]
			}
		}
	}
	return nil
}
