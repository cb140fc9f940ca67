package seat

import (
	"slices"
	"time"
)

// Repeater is an optional part of Focus: it takes repeats of a held key from
// the session instead of making them itself.
type Repeater interface {
	KeyRepeat(serial uint32, t time.Duration, key uint32)
}

// RepeatKey tells the focus that a key which is down repeats. It reports
// whether there is a reason to go on: the key is down, and the focus wants to
// know.
func (s *Seat) RepeatKey(t time.Duration, code uint32) bool {
	if !slices.Contains(s.HeldKeys(), code) {
		return false
	}
	f := s.keyboardTarget()
	r, ok := f.(Repeater)
	if !ok {
		return false
	}
	r.KeyRepeat(s.issue(SerialKeyPress, f.Client()), t, code)
	return true
}
