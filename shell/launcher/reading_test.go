package launcher

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/shell/control/grammar"
)

// growingReply is an answer of which more will come.
func growingReply(words string) Proposal {
	return Proposal{Key: "reply", Kind: Reply, Title: "Why is the sky blue?", Note: "3 sources", Text: words, Growing: true, Sources: []Source{
		{"Light.md", "", Act{Open, "", "/home/a/notes/Light.md", ""}},
		{"Rayleigh scattering", "", Act{Browse, "", "https://example.org/rayleigh", ""}},
		{"report.txt", "Text Editor", Act{Show, "", "w1", ""}},
	}}
}

// late gives the model what a slow proposer says.
func (r *rig) late(t testing.TB, p Proposal) {
	t.Helper()
	_, asking := r.m.Line()
	if !r.m.Late(asking, p) {
		t.Fatalf("%q was not taken", p.Title)
	}
	r.root.Invalidate()
	r.root.Frame()
	r.root.Frame()
}

func reader(t testing.TB, words string) *rig {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 800}, geom.ScaleOne)
	r.play(t, "type why is the sky blue")
	r.late(t, growingReply(words))
	r.play(t, "key Enter")
	r.log = nil
	return r
}

func TestAReplyIsReadWhileItGrows(t *testing.T) {
	r := reader(t, "Because")
	if words, ok := r.m.Reading(); !ok || words != "Because" {
		t.Fatalf("reading %q, %v", words, ok)
	}
	r.late(t, growingReply("Because **light** scatters."))
	if words, _ := r.m.Reading(); words != "Because light scatters." || len(r.m.rows) != 1 {
		t.Errorf("it has grown to %q in %d rows", words, len(r.m.rows))
	}
	// Esc stops it, then shows the rows, then closes.
	r.play(t, "key Escape")
	if words, ok := r.m.Reading(); !ok || words == "" || r.m.growing() {
		t.Errorf("stopped: reading %v, growing %v", ok, r.m.growing())
	}
	r.play(t, "key Escape")
	if _, ok := r.m.Reading(); ok {
		t.Error("Esc doesn't lead back to the rows")
	}
	r.play(t, "key Escape")
	if want := []string{"stop", "close"}; !slices.Equal(r.log, want) {
		t.Errorf("%q; want %q", r.log, want)
	}
}

func TestSourcesOpen(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want string
	}{
		{[]string{"key Enter"}, "do 5 /home/a/notes/Light.md "},
		{[]string{"key Down", "key Enter"}, "do 14 https://example.org/rayleigh "},
		{[]string{"key Up", "key Enter"}, "do 2 w1 "},
		{[]string{"key Tab", "key Tab", "key Enter"}, "do 2 w1 "},
		{[]string{"key Ctrl+Enter"}, "do 4 Because "},
	} {
		r := reader(t, "Because")
		r.play(t, c.keys...)
		if want := []string{c.want, "close"}; !slices.Equal(r.log, want) {
			t.Errorf("%q: %q; want %q", c.keys, r.log, want)
		}
	}
	r := reader(t, "Because")
	r.play(t, "key Ctrl+c")
	if _, ok := r.m.Reading(); !ok || !slices.Equal(r.log, []string{"do 4 Because "}) {
		t.Errorf("Ctrl+C: %q, still read: %v", r.log, ok)
	}
	r.play(t, "type !")
	if _, ok := r.m.Reading(); ok {
		t.Error("another line, and the answer is still read")
	}
}

func TestALongReplyScrolls(t *testing.T) {
	r := reader(t, strings.Repeat("A paragraph.\n\n", 60))
	high := r.panel.Size().H
	if most := r.panel.around() + captionH + maxReply + captionH + 3*rowH; high != most {
		t.Errorf("%d high; want %d", high, most)
	}
	r.play(t, "key PageDown")
	if r.m.scroll <= 0 {
		t.Error("Page Down doesn't scroll")
	}
	for range 100 {
		r.play(t, "key PageDown")
	}
	if want := r.panel.proseH - maxReply; r.m.scroll != want {
		t.Errorf("scrolled to %d; want %d", r.m.scroll, want)
	}
	at := geom.FPoint{X: 300, Y: lineH + 100}
	r.root.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: at})
	r.root.Event(&ui.Pointer{Kind: ui.PointerScroll, Pos: at, Scroll: geom.FPoint{Y: -1e9}})
	if r.m.scroll != 0 {
		t.Errorf("the wheel scrolls to %d", r.m.scroll)
	}
}

