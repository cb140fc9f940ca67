package conductor

import (
	"context"
	"sync"
	"syscall"
	"testing"
)

// used is the CPU of this process, in ns: neighbours count less than in the time.
func used(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// BenchmarkNoop is a task's way from SubmitWait to its end, beside a channel with
// as many goroutines: the queue's bound is the same. Batches say how many tasks
// come at once and how many a worker takes at once.
func BenchmarkNoop(b *testing.B) {
	const bound, workers = DefaultQueue, 2
	b.Run("channel", func(b *testing.B) {
		ch := make(chan func(context.Context, Task) error, bound)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for f := range ch {
					_ = f(context.Background(), Task{})
				}
			})
		}
		for range b.N {
			ch <- func(context.Context, Task) error { return nil }
		}
		close(ch)
		wg.Wait()
	})
	run := func(name string, at, take int, dir bool) {
		b.Run(name, func(b *testing.B) {
			o := Options{Workers: workers, Batch: take}
			if dir {
				o.Dir = b.TempDir()
			}
			c, err := Open(o)
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close(context.Background())
			if err := c.Register(Kind{Name: "noop", Run: func(context.Context, Task) error { return nil }}); err != nil {
				b.Fatal(err)
			}
			list := make([]Spec, at)
			for i := range list {
				list[i] = Spec{Kind: "noop", Level: Normal}
			}
			b.ReportAllocs()
			b.ResetTimer()
			cpu := used(b)
			for left := b.N; left > 0; left -= at {
				if _, err := c.SubmitWait(context.Background(), list[:min(at, left)]); err != nil {
					b.Fatal(err)
				}
			}
			if err := c.Quiet(context.Background()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(used(b)-cpu)/float64(b.N), "cpu-ns/op")
			h := c.Latency()
			b.ReportMetric(float64(h.Quantile(0.99).Nanoseconds()), "p99-ns")
		})
	}
	run("memory/one/take1", 1, 1, false)
	run("memory/one/take16", 1, 16, false)
	run("memory/one/take64", 1, 64, false)
	run("memory/256/take1", 256, 1, false)
	run("memory/256/take16", 256, 16, false)
	run("memory/256/take64", 256, 64, false)
	run("journal/256/take16", 256, 16, true)
	run("journal/256/take64", 256, 64, true)
}
