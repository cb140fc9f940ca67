package wayland

import (
	"unicode/utf8"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addInputMethod() {
	s.addPrivilegedGlobal(&protocol.ZwpInputMethodManagerV2Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpInputMethodManagerV2(c.conn, id, version).Handler = inputMethods{c}
	})
}

type inputMethods struct{ c *Client }

func (inputMethods) Destroy(*server.ZwpInputMethodManagerV2) {}

// GetInputMethod makes the client the seat's input method, if there is none
// yet.
func (h inputMethods) GetInputMethod(_ *server.ZwpInputMethodManagerV2, st *server.WlSeat, id *server.ZwpInputMethodV2) {
	g := h.c.seatOf(st).g
	m := &inputMethod{c: h.c, g: g, res: id}
	id.Handler = m
	if g.compose.method != nil || g.gone {
		m.over = true
		id.SendUnavailable()
		return
	}
	g.compose.method = m
	if g.compose.text != nil {
		m.activate()
	}
}

// composition is what an input method has made and not committed yet.
type composition struct {
	setPreedit    bool
	preedit       string
	begin, end    int32 // of the cursor, in bytes of preedit; -1 hides it
	setText       bool
	text          string
	before, after uint32 // bytes to delete around the cursor
}

// inputMethod is zwp_input_method_v2: the client that composes text for a seat.
type inputMethod struct {
	c       *Client
	g       *seatGlobal
	res     *server.ZwpInputMethodV2
	over    bool // it never was the seat's input method, or is it no more
	active  bool // it was told of a text input
	pending composition
	shows   bool // the text input has preedit text
	grab    *keyGrab
	popups  []*inputPopup
}

func (*inputMethod) Destroy(*server.ZwpInputMethodV2) {}

// ResourceDestroyed takes back what is not committed, the keys and the popups.
func (m *inputMethod) ResourceDestroyed() {
	if m.over {
		return
	}
	if t := m.g.compose.text; t != nil && m.shows {
		t.compose(&composition{})
	}
	m.end()
	m.g.compose.method = nil
}

// end makes the object and what hangs on it inert.
func (m *inputMethod) end() {
	m.over, m.active = true, false
	m.g.updateKeyGrab(nil)
	m.grab = nil
	for _, p := range m.popups {
		p.hide()
	}
}

// activate tells of a text input that was enabled.
func (m *inputMethod) activate() {
	m.active, m.shows = true, false
	m.pending = composition{}
	m.res.SendActivate()
	t := m.g.compose.text.state()
	m.tell(t, t.set)
	m.res.SendDone()
	m.arrange()
}

// deactivate tells that nobody wants text any more.
func (m *inputMethod) deactivate() {
	if !m.active {
		return
	}
	m.active, m.shows = false, false
	m.pending = composition{}
	m.res.SendDeactivate()
	m.res.SendDone()
	m.arrange()
}

// tell passes on what is new about the text. Done is still to be sent.
func (m *inputMethod) tell(t *textState, what textField) {
	if what&textSurrounding != 0 {
		m.res.SendSurroundingText(t.text, t.cursor, t.anchor)
		m.res.SendTextChangeCause(t.cause)
	}
	if what&textContent != 0 {
		m.res.SendContentType(t.hint, t.purpose)
	}
}

// maxComposed is the most that an input method may pass at once: what fits a
// message.
const maxComposed = 4000

// passable reports whether text may be passed on: toolkits trust that it is
// well formed.
func passable(text string) bool { return len(text) <= maxComposed && utf8.ValidString(text) }

// CommitString inserts text with the next commit.
func (m *inputMethod) CommitString(_ *server.ZwpInputMethodV2, text string) {
	if passable(text) {
		m.pending.setText, m.pending.text = true, text
	}
}

// SetPreeditString shows text that is not final with the next commit.
func (m *inputMethod) SetPreeditString(_ *server.ZwpInputMethodV2, text string, begin, end int32) {
	if passable(text) {
		if !boundary(text, begin) || !boundary(text, end) {
			begin, end = -1, -1
		}
		p := &m.pending
		p.setPreedit, p.preedit, p.begin, p.end = true, text, begin, end
	}
}

// DeleteSurroundingText deletes around the cursor with the next commit.
func (m *inputMethod) DeleteSurroundingText(_ *server.ZwpInputMethodV2, before, after uint32) {
	m.pending.before, m.pending.after = before, after
}

// Commit passes on what was made. The serial is how many states the input
// method has seen; what it makes of an older one is passed on too, and the
// client finds its own serial in the answer.
func (m *inputMethod) Commit(*server.ZwpInputMethodV2, uint32) {
	c := m.pending
	m.pending = composition{}
	if !m.active {
		return
	}
	m.shows = c.setPreedit && c.preedit != ""
	m.g.compose.text.compose(&c)
}

// GetInputPopupSurface makes a surface a popup at the text cursor.
func (m *inputMethod) GetInputPopupSurface(res *server.ZwpInputMethodV2, id *server.ZwpInputPopupSurfaceV2, surf *server.WlSurface) {
	s := surfaceOf(surf)
	p := &inputPopup{m: m, s: s, res: id}
	if s.xdg != nil || !s.setRole(p) {
		res.PostErrorCode(inputMethodErrorRole, "wl_surface@%d is a %s", surf.ID(), s.roleName)
		return
	}
	id.Handler = p
	p.start()
}

// inputMethodErrorRole is zwp_input_method_v2.error.role.
const inputMethodErrorRole = 0

// GrabKeyboard gives the input method the keys of the seat.
func (m *inputMethod) GrabKeyboard(_ *server.ZwpInputMethodV2, id *server.ZwpInputMethodKeyboardGrabV2) {
	k := &keyGrab{m: m, res: id}
	id.Handler = k
	if !m.over {
		m.grab = k
		k.start()
	}
}
