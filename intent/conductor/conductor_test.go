package conductor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// open returns a conductor that is closed with the test.
func open(t *testing.T, o Options, kinds ...Kind) *Conductor {
	t.Helper()
	c, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds {
		if err := c.Register(k); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func shut(t *testing.T, c *Conductor) {
	t.Helper()
	if err := c.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func submit(t *testing.T, c *Conductor, s Spec) ID {
	t.Helper()
	id, err := c.Submit(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ends waits for a task and compares what came of it.
func ends(t *testing.T, c *Conductor, id ID, want State) Status {
	t.Helper()
	s, err := c.Wait(t.Context(), id)
	if err != nil || s.State != want {
		t.Errorf("task %d is %v (%q), %v; want %v", id, s.State, s.Reason, err, want)
	}
	return s
}

// note is a kind that notes the arguments of what it runs.
type note struct {
	mu   sync.Mutex
	list []string
}

func (n *note) kind() Kind {
	return Kind{Name: "note", Run: func(_ context.Context, t Task) error {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.list = append(n.list, string(t.Args))
		return nil
	}}
}

func (n *note) take() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := strings.Join(n.list, " ")
	n.list = nil
	return s
}

func quiet(t *testing.T, c *Conductor) {
	t.Helper()
	if err := c.Quiet(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestLevelsGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n note
		c := open(t, Options{Workers: 1}, n.kind())
		defer shut(t, c)
		c.Pause()
		for _, l := range []Level{Low, Dream, Critical, Normal, High, Critical} {
			submit(t, c, Spec{Kind: "note", Args: []byte(l.String()), Level: l})
		}
		c.Resume()
		quiet(t, c)
		if got := n.take(); got != "critical critical high normal low dream" {
			t.Errorf("ran %s", got)
		}
	})
}

// TestNothingStarves keeps a worker busy with urgent tasks: one of the lowest
// level has its turn after four times the ageing.
func TestNothingStarves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at time.Duration
		begin := time.Now()
		c := open(t, Options{Workers: 1, Ageing: time.Second},
			Kind{Name: "long", Run: func(context.Context, Task) error { time.Sleep(100 * time.Millisecond); return nil }},
			Kind{Name: "dream", Run: func(context.Context, Task) error { at = time.Since(begin); return nil }})
		defer shut(t, c)
		c.Pause()
		submit(t, c, Spec{Kind: "dream", Level: Dream})
		submit(t, c, Spec{Kind: "long", Level: Critical})
		c.Resume()
		for range 100 { // always two of them wait
			submit(t, c, Spec{Kind: "long", Level: Critical})
			submit(t, c, Spec{Kind: "long", Level: Critical})
			time.Sleep(100 * time.Millisecond)
		}
		quiet(t, c)
		if at < 4*time.Second || at > 9*time.Second {
			t.Errorf("the dream ran after %v; want the 4 s that 4 levels are worth, and what was ready by then", at)
		}
	})
}

// TestUrgentOvertakesABatch: what a worker has taken waits for what is more
// urgent and came later.
func TestUrgentOvertakesABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n note
		gate := make(chan struct{})
		c := open(t, Options{Workers: 1, Batch: 16}, n.kind(), Kind{Name: "gate", Run: func(context.Context, Task) error { <-gate; return nil }})
		defer shut(t, c)
		c.Pause()
		submit(t, c, Spec{Kind: "gate", Level: Normal})
		for range 3 {
			submit(t, c, Spec{Kind: "note", Args: []byte("normal"), Level: Normal})
		}
		c.Resume()
		synctest.Wait()
		submit(t, c, Spec{Kind: "note", Args: []byte("critical"), Level: Critical})
		close(gate)
		quiet(t, c)
		if got := n.take(); got != "critical normal normal normal" {
			t.Errorf("ran %s", got)
		}
	})
}

// TestAWorkerIsLeft: background tasks never have all workers.
func TestAWorkerIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		var n note
		c := open(t, Options{Workers: 3}, n.kind(), Kind{Name: "gate", Run: func(context.Context, Task) error { <-gate; return nil }})
		defer shut(t, c)
		for range 5 {
			submit(t, c, Spec{Kind: "gate", Level: Low})
		}
		synctest.Wait()
		if s := c.Snapshot(); s.Active != 2 {
			t.Errorf("%d background tasks run on 3 workers; want 2", s.Active)
		}
		ends(t, c, submit(t, c, Spec{Kind: "note", Args: []byte("x"), Level: Normal}), Done)
		close(gate)
		quiet(t, c)
		if s := c.Snapshot(); s.Counts.Ended[Done] != 6 {
			t.Errorf("%d are done; want 6", s.Counts.Ended[Done])
		}
	})
}

