package bench

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/bench/rawclient"
)

// syncProbe measures wl_display.sync with client and compositor on one CPU, so
// that no figure depends on how long an idle virtual CPU takes to wake.
func syncProbe() Probe {
	return Probe{
		Name: "sync",
		Rows: []Row{
			{Key: "sync.p50", Name: "sync p50, one CPU", Unit: "us", Bar: ratioBar(1)},
			{Key: "sync.p99", Name: "sync p99, one CPU", Unit: "us", Bar: ratioBar(1)},
		},
		Run: func(s *Session, e Effort) (Values, error) {
			var v Values
			err := s.withClient(func(c *rawclient.Conn) error {
				return onOneCPU(s.Process, func() error {
					us, err := roundTrips(c, e.Syncs, 0)
					v = Values{"sync.p50": Quantile(us, 0.5), "sync.p99": Quantile(us, 0.99)}
					return err
				})
			})
			return v, err
		},
	}
}

const drawingClients = 20

// busySyncProbe measures wl_display.sync while twenty other clients redraw
// 256×256 windows at the output's rate, with all CPUs free to use. The windows are
// translucent, so that none is hidden and left without callbacks. The median has
// no bar: it tells how fast a virtual CPU wakes.
func busySyncProbe() Probe {
	return Probe{
		Name: "sync-busy",
		Rows: []Row{
			{Key: "sync20.p50", Name: "sync p50 beside 20 drawing clients", Unit: "us"},
			{Key: "sync20.p99", Name: "sync p99 beside 20 drawing clients", Unit: "us", Bar: ratioBar(1)},
			{Key: "sync20.t99", Name: "sync beside 20 drawing clients, p99 of time", Unit: "us", Bar: ratioBar(1)},
		},
		Run: func(s *Session, e Effort) (Values, error) {
			crowd, err := newCrowd(s, drawingClients, rawclient.WindowOptions{Title: "crowd", Width: 256, Height: 256, Buffers: 2, Format: rawclient.ARGB8888, Color: 0x80183050})
			if err != nil {
				return nil, err
			}
			var v Values
			err = crowd.whileDrawing(func() error {
				return s.withClient(func(c *rawclient.Conn) error {
					us, err := roundTrips(c, 100, time.Duration(e.BusyMillis)*time.Millisecond)
					v = Values{"sync20.p50": Quantile(us, 0.5), "sync20.p99": Quantile(us, 0.99), "sync20.t99": TimeQuantile(us, 0.99)}
					return err
				})
			})
			return v, errors.Join(err, crowd.close())
		},
	}
}

// roundTrips returns the durations of round trips in microseconds: at least n of
// them, and as many as fit into atLeast. It warms up first.
func roundTrips(c *rawclient.Conn, n int, atLeast time.Duration) ([]float64, error) {
	for range n/10 + 1 {
		if err := c.Sync(); err != nil {
			return nil, err
		}
	}
	us := make([]float64, 0, max(n, int(atLeast/(5*time.Microsecond))))
	start := time.Now()
	for last := start; len(us) < n || last.Sub(start) < atLeast; {
		begin := time.Now()
		if err := c.Sync(); err != nil {
			return nil, err
		}
		last = time.Now()
		us = append(us, float64(last.Sub(begin).Nanoseconds())/1e3)
	}
	return us, nil
}

// onOneCPU runs fn with this thread and all of p's on the last CPU that the
// driver may use, and lets them loose again afterwards.
func onOneCPU(p Process, fn func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return fmt.Errorf("affinity: %w", err)
	}
	for cpu := range len(all) * 64 {
		if all.IsSet(cpu) {
			one.Zero()
			one.Set(cpu)
		}
	}
	if err := errors.Join(p.Pin(&one), unix.SchedSetaffinity(0, &one)); err != nil {
		return err
	}
	return errors.Join(fn(), unix.SchedSetaffinity(0, &all), p.Pin(&all))
}
