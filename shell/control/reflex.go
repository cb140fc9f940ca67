package control

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"rayos/rayapps/lang"
)

// Reflex is System 1, which computes large batches. Its methods are called on
// the session's loop goroutine.
type Reflex interface {
	// StartS1 looks for adapters and measures them, which takes a moment.
	// Started already, it stays as it is.
	StartS1(done func(S1, error)) (cancel func())
	// StopS1 finishes what waits and frees the adapter.
	StopS1(done func(S1, error)) (cancel func())
	S1() S1
	// WindowsAt returns what finds the windows at places, as they are now. That is
	// called on another goroutine, and leaves Spot.Place out.
	WindowsAt(places []Place) func() ([]Spot, error)
}

// S1 tells of System 1. Times are those in which that part of its tasks was
// done, from their start, to within a factor of two.
type S1 struct {
	Running    bool     `json:"running"`
	Backend    string   `json:"backend,omitempty"` // cpu, or vulkan: and the adapter
	Reason     string   `json:"reason,omitempty"`  // why it isn't Vulkan
	RT         string   `json:"rt,omitempty"`      // how rays are traced: rayquery, or absent: and why
	Queried    uint64   `json:"queried"`           // tasks of rays done so
	Scenes     uint64   `json:"scenes"`            // built for that
	Refits     uint64   `json:"refits"`            // of scenes whose boxes have moved
	Depth      int      `json:"depth"`             // tasks that wait
	Enqueued   uint64   `json:"enq"`
	Dropped    uint64   `json:"drop"`
	Done       uint64   `json:"done"`
	Last       string   `json:"last"` // kernel of the last task
	OnGPU      uint64   `json:"gpu"`
	Replayed   uint64   `json:"replayed"` // begun on a device that was lost
	Dispatches uint64   `json:"dispatches"`
	Slow       uint64   `json:"slow"`
	Timeouts   uint64   `json:"timeouts"`
	Lost       uint64   `json:"lost"`
	P50        int64    `json:"p50_us"`
	P99        int64    `json:"p99_us"`
	Kernels    []Kernel `json:"kernels,omitempty"` // those that were used
	Adapters   []string `json:"adapters,omitempty"`
	Routes     []string `json:"routes,omitempty"`
}

// Kernel is what System 1 has done of one kind: trace and overlap (what is at
// places), search (nearest vectors), tiles (what of a picture has changed), scale
// (small pictures).
type Kernel struct {
	Name  string `json:"kernel"`
	Tasks uint64 `json:"tasks"`
	Items uint64 `json:"items"`
	OnGPU uint64 `json:"gpu"` // tasks
}

const reflexDeadline = 10 * time.Second

var reflexCommands = []*Command{{
	Name: "s1", Help: lang.M("start or stop System 1, which computes large batches, or tell what it has done"), Deadline: reflexDeadline,
	Args:  []Arg{{Name: "action", Kind: KindChoice, Choices: []string{"start", "stop", "stats"}, Required: true, Help: "start looks for a GPU"}},
	print: printS1,
	start: func(s Session, v Values, done func(any, error)) func() {
		told := func(s1 S1, err error) {
			if err != nil {
				done(nil, err)
				return
			}
			done(s1, nil)
		}
		switch get[string](v, "action") {
		case "start":
			return s.Reflex().StartS1(told)
		case "stop":
			return s.Reflex().StopS1(told)
		}
		done(s.Reflex().S1(), nil)
		return nil
	},
}}

// printS1 begins with the line of fields that programs read.
func printS1(w io.Writer, result json.RawMessage) error {
	var s S1
	if err := json.Unmarshal(result, &s); err != nil {
		return err
	}
	last := s.Last
	if last == "" {
		last = "-"
	}
	fmt.Fprintf(w, "running=%v depth=%d enq=%d drop=%d done=%d last=%s gpu=%d replayed=%d dispatches=%d slow=%d timeouts=%d lost=%d p50_us=%d p99_us=%d\n",
		s.Running, s.Depth, s.Enqueued, s.Dropped, s.Done, last, s.OnGPU, s.Replayed, s.Dispatches, s.Slow, s.Timeouts, s.Lost, s.P50, s.P99)
	if s.Backend != "" {
		fmt.Fprintf(w, "backend %s", clean(s.Backend))
		if s.Reason != "" {
			fmt.Fprintf(w, " (%s)", clean(s.Reason))
		}
		fmt.Fprintln(w)
	}
	if s.RT != "" {
		fmt.Fprintf(w, "rt %s tasks=%d scenes=%d refits=%d\n", clean(s.RT), s.Queried, s.Scenes, s.Refits)
	}
	for _, k := range s.Kernels {
		fmt.Fprintf(w, "kernel %s tasks=%d items=%d gpu=%d\n", clean(k.Name), k.Tasks, k.Items, k.OnGPU)
	}
	for _, a := range s.Adapters {
		fmt.Fprintf(w, "adapter %s\n", clean(a))
	}
	for _, r := range s.Routes {
		fmt.Fprintf(w, "route %s\n", clean(r))
	}
	return nil
}
