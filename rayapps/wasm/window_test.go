package wasm

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/wasm/abi"
)

// script is a host that says one thing after the other, with the time that passes
// until then.
type script struct {
	t     *testing.T
	now   time.Duration
	steps []step
	told  []abi.Message
	bytes int
}

type step struct {
	after time.Duration
	say   abi.Message
	then  func()
}

var errOver = errors.New("the script is over")

func (s *script) wait(timeout time.Duration) ([]byte, error) {
	if len(s.steps) == 0 {
		return nil, errOver
	}
	next := &s.steps[0]
	if timeout >= 0 && timeout < next.after {
		s.now += timeout
		next.after -= timeout
		return nil, nil
	}
	s.now += next.after
	st := *next
	s.steps = s.steps[1:]
	if st.then != nil {
		st.then()
	}
	if st.say == nil {
		return nil, nil
	}
	return abi.Append(nil, st.say), nil
}

func (s *script) send(message []byte) error {
	s.bytes += len(message)
	m, err := abi.ToHost(slices.Clone(message))
	if err != nil {
		s.t.Error(err)
	}
	s.told = append(s.told, m)
	return nil
}

// last returns the last message of a type, nil if there is none.
func last[T abi.Message](s *script) (m T) {
	for _, o := range s.told {
		if k, ok := o.(T); ok {
			m = k
		}
	}
	return m
}

// count returns how many there are of a type.
func count[T abi.Message](s *script) (n int) {
	for _, o := range s.told {
		if _, ok := o.(T); ok {
			n++
		}
	}
	return n
}

type app struct {
	w     *Window
	says  []string
	n     int
	timer *Timer
}

func (a *app) say(s string) { a.says = append(a.says, s) }

func (a *app) Create(w *Window, saved []byte) error {
	a.w, a.timer = w, w.NewTimer(func() { a.n++ })
	a.say("create " + string(saved))
	return nil
}
func (a *app) Resume(*Window)                 { a.say("resume"); a.timer.Reset(time.Second) }
func (a *app) Pause(*Window)                  { a.say("pause"); a.timer.Stop() }
func (a *app) Save() ([]byte, error)          { return []byte(strconv.Itoa(a.n)), nil }
func (a *app) Open(_ *Window, names []string) { a.say("open " + strings.Join(names, " ")) }
func (a *app) Close(*Window) bool             { a.say("close"); return a.n > 100 }
func (a *app) Title() string                  { return "n " + strconv.Itoa(a.n) }

func (a *app) View(*Window) ui.Node {
	return ui.Button{Text: "Press " + strconv.Itoa(a.n), OnPress: func() { a.n += 10 }}
}

// TestLife: an app begins, is seen, drawn once a change, hidden, asked and ended.
func TestLife(t *testing.T) {
	a := &app{}
	s := &script{t: t}
	shown := abi.Configure{Size: geom.Size{W: 200, H: 100}, Scale: 120, Visible: true, Active: true, Language: "de_DE", Zone: "CET", Offset: 3600}
	hidden := shown
	hidden.Visible = false
	defer func(l *time.Location) { time.Local = l }(time.Local)
	label := func() string {
		for _, m := range slices.Backward(s.told) {
			if p, ok := m.(*abi.Present); ok && !p.Same {
				return p.Info[0].Name
			}
		}
		return ""
	}
	s.steps = []step{
		{say: &shown},
		{say: &abi.Begin{Again: true, Saved: []byte("old"), Open: []string{"a", "b"}}},
		{then: func() {
			p := last[*abi.Present](s)
			list, err := paint.Decode(p.List, text.NewFonts(text.Options{}))
			if err != nil || list.Empty() || label() != "Press 0" {
				t.Errorf("it shows %v, %v", list, err)
			}
			if m := last[*abi.Title](s); m.Text != "n 0" || time.Local.String() != "CET" {
				t.Errorf("title %+v, zone %s", m, time.Local)
			}
		}},
		// Nothing is drawn before the host has drawn.
		{after: 1500 * time.Millisecond, then: func() {
			if n := count[*abi.Present](s); n != 1 || a.n != 1 {
				t.Errorf("%d pictures of %d", n, a.n)
			}
		}},
		{say: &abi.Drawn{}},
		{then: func() {
			if n := count[*abi.Present](s); n != 2 || label() != "Press 1" {
				t.Errorf("%d pictures, %q", n, label())
			}
		}},
		{say: &abi.Drawn{}},
		{say: &abi.Event{Event: &ui.Keystroke{Sym: ui.KeyTab}}},
		{say: &abi.Drawn{}},
		{say: &abi.Event{Event: &ui.Keystroke{Sym: ui.KeyEnter}}},
		{say: &abi.Drawn{}},
		{say: &abi.Event{Event: &ui.Keystroke{Sym: ui.KeyEnter, Release: true}}},
		{say: &abi.Drawn{}},
		{then: func() {
			if label() != "Press 11" {
				t.Errorf("it was pressed: %q", label())
			}
		}},
		{say: &hidden},
		{after: time.Hour, say: &abi.Drawn{}},
		{say: &abi.Save{}},
		{say: &abi.Open{Names: []string{"c"}}},
		{say: &abi.Close{}},
		{then: func() {
			if m := last[*abi.Saved](s); m == nil || string(m.Data) != "11" || count[*abi.Kept](s) != 1 || count[*abi.End](s) != 0 {
				t.Errorf("saved %+v, kept %d", m, count[*abi.Kept](s))
			}
			a.n = 101
		}},
		{say: &abi.Close{}},
	}
	if err := run(Options{Title: "Test", Size: geom.Size{W: 3, H: 4}}, a, s, func() time.Duration { return s.now }); err != nil {
		t.Fatal(err)
	}
	if h, ok := s.told[0].(*abi.Hello); !ok || h.Check() != nil || h.Title != "Test" || h.Size.W != 3 {
		t.Errorf("it begins with %+v", s.told[0])
	}
	if _, ok := s.told[len(s.told)-1].(*abi.End); !ok || string(last[*abi.Saved](s).Data) != "101" {
		t.Errorf("it ends with %+v", s.told[len(s.told)-1])
	}
	want := "create old|open a b|resume|pause|open c|close|close"
	if got := strings.Join(a.says, "|"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestAtRest: an app in which nothing happens sends nothing.
func TestAtRest(t *testing.T) {
	a := &app{}
	s := &script{t: t, steps: []step{
		{say: &abi.Configure{Size: geom.Size{W: 200, H: 100}, Scale: 120, Visible: true}},
		{say: &abi.Begin{}},
		{say: &abi.Drawn{}},
	}}
	for range 10 {
		s.steps = append(s.steps, step{say: &abi.Drawn{}})
	}
	bytes := 0
	s.steps = append(s.steps, step{then: func() { bytes = s.bytes }}, step{say: &abi.Drawn{}}, step{say: &abi.Event{Event: &ui.Pointer{Kind: ui.PointerMove, Pos: geom.FPoint{X: 199, Y: 99}}}})
	a.timer = nil
	if err := run(Options{}, still{a}, s, func() time.Duration { return 0 }); !errors.Is(err, errOver) {
		t.Fatal(err)
	}
	if s.bytes != bytes || count[*abi.Present](s) != 1 {
		t.Errorf("%d bytes more, %d pictures", s.bytes-bytes, count[*abi.Present](s))
	}
}

// still is the app without a life.
type still struct{ a *app }

func (s still) View(w *Window) ui.Node { return ui.Label{Text: "still"} }