// TestStealing: what a worker has taken and can't begin is begun by another one.
func TestStealing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n note
		gate := make(chan struct{})
		c := open(t, Options{Workers: 2, Batch: 16}, n.kind(), Kind{Name: "gate", Run: func(context.Context, Task) error { <-gate; return nil }})
		defer shut(t, c)
		c.Pause()
		submit(t, c, Spec{Kind: "gate", Level: High})
		for range 8 {
			submit(t, c, Spec{Kind: "note", Args: []byte("x"), Level: Normal})
		}
		c.Resume()
		synctest.Wait()
		if got := n.take(); strings.Count(got, "x") != 8 {
			t.Errorf("%q ran beside a task that takes long", got)
		}
		if c.Snapshot().Counts.Stolen == 0 {
			t.Error("nothing was stolen")
		}
		close(gate)
		quiet(t, c)
	})
}

func TestDependencies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n note
		fail := errors.New("no")
		c := open(t, Options{}, n.kind(), Kind{Name: "fail", Run: func(context.Context, Task) error { return fail }})
		defer shut(t, c)
		spec := func(name string, needs ...int) Spec {
			return Spec{Kind: "note", Args: []byte(name), Level: Normal, Needs: needs}
		}
		ids, err := c.SubmitAll([]Spec{spec("d", 1, 2), spec("b", 3), spec("c", 3), spec("a")})
		if err != nil {
			t.Fatal(err)
		}
		ends(t, c, ids[0], Done)
		if got := n.take(); got != "a b c d" && got != "a c b d" {
			t.Errorf("ran %s", got)
		}
		// Of what has ended nothing is waited for.
		ends(t, c, submit(t, c, Spec{Kind: "note", After: ids}), Done)

		ids, err = c.SubmitAll([]Spec{{Kind: "fail"}, spec("x", 0), spec("y", 1), spec("z")})
		if err != nil {
			t.Fatal(err)
		}
		ends(t, c, ids[0], Failed)
		ends(t, c, ids[1], Cancelled)
		if s := ends(t, c, ids[2], Cancelled); s.Reason != fmt.Sprintf("task %d, which it needs, is cancelled", ids[1]) {
			t.Errorf("reason %q", s.Reason)
		}
		ends(t, c, ids[3], Done)
		if _, err := c.Submit(Spec{Kind: "note", After: []ID{ids[0]}}); !errors.Is(err, ErrEnded) {
			t.Errorf("after a failed task: %v", err)
		}
		if _, err := c.Submit(Spec{Kind: "note", After: []ID{999}}); !errors.Is(err, ErrNoTask) {
			t.Errorf("after no task: %v", err)
		}
		before := c.Snapshot().Counts.Submitted
		if _, err := c.SubmitAll([]Spec{spec("a"), spec("b", 2), spec("c", 1)}); !errors.Is(err, ErrCycle) {
			t.Errorf("a circle: %v", err)
		}
		if _, err := c.SubmitAll([]Spec{spec("a", 0)}); !errors.Is(err, ErrCycle) {
			t.Errorf("a task after itself: %v", err)
		}
		if s := c.Snapshot(); s.Counts.Submitted != before || len(c.Tasks()) != 0 {
			t.Errorf("a refused circle left %d tasks", len(c.Tasks()))
		}
	})
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n note
		c := open(t, Options{Workers: 1, Batch: 16}, n.kind(),
			Kind{Name: "wait", Run: func(ctx context.Context, _ Task) error { <-ctx.Done(); return ctx.Err() }},
			Kind{Name: "deaf", Run: func(ctx context.Context, _ Task) error { <-ctx.Done(); return nil }})
		defer shut(t, c)
		c.Pause()
		run := submit(t, c, Spec{Kind: "wait", Level: High})
		took := submit(t, c, Spec{Kind: "note", Args: []byte("taken"), Level: Normal})
		c.Resume()
		synctest.Wait()
		queued := submit(t, c, Spec{Kind: "note", Args: []byte("queued"), Level: Normal})
		after := submit(t, c, Spec{Kind: "note", Args: []byte("after"), Level: Normal, After: []ID{queued}})
		for _, id := range []ID{took, queued, run} {
			if err := c.Cancel(id, "because"); err != nil {
				t.Error(err)
			}
		}
		for _, id := range []ID{run, took, queued} {
			if s := ends(t, c, id, Cancelled); s.Reason != "because" {
				t.Errorf("reason %q", s.Reason)
			}
		}
		ends(t, c, after, Cancelled)
		deaf := submit(t, c, Spec{Kind: "deaf"})
		synctest.Wait()
		if err := c.Cancel(deaf, ""); err != nil {
			t.Error(err)
		}
		ends(t, c, deaf, Done) // what is done is done
		if err := c.Cancel(deaf, ""); !errors.Is(err, ErrEnded) {
			t.Errorf("cancel what has ended: %v", err)
		}
		if err := c.Cancel(12345, ""); !errors.Is(err, ErrNoTask) {
			t.Errorf("cancel nothing: %v", err)
		}
		if got := n.take(); got != "" {
			t.Errorf("ran %q", got)
		}
	})
}

func TestDeadlinesAndTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wait := func(ctx context.Context, _ Task) error { <-ctx.Done(); return ctx.Err() }
		c := open(t, Options{Workers: 1}, Kind{Name: "wait", Run: wait}, Kind{Name: "short", Run: wait, Timeout: time.Second})
		defer shut(t, c)
		begin := time.Now()
		first := submit(t, c, Spec{Kind: "wait", Deadline: begin.Add(3 * time.Second)})
		queued := submit(t, c, Spec{Kind: "wait", Deadline: begin.Add(2 * time.Second)})
		ends(t, c, queued, Expired)
		if d := time.Since(begin); d != 2*time.Second {
			t.Errorf("a queued task expired after %v", d)
		}
		ends(t, c, first, Expired)
		if d := time.Since(begin); d != 3*time.Second {
			t.Errorf("a running task expired after %v", d)
		}
		begin = time.Now()
		ends(t, c, submit(t, c, Spec{Kind: "short"}), Failed)
		if d := time.Since(begin); d != time.Second {
			t.Errorf("an attempt of a second took %v", d)
		}
		ends(t, c, submit(t, c, Spec{Kind: "wait", Deadline: begin}), Expired)
	})
}

func TestRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		begin := time.Now()
		k := Kind{Name: "flaky", Retry: Retry{Attempts: 5, First: time.Second, Most: 3 * time.Second}, Run: func(_ context.Context, k Task) error {
			at = append(at, time.Since(begin))
			if k.Attempt < 5 {
				return errors.New("not yet")
			}
			return nil
		}}
		c := open(t, Options{Seed: 7}, k,
			Kind{Name: "bad", Retry: Retry{Attempts: 3}, Run: func(context.Context, Task) error { return Permanent(errors.New("bad input")) }},
			Kind{Name: "panic", Retry: Retry{Attempts: 3}, Run: func(context.Context, Task) error { panic("oh") }})
		defer shut(t, c)
		id := submit(t, c, Spec{Kind: "flaky"})
		synctest.Wait()
		if s, _ := c.Status(id); s.State != Waiting || s.Reason != "not yet" {
			t.Errorf("between attempts it is %v, %q", s.State, s.Reason)
		}
		if s := ends(t, c, id, Done); s.Attempt != 5 {
			t.Errorf("%d attempts", s.Attempt)
		}
		for i, most := range []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 3 * time.Second} {
			if d := at[i+1] - at[i]; d < most/2 || d > most || d != k.Retry.pause(7, id, i+1) {
				t.Errorf("the pause %d took %v; want %v to %v, from the seed", i, d, most/2, most)
			}
		}
		if k.Retry.pause(7, 1, 1) == k.Retry.pause(7, 2, 1) || k.Retry.pause(7, 1, 1) == k.Retry.pause(8, 1, 1) {
			t.Error("tasks and seeds have the same pauses")
		}
		if s := ends(t, c, submit(t, c, Spec{Kind: "bad"}), Failed); s.Attempt != 1 || s.Reason != "bad input" {
			t.Errorf("%+v", s)
		}
		if s := ends(t, c, submit(t, c, Spec{Kind: "panic"}), Failed); s.Attempt != 1 || !strings.Contains(s.Reason, "oh") {
			t.Errorf("%+v", s)
		}
	})
}

func TestBackPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		c := open(t, Options{Workers: 1, Queue: 3}, Kind{Name: "gate", Run: func(context.Context, Task) error { <-gate; return nil }})
		defer shut(t, c)
		for range 3 {
			submit(t, c, Spec{Kind: "gate"})
		}
		if _, err := c.Submit(Spec{Kind: "gate"}); !errors.Is(err, ErrFull) {
			t.Errorf("the fourth of three: %v", err)
		}
		if _, err := c.SubmitWait(t.Context(), make([]Spec, 4)); err == nil {
			t.Error("four tasks that never fit were waited for")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.SubmitWait(ctx, []Spec{{Kind: "gate"}}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waited for room: %v", err)
		}
		got := make(chan error)
		go func() {
			_, err := c.SubmitWait(t.Context(), []Spec{{Kind: "gate"}, {Kind: "gate"}})
			got <- err
		}()
		synctest.Wait()
		gate <- struct{}{}
		synctest.Wait()
		select {
		case err := <-got:
			t.Fatalf("two fit into one place: %v", err)
		default:
		}
		gate <- struct{}{}
		if err := <-got; err != nil {
			t.Error(err)
		}
		close(gate)
		quiet(t, c)
		if s := c.Snapshot(); s.Counts.Ended[Done] != 5 || s.Counts.Refused != 6 {
			t.Errorf("%+v", s.Counts)
		}
	})
}

// TestRoomIsGivenInOrder: who wants much isn't overtaken by those who want little.
func TestRoomIsGivenInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		c := open(t, Options{Workers: 1, Queue: 3}, Kind{Name: "gate", Run: func(context.Context, Task) error { <-gate; return nil }})
		defer shut(t, c)
		for range 3 {
			submit(t, c, Spec{Kind: "gate"})
		}
		order := make(chan int, 2)
		for _, n := range []int{2, 1} {
			go func() {
				if _, err := c.SubmitWait(t.Context(), several("gate", n)); err != nil {
					t.Error(err)
				}
				order <- n
			}()
			synctest.Wait()
			if n == 2 {
				gate <- struct{}{} // room for one
				synctest.Wait()
			}
		}
		if len(order) != 0 {
			t.Errorf("%d of them found room at once", len(order))
		}
		gate <- struct{}{}
		synctest.Wait()
		if len(order) != 1 || <-order != 2 {
			t.Error("the first in the line isn't the first to have room")
		}
		close(gate)
		<-order
		quiet(t, c)
	})
}

func several(kind string, n int) []Spec {
	list := make([]Spec, n)
	for i := range list {
		list[i].Kind = kind
	}
	return list
}

// TestKeysRunOnce: of tasks with the same key one runs.
func TestKeysRunOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n note
		c := open(t, Options{}, n.kind(), Kind{Name: "fail", Run: func(context.Context, Task) error { return errors.New("no") }})
		defer shut(t, c)
		s := Spec{Kind: "note", Args: []byte("x"), Key: "k"}
		ids, err := c.SubmitAll([]Spec{s, s})
		if err != nil || ids[0] != ids[1] {
			t.Errorf("%v, %v", ids, err)
		}
		quiet(t, c)
		if id := submit(t, c, s); id != ids[0] {
			t.Errorf("another task %d for a key that is done", id)
		}
		ends(t, c, submit(t, c, Spec{Kind: "fail", Key: "f"}), Failed)
		ends(t, c, submit(t, c, Spec{Kind: "note", Args: []byte("y"), Key: "f"}), Done) // what failed isn't there
		if got := n.take(); got != "x y" {
			t.Errorf("ran %s", got)
		}
	})
}

func TestRefusals(t *testing.T) {
	c := open(t, Options{}, (&note{}).kind())
	defer shut(t, c)
	for _, s := range []Spec{
		{Kind: "note", Args: make([]byte, MaxArgs+1)},
		{Kind: "note", Key: strings.Repeat("k", MaxKey+1)},
		{Kind: "note", After: make([]ID, MaxAfter+1)},
		{Kind: "note", Level: levels},
		{Kind: "note", Needs: []int{1}},
		{Kind: "note", Needs: []int{-1}},
	} {
		var bad *SpecError
		if _, err := c.Submit(s); !errors.As(err, &bad) {
			t.Errorf("%+.60v: %v", s, err)
		}
	}
	if _, err := c.Submit(Spec{Kind: "other"}); !errors.Is(err, ErrNoKind) || !strings.Contains(err.Error(), "note") {
		t.Errorf("a kind that isn't there: %v", err)
	}
	if _, err := c.SubmitAll(make([]Spec, MaxSubmit+1)); err == nil {
		t.Error("too many at once")
	}
	if err := c.Register((&note{}).kind()); err == nil {
		t.Error("registered twice")
	}
}

