package raster

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

const (
	// shareCost is the cost of a pass from which more than one goroutine
	// works on it, about 4 ms of one core. Below, and for plain copies,
	// company costs more CPU time than it saves wall time: those wait for
	// memory.
	shareCost = 20 << 20
	// bandPixels is the size of a band: its rows stay in the second-level
	// cache while the ops run over them.
	bandPixels = 128 << 10
	// maxWorkers bounds the automatic choice; memory bandwidth is used up by
	// then.
	maxWorkers = 4
)

// pool runs passes, the large ones in bands on several goroutines. Between
// passes its goroutines are parked.
type pool struct {
	workers int
	least   int64 // cost from which to share
	local   *painter
	wake    chan struct{}
	started bool
	wait    sync.WaitGroup

	// The current pass. The fields below are written while next is not
	// positive, when no other goroutine reads them.
	pass  *pass
	rows  int32 // per band
	bands int32

	next     atomic.Int32  // bands not taken; claimed by decrement
	done     atomic.Int32  // bands finished
	finished chan struct{} // told by whoever finishes the last band, if not the caller
	trouble  atomic.Pointer[trouble]
}

// trouble is the first panic of a band.
type trouble struct{ value any }

func (q *pool) init(r *Renderer, workers int) {
	if workers <= 0 {
		workers = min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	q.workers = workers
	q.least = shareCost
	q.local = newPainter(r.k)
	q.wake = make(chan struct{}, workers)
	q.finished = make(chan struct{}, 1)
}

func (q *pool) start() {
	q.started = true
	for range q.workers - 1 {
		d, wake := newPainter(q.local.k), q.wake
		q.wait.Go(func() {
			onFault()
			for range wake {
				if q.work(d) {
					q.finished <- struct{}{}
				}
			}
		})
	}
}

func (q *pool) close() {
	if q.wake != nil {
		close(q.wake)
		q.wake = nil
		q.wait.Wait()
	}
}

// run draws p and returns when it is drawn.
func (q *pool) run(p *pass) error {
	if len(p.ops) == 0 {
		return nil
	}
	q.pass = p
	q.rows = max(bandPixels/p.target.W, 1)
	q.bands = (p.y1 - p.y0 + q.rows - 1) / q.rows
	share := q.workers > 1 && p.cost >= q.least && q.bands > 1
	if !share && len(p.ops) == 1 {
		q.rows, q.bands = p.y1-p.y0, 1
	}
	q.done.Store(0)
	q.next.Store(q.bands)
	if share {
		q.rouse()
	}
	was := onFault()
	last := q.work(q.local)
	debug.SetPanicOnFault(was)
	if !last {
		<-q.finished
	}
	q.pass = nil
	t := q.trouble.Swap(nil)
	switch {
	case t == nil:
		return nil
	case p.faulted(t.value):
		return ErrFault
	}
	panic(t.value)
}

// rouse wakes the other goroutines.
func (q *pool) rouse() {
	if !q.started {
		q.start()
	}
	for range q.workers - 1 {
		select {
		case q.wake <- struct{}{}:
		default: // one has not come round to an earlier call; it will see this pass
		}
	}
}

// work draws bands until none is left and reports whether it finished the
// last one of the pass.
func (q *pool) work(d *painter) (last bool) {
	for {
		i := q.next.Add(-1)
		if i < 0 {
			return last
		}
		bands := q.bands // not ours to read any more once the band is done
		q.band(d, bands-1-i)
		last = q.done.Add(1) == bands
	}
}

// band draws band i. A panic is kept for the caller of run.
func (q *pool) band(d *painter, i int32) {
	defer func() {
		if v := recover(); v != nil {
			q.trouble.CompareAndSwap(nil, &trouble{v})
		}
	}()
	y := q.pass.y0 + i*q.rows
	d.band(q.pass, y, min(y+q.rows, q.pass.y1))
}
