package wayland

import (
	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
)

// typist is a text that an input method composes: a client's text input, or
// text in a panel of the session.
type typist interface {
	state() *textState
	compose(*composition)
	// cursor returns where the text cursor is in the layout, and whether it is
	// on the screen.
	cursor() (geom.Rect, bool)
}

// PanelText is what an input method is told of text in a panel of the session,
// which has the keyboard.
type PanelText struct {
	// Text is what stands around the cursor, at most 4,000 bytes; Cursor and
	// Anchor are byte offsets in it.
	Text           string
	Cursor, Anchor int
	Hint           protocol.ZwpTextInputV3ContentHint
	Purpose        protocol.ZwpTextInputV3ContentPurpose
	Rect           geom.Rect // of the cursor, in the layout
}

// Composed is what an input method has made, in the order in which it is to be
// done: what it showed before goes, then comes Before and After, Text, Preedit.
// All text is valid UTF-8.
type Composed struct {
	Before, After uint32 // bytes to delete around the cursor
	Text          string // to insert
	Preedit       string // to show at the cursor, not final
	Begin, End    int    // of the cursor or the marked part, in bytes of Preedit; -1 hides it
}

// Composer takes what an input method makes of text in a panel.
type Composer interface {
	Compose(c Composed)
}

// panelText is text in a panel, as the input method knows it.
type panelText struct {
	by      Composer
	current textState
	made    bool // the input method has changed the text
}

func (p *panelText) state() *textState         { return &p.current }
func (p *panelText) cursor() (geom.Rect, bool) { return p.current.rect, true }

func (p *panelText) compose(c *composition) {
	p.made = true
	out := Composed{Before: c.before, After: c.after, Begin: -1, End: -1}
	if c.setText {
		out.Text = c.text
	}
	if c.setPreedit {
		out.Preedit, out.Begin, out.End = c.preedit, int(c.begin), int(c.end)
	}
	p.by.Compose(out)
}

// SetPanelText tells the input method of a seat where text is typed in a panel
// of the session, and how that has changed since the last call. It holds until
// the keyboard goes elsewhere, or LeavePanelText is called. What the input
// method makes goes to by. Text that breaks the protocol's limits is not passed
// on, and nobody composes text in a session that is locked. It is for the
// goroutine of the loop.
func (s *Server) SetPanelText(st *seat.Seat, by Composer, t *PanelText) {
	g := s.seatOf(st)
	if g == nil || s.lock.on {
		return
	}
	c := &g.compose
	p, ok := c.text.(*panelText)
	fresh := !ok || p.by != by
	if fresh {
		g.textLeave()
		g.stopComposing()
		p = &panelText{by: by}
	}
	next := textState{set: textContent | textRect, hint: t.Hint, purpose: t.Purpose, rect: t.Rect}
	if len(t.Text) <= maxSurrounding && passable(t.Text) && boundary(t.Text, int32(t.Cursor)) && boundary(t.Text, int32(t.Anchor)) {
		next.set |= textSurrounding
		next.text, next.cursor, next.anchor = t.Text, uint32(t.Cursor), uint32(t.Anchor)
	}
	if !p.made {
		next.cause = protocol.ZwpTextInputV3ChangeCauseOther
	}
	p.made = false
	old := p.current
	p.current = next
	m := c.method
	if fresh {
		c.text = p
		if m != nil {
			m.activate()
		}
		return
	}
	if m == nil {
		return
	}
	what := textField(0)
	if old.text != next.text || old.cursor != next.cursor || old.anchor != next.anchor {
		what |= next.set & textSurrounding
	}
	if old.hint != next.hint || old.purpose != next.purpose {
		what |= textContent
	}
	if what != 0 {
		m.tell(&p.current, what)
		m.res.SendDone()
	}
	m.arrange()
}

// LeavePanelText tells the input method that nobody types into a panel any
// more, if by is who did.
func (s *Server) LeavePanelText(st *seat.Seat, by Composer) {
	g := s.seatOf(st)
	if g == nil {
		return
	}
	if p, ok := g.compose.text.(*panelText); ok && p.by == by {
		g.stopComposing()
	}
}

// InputPopup reports whether a focus is a popup of an input method, which is
// pressed without taking the keyboard from the text.
func (s *Server) InputPopup(f seat.Focus) bool {
	sf := surfaceBehind(f)
	if sf == nil {
		return false
	}
	_, ok := sf.role.(*inputPopup)
	return ok
}

// stopComposing ends what is being composed, whoever's it is.
func (g *seatGlobal) stopComposing() {
	if g.compose.text == nil {
		return
	}
	g.compose.text = nil
	if m := g.compose.method; m != nil {
		m.deactivate()
	}
}
