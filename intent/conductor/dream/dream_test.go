package dream

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rayos/intent/conductor"
)

// knob is a job whose cost is set by what it changes.
type knob struct {
	value, kept  int
	better       bool
	hang         bool // Measure waits for the end of ctx once the value is changed
	panics, weak bool
	seeds        []uint64
	measured     int
}

func (k *knob) job() Job {
	return Job{
		Name: "knob",
		Measure: func(ctx context.Context) (float64, error) {
			k.measured++
			if k.value > k.kept {
				switch {
				case k.hang:
					<-ctx.Done()
					return 0, ctx.Err()
				case k.panics:
					panic("oh")
				case k.weak:
					return 0, errors.New("no workload")
				case k.better:
					return 1, nil
				}
			}
			return 1.04, nil
		},
		Try: func(_ context.Context, seed uint64) (func() error, error) {
			k.seeds = append(k.seeds, seed)
			k.value++
			return func() error { k.value--; return nil }, nil
		},
		Keep: func() error { k.kept = k.value; return nil },
	}
}

func setUp(t *testing.T, o Options, jobs ...Job) (*conductor.Conductor, *Dreamer) {
	t.Helper()
	c, err := conductor.Open(conductor.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		if err := d.Register(j); err != nil {
			t.Fatal(err)
		}
	}
	return c, d
}

func tearDown(t *testing.T, c *conductor.Conductor, d *Dreamer) {
	t.Helper()
	if err := errors.Join(c.Close(context.Background()), d.Close()); err != nil {
		t.Error(err)
	}
}

// last returns the steps of the last entries.
func last(d *Dreamer, n int) (steps string) {
	for _, e := range d.History(n) {
		steps += string(e.Step) + " "
	}
	return steps
}

func TestOnlyWhatIsBetterIsKept(t *testing.T) {
	for _, c := range []struct {
		name        string
		k           knob
		improvement float64
		kept        int
		steps       string
	}{
		{"better by the margin", knob{better: true}, 1.03, 1, "trying kept "},
		{"better, and not by the margin", knob{better: true}, 1.05, 0, "trying rolled-back "},
		{"the same", knob{}, 1.03, 0, "trying rolled-back "},
		{"it can't be measured any more", knob{weak: true}, 1.03, 0, "trying rolled-back "},
		{"it panics", knob{panics: true}, 1.03, 0, "trying "},
	} {
		synctest.Test(t, func(t *testing.T) {
			k := c.k
			con, d := setUp(t, Options{Improvement: c.improvement}, k.job())
			defer tearDown(t, con, d)
			d.SetPresence(Drowsy)
			synctest.Wait()
			if k.measured != 0 {
				t.Errorf("%s: tried while drowsy", c.name)
			}
			d.SetPresence(Dreaming)
			synctest.Wait()
			if k.value != c.kept || k.kept != c.kept || last(d, 9) != c.steps {
				t.Errorf("%s: value %d, kept %d, %s; want %d, %s", c.name, k.value, k.kept, last(d, 9), c.kept, c.steps)
			}
			measured := k.measured
			time.Sleep(24 * time.Hour)
			if k.measured != measured {
				t.Errorf("%s: it dreams on and on", c.name)
			}
		})
	}
}

// TestThePersonComesBack: the context ends, the change is taken back, all before
// time goes on.
func TestThePersonComesBack(t *testing.T) {
	for name, back := range map[string]func(*Dreamer){
		"the person": func(d *Dreamer) { d.SetPresence(Awake) },
		"the switch": func(d *Dreamer) { d.SetOff(true) },
	} {
		synctest.Test(t, func(t *testing.T) {
			k := knob{hang: true}
			c, d := setUp(t, Options{}, k.job())
			defer tearDown(t, c, d)
			d.SetPresence(Dreaming)
			synctest.Wait()
			if k.value != 1 || d.State() != Dreaming {
				t.Fatalf("%s: value %d, %v", name, k.value, d.State())
			}
			begin := time.Now()
			back(d)
			synctest.Wait()
			if k.value != 0 || time.Since(begin) != 0 || last(d, 1) != "rolled-back " || len(c.Tasks()) != 0 {
				t.Errorf("%s: value %d after %v, %s, %v", name, k.value, time.Since(begin), last(d, 1), c.Tasks())
			}
		})
	}
}

func TestOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := knob{better: true}
		c, d := setUp(t, Options{Off: true}, k.job())
		defer tearDown(t, c, d)
		d.SetPresence(Dreaming)
		synctest.Wait()
		if _, err := d.Run(); err == nil || k.measured != 0 || d.State() != Off {
			t.Errorf("off: %v, measured %d times, %v", err, k.measured, d.State())
		}
		id, err := c.Submit(conductor.Spec{Kind: Kind})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := c.Wait(t.Context(), id); err != nil || s.State != conductor.Failed || k.measured != 0 {
			t.Errorf("its task was submitted by hand: %+v, %v", s, err)
		}
		d.SetOff(false) // the person is still away
		synctest.Wait()
		if k.measured == 0 {
			t.Error("switched on, it doesn't dream")
		}
	})
}

