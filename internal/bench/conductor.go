package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"rayos/intent/conductor"
)

const (
	conductorTasks      = 1_000_000
	conductorSubmitters = 4
	conductorBatch      = 256 // tasks that one commit of the journal acknowledges
)

// conductorProbe measures tasks that do nothing, from their submission to the end
// that counts: in memory, with the journal, and beside them a channel of as many
// places and goroutines, which has no levels, no ends to wait for and nothing to
// cancel. All have four submitters that wait for room.
func conductorProbe() Probe {
	p := Probe{Name: "conductor", Peers: []string{}, Start: measureConductor}
	for _, way := range []struct{ key, name string }{
		{"pool", "channel and goroutines"}, {"memory", "conductor"}, {"batch", "conductor, 256 at once"}, {"journal", "conductor with its journal, 256 at once"},
	} {
		for _, f := range []struct{ key, name, unit string }{
			{"task", "time for a task", "us"}, {"cpu", "CPU for a task", "us"}, {"p50", "submit to end, p50", "ms"}, {"p99", "submit to end, p99", "ms"},
		} {
			p.Rows = append(p.Rows, Row{Key: "conductor." + way.key + "." + f.key, Name: way.name + ": " + f.name, Unit: f.unit})
		}
	}
	return p
}

func measureConductor(_ *Launcher, _ *Compositor, e Effort) (Values, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // what tasks leave behind is part of their cost
	n := conductorTasks
	if e.Rounds == Quick.Rounds {
		n /= 20
	}
	v := Values{}
	for _, way := range []struct {
		key string
		run func(n int) (conductor.Histogram, error)
	}{
		{"pool", poolTasks},
		{"memory", func(n int) (conductor.Histogram, error) { return conductorRun(n, 1, false) }},
		{"batch", func(n int) (conductor.Histogram, error) { return conductorRun(n, conductorBatch, false) }},
		{"journal", func(n int) (conductor.Histogram, error) { return conductorRun(n, conductorBatch, true) }},
	} {
		runtime.GC()
		cpu, err := ownCPU()
		if err != nil {
			return nil, err
		}
		begin := time.Now()
		h, err := way.run(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", way.key, err)
		}
		took := time.Since(begin)
		after, err := ownCPU()
		if err != nil {
			return nil, err
		}
		if h.Count != uint64(n) {
			return nil, fmt.Errorf("%s: %d tasks ended; want %d", way.key, h.Count, n)
		}
		key := "conductor." + way.key
		v[key+".task"] = took.Seconds() * 1e6 / float64(n)
		v[key+".cpu"] = (after - cpu).Seconds() * 1e6 / float64(n)
		v[key+".p50"] = h.Quantile(0.5).Seconds() * 1e3
		v[key+".p99"] = h.Quantile(0.99).Seconds() * 1e3
	}
	return v, nil
}

func ownCPU() (time.Duration, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}

func conductorWorkers() int { return max(runtime.GOMAXPROCS(0), 2) }

// poolTasks is what many programs do instead.
func poolTasks(n int) (conductor.Histogram, error) {
	type task struct {
		at  time.Time
		run func(context.Context) error
	}
	tasks := make(chan task, conductor.DefaultQueue)
	ends := make([]conductor.Histogram, conductorWorkers())
	errs := make([]error, len(ends))
	var workers, submitters sync.WaitGroup
	for i := range ends {
		workers.Go(func() {
			for t := range tasks {
				errs[i] = errors.Join(errs[i], t.run(context.Background()))
				ends[i].Add(time.Since(t.at))
			}
		})
	}
	for range conductorSubmitters {
		submitters.Go(func() {
			for range n / conductorSubmitters {
				tasks <- task{time.Now(), func(context.Context) error { return nil }}
			}
		})
	}
	submitters.Wait()
	close(tasks)
	workers.Wait()
	var all conductor.Histogram
	for i := range ends {
		all.Merge(&ends[i])
	}
	return all, errors.Join(errs...)
}

// conductorRun has a conductor do n tasks, which come some at a time.
func conductorRun(n, at int, durable bool) (h conductor.Histogram, err error) {
	o := conductor.Options{Workers: conductorWorkers()}
	if durable {
		if o.Dir, err = os.MkdirTemp("", "raybench-conductor-"); err != nil {
			return h, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.Dir)) }()
	}
	c, err := conductor.Open(o)
	if err != nil {
		return h, err
	}
	defer func() { err = errors.Join(err, c.Close(context.Background())) }()
	if err := c.Register(conductor.Kind{Name: "noop", Run: func(context.Context, conductor.Task) error { return nil }}); err != nil {
		return h, err
	}
	errs := make([]error, conductorSubmitters)
	var submitters sync.WaitGroup
	for i := range errs {
		submitters.Go(func() {
			list := make([]conductor.Spec, at)
			for k := range list {
				list[k] = conductor.Spec{Kind: "noop", Level: conductor.Normal}
			}
			for left := n / conductorSubmitters; left > 0 && errs[i] == nil; left -= at {
				_, errs[i] = c.SubmitWait(context.Background(), list[:min(at, left)])
			}
		})
	}
	submitters.Wait()
	if err := errors.Join(errs...); err != nil {
		return h, err
	}
	if err := c.Quiet(context.Background()); err != nil {
		return h, err
	}
	return c.Latency(), nil
}
