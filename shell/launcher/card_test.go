package launcher

import (
	"errors"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/shell/control/grammar"
)

func TestCardsAreMadeOfArguments(t *testing.T) {
	m := open(t, desk(t))
	for _, c := range []struct {
		act  Act
		want string
	}{
		{Act{Run, "", "shutdown linux desktop", ""}, "Machine=Linux desktop Now=running, hidden Lost=what its programs haven’t saved"},
		{Act{Run, "", "hide linux desktop", ""}, ""},
		{Act{Run, "", "linux type shutdown", ""}, ""},
		{Act{Run, "", "nonsense", ""}, ""},
		{Act{Perform, "", "log-out", ""}, "Lost=what programs haven’t saved"},
		{Act{Perform, "", "log", ""}, ""},
		{Act{Launch, "", "files.desktop", ""}, ""},
	} {
		got := ""
		if card := m.cardFor(c.act); card != nil {
			var facts []string
			for _, f := range card.Facts {
				facts = append(facts, f.Name+"="+f.Value)
			}
			got = strings.Join(facts, " ")
		}
		if got != c.want {
			t.Errorf("%q: %q; want %q", c.act.Of, got, c.want)
		}
	}
}

// TestWhatFailsIsSaidAndStays: the panel stays, and leads to the log.
func TestWhatFailsIsSaidAndStays(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 600}, geom.ScaleOne)
	r.err = errors.New("no such program")
	r.play(t, "type fire", "key Enter")
	if q := r.m.Asked(); q.Progress != Failed || q.Why != "No such program." || strings.Contains(strings.Join(r.log, "|"), "close") {
		t.Errorf("%+v, %q", q, r.log)
	}
	r.err, r.log = nil, nil
	r.play(t, "key Ctrl+l")
	if got := strings.Join(r.log, "|"); got != "do 11 log |close" {
		t.Errorf("after Ctrl+L: %q", got)
	}
}

func TestUndo(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 600}, geom.ScaleOne)
	r.m.Undoable("Hide Linux desktop")
	r.play(t, "type a", "key Ctrl+z") // takes back what was typed
	if r.m.line != "" {
		t.Errorf("the line is %q", r.m.line)
	}
	r.log = nil
	r.play(t, "key Ctrl+z")
	if len(r.log) == 0 || r.log[0] != "do 12  " {
		t.Errorf("%q", r.log)
	}
}

// TestWhatIsInstalledIsLookedAtOnce: a keystroke doesn't index 2,000 names.
func TestWhatIsInstalledIsLookedAtOnce(t *testing.T) {
	m := open(t, many(t, 200))
	was := m.finder.installed.byKey
	w := m.world
	w.Windows = nil
	m.See(w)
	if before, now := len(was), len(m.finder.installed.byKey); before != now || m.finder.installed.byKey["app:term.desktop"] != was["app:term.desktop"] {
		t.Error("the same list is indexed again")
	}
	w = many(t, 100)
	m.See(w)
	if m.finder.installed.byKey["app:app150.desktop"] != nil {
		t.Error("another list isn't indexed")
	}
}

// TestWhatIsReadyIsNotLookedAt: the panel opens without indexing what was made
// ready elsewhere.
func TestWhatIsReadyIsNotLookedAt(t *testing.T) {
	w := many(t, 200)
	w.Ready = Prepare(w.Apps)
	m := open(t, w)
	if m.finder.installed != w.Ready {
		t.Error("a list that is ready is indexed again")
	}
	other := many(t, 100)
	other.Ready = w.Ready
	if m.See(other); m.finder.installed == w.Ready || m.finder.find("app:app150.desktop") != nil {
		t.Error("what was made of another list is used")
	}
	if n := testing.AllocsPerRun(10, func() { m.Open(w) }); n > 2000 {
		t.Errorf("opening the panel over 200 applications takes %v allocations", n)
	}
}

func TestPrintedIsBounded(t *testing.T) {
	m := open(t, desk(t))
	m.Type(":windows")
	c, ok := m.Enter(false)
	if !ok || c.ID == 0 {
		t.Fatalf("%+v, %v", c, ok)
	}
	m.Print(c.ID, strings.Repeat(strings.Repeat("x", 5000)+"\n", 1000), 0)
	m.See(m.world) // windows come and go
	if p := (&Panel{Model: m}); p.printed() != maxOut {
		t.Errorf("%d lines are shown", p.printed())
	}
	q := m.Asked()
	if len(q.Out) != maxOut || len(q.Out[0]) > grammar.MaxLine || q.Progress != OK {
		t.Errorf("%d lines, the first of %d bytes, %v", len(q.Out), len(q.Out[0]), q.Progress)
	}
}

// TestSizeIsThatOfTheView: the session places the panel before it is laid out.
func TestSizeIsThatOfTheView(t *testing.T) {
	for _, s := range scenes {
		for _, most := range []int32{0, 200, 320} {
			r := newRig(t, s.world(t), nil, false)
			r.panel.Height = most
			r.root.Resize(geom.Size{W: Width, H: 900}, geom.ScaleOne)
			s.act(t, r)
			r.root.Invalidate()
			if got, want := r.panel.Size(), r.root.Prefer(geom.Size{W: 1000, H: 2000}); got != want {
				t.Errorf("%s in %d: Size %v; the view takes %v", s.name, most, got, want)
			}
			if from, n := r.panel.shown(); len(r.m.rows) > 0 && !r.m.acting && (r.m.pick < from || r.m.pick >= from+n) {
				t.Errorf("%s in %d: row %d is picked, %d from %d are shown", s.name, most, r.m.pick, n, from)
			}
		}
	}
}
