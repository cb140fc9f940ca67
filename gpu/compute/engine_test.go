package compute

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fake is a device whose work is done by the CPU when it is waited for.
type fake struct {
	info      Adapter
	loaded    *program
	first     [inFlight]int
	count     [inFlight]int
	lost      bool
	submitted func()
	wrong     bool // in its results
}

func (f *fake) adapter() *Adapter { return &f.info }

func (f *fake) load(p *program) error {
	f.loaded = p
	return nil
}

func (f *fake) submit(slot, first, count, budget, groups int, fault Fault) error {
	if f.submitted != nil {
		f.submitted()
	}
	if fault == LoseNow {
		return errLost
	}
	each := workers
	if f.loaded.kernel.grouped() {
		each = 1
	}
	f.first[slot], f.count[slot] = first, min(count, budget*groups*each)
	f.lost = f.lost || fault == LoseLate
	return nil
}

func (f *fake) wait(slot int, _ time.Duration) (int, error) {
	if f.lost {
		return 0, errLost
	}
	f.loaded.cpu(f.first[slot], f.first[slot]+f.count[slot])
	return f.count[slot], nil
}

func (f *fake) fetch(p *program, _, _ int) {
	if f.wrong {
		p.out[0] ^= 1
	}
}
func (f *fake) abandon() {}
func (f *fake) close()   {}

// fakes is a source of one adapter.
type fakes struct {
	opened, closed atomic.Int32
	missing        atomic.Bool
	submitted      func()
	wrong          bool
}

func (f *fakes) adapters() []Adapter {
	if f.missing.Load() {
		return nil
	}
	return []Adapter{{Name: "fake", Type: "discrete", MaxStorage: 1 << 30, RayQuery: "a fake has none"}}
}

func (f *fakes) open(a Adapter) (device, error) {
	f.opened.Add(1)
	return &fake{info: a, submitted: f.submitted, wrong: f.wrong}, nil
}

func (f *fakes) close() { f.closed.Add(1) }

func (f *fakes) source() (instance, error) { return f, nil }

// wantResults compares tasks of one seed with what the CPU computes.
func wantResults(t *testing.T, seed uint64, done []Task) {
	t.Helper()
	cpu := Start(Config{})
	defer cpu.Close()
	ours, results := tasks(t, seed)
	for i, task := range ours {
		if err := cpu.Do(task, Normal); err != nil {
			t.Fatal(err)
		}
		wantSame(t, reflect.TypeOf(task).String(), results(done[i]), results(task))
	}
}

// TestNothingIsLostOrDoubledWhenADeviceFails: many tasks at once, a device that
// hangs or is lost in the middle of them, and each is done once, rightly, soon.
func TestNothingIsLostOrDoubledWhenADeviceFails(t *testing.T) {
	for name, fault := range map[string]Fault{"hangs": HangOnce, "lost at submission": LoseNow, "lost under way": LoseLate} {
		t.Run(name, func(t *testing.T) {
			const sets, count = 6, uint64(kernels)
			var failed time.Time
			e := startGPU(t, Config{Fault: func(n uint64) Fault {
				if n == 9 {
					failed = time.Now()
					return fault
				}
				return NoFault
			}})
			var tickets []*Ticket
			var all [sets][]Task
			for i := range sets {
				all[i], _ = tasks(t, uint64(i))
				for _, task := range all[i] {
					ticket, err := e.Submit(task, Normal)
					if err != nil {
						t.Fatal(err)
					}
					tickets = append(tickets, ticket)
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			for i, ticket := range tickets {
				if err := ticket.Wait(ctx); err != nil {
					t.Fatalf("task %d: %v", i, err)
				}
			}
			recovery := time.Since(failed) // with all that waited behind it
			s := e.Stats()
			if s.Queued != sets*count || s.Done != sets*count || s.OnCPU+s.OnGPU != sets*count || s.Depth != 0 {
				t.Errorf("%d tasks: %d taken, %d done (%d on the CPU, %d on the GPU), %d waiting", sets*count, s.Queued, s.Done, s.OnCPU, s.OnGPU, s.Depth)
			}
			if s.Replayed != 1 || s.Timeouts+s.Lost != 1 || (fault == HangOnce) != (s.Timeouts == 1) {
				t.Errorf("%d tasks replayed, %d time-outs, %d losses; want one of each that was asked for", s.Replayed, s.Timeouts, s.Lost)
			}
			if fault == HangOnce && s.Slow == 0 {
				t.Error("the slow dispatch was not told of")
			}
			for i := range sets {
				wantResults(t, uint64(i), all[i])
			}
			// What was asked for: less than two seconds, of which one is the
			// deadline of the fence. The rest is the work of all tasks.
			if recovery > 2*time.Second {
				t.Errorf("recovered after %v; want less than 2s", recovery)
			}
			t.Logf("recovered and done with %d tasks after %v", len(tickets), recovery)
		})
	}
}

// TestLostDevicesAreLookedForLaterAndLater by a clock of the test.
func TestLostDevicesAreLookedForLaterAndLater(t *testing.T) {
	var mu sync.Mutex
	clock := time.Unix(1000, 0)
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return clock }
	advance := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); clock = clock.Add(d) }
	f := &fakes{}
	fail := true
	e := Start(Config{GPU: true, Always: true, source: f.source, now: now, Log: t.Logf, Fault: func(uint64) Fault {
		if fail {
			return LoseNow
		}
		return NoFault
	}})
	defer e.Close()
	do := func() {
		t.Helper()
		all, _ := tasks(t, 1)
		if err := e.Do(all[2], Normal); err != nil {
			t.Fatal(err)
		}
	}
	do() // lost
	for i, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		advance(wait - time.Millisecond)
		do()
		if got := f.opened.Load(); got != int32(i+1) {
			t.Fatalf("opened %d times within %v; want %d", got, wait, i+1)
		}
		advance(time.Millisecond)
		do()
		if got := f.opened.Load(); got != int32(i+2) {
			t.Fatalf("opened %d times after %v; want %d", got, wait, i+2)
		}
	}
	// Gone altogether, and back.
	f.missing.Store(true)
	advance(8 * time.Second)
	do()
	f.missing.Store(false)
	fail = false
	advance(16 * time.Second)
	before := e.Stats().OnGPU
	do()
	if s := e.Stats(); s.OnGPU != before+1 || s.Reason != "" {
		t.Errorf("back-end %s (%s) did not get the task", s.Backend, s.Reason)
	}
}

