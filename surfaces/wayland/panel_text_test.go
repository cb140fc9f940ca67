package wayland

import (
	"fmt"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
)

// ownPanel is a focus of the session's own in which text is typed.
type ownPanel struct {
	seat.NoFocus
	composed bool
	log      []string
}

func (*ownPanel) Accepts() bool    { return true }
func (p *ownPanel) Client() any    { return p }
func (*ownPanel) Private()         {}
func (p *ownPanel) Composed() bool { return p.composed }

func (p *ownPanel) Compose(c Composed) {
	p.log = append(p.log, fmt.Sprintf("-%d+%d %q %q %d %d", c.Before, c.After, c.Text, c.Preedit, c.Begin, c.End))
}

func (p *ownPanel) expect(t *testing.T, want ...string) {
	t.Helper()
	if got := strings.Join(p.log, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("the panel was told %q; want %q", got, want)
	}
	p.log = nil
}

func TestInputMethodComposesInAPanel(t *testing.T) {
	f := newFixture(t)
	a := f.writer("a")
	m := f.composer()
	a.on()
	m.c.expect("ime.activate()\nime.done()")
	p := &ownPanel{composed: true}
	f.seat.SetKeyboardFocus(p)
	a.c.expect("text.leave(a)")
	m.c.expect("ime.deactivate()\nime.done()")
	st := PanelText{Text: "größe", Cursor: 4, Anchor: 0, Hint: protocol.ZwpTextInputV3ContentHintMultiline, Rect: geom.XYWH(10, 20, 1, 16)}
	f.srv.SetPanelText(f.seat, p, &st)
	m.c.expect(`
		ime.activate()
		ime.surrounding_text("größe", 4, 0)
		ime.text_change_cause(1)
		ime.content_type(512, 0)
		ime.done()`)
	m.im.SetPreeditString("nih", 1, 3)
	m.im.Commit(1)
	m.c.ok()
	p.expect(t, `-0+0 "" "nih" 1 3`)
	m.im.DeleteSurroundingText(2, 1)
	m.im.CommitString("你")
	m.im.SetPreeditString("\xff", 0, 0) // no text
	m.im.Commit(1)
	m.c.ok()
	p.expect(t, `-2+1 "你" "" -1 -1`)
	// What the input method did is told as such, what the person did not.
	st.Text, st.Cursor, st.Anchor = "你", 3, 3
	f.srv.SetPanelText(f.seat, p, &st)
	m.c.expect("ime.surrounding_text(\"你\", 3, 3)\nime.text_change_cause(0)\nime.done()")
	st.Text, st.Cursor, st.Anchor = "你x", 4, 4
	f.srv.SetPanelText(f.seat, p, &st)
	m.c.expect("ime.surrounding_text(\"你x\", 4, 4)\nime.text_change_cause(1)\nime.done()")
	f.srv.SetPanelText(f.seat, p, &st)
	st.Text = strings.Repeat("x", 4001)
	f.srv.SetPanelText(f.seat, p, &st)
	m.c.expect("") // no news, and more than may be told
	// Another focus ends it, and the client gets its turn.
	f.seat.SetKeyboardFocus(a.c.core(a.w.surf))
	m.c.expect("ime.deactivate()\nime.done()")
	m.im.CommitString("late")
	m.im.Commit(2)
	m.c.ok()
	p.expect(t)
	a.c.expect("text.enter(a)")
	a.on()
	m.c.expect("ime.activate()\nime.done()")
	f.srv.LeavePanelText(f.seat, p)
	m.c.expect("") // it isn't the panel's any more
}

func TestPanelTextEnds(t *testing.T) {
	f := newFixture(t)
	p := &ownPanel{composed: true}
	f.seat.SetKeyboardFocus(p)
	f.srv.SetPanelText(f.seat, p, &PanelText{Text: "a", Cursor: 1, Anchor: 1})
	// An input method that comes later finds it, and what it shows goes with it.
	m := f.composer()
	m.c.expect("ime.activate()\nime.surrounding_text(\"a\", 1, 1)\nime.text_change_cause(1)\nime.content_type(0, 0)\nime.done()")
	m.im.SetPreeditString("x", 0, 1)
	m.im.Commit(1)
	m.c.ok()
	p.expect(t, `-0+0 "" "x" 0 1`)
	m.c.disconnect()
	p.expect(t, `-0+0 "" "" -1 -1`)
	n := f.composer()
	n.c.take()
	f.srv.LeavePanelText(f.seat, p)
	n.c.expect("ime.deactivate()\nime.done()")
	// Nothing is composed while the session is locked.
	l := n.lock()
	f.srv.SetPanelText(f.seat, p, &PanelText{Text: "secret"})
	n.c.ok()
	if got := n.c.take(); strings.Contains(got, "ime.") {
		t.Errorf("locked, and the input method was told %q", got)
	}
	f.srv.LockCovered()
	l.UnlockAndDestroy()
	n.c.ok()
}

func TestPopupStandsAtThePanelsCursor(t *testing.T) {
	f := newFixture(t)
	m := f.composer()
	p := &ownPanel{composed: true}
	f.seat.SetKeyboardFocus(p)
	st := PanelText{Rect: geom.XYWH(10, 20, 1, 16)}
	f.srv.SetPanelText(f.seat, p, &st)
	surf := m.c.surface("popup")
	popup := m.im.GetInputPopupSurface(surf)
	var at string
	popup.OnTextInputRectangle = func(x, y, w, h int32) { at = fmt.Sprint(x, y, w, h) }
	surf.Attach(m.c.buffer(30, 10, red), 0, 0)
	surf.Damage(0, 0, 30, 10)
	surf.Commit()
	m.c.ok()
	ip := f.srv.main.compose.method.popups[0]
	if ip.at != (geom.Point{X: 10, Y: 36}) || at != "0 -16 1 16" || !ip.tree.Enabled() {
		t.Errorf("the popup is at %v, its cursor at %q, shown %v", ip.at, at, ip.tree.Enabled())
	}
	if !f.srv.InputPopup(m.c.core(surf)) || f.srv.InputPopup(p) {
		t.Error("it isn't known as a popup")
	}
	st.Rect = geom.XYWH(50, 20, 1, 16)
	f.srv.SetPanelText(f.seat, p, &st)
	m.c.ok()
	if ip.at != (geom.Point{X: 50, Y: 36}) {
		t.Errorf("the cursor moves on, the popup is at %v", ip.at)
	}
	f.seat.SetKeyboardFocus(nil)
	if ip.tree.Enabled() {
		t.Error("nobody types, and the popup stays")
	}
}