func TestStrangersChangeOnlyWhatIsTheirs(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.play(t, "type fire")
	_, asking := r.m.Line()
	own := r.m.rows[0]
	p := said(own.Key, "x")
	if r.m.Late(asking, p) || r.m.rows[0].Title != own.Title {
		t.Errorf("a row of ours became %q", r.m.rows[0].Title)
	}
	p = said("mine", "x")
	if !r.m.Late(asking, p) || r.m.Late(asking-1, p) {
		t.Error("of this line it is taken, of an older one not")
	}
	r.m.Ended(asking)
	if r.m.rows[1].Growing {
		t.Error("all is said, and more is expected")
	}
}

func TestEscapeGivesUpWhatRuns(t *testing.T) {
	for _, c := range []struct {
		running bool
		want    string
	}{{true, "abort 1"}, {false, "abort 1|close"}} {
		r := newRig(t, desk(t), nil, false)
		r.running = c.running
		r.play(t, "type show linux desktop", "key Enter")
		r.log = nil
		r.m.Busy(1, "installing packages")
		r.root.Invalidate()
		if !strings.Contains(spoken(r), "installing packages") {
			t.Error("it isn't said what it is busy with")
		}
		r.play(t, "key Escape")
		if got := strings.Join(r.log, "|"); got != c.want {
			t.Errorf("running %v: %q; want %q", c.running, got, c.want)
		}
		r.m.Answer(1, grammar.Ack{Op: "SHOW_LINUX_DESKTOP", Detail: "cancelled"}, time.Second)
		r.log = nil
		r.play(t, "key Escape")
		if got := strings.Join(r.log, "|"); got != "close" {
			t.Errorf("nothing runs any more: %q", got)
		}
	}
}

// spoken is all that a screen reader can say.
func spoken(r *rig) string {
	var b strings.Builder
	outline(r.root.Semantics(), 0, &b)
	return b.String()
}

func TestFailureStandsBesideItsLine(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 800}, geom.ScaleOne)
	r.play(t, "type show windows", "key Enter")
	r.m.Answer(1, grammar.Ack{Op: "SHOW_WINDOWS_DESKTOP", Detail: "missing_WINDOWS_DISK_env"}, 0)
	r.root.Invalidate()
	if said := spoken(r); !strings.Contains(said, "err show windows") || !strings.Contains(said, "No disk with Windows is set up.") {
		t.Errorf("it is said:\n%s", said)
	}
	if got := r.root.Prefer(geom.Size{W: Width, H: 900}); got != r.panel.Size() {
		t.Errorf("the view is %v, the panel %v", got, r.panel.Size())
	}
}

func TestTheLineGrows(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 800}, geom.ScaleOne)
	one := r.panel.Size().H
	r.play(t, "type one", "key Shift+Enter", "type two")
	if line, _ := r.m.Line(); line != "one\ntwo" || r.panel.lines != 2 {
		t.Errorf("%q in %d lines", line, r.panel.lines)
	}
	r.root.Event(&ui.Paste{Text: "\n3\n4\n5\n6\n7\n8"})
	r.root.Frame()
	r.root.Frame()
	if r.panel.lines != maxGrow {
		t.Errorf("%d lines", r.panel.lines)
	}
	if got := r.root.Prefer(geom.Size{W: Width, H: 900}); got != r.panel.Size() || got.H <= one {
		t.Errorf("the view is %v, the panel %v, one line %d", got, r.panel.Size(), one)
	}
	// Older lines come only above the first one, rows below the last.
	r = newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 800}, geom.ScaleOne)
	r.play(t, "type show processes", "key Enter", "type show", "key Shift+Enter", "type processes")
	if got := titlesOf(r.m); len(got) != 1 || got[0] != ">Show what is running" {
		t.Errorf("a command on two lines: %q", got)
	}
	r.play(t, "key Up", "key Shift+Enter")
	if line, _ := r.m.Line(); !strings.Contains(line, "\n") {
		t.Errorf("Up within the lines: %q", line)
	}
	r.play(t, "key Escape")
}

func TestArgumentsAreShownBeforeTheyRun(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 800}, geom.ScaleOne)
	r.play(t, "type :window close")
	if p := r.m.picked(); p == nil || !p.Wrong || p.Note != "Window close: there is an ID missing." {
		t.Errorf("without its argument: %+v", p)
	}
	r.play(t, "type  7")
	if p := r.m.picked(); p == nil || p.Wrong || len(p.Chips) != 2 || p.Chips[1].Text != "window 7" {
		t.Errorf("with it: %+v", p)
	}
}

func TestHelpIsAPage(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 800}, geom.ScaleOne)
	r.play(t, "type ?", "key Enter")
	words, ok := r.m.Reading()
	if !ok {
		t.Fatal("there is nothing to read")
	}
	for _, want := range []string{":window close ID: ask a window to close", "suspend linux [desktop]", "Sums and units"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q isn't in the help", want)
		}
	}
}
