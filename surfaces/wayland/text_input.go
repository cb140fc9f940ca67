package wayland

import (
	"unicode/utf8"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addTextInput() {
	s.addGlobal(&protocol.ZwpTextInputManagerV3Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpTextInputManagerV3(c.conn, id, version).Handler = textInputs{c}
	})
}

type textInputs struct{ c *Client }

func (textInputs) Destroy(*server.ZwpTextInputManagerV3) {}

// GetTextInput makes the client's end of what an input method composes.
func (h textInputs) GetTextInput(_ *server.ZwpTextInputManagerV3, id *server.ZwpTextInputV3, st *server.WlSeat) {
	sc := h.c.seatOf(st)
	t := &textInput{seatClient: sc, res: id}
	id.Handler = t
	sc.texts = append(sc.texts, t)
	if sc.g.compose.focus == sc {
		t.enter(surfaceBehind(sc.g.seat.KeyboardFocus()))
	}
}

// composing is what a seat has for text that is composed: who wants it, a
// client's text input or a panel, and the input method that makes it.
type composing struct {
	focus  *seatClient  // that was told of its text focus, or nil
	text   typist       // the one that is enabled, or nil
	method *inputMethod // nil without one
}

// textLeave takes the text focus from who has it.
func (g *seatGlobal) textLeave() {
	if _, ok := g.compose.text.(*panelText); ok {
		g.stopComposing()
	}
	old := g.compose.focus
	if old == nil {
		return
	}
	g.compose.focus = nil
	for _, t := range old.texts {
		t.leave()
	}
}

// enterText gives the surface the text focus: text goes where keys go. The
// keyboard has been told of before, as programs expect.
func (v *seated) enterText() {
	g := v.sc.g
	if g.srv.lock.on {
		return // nobody composes passwords
	}
	g.compose.focus = v.sc
	for _, t := range v.sc.texts {
		t.enter(v.s)
	}
}

// textState is what the client tells about the text around its cursor.
type textState struct {
	set     textField // what was told since the input was enabled
	text    string
	cursor  uint32 // in bytes of text, as anchor
	anchor  uint32
	cause   protocol.ZwpTextInputV3ChangeCause
	hint    protocol.ZwpTextInputV3ContentHint
	purpose protocol.ZwpTextInputV3ContentPurpose
	rect    geom.Rect // of the cursor, surface-local
}

type textField uint8

const (
	textSurrounding textField = 1 << iota
	textCause
	textContent
	textRect
)

// merge takes over what src tells.
func (t *textState) merge(src *textState) {
	if src.set&textSurrounding != 0 {
		t.text, t.cursor, t.anchor = src.text, src.cursor, src.anchor
	}
	if src.set&textContent != 0 {
		t.hint, t.purpose = src.hint, src.purpose
	}
	if src.set&textRect != 0 {
		t.rect = src.rect
	}
	t.cause = src.cause
	t.set |= src.set
}

// wish is whether the next commit turns the input on or off.
type wish uint8

const (
	wishNothing wish = iota
	wishOn
	wishOff
)

// textInput is zwp_text_input_v3.
type textInput struct {
	*seatClient
	res     *server.ZwpTextInputV3
	surface *surface // that was entered, or nil
	commits uint32   // the serial of its state
	wish    wish
	pending textState
	current textState
}

func (t *textInput) enter(s *surface) {
	t.surface = s
	t.res.SendEnter(s.res)
}

// leave turns the input off. Until the next enter all of its requests count
// for nothing.
func (t *textInput) leave() {
	s := t.surface
	if s == nil {
		return
	}
	t.disable()
	t.surface = nil
	if !s.gone {
		t.res.SendLeave(s.res)
	}
}

func (t *textInput) disable() {
	t.wish, t.pending, t.current = wishNothing, textState{}, textState{}
	if t.g.compose.text == typist(t) {
		t.g.stopComposing()
	}
}

func (*textInput) Destroy(*server.ZwpTextInputV3) {}

// ResourceDestroyed turns the input off.
func (t *textInput) ResourceDestroyed() {
	t.disable()
	t.texts = remove(t.texts, t)
}

// Enable turns the input on with the next commit, for text that has nothing to
// do with what was there before.
func (t *textInput) Enable(*server.ZwpTextInputV3) {
	t.wish, t.pending = wishOn, textState{}
}

// Disable turns it off with the next commit.
func (t *textInput) Disable(*server.ZwpTextInputV3) { t.wish = wishOff }

// maxSurrounding is the most that a client may tell of its text, in bytes.
const maxSurrounding = 4000

// SetSurroundingText tells what is around the cursor. Text that breaks the
// protocol's limits, or a cursor beyond it or inside of a character, is not
// passed on.
func (t *textInput) SetSurroundingText(_ *server.ZwpTextInputV3, text string, cursor, anchor int32) {
	if len(text) > maxSurrounding || !utf8.ValidString(text) || !boundary(text, cursor) || !boundary(text, anchor) {
		return
	}
	p := &t.pending
	p.set |= textSurrounding
	p.text, p.cursor, p.anchor = text, uint32(cursor), uint32(anchor)
}

// boundary reports whether a character of text begins or the text ends there.
func boundary(text string, at int32) bool {
	return at >= 0 && (int(at) == len(text) || int(at) < len(text) && utf8.RuneStart(text[at]))
}

// SetTextChangeCause tells whether the input method changed the text.
func (t *textInput) SetTextChangeCause(_ *server.ZwpTextInputV3, cause protocol.ZwpTextInputV3ChangeCause) {
	if cause.Valid() {
		t.pending.set |= textCause
		t.pending.cause = cause
	}
}

// SetContentType tells what kind of text is wanted.
func (t *textInput) SetContentType(_ *server.ZwpTextInputV3, hint protocol.ZwpTextInputV3ContentHint, purpose protocol.ZwpTextInputV3ContentPurpose) {
	if purpose.Valid() {
		t.pending.set |= textContent
		t.pending.hint, t.pending.purpose = hint, purpose
	}
}

// SetCursorRectangle tells where the cursor is on the surface.
func (t *textInput) SetCursorRectangle(_ *server.ZwpTextInputV3, x, y, w, h int32) {
	t.pending.set |= textRect
	t.pending.rect = geom.XYWH(x, y, max(w, 0), max(h, 0))
}

// Commit takes what was told since the last one.
func (t *textInput) Commit(*server.ZwpTextInputV3) {
	t.commits++
	ask, next := t.wish, t.pending
	t.wish, t.pending = wishNothing, textState{}
	c := &t.g.compose
	if t.surface == nil || c.text != nil && c.text != typist(t) {
		return // it has no focus, or another one of the client is on
	}
	switch ask {
	case wishOff:
		t.disable()
		return
	case wishOn:
		c.text, t.current = t, textState{}
	}
	if c.text != typist(t) {
		return
	}
	t.current.merge(&next)
	m := c.method
	if m == nil {
		return
	}
	if ask == wishOn {
		m.activate()
		return
	}
	// Where the cursor is concerns the popups only.
	if next.set&(textSurrounding|textContent) != 0 {
		m.tell(&t.current, next.set)
		m.res.SendDone()
	}
	m.arrange()
}

func (t *textInput) state() *textState { return &t.current }

// compose sends what an input method has made.
func (t *textInput) compose(c *composition) {
	if c.setPreedit {
		t.res.SendPreeditString(&c.preedit, c.begin, c.end)
	}
	if c.setText {
		t.res.SendCommitString(&c.text)
	}
	if c.before != 0 || c.after != 0 {
		t.res.SendDeleteSurroundingText(c.before, c.after)
	}
	t.res.SendDone(t.commits)
}
