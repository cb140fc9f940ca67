package ui

import "time"

// Ticker is a Node that asked to be called at some time.
type Ticker interface {
	// Tick is called once for each SetTimer, during the first frame that is
	// not before its time.
	Tick(e *Element, now time.Duration)
}

type timer struct {
	e  *Element
	at time.Duration
}

// SetTimer makes the root call Tick of e's node at a time of its clock, instead
// of what was set before.
func (e *Element) SetTimer(at time.Duration) {
	for i := range e.root.timers {
		if t := &e.root.timers[i]; t.e == e {
			t.at = at
			return
		}
	}
	e.root.timers = append(e.root.timers, timer{e, at})
}

// StopTimer undoes SetTimer.
func (e *Element) StopTimer() {
	for i, t := range e.root.timers {
		if t.e == e {
			last := len(e.root.timers) - 1
			e.root.timers[i] = e.root.timers[last]
			e.root.timers[last] = timer{}
			e.root.timers = e.root.timers[:last]
			return
		}
	}
}

// tick calls those whose time has come.
func (r *Root) tick(now time.Duration) {
	for i := 0; i < len(r.timers); {
		t := r.timers[i]
		if t.at > now {
			i++
			continue
		}
		t.e.StopTimer()
		if k, ok := t.e.node.(Ticker); ok {
			k.Tick(t.e, now)
		}
	}
}

// motion is a value from 0 to 256 on its way.
type motion struct {
	from, to int32
	start    time.Duration
	dur      time.Duration
}

// set sends the value to a place. It starts where it is now. Who calls it
// outside of Paint also repaints.
func (m *motion) set(e *Element, to int32, dur time.Duration) {
	if m.to == to {
		return
	}
	now := e.root.Now()
	m.from = m.value(now)
	m.to, m.start, m.dur = to, now, dur
	if e.Theme().Still {
		m.from = to
	}
}

// jump puts the value at a place.
func (m *motion) jump(to int32) { *m = motion{from: to, to: to} }

// at returns the value and asks for another frame while it moves.
func (m *motion) at(e *Element) int32 {
	now := e.root.Now()
	v := m.value(now)
	if v != m.to {
		e.Again(now)
	}
	return v
}

func (m *motion) value(now time.Duration) int32 {
	if m.from == m.to || now >= m.start+m.dur {
		return m.to
	}
	return m.from + (m.to-m.from)*ease(int64(max(now-m.start, 0)), int64(m.dur))/256
}

// ease is the cubic ease-out: t of d becomes 0 to 256.
func ease(t, d int64) int32 {
	u := 1024 - t*1024/d
	return int32((1<<30 - u*u*u) >> 22)
}

// Again asks for another frame at a time of the clock, or as soon as there can
// be one. It is for Paint.
func (e *Element) Again(at time.Duration) {
	if e.root.next < 0 || at < e.root.next {
		e.root.next = at
	}
}
