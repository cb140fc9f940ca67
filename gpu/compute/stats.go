package compute

import (
	"fmt"
	"math/bits"
	"time"
)

// Histogram counts durations by powers of two of a microsecond: bucket i holds
// those below 2^i µs that bucket i-1 doesn't.
type Histogram struct {
	Count   uint64
	Buckets [32]uint64
}

func (h *Histogram) add(d time.Duration) {
	h.Count++
	h.Buckets[min(len(h.Buckets)-1, bits.Len64(uint64(max(0, d.Microseconds()))))]++
}

func (h *Histogram) merge(o *Histogram) {
	h.Count += o.Count
	for i, n := range o.Buckets {
		h.Buckets[i] += n
	}
}

// Quantile returns the upper end of the bucket that holds the q-th part of all,
// q from 0 to 1; 0 when there is nothing.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := uint64(q * float64(h.Count))
	for i, n := range h.Buckets {
		if n > 0 && rank < n {
			return time.Microsecond << i
		}
		rank -= min(rank, n)
	}
	if h.Count == 0 {
		return 0
	}
	for i := len(h.Buckets) - 1; ; i-- {
		if h.Buckets[i] > 0 {
			return time.Microsecond << i
		}
	}
}

// Stats tells what an engine has done.
type Stats struct {
	Running bool
	Backend string // "cpu", or "vulkan:" and the adapter's name
	Reason  string // why it isn't Vulkan; "" when it is
	RT      string // RayQuery when rays are traced by the adapter; else "absent: " and why
	Depth   int    // tasks that wait
	Queued  uint64 // tasks taken
	Dropped uint64 // tasks refused because too many waited
	Done    uint64

	OnCPU      uint64 // tasks
	OnGPU      uint64
	Replayed   uint64 // tasks begun on a device that was lost, done on the CPU
	Dispatches uint64
	Again      uint64 // dispatches of what an earlier one left
	Overruns   uint64 // dispatches above the hard cap
	Slow       uint64 // waits above 250 ms
	Timeouts   uint64 // devices given up after a second
	Lost       uint64 // devices that were lost
	Queried    uint64 // tasks done by ray queries
	Scenes     uint64 // built for them
	Refits     uint64 // of scenes whose boxes have moved

	Verified   int           // items that the device was tried with before it was used
	VerifiedIn time.Duration // and how long that took

	Served [kernels]Served // by Kernel

	Last     string        // kernel of the last task
	LastFor  time.Duration // from submission to its end
	Wait     Histogram     // from submission to start
	Work     Histogram     // from start to end
	Adapters []Adapter
	Routes   []Route
}

// Add adds the counts of another engine, as one that was there before. What s
// says of adapters and routes stays.
func (s *Stats) Add(o *Stats) {
	s.Depth += o.Depth
	s.Queued += o.Queued
	s.Dropped += o.Dropped
	s.Done += o.Done
	s.OnCPU += o.OnCPU
	s.OnGPU += o.OnGPU
	s.Replayed += o.Replayed
	s.Dispatches += o.Dispatches
	s.Again += o.Again
	s.Overruns += o.Overruns
	s.Slow += o.Slow
	s.Timeouts += o.Timeouts
	s.Lost += o.Lost
	s.Queried += o.Queried
	s.Scenes += o.Scenes
	s.Refits += o.Refits
	for k := range s.Served {
		s.Served[k].Tasks += o.Served[k].Tasks
		s.Served[k].Items += o.Served[k].Items
		s.Served[k].OnGPU += o.Served[k].OnGPU
	}
	if s.Last == "" {
		s.Last, s.LastFor = o.Last, o.LastFor
	}
	s.Wait.merge(&o.Wait)
	s.Work.merge(&o.Work)
}

// Served is what has been done with a kernel.
type Served struct {
	Tasks uint64 // done, wherever
	Items uint64 // in them
	OnGPU uint64 // tasks
}

// Route says from how many items on a kernel's tasks go to the GPU, and what was
// measured to decide it.
type Route struct {
	Kernel  Kernel
	From    int     // items; 0 is never
	CPUItem float64 // ns an item
	GPUItem float64 // ns an item
	GPUTrip float64 // ns a dispatch, without its items
}

func (r *Route) String() string {
	where := "always the CPU"
	if r.From > 0 {
		where = fmt.Sprintf("the GPU from %d items on", r.From)
	}
	return fmt.Sprintf("%s: %s (CPU %.1f ns an item; GPU %.1f ns an item and %.0f ns a dispatch)", r.Kernel, where, r.CPUItem, r.GPUItem, r.GPUTrip)
}

// RayQuery is what Stats.RT says when rays are traced by the adapter.
const RayQuery = "rayquery"