// TestBusyAndForbidden: with much to do or against the rules it comes later.
func TestBusyAndForbidden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := knob{}
		var full atomic.Bool
		c, d := setUp(t, Options{Allowed: func() error {
			if full.Load() {
				return nil
			}
			return errors.New("the battery is low")
		}}, k.job())
		defer tearDown(t, c, d)
		if err := c.Register(conductor.Kind{Name: "work", Run: func(context.Context, conductor.Task) error { time.Sleep(time.Second); return nil }}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Submit(conductor.Spec{Kind: "work", Level: conductor.Normal}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		d.SetPresence(Dreaming)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if k.measured > 0 || c.Tasks()[0].Reason != "the battery is low" {
			t.Errorf("measured %d times; %+v", k.measured, c.Tasks())
		}
		full.Store(true)
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		if k.measured == 0 {
			t.Error("it didn't come back to it")
		}
	})
}

func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var spent time.Duration
		runs := map[string]int{}
		job := func(name string) Job {
			return Job{
				Name:    name,
				Measure: func(context.Context) (float64, error) { runs[name]++; spent += time.Minute; return 1, nil },
				Try: func(context.Context, uint64) (func() error, error) {
					return func() error { return nil }, nil
				},
			}
		}
		c, d := setUp(t, Options{CPUBudget: 7 * time.Minute, CPU: func() time.Duration { return spent }}, job("a"), job("b"), job("c"))
		defer tearDown(t, c, d)
		d.SetPresence(Dreaming)
		synctest.Wait()
		if runs["a"] != 6 || runs["b"] != 2 || runs["c"] != 0 || last(d, 1) != "rolled-back " {
			t.Errorf("measured %v, %s", runs, last(d, 9))
		}
		spent = 0
		d.SetPresence(Awake)
		d.SetPresence(Dreaming)
		synctest.Wait()
		if runs["c"] == 0 {
			t.Errorf("those that were left out don't come first: %v", runs)
		}
	})
}

// TestACrashIsTakenBack ends without a word in the middle of a try.
func TestACrashIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		k := knob{hang: true}
		c, d := setUp(t, Options{Dir: dir, Seed: 5}, k.job())
		d.SetPresence(Dreaming)
		synctest.Wait()
		b, err := os.ReadFile(filepath.Join(dir, "journal"))
		if err != nil {
			t.Fatal(err)
		}
		tearDown(t, c, d)
		left := t.TempDir()
		if err := os.WriteFile(filepath.Join(left, "journal"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		recovered := 0
		again := knob{}
		j := again.job()
		j.Recover = func() error { recovered++; return nil }
		c, d = setUp(t, Options{Dir: left, Seed: 5}, j)
		if recovered != 1 || last(d, 9) != "trying recovered " {
			t.Errorf("recovered %d times, %s", recovered, last(d, 9))
		}
		d.SetPresence(Dreaming)
		synctest.Wait()
		tearDown(t, c, d)
		if again.seeds[0] == k.seeds[0] {
			t.Error("the second try has the first one's seed")
		}

		once := knob{}
		c, d = setUp(t, Options{Dir: t.TempDir(), Seed: 5}, once.job())
		d.SetPresence(Dreaming)
		synctest.Wait()
		tearDown(t, c, d)
		if once.seeds[0] != k.seeds[0] {
			t.Error("the same seed and job made another try")
		}
		c, d = setUp(t, Options{Dir: left, Seed: 5}, j)
		tearDown(t, c, d)
		if recovered != 1 {
			t.Error("recovered from what was over")
		}
	})
}

// TestBatch runs the conductor's own job on what the conductor was given.
func TestBatch(t *testing.T) {
	c, d := setUp(t, Options{})
	defer tearDown(t, c, d)
	dir := t.TempDir()
	j := Batch(c, dir)
	if _, err := j.Measure(t.Context()); !errors.Is(err, ErrNothing) {
		t.Errorf("measured without a load: %v", err)
	}
	if err := c.Register(conductor.Kind{Name: "noop", Run: func(context.Context, conductor.Task) error { return nil }}); err != nil {
		t.Fatal(err)
	}
	for i := range 2 * batchLeast {
		if _, err := c.Submit(conductor.Spec{Kind: "noop", Level: conductor.Level(i % 5)}); err != nil {
			t.Fatal(err)
		}
	}
	if cost, err := j.Measure(t.Context()); err != nil || cost <= 0 {
		t.Errorf("cost %v, %v", cost, err)
	}
	for start := 1; start <= conductor.MaxBatch; start *= 2 {
		for seed := range uint64(2) {
			c.SetBatch(start)
			undo, err := j.Try(t.Context(), seed)
			if err != nil || c.Batch() == start {
				t.Errorf("from %d by seed %d to %d, %v", start, seed, c.Batch(), err)
			}
			if err := undo(); err != nil || c.Batch() != start {
				t.Errorf("back to %d, %v; want %d", c.Batch(), err, start)
			}
		}
	}
	c.SetBatch(32)
	if err := j.Keep(); err != nil {
		t.Fatal(err)
	}
	c.SetBatch(16)
	if err := Restore(c, dir); err != nil || c.Batch() != 32 {
		t.Errorf("restored %d, %v", c.Batch(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, tuning), []byte(`{"batch":100000}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Restore(c, dir); err == nil || c.Batch() != 32 {
		t.Errorf("restored %d, %v", c.Batch(), err)
	}
	if err := Restore(c, t.TempDir()); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Measure(ctx); err == nil {
		t.Error("measured on when nobody wants it")
	}
}