// TestIdleWakesNobody: with nothing due there is no timer, and all goroutines
// wait for each other.
func TestIdleWakesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := &countingClock{}
		var n note
		c := open(t, Options{Clock: clock, Dir: t.TempDir()}, n.kind())
		defer shut(t, c)
		for range 10 {
			ends(t, c, submit(t, c, Spec{Kind: "note"}), Done)
		}
		ends(t, c, submit(t, c, Spec{Kind: "note", Deadline: time.Now().Add(time.Hour)}), Done)
		synctest.Wait()
		before := clock.asked.Load()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if now := clock.asked.Load(); now != before || clock.timers.Load() != 0 {
			t.Errorf("a day without tasks looked %d times at the clock and leaves %d timers", now-before, clock.timers.Load())
		}
	})
}

type countingClock struct{ asked, timers atomic.Int64 }

func (k *countingClock) Now() time.Time { k.asked.Add(1); return time.Now() }

func (k *countingClock) AfterFunc(d time.Duration, f func()) func() bool {
	k.timers.Add(1)
	var once sync.Once
	stop := time.AfterFunc(d, func() { once.Do(func() { k.timers.Add(-1) }); f() })
	return func() bool { once.Do(func() { k.timers.Add(-1) }); return stop.Stop() }
}

func TestEntropy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, Options{Workers: 1}, Kind{Name: "work", Run: func(_ context.Context, t Task) error {
			d, err := time.ParseDuration(string(t.Args))
			time.Sleep(d)
			return err
		}})
		defer shut(t, c)
		work := func(d time.Duration, l Level) {
			ends(t, c, submit(t, c, Spec{Kind: "work", Args: []byte(d.String()), Level: l}), Done)
		}
		near := func(want float64) {
			t.Helper()
			if e := c.Entropy(); e < want-1e-9 || e > want+1e-9 {
				t.Errorf("entropy %v; want %v", e, want)
			}
		}
		near(0)
		work(frame/2, Normal)
		near(0.5)
		work(frame/4, Normal)
		near(0.375)
		work(time.Second, Dream)
		near(0.375)
		time.Sleep(70 * time.Second)
		near(0)
		work(time.Second, Low)
		near(1)
		h := c.Latency()
		if h.Count != 4 || h.Quantile(0) < frame/4 || h.Quantile(0) > frame/4*9/8 || h.Quantile(1) < time.Second || h.Quantile(1) > time.Second*9/8 {
			t.Errorf("%d, %v to %v", h.Count, h.Quantile(0), h.Quantile(1))
		}
	})
}

func TestBuckets(t *testing.T) {
	for i := range len(Histogram{}.Bucket) - 1 {
		if end := bucketEnd(i); bucketOf(end) != i || bucketOf(end+1) != i+1 {
			t.Fatalf("bucket %d ends at %d, which is in %d; the next is in %d", i, end, bucketOf(end), bucketOf(end+1))
		}
	}
}

// TestManyAtOnce runs a random graph from several goroutines with cancels in
// between: each task ends once, and after what it needs.
func TestManyAtOnce(t *testing.T) {
	var mu sync.Mutex
	ran := map[ID]int{}
	c := open(t, Options{Workers: 4, Queue: 1 << 20, Batch: 8}, Kind{Name: "run", Run: func(_ context.Context, k Task) error {
		mu.Lock()
		defer mu.Unlock()
		ran[k.ID]++
		return nil
	}})
	defer shut(t, c)
	var wg sync.WaitGroup
	ids := make([][]ID, 4)
	for g := range ids {
		wg.Go(func() {
			for i := range 2000 {
				s := Spec{Kind: "run", Level: Level(i % int(levels))}
				if n := len(ids[g]); n > 0 && i%3 == 0 {
					if st, live := c.Status(ids[g][n-1]); live && st.State != Cancelled {
						s.After = []ID{ids[g][n-1]}
					}
				}
				id, err := c.Submit(s)
				if err != nil {
					if !errors.Is(err, ErrEnded) && !errors.Is(err, ErrNoTask) {
						t.Error(err)
					}
					continue
				}
				ids[g] = append(ids[g], id)
				if i%7 == 0 {
					if err := c.Cancel(id, "test"); err != nil && !errors.Is(err, ErrEnded) && !errors.Is(err, ErrNoTask) {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	quiet(t, c)
	s := c.Snapshot()
	n := 0
	for _, times := range ran {
		if times != 1 {
			t.Fatalf("a task ran %d times", times)
		}
		n++
	}
	all := slices.Concat(ids...)
	if s.Counts.Ended[Done] != uint64(n) || s.Counts.Ended[Done]+s.Counts.Ended[Cancelled] != uint64(len(all)) || len(c.Tasks()) != 0 || c.open.Load() != 0 {
		t.Errorf("%d ran, %+v of %d; %d left, %d open", n, s.Counts, len(all), len(c.Tasks()), c.open.Load())
	}
}
