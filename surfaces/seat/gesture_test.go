package seat

import (
	"fmt"
	"testing"
	"time"

	"rayos/geom"
)

// toucher is a fake that takes gestures and repeats.
type toucher struct{ *fake }

func (f toucher) GestureBegin(_ uint32, _ time.Duration, k GestureKind, fingers uint32) {
	f.say(true, "gesture %d begin %d", k, fingers)
}

func (f toucher) GestureUpdate(_ time.Duration, k GestureKind, u GestureUpdate) {
	f.say(true, "gesture %d %v", k, u.Delta.X)
}

func (f toucher) GestureEnd(_ uint32, _ time.Duration, k GestureKind, cancelled bool) {
	f.say(true, "gesture %d end %v", k, cancelled)
}

func (f toucher) KeyRepeat(_ uint32, _ time.Duration, key uint32) { f.say(true, "repeat %d", key) }

func TestGestureBelongsToWhereItBegan(t *testing.T) {
	d := newDesk(t)
	f := toucher{d.add("a", &client{"c"}, 0, 0, 100, 100)}
	d.cfg.Hit = func(p geom.FPoint) (Focus, geom.FPoint) {
		if h, at := d.hit(p); h != nil {
			return f, at
		}
		return nil, geom.FPoint{}
	}
	d.motion(10, 10)
	d.forgetLog()
	update := func(x float64) { d.GestureUpdate(d.now, GestureUpdate{Delta: geom.FPoint{X: x}}) }
	d.GestureBegin(d.now, Swipe, 3)
	update(1)
	d.GestureEnd(d.now, false)
	update(2)
	d.GestureEnd(d.now, false)
	d.expect("a gesture 0 begin 3", "a gesture 0 1", "a gesture 0 end false")
	d.GestureBegin(d.now, Hold, 2)
	update(1)
	d.GestureBegin(d.now, Pinch, 2)
	d.expect("a gesture 2 begin 2", "a gesture 2 end true", "a gesture 1 begin 2")
	f.closed = true
	d.Refocus()
	update(1)
	d.GestureEnd(d.now, false)
	d.expect("a gesture 1 end true", "a leave", "a frame")
	f.closed = false
	d.Refocus()
	d.GestureBegin(d.now, Pinch, 2)
	d.forgetLog()
	f.gone = true
	d.Forget(f)
	update(1)
	d.GestureEnd(d.now, false)
	d.expect()
	d.GestureBegin(d.now, Swipe, 3)
	d.GestureEnd(d.now, false)
	d.expect()
}

func TestRepeatsNeedAKeyThatIsDown(t *testing.T) {
	d := newDesk(t)
	f := toucher{d.add("a", &client{"c"}, 0, 0, 100, 100)}
	d.SetKeyboardFocus(f)
	check := func(what string, code uint32, want bool) {
		t.Helper()
		d.forgetLog()
		if got := d.RepeatKey(d.now, code); got != want {
			t.Errorf("%s: repeats %v; want %v", what, got, want)
		}
		if want {
			d.expect(fmt.Sprintf("a repeat %d", code))
		} else {
			d.expect()
		}
	}
	check("up", keyA, false)
	check("no key", maxKey+1, false)
	d.press(keyA)
	check("down", keyA, true)
	d.release(keyA)
	check("up again", keyA, false)
	d.SetKeyboardFocus(f.fake)
	d.press(keyA)
	check("to one that does not care", keyA, false)
}
