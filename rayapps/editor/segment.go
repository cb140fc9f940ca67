package editor

import (
	"bytes"
	"unicode/utf8"

	"rayos/rayapps/editor/buffer"
)

// maxSegment is how many bytes of a line are laid out together. The parts of a
// longer line stand below each other, so that no line takes longer than another.
const maxSegment = 4 << 10

// segment is a line without its end, or a part of a long one. Offsets are those
// of the text.
type segment struct {
	line       int64 // its number, from 0
	from       int64 // where the line starts
	end        int64 // where the line's text ends
	next       int64 // where the next line starts
	start, fin int64 // of the segment
}

// first reports whether the segment begins its line.
func (s segment) first() bool { return s.start == s.from }

// last reports whether the segment ends its line.
func (s segment) last() bool { return s.fin == s.end }

// segmentAt returns the segment that an offset lies in.
func segmentAt(t buffer.Text, off int64) segment {
	off = min(max(off, 0), t.Len())
	s := segment{line: t.LineOf(off)}
	s.from, s.end, s.next = t.Bounds(s.line)
	off = min(off, s.end)
	k := (off - s.from + utf8.UTFMax - 1) / maxSegment
	if k > 0 && off < s.border(t, k) {
		k--
	}
	if k > 0 && s.border(t, k) == s.end {
		k-- // nothing stands behind
	}
	return s.part(t, k)
}

// part returns the k-th segment of the line of s.
func (s segment) part(t buffer.Text, k int64) segment {
	s.start, s.fin = s.border(t, k), s.border(t, k+1)
	return s
}

// border returns where the k-th segment of a line begins: not within a rune.
func (s segment) border(t buffer.Text, k int64) int64 {
	at := s.from + k*maxSegment
	if k == 0 || at >= s.end {
		return min(at, s.end)
	}
	const most = utf8.UTFMax - 1
	b := t.Slice(at-most, at+most)
	for i := most; i >= 0; i-- {
		if !utf8.RuneStart(b[i]) {
			continue
		}
		if _, n := utf8.DecodeRune(b[i:]); i+n > most {
			return at - int64(most-i)
		}
		break
	}
	return at
}

// after returns the segment behind s, and whether there is one.
func (s segment) after(t buffer.Text) (segment, bool) {
	if !s.last() {
		return s.part(t, (s.fin-s.from+utf8.UTFMax-1)/maxSegment), true
	}
	if s.line+1 >= t.Lines() {
		return s, false
	}
	n := segment{line: s.line + 1, from: s.next}
	n.end, n.next = lineFrom(t, n.from, n.line)
	return n.part(t, 0), true
}

// lineFrom returns where the text of a line ends that starts at an offset, and
// where the next one starts. Most lines are short: a look is enough.
func lineFrom(t buffer.Text, from, line int64) (end, next int64) {
	const look = 512
	b := t.Slice(from, from+look)
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		_, end, next = t.Bounds(line)
		return end, next
	}
	next = from + int64(i) + 1
	if i > 0 && b[i-1] == '\r' {
		i--
	}
	return from + int64(i), next
}

// before returns the segment in front of s, and whether there is one.
func (s segment) before(t buffer.Text) (segment, bool) {
	switch {
	case !s.first():
		return segmentAt(t, s.start-1), true
	case s.line == 0:
		return s, false
	}
	_, end, _ := t.Bounds(s.line - 1)
	return segmentAt(t, end), true
}
