package conductor

import (
	"slices"
	"time"
)

// dues is a heap of tasks by a time of theirs. at returns the time and the
// task's place in the heap, counted from 1; 0 is none.
type dues struct {
	list []*task
	at   func(*task) (time.Duration, *int)
}

func (h *dues) when(i int) time.Duration { d, _ := h.at(h.list[i]); return d }

func (h *dues) put(i int, t *task) {
	h.list[i] = t
	_, p := h.at(t)
	*p = i + 1
}

func (h *dues) add(t *task) {
	h.list = append(h.list, t)
	h.up(len(h.list) - 1)
}

func (h *dues) remove(t *task) {
	_, p := h.at(t)
	i := *p - 1
	if i < 0 {
		return
	}
	*p = 0
	last := len(h.list) - 1
	moved := h.list[last]
	h.list[last] = nil
	h.list = h.list[:last]
	if i == last {
		return
	}
	h.put(i, moved)
	h.down(i)
	h.up(i)
	if cap(h.list) > 1024 && last < cap(h.list)/8 {
		h.list = slices.Clone(h.list)
	}
}

func (h *dues) up(i int) {
	t := h.list[i]
	d, _ := h.at(t)
	for i > 0 && d < h.when((i-1)/2) {
		h.put(i, h.list[(i-1)/2])
		i = (i - 1) / 2
	}
	h.put(i, t)
}

func (h *dues) down(i int) {
	t := h.list[i]
	d, _ := h.at(t)
	for {
		c := 2*i + 1
		if c+1 < len(h.list) && h.when(c+1) < h.when(c) {
			c++
		}
		if c >= len(h.list) || d <= h.when(c) {
			break
		}
		h.put(i, h.list[c])
		i = c
	}
	h.put(i, t)
}

// first returns the task whose time comes first and the time, nil if there is
// none.
func (h *dues) first() (*task, time.Duration) {
	if len(h.list) == 0 {
		return nil, 0
	}
	return h.list[0], h.when(0)
}
