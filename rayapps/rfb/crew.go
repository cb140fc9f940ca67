package rfb

import (
	"sync"

	"rayos/geom"
)

// inlineBelow is how many pixels a rectangle needs to be worth a hand-over.
const inlineBelow = 16 << 10

// zrleStream and zlibStream follow Tight's four zlib streams.
const (
	zrleStream = 4
	zlibStream = 5
	streams    = 6
)

// job is a rectangle whose bytes have been read. Its stream is one that it
// inflates from, or -1.
type job struct {
	rect    geom.Rect
	enc     Encoding
	index   int   // of the rectangle in its update
	pos     int64 // of its data
	stream  int
	head    tightHead
	payload []byte
	running bool
}

// crew decodes jobs on up to n goroutines as if in order.
type crew struct {
	fb      *Framebuffer
	zlib    *[streams]inflater
	n       int
	started int
	wg      sync.WaitGroup

	mu   sync.Mutex
	cond sync.Cond // a job came or went, or the crew was closed
	// Guarded by mu.
	jobs   []*job // not yet done, in order
	free   []*job
	err    error // the first of a worker
	closed bool
}

func newCrew(n int, fb *Framebuffer, zlib *[streams]inflater) *crew {
	w := &crew{fb: fb, zlib: zlib, n: n}
	w.cond.L = &w.mu
	for range 2*n + 1 {
		w.free = append(w.free, &job{})
	}
	return w
}

// get returns an idle job, when there is one.
func (w *crew) get() *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.free) == 0 {
		w.cond.Wait()
	}
	j := w.free[len(w.free)-1]
	w.free = w.free[:len(w.free)-1]
	j.payload = j.payload[:0]
	return j
}

// put gives an idle job back.
func (w *crew) put(j *job) {
	if cap(j.payload) > 4<<20 {
		j.payload = nil
	}
	w.mu.Lock()
	w.free = append(w.free, j)
	w.cond.Broadcast()
	w.mu.Unlock()
}

// post hands j over.
func (w *crew) post(j *job) {
	if w.started < w.n {
		w.started++
		w.wg.Add(1)
		go w.work()
	}
	w.mu.Lock()
	j.running = false
	w.jobs = append(w.jobs, j)
	w.cond.Broadcast()
	w.mu.Unlock()
}

// clear reports whether none of the first n jobs touches r or the stream.
// Preconditions: w.mu is held.
func (w *crew) clear(n int, r geom.Rect, stream int) bool {
	for _, k := range w.jobs[:n] {
		if k.rect.Overlaps(r) || (stream >= 0 && k.stream == stream) {
			return false
		}
	}
	return true
}

// idle reports whether a rectangle may be decoded now, beside the jobs.
func (w *crew) idle(r geom.Rect, stream int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clear(len(w.jobs), r, stream)
}

// await waits until idle would say yes, and returns a worker's error.
func (w *crew) await(r geom.Rect, stream int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.clear(len(w.jobs), r, stream) {
		w.cond.Wait()
	}
	return w.err
}

// flush waits for all jobs, and returns a worker's error.
func (w *crew) flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.jobs) > 0 {
		w.cond.Wait()
	}
	return w.err
}

// close ends the workers; jobs that have not begun are dropped.
func (w *crew) close() {
	w.mu.Lock()
	w.closed = true
	w.cond.Broadcast()
	w.mu.Unlock()
	w.wg.Wait()
}

// next returns the first job that nothing before it holds up; nil at the end.
func (w *crew) next() *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		if w.closed {
			return nil
		}
		for i, j := range w.jobs {
			if !j.running && w.clear(i, j.rect, j.stream) {
				j.running = true
				return j
			}
		}
		w.cond.Wait()
	}
}

func (w *crew) work() {
	defer w.wg.Done()
	p := &painter{fb: w.fb}
	d := newReader(nil)
	for j := w.next(); j != nil; j = w.next() {
		err := p.do(j, w.zlib, d)
		w.mu.Lock()
		if err != nil && w.err == nil {
			w.err = j.wrap(err)
		}
		for i, k := range w.jobs {
			if k == j {
				w.jobs = append(w.jobs[:i], w.jobs[i+1:]...)
				break
			}
		}
		w.mu.Unlock()
		w.put(j)
	}
}