func TestHigherPrioritiesPassAndOldOnesRise(t *testing.T) {
	var mu sync.Mutex
	clock := time.Unix(1000, 0)
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return clock }
	e := Start(Config{now: now})
	e.exec.Lock() // nothing runs
	order := make(chan Priority, 8)
	var tickets []*Ticket
	submit := func(p Priority) {
		ticket, err := e.Submit(&noted{p, order}, p)
		if err != nil {
			t.Fatal(err)
		}
		tickets = append(tickets, ticket)
	}
	submit(Dream)
	mu.Lock()
	clock = clock.Add(3 * ageAfter)
	mu.Unlock()
	submit(Low)
	submit(Normal)
	submit(Immediate)
	submit(High)
	e.exec.Unlock()
	for _, ticket := range tickets {
		<-ticket.Done()
	}
	e.Close()
	close(order)
	var got []Priority
	for p := range order {
		got = append(got, p)
	}
	// Low stood behind Dream, which had waited for three levels.
	if want := []Priority{Dream, Immediate, High, Normal, Low}; !slices.Equal(got, want) {
		t.Errorf("done in the order %v; want %v", got, want)
	}
}

// noted is a task that tells when it is done.
type noted struct {
	p     Priority
	order chan<- Priority
}

func (n *noted) program() (*program, error) {
	return &program{kernel: Scale, finish: func() { n.order <- n.p }}, nil
}

// TestImmediatePassesALongDream: between two dispatches of one task.
func TestImmediatePassesALongDream(t *testing.T) {
	order := make(chan Priority, 2)
	f := &fakes{}
	var e *Engine
	var once sync.Once
	started := make(chan struct{})
	f.submitted = func() {
		select {
		case <-started:
		default:
			return // still measuring
		}
		once.Do(func() {
			if _, err := e.Submit(&noted{Immediate, order}, Immediate); err != nil {
				t.Error(err)
			}
		})
	}
	e = Start(Config{GPU: true, Always: true, source: f.source})
	defer e.Close()
	close(started)
	long, err := sample(Trace, 1<<20).program()
	if err != nil {
		t.Fatal(err)
	}
	long.finish = func() { order <- Dream }
	if err := e.Do(ready{long}, Dream); err != nil {
		t.Fatal(err)
	}
	if first := <-order; first != Immediate {
		t.Error("the long task was done first; want it interrupted")
	}
}

type ready struct{ p *program }

func (r ready) program() (*program, error) { return r.p, nil }

