package text

import "rayos/geom"

// lineAt returns the line that y lies in, or the nearest.
func (l *Layout) lineAt(y geom.Fixed) int {
	for i := range l.lines {
		if y < l.lines[i].Bottom {
			return i
		}
	}
	return len(l.lines) - 1
}

// lineOf returns the line that holds a caret. Where a wrapped line ends and
// the next one starts, the caret stands on the next one, or, with before, at
// the end of the first.
func (l *Layout) lineOf(at int, before bool) int {
	for i := range l.lines {
		ln := &l.lines[i]
		if at < ln.End || i == len(l.lines)-1 {
			return i
		}
		if at == ln.End && (before || l.lines[i+1].Start > at) {
			return i
		}
	}
	return 0
}

// Hit returns the caret nearest to p: a byte offset between two graphemes, and
// whether the caret belongs to what comes before it (see Caret).
func (l *Layout) Hit(p geom.FixedPoint) (at int, before bool) {
	ln := &l.lines[l.lineAt(p.Y)]
	at = ln.Start
	if len(ln.stops) == 0 {
		return at, false
	}
	best := geom.Fixed(1<<31 - 1)
	for i := range ln.stops {
		s := &ln.stops[i]
		lead, trail := s.x0, s.x1
		if s.rtl {
			lead, trail = trail, lead
		}
		for k, x := range [2]geom.Fixed{lead, trail} {
			d := x - p.X
			if d < 0 {
				d = -d
			}
			// Inside of a box its own edges win over equal ones of others.
			if inside := s.x0 <= p.X && p.X < s.x1; d < best || d == best && inside {
				best = d
				at, before = int(s.start), false
				if k == 1 {
					at, before = int(s.end), true
				}
			}
		}
	}
	return at, before
}

// Caret returns where the caret at a byte offset stands: a box without width,
// as high as its line. An offset within a grapheme counts as its start. Where
// left-to-right and right-to-left text meet, or a line wraps, there are two
// such places; before asks for the one after the preceding character.
func (l *Layout) Caret(at int, before bool) geom.FixedRect {
	ln := &l.lines[l.lineOf(at, before)]
	box := func(x geom.Fixed) geom.FixedRect { return geom.FixedRect{X0: x, Y0: ln.Top, X1: x, Y1: ln.Bottom} }
	edge := func(s *stop, trailing bool) geom.Fixed {
		if s.rtl != trailing {
			return s.x1
		}
		return s.x0
	}
	var lead, trail *stop
	for i := range ln.stops {
		s := &ln.stops[i]
		if int(s.start) <= at && at < int(s.end) {
			lead = s
		}
		if int(s.end) == at {
			trail = s
		}
	}
	switch {
	case trail != nil && (before || lead == nil):
		return box(edge(trail, true))
	case lead != nil:
		return box(edge(lead, false))
	case ln.RTL:
		return box(ln.X1)
	case at > ln.Start:
		return box(ln.X1)
	}
	return box(ln.X0)
}

// Selection appends the boxes of the text from byte start to end to dst: one
// for each stretch that is seen together, as high as its line.
func (l *Layout) Selection(start, end int, dst []geom.FixedRect) []geom.FixedRect {
	for i := range l.lines {
		ln := &l.lines[i]
		if ln.End <= start && ln.Start != ln.End || ln.Start >= end {
			continue
		}
		first := len(dst)
		for k := range ln.stops {
			s := &ln.stops[k]
			if int(s.start) < start || int(s.end) > end || s.x0 == s.x1 {
				continue
			}
			if n := len(dst); n > first && dst[n-1].X1 == s.x0 {
				dst[n-1].X1 = s.x1
				continue
			}
			dst = append(dst, geom.FixedRect{X0: s.x0, Y0: ln.Top, X1: s.x1, Y1: ln.Bottom})
		}
	}
	return dst
}
