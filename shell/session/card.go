package session

import (
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/decor"
	"rayos/surfaces/protocol"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// card covers the content of a machine's window while the machine isn't
// running: name, state and one action. All input on the content is the card's
// then.
type card struct {
	seat.NoFocus
	m     *machine
	w     *window
	tree  *scene.Tree
	veil  *scene.Rect
	input *scene.Buffer // over all of the content
	face  *scene.Buffer
	tex   render.Texture
	drawn decor.Card
	down  bool // a button was pressed here
}

// veil is how the last picture shines through.
const veilAlpha = 150

// cardText is what a card says of a state, and what there is to do. A machine
// that starts shows itself soon. why says whether the detail is for people.
var cardText = map[protocol.RayosGuestV1State]struct {
	state, action string
	why           bool
}{
	protocol.RayosGuestV1StateStopped:    {"Off", "Start", true},
	protocol.RayosGuestV1StateSuspending: {"Being suspended", "", false},
	protocol.RayosGuestV1StateSuspended:  {"Suspended", "Resume", false},
	protocol.RayosGuestV1StateResuming:   {"Resuming", "", false},
	protocol.RayosGuestV1StateFailed:     {"Crashed too often", "Start again", true},
}

// updateCard shows, changes or takes away the card of the machine's main
// window.
func (m *machine) updateCard() {
	text, has := cardText[m.state]
	if !has || !m.told || !m.Shown() {
		if m.card != nil {
			m.card.destroy()
			m.card = nil
		}
		return
	}
	w := m.wins[0]
	if m.card != nil && m.card.w != w {
		m.card.destroy()
		m.card = nil
	}
	if m.card == nil {
		m.card = newCard(m, w)
	}
	why := ""
	if text.why {
		why = m.detail
	}
	m.card.show(text.state, why, text.action)
}

func newCard(m *machine, w *window) *card {
	c := &card{m: m, w: w}
	c.tree = w.frame.tree.NewTree()
	c.tree.PlaceBelow(w.frame.title)
	c.veil = c.tree.NewRect(geom.Size{}, render.RGBA(10, 12, 16, veilAlpha))
	c.input = c.tree.NewBuffer()
	c.input.Data = c
	c.face = c.tree.NewBuffer()
	c.face.SetInputNone()
	return c
}

func (c *card) show(state, why, action string) {
	size := c.w.spot.Content.Size()
	at := c.w.spot.Content.Min().Sub(c.w.spot.Frame.Min())
	c.tree.SetPosition(at.X, at.Y)
	c.tree.SetEnabled(!c.w.spot.Shaded)
	c.veil.SetSize(size)
	c.input.SetDestSize(size)
	c.face.SetPosition((size.W-decor.CardSize.W)/2, (size.H-decor.CardSize.H)/2)
	s := c.w.s
	now := decor.Card{
		Name: c.w.guest.Owner.Label, State: state, Detail: why, Action: action, Trust: trust(c.w.guest.Owner.Trust),
		Hover: c.drawn.Hover, Scale: c.w.scale(), Scheme: s.opt.Scheme,
	}
	c.draw(now)
}

func (c *card) draw(now decor.Card) {
	if now == c.drawn {
		return
	}
	s := c.w.s
	tex, err := s.render.Import(s.decor.Card(&now), false)
	if err != nil {
		s.log.Error("card", "err", err)
		return
	}
	c.drawn = now
	c.face.SetTexture(tex, nil)
	c.face.SetDestSize(decor.CardSize)
	if c.tex != nil {
		c.tex.Release()
	}
	c.tex = tex
}

func (c *card) destroy() {
	c.face.SetTexture(nil, nil)
	if c.tex != nil {
		c.tex.Release()
	}
	c.w.s.seat.Forget(c)
	c.tree.Destroy()
	c.w.s.moved = true
}

// Accepts implements seat.Focus.
func (c *card) Accepts() bool { return !c.w.s.lock.on && c.w.guest.AcceptsInput() }

// Client implements seat.Focus.
func (c *card) Client() any { return c }

func (c *card) hover(on bool) {
	now := c.drawn
	now.Hover = on && now.Action != ""
	c.draw(now)
}

// PointerEnter implements seat.Focus.
func (c *card) PointerEnter(uint32, geom.FPoint) {
	c.w.s.SetCursorShape(c.w.s.seat, "default")
	c.hover(true)
}

// PointerLeave implements seat.Focus.
func (c *card) PointerLeave(uint32) {
	c.down = false
	c.hover(false)
}

// PointerButton implements seat.Focus: a click does what the card offers.
func (c *card) PointerButton(_ uint32, _ time.Duration, button uint32, pressed bool) {
	if button != btnLeft {
		return
	}
	if was := c.down; !pressed && was {
		c.act()
	}
	c.down = pressed
}

// TouchDown implements seat.Focus.
func (c *card) TouchDown(uint32, time.Duration, int32, geom.FPoint) { c.down = true }

// TouchUp implements seat.Focus.
func (c *card) TouchUp(uint32, time.Duration, int32) {
	if c.down {
		c.down = false
		c.act()
	}
}

func (c *card) act() {
	if c.drawn.Action != "" {
		c.m.host.ViewAction()
	}
}
