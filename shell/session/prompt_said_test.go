package session

import (
	"slices"
	"strings"
	"testing"

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
	d.key("Return")
	if a := d.acked(); a.Progress != launcher.OK {
		t.Errorf("acknowledged as %+v", a)
	}
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
	closed := 0
	for _, title := range []string{"One", "Two", "Three"} {
		w := c.prepare(geom.Size{W: 300, H: 200})
		w.top.OnClose = func() { closed++ }
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
	d.key("Return")
	if a := d.acked(); a.Progress != launcher.OK {
		t.Errorf("acknowledged as %+v", a)
	}
	d.await("two windows are asked to close", func() bool {
		d.talk()
		return closed == 2
	})
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
	rows := d.say("delete all my notes")
	if len(rows) == 0 || !rows[0].Wrong || rows[0].Acts[0].Verb != launcher.Copy {
		t.Errorf("deleting is %+v", rows)
	}
}
