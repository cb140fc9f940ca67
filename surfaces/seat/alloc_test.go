package seat

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/surfaces/seat/xkb"
)

// still is a Focus that does nothing.
type still struct{ NoFocus }

func quietSeat() (*Seat, *Keyboard, *still) {
	f := &still{}
	s := New(Config{
		Hit:    func(p geom.FPoint) (Focus, geom.FPoint) { return f, p },
		Now:    func() time.Duration { return 0 },
		Keymap: xkb.Builtin(),
	})
	s.Bind(Chord{Super, xkb.Tab}, 0, func(time.Duration) {})
	s.SetKeyboardFocus(f)
	return s, s.NewKeyboard(nil), f
}

func TestDeliveryAllocatesNothing(t *testing.T) {
	s, k, _ := quietSeat()
	x := 0.0
	for name, fn := range map[string]func(){
		"motion": func() {
			x++
			s.Motion(0, geom.FPoint{X: x, Y: 1})
			s.RelativeMotion(0, geom.FPoint{X: 1}, geom.FPoint{X: 1})
			s.Frame()
		},
		"button": func() {
			s.Button(0, btnLeft, true)
			s.Frame()
			s.Button(0, btnLeft, false)
			s.Frame()
		},
		"axis": func() {
			s.Axis(0, Axis{Source: SourceWheel, V120: 30})
			s.Frame()
		},
		"key": func() {
			k.Key(0, keySuper, true)
			k.Key(0, keyTab, true)
			k.Key(0, keyTab, false)
			k.Key(0, keySuper, false)
			k.Key(0, keyA, true)
			k.Key(0, keyA, false)
		},
		"touch": func() {
			s.TouchDown(0, 1, geom.FPoint{X: 1, Y: 1})
			s.TouchMotion(0, 1, geom.FPoint{X: 2, Y: 1})
			s.TouchUp(0, 1)
			s.TouchFrame()
		},
		"refocus": s.Refocus,
	} {
		if got := testing.AllocsPerRun(100, fn); got != 0 {
			t.Errorf("%s allocates %v times; want 0", name, got)
		}
	}
}

func BenchmarkMotion(b *testing.B) {
	s, _, _ := quietSeat()
	b.ReportAllocs()
	x := 0.0
	for b.Loop() {
		x++
		s.Motion(0, geom.FPoint{X: x, Y: 1})
		s.Frame()
	}
}

func BenchmarkKey(b *testing.B) {
	_, k, _ := quietSeat()
	b.ReportAllocs()
	for b.Loop() {
		k.Key(0, keyA, true)
		k.Key(0, keyA, false)
	}
}
