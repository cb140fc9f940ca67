package conductor

import "time"

// loadLength is how many submissions are remembered.
const loadLength = 4096

// Arrival is one submission.
type Arrival struct {
	At     time.Duration // since the conductor was opened
	Tasks  int
	Levels [levels]uint16 // tasks of each
}

// load is the last submissions, as a ring.
type load struct {
	ring []Arrival
	next int
}

func (l *load) add(now time.Duration, list []*task) {
	a := Arrival{At: now, Tasks: len(list)}
	for _, t := range list {
		a.Levels[t.level]++
	}
	if len(l.ring) < loadLength {
		l.ring = append(l.ring, a)
		return
	}
	l.ring[l.next] = a
	l.next = (l.next + 1) % loadLength
}

// Load returns the last submissions that were accepted, the latest last; at most
// 4096. What would be better for the queue is measured on them.
func (c *Conductor) Load() []Arrival {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append(append([]Arrival(nil), c.load.ring[c.load.next:]...), c.load.ring[:c.load.next]...)
}
