package compute

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/gpu/compute/bvh"
	"rayos/internal/vulkantest"
)

// startRays starts an engine whose rays go by ray queries.
func startRays(t testing.TB, c Config) *Engine {
	t.Helper()
	vulkantest.UseRays(t)
	c.RT = true
	e := startGPU(t, c)
	if s := e.Stats(); s.RT != RayQuery {
		t.Fatalf("RT %s; want it present", s.RT)
	}
	return e
}

func traceTask(t testing.TB, boxes []bvh.Box, rays []bvh.Ray) *TraceTask {
	t.Helper()
	tree, err := bvh.Build(boxes)
	if err != nil {
		t.Fatal(err)
	}
	return &TraceTask{Tree: tree, Rays: rays, Hits: make([]bvh.Hit, len(rays))}
}

// wantHits does a task and compares its hits with the CPU's bit for bit.
func wantHits(t testing.TB, what string, e *Engine, task *TraceTask) {
	t.Helper()
	clear(task.Hits)
	if err := e.Do(task, Normal); err != nil {
		t.Fatal(err)
	}
	want := make([]bvh.Hit, len(task.Rays))
	for i, r := range task.Rays {
		want[i] = task.Tree.Closest(r)
	}
	wantSame(t, what, task.Hits, want)
}

// places is a scene in a lattice, where rays meet faces, edges and corners, many
// boxes at one distance, and start in them.
func places(r *rand.Rand, boxes, rays int, unit, far float32) ([]bvh.Box, []bvh.Ray) {
	at := func(n int) float32 { return far + unit*float32(r.IntN(n)) }
	b := make([]bvh.Box, boxes)
	for i := range b {
		for a := range 3 {
			b[i].Min[a] = at(24)
			b[i].Max[a] = b[i].Min[a] + unit*float32(r.IntN(9))
		}
	}
	all := make([]bvh.Ray, rays)
	for i := range all {
		var o, d bvh.Vec
		for a := range 3 {
			o[a] = at(40) - 8*unit
			switch r.IntN(4) {
			case 0:
				d[a] = float32(r.NormFloat64())
			case 1:
				d[a] = float32(r.IntN(5) - 2)
			case 2:
				d[a] = float32(r.IntN(3)-1) * 1e-4
			}
		}
		from := unit * float32(r.IntN(3))
		all[i] = bvh.NewRay(o, d, from, from+unit*float32(r.IntN(3000)))
	}
	return b, all
}

