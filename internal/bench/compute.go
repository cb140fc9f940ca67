package bench

import (
	"fmt"
	"slices"
	"time"

	"rayos/gpu/compute"
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
	return Values{"compute.trip": a, "compute.bare": b, "compute.ratio": a / b}, nil
}