func TestFullQueueRefusesAndCloseFinishes(t *testing.T) {
	e := Start(Config{MaxQueue: 3})
	e.exec.Lock()
	order := make(chan Priority, 3)
	for range 3 {
		if _, err := e.Submit(&noted{Low, order}, Low); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Submit(&noted{Low, order}, Low); !errors.Is(err, ErrFull) {
		t.Errorf("fourth of three: %v; want ErrFull", err)
	}
	if s := e.Stats(); s.Depth != 3 || s.Dropped != 1 {
		t.Errorf("%d wait, %d refused; want 3 and 1", s.Depth, s.Dropped)
	}
	e.exec.Unlock()
	e.Close()
	if len(order) != 3 {
		t.Errorf("%d of 3 tasks were done before the end", len(order))
	}
	if err := e.Do(&noted{Low, order}, Low); !errors.Is(err, ErrClosed) {
		t.Errorf("after the end: %v; want ErrClosed", err)
	}
	e.Close() // again is nothing
}

// TestDispatchesAdapt: half above 4 ms, a quarter more below 1 ms, and what is
// beyond the cap as small as it takes.
func TestDispatchesAdapt(t *testing.T) {
	e := Start(Config{})
	defer e.Close()
	e.chunk[Trace] = 4096
	for _, step := range []struct {
		count int
		took  time.Duration
		want  int
	}{
		{4096, 3 * time.Millisecond, 4096},
		{4096, 5 * time.Millisecond, 2048},
		{2048, 500 * time.Microsecond, 2561},
		{100, 500 * time.Microsecond, 2561}, // the end of a task says nothing
		{2561, 100 * time.Millisecond, 102},
		{102, 40 * time.Millisecond, workers},
		{workers, 40 * time.Millisecond, workers},
	} {
		e.adapt(Trace, step.count, step.took)
		if got := e.chunk[Trace]; got != step.want {
			t.Fatalf("after %d items in %v: %d; want %d", step.count, step.took, got, step.want)
		}
	}
	if s := e.Stats(); s.Overruns != 1 {
		t.Errorf("%d overruns; want 1", s.Overruns)
	}
}

func TestRoutesCrossWhereLinesDo(t *testing.T) {
	r := fit(Trace, [2]int{100, 1100}, [2]float64{100e3, 1100e3}, [2]float64{60e3, 160e3})
	// CPU 1000 ns an item; GPU 100 ns an item and 50 µs.
	if r.CPUItem != 1000 || r.GPUItem != 100 || r.GPUTrip != 50e3 || r.From != 57 {
		t.Errorf("%+v; want the GPU from 57 items on", r)
	}
	if r := fit(Trace, [2]int{100, 1100}, [2]float64{100e3, 1100e3}, [2]float64{60e3, 2160e3}); r.From != 0 {
		t.Errorf("%+v; want the CPU always", r)
	}
}

func TestWrongDevicesAreNotUsed(t *testing.T) {
	f := &fakes{wrong: true}
	e := Start(Config{GPU: true, Always: true, source: f.source, Log: t.Logf})
	defer e.Close()
	if s := e.Stats(); s.Backend != "cpu" || !strings.Contains(s.Reason, "not what the CPU computes") || f.closed.Load() != 1 {
		t.Errorf("back-end %s (%s), closed %d times; want the CPU and the reason", s.Backend, s.Reason, f.closed.Load())
	}
}

func TestHistogramQuantiles(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 {
		t.Error("a quantile of nothing")
	}
	for i := range 100 {
		h.add(time.Duration(i) * time.Microsecond)
	}
	if h.Quantile(0.5) != 64*time.Microsecond || h.Quantile(0.99) != 128*time.Microsecond || h.Quantile(0) != time.Microsecond {
		t.Errorf("quantiles %v %v %v", h.Quantile(0), h.Quantile(0.5), h.Quantile(0.99))
	}
}

// TestManyGoroutinesShareAnEngine, for the race detector too.
func TestManyGoroutinesShareAnEngine(t *testing.T) {
	f := &fakes{}
	e := Start(Config{GPU: true, source: f.source})
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			all, _ := tasks(t, uint64(g))
			for i, task := range all {
				if err := e.Do(task, []Priority{Dream, Normal, Immediate}[i%3]); err != nil {
					t.Error(err)
				}
			}
			wantResults(t, uint64(g), all)
		})
	}
	group.Wait()
	e.Close()
	if s := e.Stats(); s.Done != 20 || s.Running || s.Served[Search].Tasks != 4 || s.Served[Search].Items != 4*6*3 {
		t.Errorf("done %d, running %v, searches %+v; want 20, false, 4 of 72 items", s.Done, s.Running, s.Served[Search])
	}
}
