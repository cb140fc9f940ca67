package compute

import (
	"errors"
	"time"
)

// slice is a part of a program: one dispatch.
type slice struct {
	first, count int
	at           time.Time // submitted
}

// run is a program on a device: slices that end in time, two under way at once.
// The device takes items of a slice one by one; what a slice has left when all
// its workers have used up their budget is a slice again.
type run struct {
	e      *Engine
	j      *job
	next   int     // first item that no slice has had
	left   []slice // what budgets have left
	flight [inFlight]slice
	slot   int // of the next submission
	under  int // slices under way
	done   int // items
	last   time.Time
}

// dispatch computes a task on the device. After an error the task has to begin
// again, and unless it was too large the device has been given up.
func (e *Engine) dispatch(j *job) error {
	j.query = e.byQuery(j.program)
	if err := e.load(j.program); err != nil {
		if errors.Is(err, errLost) || errors.Is(err, errTimeout) {
			e.drop(err)
		} else {
			e.config.Log("s1: %s of %d items goes to the CPU: %v", j.kernel, j.items, err)
		}
		return err
	}
	r := run{e: e, j: j}
	if err := r.run(); err != nil {
		e.drop(err)
		return err
	}
	if e.healthy++; e.healthy == recovered {
		e.retryAfter = firstRetry
	}
	return nil
}

// byQuery decides whether a task goes by ray queries.
func (e *Engine) byQuery(p *program) bool {
	if !e.queries || p.trace == nil || p.trace.Tree.Len() == 0 {
		return false
	}
	far, ok := reach(p.trace.Rays)
	p.far = far
	return ok
}

// load brings a task to the device. One whose scene it can't make goes by the
// trace kernel.
func (e *Engine) load(p *program) error {
	if p.query {
		timeout := abandonAt
		if e.measuring {
			timeout = firstTime
		}
		w, err := e.device.(tracer).arrange(p, e.fault, timeout)
		switch {
		case errors.Is(err, errLost) || errors.Is(err, errTimeout):
			return err
		case err != nil:
			p.query = false
			if why := err.Error(); why != e.told {
				e.told = why
				e.config.Log("s1: rays go by the trace kernel: %v", err)
			}
		case w != stands:
			e.count(func(s *Stats) {
				if s.Refits++; w == anew {
					s.Refits--
					s.Scenes++
				}
			})
			if e.config.RTLog {
				e.config.Log("s1: RT scene of %d boxes: %s", p.trace.Tree.Len(), w)
			}
		}
	}
	return e.device.load(p)
}

// fault is what is to go wrong with what is submitted next.
func (e *Engine) fault() Fault {
	if e.config.Fault == nil || e.measuring {
		return NoFault
	}
	e.dispatches++
	return e.config.Fault(e.dispatches - 1)
}

func (r *run) run() error {
	for r.done < r.j.items {
		if err := r.fill(); err != nil {
			return err
		}
		if err := r.collect(); err != nil {
			return err
		}
		if r.done < r.j.items && r.e.waiting(r.j.priority.level()) {
			if err := r.giveWay(); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill submits until enough is under way or nothing is left.
func (r *run) fill() error {
	for r.under < inFlight && (len(r.left) > 0 || r.next < r.j.items) {
		room := r.e.chunk[r.j.way()]
		var s slice
		if n := len(r.left); n > 0 {
			s, r.left = r.left[n-1], r.left[:n-1]
			if s.count > room {
				r.left = append(r.left, slice{first: s.first + room, count: s.count - room})
				s.count = room
			}
			r.e.count(func(st *Stats) { st.Again++ })
		} else {
			s = slice{first: r.next, count: min(room, r.j.items-r.next)}
			r.next += s.count
		}
		if err := r.submit(&s); err != nil {
			return err
		}
		r.flight[r.slot] = s
		r.slot = (r.slot + 1) % inFlight
		r.under++
	}
	return nil
}

func (r *run) submit(s *slice) error {
	e := r.e
	each := workers
	if r.j.kernel.grouped() {
		each = 1
	}
	groups := min(e.config.groups, (s.count+each-1)/each)
	budget := min(e.config.budget, (s.count+groups*each-1)/(groups*each))
	fault := e.fault()
	s.at = time.Now()
	e.count(func(st *Stats) { st.Dispatches++ })
	return e.device.submit(r.slot, s.first, s.count, budget, groups, fault)
}

// collect waits for the oldest slice under way and takes its results.
func (r *run) collect() error {
	e := r.e
	slot := (r.slot - r.under + inFlight) % inFlight
	patience := slowAfter
	if e.measuring {
		patience = firstTime
	}
	taken, err := e.device.wait(slot, patience)
	if errors.Is(err, errTimeout) && !e.measuring {
		e.count(func(st *Stats) { st.Slow++ })
		e.config.Log("s1: slow: a dispatch of %d items of %s has taken %v", r.flight[slot].count, r.j.kernel, slowAfter)
		taken, err = e.device.wait(slot, abandonAt-slowAfter)
	}
	if err != nil {
		return err
	}
	s := r.flight[slot]
	r.under--
	now := time.Now()
	began := s.at // or when the one before it ended
	if r.last.After(began) {
		began = r.last
	}
	r.last = now
	e.adapt(r.j.way(), s.count, now.Sub(began))
	e.device.fetch(r.j.program, s.first, taken)
	r.done += taken
	if taken < s.count {
		r.left = append(r.left, slice{first: s.first + taken, count: s.count - taken})
	}
	return nil
}

// giveWay lets tasks of higher levels have the device, and takes it back.
func (r *run) giveWay() error {
	for r.under > 0 {
		if err := r.collect(); err != nil {
			return err
		}
	}
	if !r.e.yield(r.j) {
		return nil
	}
	if r.e.device == nil {
		return errLost // in another task's hands
	}
	return r.e.load(r.j.program)
}

// adapt chooses how many items the next dispatch of a kernel has, by how long
// one took.
func (e *Engine) adapt(k Kernel, count int, took time.Duration) {
	least, most := workers, workers*maxGroups*maxBudget
	if k.grouped() {
		least, most = 1, maxGroups*maxBudget
	}
	n := e.chunk[k]
	switch {
	case took > hardCap:
		e.count(func(st *Stats) { st.Overruns++ })
		n = int(int64(n) * int64(targetTime) / int64(took))
	case took > targetTime:
		n /= 2
	case took < shortTime && count == n:
		n += n/4 + 1
	}
	e.chunk[k] = max(least, min(n, most))
}
