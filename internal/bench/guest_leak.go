package bench

import (
	"errors"
	"time"
)

// hidden is longer than the desktop takes to be done with hiding a machine: two
// seconds later it writes down where windows were, and session and rayos-vm give
// memory back.
const hidden = 3 * time.Second

// measureLeak shows and hides the machine, and looks whether what the session and
// rayos-vm hold grows. It reads them at rest, when all garbage is collected and
// given back: until then, a heap that keeps nothing spreads over more and more
// pages for thousands of rounds.
func (w *world) measureLeak(e Effort, v Values) error {
	rounds := func(n int) error {
		for range n {
			if err := errors.Join(w.do("show"), w.do("hide")); err != nil {
				return err
			}
		}
		time.Sleep(hidden)
		return nil
	}
	if err := rounds(max(1, e.Cycles/4)); err != nil {
		return err
	}
	st, err := w.status()
	if err != nil {
		return err
	}
	step := max(1, e.Cycles/min(max(e.Cycles/100, 3), 20))
	var done, kept, files []float64
	for n := 0; n < e.Cycles; n += step {
		if err := rounds(step); err != nil {
			return err
		}
		dirty, open, err := held(w.session.Process, Process{st.HostPID})
		if err != nil {
			return err
		}
		done, kept, files = append(done, float64(n+step)), append(kept, dirty), append(files, open)
	}
	v["guest.leak"] = Growth(done, kept) * 1000
	v["guest.leak.fds"] = max(0, Slope(done, files)*1000)
	return nil
}

// held is the private dirty memory of processes, in KiB, and their descriptors.
func held(list ...Process) (dirty, open float64, err error) {
	for _, p := range list {
		m, err := p.Memory()
		if err != nil {
			return 0, 0, err
		}
		fds, err := p.Files()
		if err != nil {
			return 0, 0, err
		}
		dirty, open = dirty+float64(m.PrivateDirty), open+float64(fds)
	}
	return dirty, open, nil
}
