package session

import (
	"time"

	"rayos/internal/loop"
	"rayos/surfaces/seat"
)

// keySet are keys that are the session's for a while. What they do shows nothing
// of the desktop, so they work while the session is locked, and in guests.
type keySet struct {
	s       *Session
	chords  map[string]func()
	repeats bool // what they do is done again while they are held

	bound []*seat.Binding
	timer *loop.Timer
	held  seat.Chord
}

// leastRepeat is the least time between two repeats: what a key asks for has to
// be done meanwhile.
const leastRepeat = 60 * time.Millisecond

// bind takes the keys, or leaves them to whoever has the keyboard.
func (k *keySet) bind(on bool) {
	if on == (len(k.bound) > 0) {
		return
	}
	if !on {
		k.end()
		return
	}
	if k.timer == nil {
		k.timer = k.s.loop.NewTimer(k.again)
	}
	for name, do := range k.chords {
		c, err := seat.ParseChord(name)
		if err != nil {
			panic(err) // it is written in this package
		}
		k.bound = append(k.bound, k.s.seat.Bind(c, seat.Unstealable, func(time.Duration) {
			do()
			if rate, delay := k.s.seat.Repeat(); k.repeats && rate > 0 {
				k.held = c
				k.timer.Arm(k.s.loop.Now() + delay)
			}
		}))
	}
}

// again does it once more for a key that is still down.
func (k *keySet) again() {
	rate, _ := k.s.seat.Repeat()
	if rate <= 0 || !k.s.keyboard.Held(k.held.Sym) {
		return
	}
	k.chords[k.held.String()]()
	k.timer.Arm(k.s.loop.Now() + max(time.Second/time.Duration(rate), leastRepeat))
}

// end leaves the keys to whoever has the keyboard.
func (k *keySet) end() {
	for _, b := range k.bound {
		k.s.seat.Unbind(b)
	}
	k.bound = nil
	if k.timer != nil {
		k.timer.Disarm()
	}
}