func TestRayQueriesAnswerAsTheCPUDoes(t *testing.T) {
	e := startRays(t, Config{})
	r := rand.New(rand.NewPCG(11, 12))
	n := uint64(0)
	for _, place := range []struct{ unit, far float32 }{{1, 0}, {0.125, -2}, {1e-3, 0}, {1e4, 0}, {1, 4096}, {0.25, 1e6}} {
		for _, count := range []int{1, 2, 7, 300, 4000} {
			if testing.Short() && count != 7 && count != 300 {
				continue
			}
			boxes, rays := places(r, count, 3000, place.unit, place.far)
			task := traceTask(t, boxes, rays)
			for range 3 {
				wantHits(t, "rays", e, task)
				n++
				boxes, _ = places(r, count, 0, place.unit, place.far)
				if err := task.Tree.Refit(boxes); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if s := e.Stats(); s.Queried != n || s.OnGPU != n || s.Scenes == 0 || s.Refits == 0 {
		t.Errorf("%d tasks: %d by ray queries, %d on the device, %d scenes, %d refits; want all by ray queries, some refitted", n, s.Queried, s.OnGPU, s.Scenes, s.Refits)
	}
}

// TestKernelsAndRayQueriesShareADevice: all kernels in turns, and a budget that
// runs out.
func TestKernelsAndRayQueriesShareADevice(t *testing.T) {
	for _, c := range []Config{{}, {groups: 1, budget: 3}} {
		e := startRays(t, c)
		for seed := range uint64(2) {
			all, _ := tasks(t, seed)
			for _, task := range all {
				if err := e.Do(task, Normal); err != nil {
					t.Fatal(err)
				}
			}
			wantResults(t, seed, all)
		}
		if s := e.Stats(); s.OnGPU != 2*uint64(kernels) || s.Queried != 2 || (c.budget > 0) != (s.Again > 0) {
			t.Errorf("%d on the device, %d by ray queries, %d dispatched again; want all, two, and some with a budget of %d", s.OnGPU, s.Queried, s.Again, c.budget)
		}
	}
}

// TestScenesAreKept while a tree stands, refitted when it moves, and built anew
// for another.
func TestScenesAreKept(t *testing.T) {
	e := startRays(t, Config{})
	r := rand.New(rand.NewPCG(3, 4))
	boxes, rays := places(r, 200, 100, 1, 0)
	task := traceTask(t, boxes, rays)
	check := func(what string, scenes, refits uint64) {
		t.Helper()
		before := e.Stats()
		wantHits(t, what, e, task)
		if s := e.Stats(); s.Scenes-before.Scenes != scenes || s.Refits-before.Refits != refits {
			t.Errorf("%s: %d built, %d refitted; want %d, %d", what, s.Scenes-before.Scenes, s.Refits-before.Refits, scenes, refits)
		}
	}
	check("first", 1, 0)
	check("again", 0, 0)
	for i := range maxRefits {
		for a := range 3 {
			boxes[i].Max[a]++
		}
		if err := task.Tree.Refit(boxes); err != nil {
			t.Fatal(err)
		}
		check("moved", 0, 1)
	}
	boxes[0].Min[0]--
	if err := task.Tree.Refit(boxes); err != nil {
		t.Fatal(err)
	}
	check("moved too often", 1, 0)
	task.Rays[0] = bvh.NewRay(bvh.Vec{-1e5, 3, 3}, bvh.Vec{1, 0, 0}, 0, bvh.Limit)
	check("from farther away", 1, 0)
	boxes, _ = places(r, 200, 0, 1, 0)
	task = traceTask(t, boxes, rays)
	check("another tree", 1, 0)
}

// TestWhatRayQueriesCannotDoGoesByTheKernel, on the device all the same.
func TestWhatRayQueriesCannotDoGoesByTheKernel(t *testing.T) {
	e := startRays(t, Config{})
	r := rand.New(rand.NewPCG(5, 6))
	boxes, rays := places(r, 50, 200, 1, 0)
	behind, flat, slow := slices.Clone(rays), slices.Clone(rays), slices.Clone(rays)
	behind[7].TMin = -1
	flat[7].Inv[1] = 0
	slow[7] = bvh.NewRay(bvh.Vec{1, 1, 1}, bvh.Vec{1e-15, 0, 0}, 0, 1e17)
	many := make([]bvh.Box, 1<<18+1)
	for i := range many {
		many[i] = boxes[i%len(boxes)]
	}
	for name, task := range map[string]*TraceTask{
		"behind the origin": traceTask(t, boxes, behind), "no direction's inverse": traceTask(t, boxes, flat), "slow": traceTask(t, boxes, slow),
		"no boxes": traceTask(t, nil, rays), "too many": traceTask(t, many, rays[:64]),
	} {
		before := e.Stats()
		wantHits(t, name, e, task)
		if s := e.Stats(); s.Queried != before.Queried || s.OnGPU != before.OnGPU+1 {
			t.Errorf("%s: %d by ray queries, %d on the device; want the trace kernel", name, s.Queried-before.Queried, s.OnGPU-before.OnGPU)
		}
	}
}

// TestFaultsOfScenesLoseNothing: the device hangs or is lost as a scene is built,
// as it is refitted, and as rays are queried.
func TestFaultsOfScenesLoseNothing(t *testing.T) {
	for name, fault := range map[string]Fault{"hangs": HangOnce, "lost at submission": LoseNow, "lost under way": LoseLate} {
		for at := range uint64(3) {
			e := startRays(t, Config{Fault: func(n uint64) Fault {
				if n == at {
					return fault
				}
				return NoFault
			}})
			r := rand.New(rand.NewPCG(9, at))
			boxes, rays := places(r, 300, 500, 1, 0)
			task := traceTask(t, boxes, rays)
			for range 3 {
				wantHits(t, name, e, task)
				boxes, _ = places(r, 300, 0, 1, 0)
				if err := task.Tree.Refit(boxes); err != nil {
					t.Fatal(err)
				}
			}
			s := e.Stats()
			if s.Done != 3 || s.Replayed != 1 || s.Timeouts+s.Lost != 1 || (fault == HangOnce) != (s.Timeouts == 1) {
				t.Errorf("%s at %d: %d of 3 tasks done, %d replayed, %d time-outs, %d losses; want one of each that was asked for", name, at, s.Done, s.Replayed, s.Timeouts, s.Lost)
			}
			e.Close()
		}
	}
}

// TestRaysComeBackWithTheDevice: after a loss, and their scene with them.
func TestRaysComeBackWithTheDevice(t *testing.T) {
	clock := time.Unix(1000, 0)
	e := startRays(t, Config{now: func() time.Time { return clock }, Fault: func(n uint64) Fault {
		if n == 1 {
			return LoseLate
		}
		return NoFault
	}})
	boxes, rays := places(rand.New(rand.NewPCG(9, 9)), 300, 500, 1, 0)
	task := traceTask(t, boxes, rays)
	wantHits(t, "lost", e, task)
	clock = clock.Add(firstRetry)
	wantHits(t, "found again", e, task)
	if s := e.Stats(); s.Queried != 1 || s.Replayed != 1 || s.RT != RayQuery {
		t.Errorf("%d by ray queries, %d replayed, RT %s; want one each", s.Queried, s.Replayed, s.RT)
	}
}

// fakeRays is a device with ray queries of its own.
type fakeRays struct {
	fake
	s *rayFakes
}

func (f *fakeRays) arrange(p *program, _ func() Fault, _ time.Duration) (work, error) {
	return anew, f.s.arrange
}

func (f *fakeRays) forget() { f.s.forgotten++ }

func (f *fakeRays) fetch(p *program, first, count int) {
	if f.s.wrong && p.query {
		p.trace.Hits[first].ID ^= 1
	}
}

// rayFakes is a source of one of them.
type rayFakes struct {
	kind      string
	why       string // Adapter.RayQuery
	wrong     bool   // in what rays meet
	arrange   error
	forgotten int
}

func (f *rayFakes) source() (instance, error) { return f, nil }

func (f *rayFakes) adapters() []Adapter {
	return []Adapter{{Name: "fake", Type: f.kind, MaxStorage: 1 << 30, RayQuery: f.why}}
}

func (f *rayFakes) close() {}

func (f *rayFakes) open(a Adapter) (device, error) {
	return &fakeRays{fake: fake{info: a}, s: f}, nil
}

// TestRayQueriesAreRefusedWithTheReason.
func TestRayQueriesAreRefusedWithTheReason(t *testing.T) {
	for _, tt := range []struct {
		name   string
		source *rayFakes
		config Config
		want   string // of Stats.RT
		failed string // of Required, when they are
	}{
		{"there", &rayFakes{kind: "discrete"}, Config{RT: true}, RayQuery, ""},
		{"the driver lacks them", &rayFakes{kind: "discrete", why: "it has none"}, Config{}, "absent: it has none", "it has none"},
		{"wrong answers", &rayFakes{kind: "discrete", wrong: true}, Config{RT: true}, "absent: fake failed its check: as it was built: ray 0 meets", "failed its check"},
		{"no scene", &rayFakes{kind: "discrete", arrange: errors.New("no room")}, Config{RT: true}, "absent: fake failed its check: it can't make a scene", "can't make a scene"},
		{"a program, not asked for", &rayFakes{kind: "cpu"}, Config{Software: true}, "absent: it is a program on the CPU", ""},
		{"not wanted", &rayFakes{kind: "discrete"}, Config{NoRT: true}, "absent: not wanted", ""},
		{"a program, asked for", &rayFakes{kind: "cpu"}, Config{Software: true, RT: true}, RayQuery, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log []string
			c := tt.config
			c.GPU, c.Always, c.source = true, true, tt.source.source
			c.Log = func(format string, args ...any) { log = append(log, format) }
			e := Start(c)
			defer e.Close()
			s := e.Stats()
			if !strings.HasPrefix(s.RT, tt.want) {
				t.Errorf("RT %q; want %q", s.RT, tt.want)
			}
			if said := slices.ContainsFunc(log, func(l string) bool { return strings.HasPrefix(l, "s1: RT ") }); !said {
				t.Error("the log doesn't say so")
			}
			if s.Backend != "vulkan:fake" {
				t.Errorf("back end %s (%s); want the device, with or without ray queries", s.Backend, s.Reason)
			}
			if absent := s.RT != RayQuery; absent != (s.Adapters[0].RayQuery != "") {
				t.Errorf("RT %s, and the adapter says %v", s.RT, &s.Adapters[0])
			} else if absent != (tt.source.forgotten > 0) {
				t.Errorf("RT %s, and freed %d times", s.RT, tt.source.forgotten)
			}
			if err := e.Required(); err != nil {
				t.Errorf("nothing was required, and it says %v", err)
			}
			boxes, rays := places(rand.New(rand.NewPCG(4, 4)), 50, 100, 1, 0)
			wantHits(t, "rays", e, traceTask(t, boxes, rays))
			if tt.failed == "" {
				return
			}
			c.RTRequired, c.RT = true, true
			required := Start(c)
			defer required.Close()
			if err := required.Required(); err == nil || !strings.Contains(err.Error(), "RAYOS_RT_REQUIRED") || !strings.Contains(err.Error(), tt.failed) {
				t.Errorf("required: %v; want that, and why they don't run: %s", err, tt.failed)
			}
		})
	}
}

// TestTheFasterWayIsTaken, by what samples took.
func TestTheFasterWayIsTaken(t *testing.T) {
	kernel := [2]float64{50e3, 900e3}
	if why := slower([2]float64{60e3, 800e3}, kernel); why != "" {
		t.Errorf("faster ray queries are left: %s", why)
	}
	if why := slower([2]float64{40e3, 1000e3}, kernel); !strings.Contains(why, "1000 µs by ray queries and 900 by the trace kernel") {
		t.Errorf("slower ray queries are taken, or left because %q", why)
	}
}

// TestStockDriverSaysWhyItHasNoRays, and computes all the same.
func TestStockDriverSaysWhyItHasNoRays(t *testing.T) {
	e := startGPU(t, Config{RT: true})
	s := e.Stats()
	if s.RT == RayQuery {
		t.Skip("this driver has ray queries")
	}
	if !strings.HasPrefix(s.RT, "absent: the driver lacks VK_KHR_") {
		t.Errorf("RT %q; want what the driver lacks", s.RT)
	}
	if said := s.Adapters[0].String(); !strings.Contains(said, "RT absent: the driver lacks") {
		t.Errorf("adapter %q; want it to say so", said)
	}
}

// TestDeviceMemoryIsGivenBack, after scenes that grow and a device that is lost.
func TestDeviceMemoryIsGivenBack(t *testing.T) {
	abandoned.Wait()
	before := held.Load()
	r := rand.New(rand.NewPCG(1, 1))
	clock := time.Unix(1000, 0)
	lose := false
	e := startRays(t, Config{now: func() time.Time { return clock }, Fault: func(uint64) Fault {
		if lose {
			return LoseLate
		}
		return NoFault
	}})
	for i, n := range []int{10, 20000, 10, 300} {
		lose = i == 2
		boxes, rays := places(r, n, 100, 1, 0)
		wantHits(t, "rays", e, traceTask(t, boxes, rays))
		clock = clock.Add(lastRetry)
	}
	if s := e.Stats(); s.Lost != 1 || s.Queried != 3 {
		t.Errorf("%d losses, %d tasks by ray queries; want one and three", s.Lost, s.Queried)
	}
	if held.Load() <= before {
		t.Error("an engine has no memory of its device; the count says nothing")
	}
	e.Close()
	abandoned.Wait()
	if after := held.Load(); after != before {
		t.Errorf("%d bytes of device memory before, %d after", before, after)
	}
}

// TestScenesEnclose: what a driver may err by lies between a box and what a scene
// has of it.
func TestScenesEnclose(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		unit := float32(1) / float32(int(1)<<r.IntN(12))
		boxes, rays := places(r, 20, 20, unit, 1000*unit*float32(r.IntN(3)))
		far, ok := reach(rays)
		if !ok {
			t.Fatal("rays of a lattice are refused")
		}
		grown := make([]float32, 6*len(boxes))
		enclose(grown, boxes, far)
		for i := range rays {
			for a := range 3 {
				if rays[i].Inv[a] < bvh.Steep && rays[i].Origin[a] > far[a] {
					t.Fatalf("ray %+v is beyond %v", rays[i], far)
				}
			}
		}
		for i := range boxes {
			for a := range 3 {
				lo, hi := boxes[i].Min[a], boxes[i].Max[a]
				least := (max(lo, -lo) + far[a]) / (1 << 17)
				if lo-grown[6*i+a] < least || grown[6*i+3+a]-hi < max(least, (max(hi, -hi)+far[a])/(1<<17)) {
					t.Fatalf("%v to %v grows to %v and %v", lo, hi, grown[6*i+a], grown[6*i+3+a])
				}
			}
		}
	}
}

func TestEnvironSaysWhetherRayQueriesAreWanted(t *testing.T) {
	for _, tt := range []struct {
		core, required string
		want           Config
	}{
		{"", "", Config{}},
		{"1", "", Config{RT: true}},
		{"0", "", Config{NoRT: true}},
		{"", "1", Config{RT: true, RTRequired: true}},
		{"0", "1", Config{RT: true, RTRequired: true}},
	} {
		var c Config
		c.Environ(func(name string) string {
			return map[string]string{"RAYOS_RT_CORE": tt.core, "RAYOS_RT_REQUIRED": tt.required}[name]
		})
		if c.RT != tt.want.RT || c.NoRT != tt.want.NoRT || c.RTRequired != tt.want.RTRequired {
			t.Errorf("RAYOS_RT_CORE=%s RAYOS_RT_REQUIRED=%s: %+v; want %+v", tt.core, tt.required, c, tt.want)
		}
	}
}
