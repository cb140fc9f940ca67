package conductor

import (
	"math/bits"
	"sync"
	"time"
)

// Counts is what a Conductor has done since it was opened.
type Counts struct {
	Submitted uint64
	Refused   uint64         // not taken in
	Retried   uint64         // attempts that were followed by another
	Stolen    uint64         // taken from another worker
	Ended     [states]uint64 // by State
}

// frame is the time that entropy is measured by: one of 60 in a second.
const frame = 16_666 * time.Microsecond

const (
	slotTime = 10 * time.Second
	slots    = 6 // a minute
)

// Histogram counts durations in buckets that are at most an eighth wide.
type Histogram struct {
	Count  uint64
	Sum    time.Duration
	Bucket [8 * 48]uint64
}

// bucketOf returns a duration's bucket: eight for each power of two of
// nanoseconds.
func bucketOf(d time.Duration) int {
	n := uint64(max(d, 0))
	if n < 8 {
		return int(n)
	}
	e := bits.Len64(n) - 4
	return min(8*e+int(n>>e), len(Histogram{}.Bucket)-1)
}

// bucketEnd is the longest duration of a bucket.
func bucketEnd(i int) time.Duration {
	if i < 16 {
		return time.Duration(i)
	}
	e := i/8 - 1
	return time.Duration(uint64(i-8*e+1)<<e - 1)
}

// Add counts a duration.
func (h *Histogram) Add(d time.Duration) {
	h.Count++
	h.Sum += d
	h.Bucket[bucketOf(d)]++
}

// Merge counts those of another one, too.
func (h *Histogram) Merge(o *Histogram) {
	h.Count += o.Count
	h.Sum += o.Sum
	for i, n := range o.Bucket {
		h.Bucket[i] += n
	}
}

// Quantile returns the duration that a part q of them doesn't exceed, to an
// eighth; 0 if there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	left := uint64(float64(h.Count) * q)
	if left >= h.Count {
		left = h.Count - 1
	}
	for i, n := range h.Bucket {
		if left < n {
			return bucketEnd(i)
		}
		left -= n
	}
	return 0
}

// stats are figures of tasks that were done: a worker's, or of those that last.
type stats struct {
	mu      sync.Mutex
	latency Histogram // submit → end
	slot    [slots]struct {
		at  int64
		n   int64
		sum time.Duration
	}
}

func (s *stats) add(t *task, end time.Duration) {
	d := end - t.submitted
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency.Add(d)
	if t.level == Dream || !t.direct || t.attempt.Load() != 1 {
		return
	}
	at := int64(end / slotTime)
	k := &s.slot[at%slots]
	if k.at != at {
		k.at, k.n, k.sum = at, 0, 0
	}
	k.n++
	k.sum += d
}

// Latency is how long the tasks took that were done, from submit to end.
func (c *Conductor) Latency() Histogram {
	c.mu.Lock()
	defer c.mu.Unlock()
	var h Histogram
	for _, s := range c.figures() {
		s.mu.Lock()
		h.Merge(&s.latency)
		s.mu.Unlock()
	}
	return h
}

// Entropy is 0 to 1; see the package's comment.
func (c *Conductor) Entropy() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.entropy(c.now())
}

func (c *Conductor) entropy(now time.Duration) float64 {
	var n int64
	var sum time.Duration
	for _, s := range c.figures() {
		s.mu.Lock()
		for i := range s.slot {
			if k := &s.slot[i]; k.n > 0 && k.at > int64(now/slotTime)-slots {
				n += k.n
				sum += k.sum
			}
		}
		s.mu.Unlock()
	}
	if n == 0 {
		return 0
	}
	return min(1, float64(sum)/float64(n)/float64(frame))
}

// figures are all there are. The lock is held.
func (c *Conductor) figures() []*stats {
	list := []*stats{&c.lasting}
	for _, w := range c.workers {
		list = append(list, &w.stats)
	}
	return list
}
