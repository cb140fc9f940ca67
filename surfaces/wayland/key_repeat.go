package wayland

import (
	"time"

	"rayos/internal/loop"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
)

// repeatsHere is the version of wl_keyboard from which on the server repeats
// keys. Repeats then stop at once with the key, whatever else keeps the client
// busy, and work alike for every keyboard. Older objects are told rate and
// delay and repeat by themselves.
const repeatsHere = 10

// sendRepeatInfo tells who repeats, and how fast.
func (k *keyboard) sendRepeatInfo(rate int32, delay time.Duration) {
	if k.res.Version() >= repeatsHere {
		rate = 0
	}
	k.res.SendRepeatInfo(rate, int32(delay/time.Millisecond))
}

// keyRepeat repeats the key that was pressed last on a seat.
type keyRepeat struct {
	g     *seatGlobal
	timer *loop.Timer
	on    *seated // nil while nothing repeats
	key   uint32
	next  time.Duration
}

func (r *keyRepeat) init(g *seatGlobal) {
	r.g = g
	r.timer = g.srv.Loop.NewTimer(r.due)
}

// pressed begins anew with a key. One that doesn't repeat, such as Shift, lets
// the key before it go on.
func (r *keyRepeat) pressed(v *seated, key uint32) {
	st := r.g.seat
	rate, delay := st.Repeat()
	if rate == 0 || !v.leavesRepeats() || !st.Keymap().KeyRepeats(key) {
		return
	}
	r.on, r.key = v, key
	r.next = r.g.srv.Loop.Now() + delay
	r.timer.Arm(r.next)
}

// leavesRepeats reports whether the client has a keyboard that we repeat for.
func (v *seated) leavesRepeats() bool {
	for _, k := range v.sc.keyboards {
		if k.res.Version() >= repeatsHere {
			return true
		}
	}
	return false
}

func (r *keyRepeat) released(key uint32) {
	if r.on != nil && r.key == key {
		r.stop()
	}
}

func (r *keyRepeat) stop() {
	r.on = nil
	r.timer.Disarm()
}

// due repeats the key. What was missed is not made up for, and a client that
// does not read gets none.
func (r *keyRepeat) due() {
	v, st, now := r.on, r.g.seat, r.g.srv.Loop.Now()
	rate, _ := st.Repeat()
	if v == nil || rate == 0 || r.g.gone || v.s.gone || st.KeyboardFocus() != v.focus() || !st.RepeatKey(now, r.key) {
		r.stop()
		return
	}
	r.next = max(r.next+time.Second/time.Duration(rate), now)
	r.timer.Arm(r.next)
}

var _ seat.Repeater = (*seated)(nil)

// KeyRepeat tells of a key that is held.
func (v *seated) KeyRepeat(serial uint32, t time.Duration, key uint32) {
	if v.s.c.writing {
		return
	}
	for _, k := range v.sc.keyboards {
		if k.res.Version() >= repeatsHere {
			k.res.SendKey(serial, millis(t), key, protocol.WlKeyboardKeyStateRepeated)
		}
	}
}
