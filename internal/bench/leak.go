package bench

import (
	"errors"
	"fmt"

	"rayos/internal/bench/rawclient"
)

// leakProbe opens and closes windows, each on a connection of its own, and fits
// a line through the private dirty memory seen on the way.
func leakProbe() Probe {
	return Probe{
		Name: "leak",
		Rows: []Row{
			{Key: "cycle.cpu", Name: "CPU per connect, map, close", Unit: "ms", Bar: ratioBar(1)},
			{Key: "leak.slope", Name: "memory kept per 1000 windows opened and closed", Unit: "KiB", Bar: limitBar(0)},
		},
		Rounds: 1,
		Run: func(s *Session, e Effort) (Values, error) {
			// The first cycles fill caches and free lists.
			warm := max(1, e.Cycles/4)
			if err := s.openAndClose(warm); err != nil {
				return nil, err
			}
			const samples = 20
			step := max(1, e.Cycles/samples)
			var done, kept []float64
			cpu, err := s.spent(func() error {
				for n := 0; n < e.Cycles; n += step {
					if err := s.openAndClose(step); err != nil {
						return err
					}
					m, err := s.Memory()
					if err != nil {
						return err
					}
					done = append(done, float64(n+step))
					kept = append(kept, float64(m.PrivateDirty))
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
			return Values{
				"cycle.cpu":  cpu.Seconds() * 1e3 / done[len(done)-1],
				"leak.slope": max(0, Slope(done, kept)*1000),
			}, nil
		},
	}
}

// openAndClose maps n windows one after another. Every other client leaves
// without destroying anything.
func (s *Session) openAndClose(n int) error {
	for i := range n {
		err := s.withWindow(rawclient.WindowOptions{Title: "cycle", Width: 64, Height: 64, Buffers: 1, Format: rawclient.XRGB8888, Color: 0xffa0a0a0},
			func(c *rawclient.Conn, w *rawclient.Window) error {
				if i%2 == 1 {
					return nil
				}
				return errors.Join(w.Destroy(), c.Sync())
			})
		if err != nil {
			return fmt.Errorf("cycle %d: %w", i+1, err)
		}
	}
	return nil
}
