package session

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/launcher"
)

func sayDesk(t *testing.T) *desk {
	t.Helper()
	return newDeskWith(t, Options{Shell: true}, geom.Size{W: 1280, H: 720})
}

// say opens the prompt and types a line that the prompt may understand.
func (d *desk) say(line string) []launcher.Proposal {
	d.t.Helper()
	if !d.session.prompt.shown() {
		d.key("super+space")
	}
	d.key("ctrl+a")
	d.key("BackSpace")
	d.enter(line)
	d.await("the prompt understands people", func() bool { return d.session.prompt.mind != nil })
	return d.session.prompt.model.Proposals()
}

// acked waits for the acknowledgement of a line that was run.
func (d *desk) acked() launcher.Asked {
	d.t.Helper()
	m := &d.session.prompt.model
	d.await("an acknowledgement", func() bool { a := m.Asked(); return a.ID != 0 && a.Progress != launcher.Starting })
	return m.Asked()
}

func TestAWindowIsPutToTheLeftByWords(t *testing.T) {
	d := sayDesk(t)
	c := d.connect()
	for _, title := range []string{"Behind", "Notes"} {
		w := c.prepare(geom.Size{W: 300, H: 200})
		w.top.SetTitle(title)
		w.show()
	}
	rows := d.say("put that window on the left half")
	if len(rows) == 0 || rows[0].Acts[0].Verb != launcher.Run || len(rows[0].Chips) != 2 || rows[0].Chips[0].Text != "Notes" || rows[0].Chips[1].Text != "left" {
		t.Fatalf("understood as %+v", rows)
	}
	d.photo("row")
	d.key("Return")
	if a := d.acked(); a.Progress != launcher.OK {
		t.Errorf("acknowledged as %+v", a)
	}
	d.photo("ack")
	windows := d.ctl.Windows()
	if win := windows[slices.IndexFunc(windows, func(w control.Window) bool { return w.Title == "Notes" })]; win.Frame.X != 0 || win.Frame.W > 640 || !strings.Contains(strings.Join(win.States, " "), "tiled") {
		t.Errorf("%+v", win)
	}
}

// TestClosingManyIsAskedFirst: with everything on a card, whose first button does
// nothing.
func TestClosingManyIsAskedFirst(t *testing.T) {
	d := sayDesk(t)
	c := d.connect()
	for _, title := range []string{"One", "Two", "Three"} {
		w := c.prepare(geom.Size{W: 300, H: 200})
		w.top.OnClose = w.destroy
		w.top.SetTitle(title)
		w.show()
	}
	for _, w := range d.ctl.Windows() {
		if w.Title == "Three" {
			continue
		}
		if err := d.ctl.MoveToWorkspace(w.ID, 2); err != nil {
			t.Fatal(err)
		}
	}
	p := &d.session.prompt
	say := func() {
		d.say("close everything on workspace 3")
		d.key("Return")
		if card := p.model.Asking(); card == nil || len(card.Facts) != 2 || card.Facts[0].Value != "One" || card.Facts[1].Value != "Two" {
			t.Fatalf("asked by %+v", card)
		}
	}
	say()
	d.key("Return") // nothing is the first choice
	if n := len(d.ctl.Windows()); n != 3 || p.model.Asking() != nil {
		t.Errorf("%d windows after nothing was chosen", n)
	}
	say()
	d.key("Right")
	d.photo("card")
	d.key("Return")
	if a := d.acked(); a.Progress != launcher.OK {
		t.Errorf("acknowledged as %+v", a)
	}
	if list := d.ctl.Windows(); len(list) != 1 || list[0].Title != "Three" {
		t.Errorf("left are %+v", list)
	}
}

// TestAWindowThatStaysOpenIsTold: closing is acknowledged when it is done, and
// what comes after it isn't begun.
func TestAWindowThatStaysOpenIsTold(t *testing.T) {
	d := sayDesk(t)
	c := d.connect()
	var asks, other *deskWindow
	for i, title := range []string{"Unsaved", "Other"} {
		w := c.prepare(geom.Size{W: 300, H: 200})
		w.top.SetTitle(title)
		w.show()
		if err := d.ctl.MoveToWorkspace(w.id, 2); err != nil {
			t.Fatal(err)
		}
		*[]**deskWindow{&asks, &other}[i] = w
	}
	d.say("close everything on workspace 3")
	d.key("Return")
	d.key("Right")
	d.key("Return")
	d.pass(time.Second)
	if a := d.session.prompt.model.Asked(); a.Progress != launcher.Starting || !asks.closed {
		t.Fatalf("asked to close: %v; acknowledged as %+v while the window is open", asks.closed, a)
	}
	d.pass(5 * time.Second)
	a := d.acked()
	d.photo("refused")
	if a.Progress != launcher.Failed || !strings.Contains(a.Why, "Unsaved") || !strings.Contains(a.Why, "still open") || other.closed {
		t.Errorf("acknowledged as %+v; the next was asked: %v", a, other.closed)
	}
}

// TestAWindowNamedByItsTitleIsAskedAbout: somebody else has chosen what it is
// called.
func TestAWindowNamedByItsTitleIsAskedAbout(t *testing.T) {
	d := sayDesk(t)
	c := d.connect()
	for _, title := range []string{"Payroll", "Notes"} {
		w := c.prepare(geom.Size{W: 300, H: 200})
		w.top.SetTitle(title)
		w.top.OnClose = w.destroy
		w.show()
	}
	d.say("close the payroll window")
	d.key("Return")
	card := d.session.prompt.model.Asking()
	if card == nil || len(card.Facts) != 1 || card.Facts[0].Value != "Payroll" {
		t.Fatalf("asked by %+v", card)
	}
	d.photo("card")
	d.key("Right")
	d.key("Return")
	if a := d.acked(); a.Progress != launcher.OK {
		t.Errorf("acknowledged as %+v", a)
	}
	if list := d.ctl.Windows(); len(list) != 1 || list[0].Title != "Notes" {
		t.Errorf("left are %+v", list)
	}
}

func TestChatDoesNothing(t *testing.T) {
	d := sayDesk(t)
	for _, line := range []string{
		"how are you today", "tell me a joke about penguins", "i had soup for lunch", "who won the match yesterday", "is it going to rain in oslo",
		"thank you so much for everything", "my sister is getting married in june", "what is the meaning of life", "do you like music from the eighties",
		"what do you think about love",
	} {
		for _, r := range d.say(line) {
			if r.Kind == launcher.Command || r.Acts[0].Verb == launcher.Run || r.Acts[0].Verb == launcher.Each {
				t.Errorf("%q may mean %+v", line, r)
			}
		}
	}
	d.photo("chat")
	rows := d.say("delete all my notes")
	d.photo("refused")
	if len(rows) == 0 || !rows[0].Wrong || rows[0].Acts[0].Verb != launcher.Copy {
		t.Errorf("deleting is %+v", rows)
	}
}

// photo writes what is on screen into the test's artifacts: go test -artifacts
// keeps them.
func (d *desk) photo(name string) {
	d.t.Helper()
	d.pass(300 * time.Millisecond)
	shot, err := d.session.shootAll(true)
	if err != nil {
		d.t.Fatal(err)
	}
	data, err := control.EncodePNG(shot)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.t.ArtifactDir(), name+".png"), data, 0o600); err != nil {
		d.t.Fatal(err)
	}
}
