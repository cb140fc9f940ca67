package session

import (
	"strings"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/shell/decor"
	"rayos/shell/launcher"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// card covers the content of a machine's window while there is nothing of the
// machine to see: name, state, what has happened and one action. All input on
// the content is the card's then; a click, Enter or Space does what it offers.
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
	size  geom.Size // logical, of what is drawn
	down  bool      // a button was pressed here
	keys  bool      // it has the keyboard
}

// veil is how the last picture shines through.
const veilAlpha = 150

// cardText is what a card says of a state, and what there is to do.
type cardText struct {
	state, action string
	why, bad      bool // the detail is for people; something has gone wrong
}

var cardTexts = map[protocol.RayosGuestV1State]cardText{
	protocol.RayosGuestV1StateStarting:   {state: lang.M("Starting"), why: true},
	protocol.RayosGuestV1StateStopped:    {state: lang.M("Off"), action: lang.M("Start"), why: true},
	protocol.RayosGuestV1StateSuspending: {state: lang.M("Being suspended")},
	protocol.RayosGuestV1StateSuspended:  {state: lang.M("Suspended"), action: lang.M("Resume")},
	protocol.RayosGuestV1StateResuming:   {state: lang.M("Resuming")},
	protocol.RayosGuestV1StateFailed:     {state: lang.M("Crashed too often"), action: lang.M("Start again"), why: true, bad: true},
}

// details are what machines say that is known, for the catalogs.
var _ = [...]string{
	lang.M("the guest has shut down"), lang.M("killed"), lang.M("found running"), lang.M("an interrupted operation was undone"),
}

// What the details begin with of a machine that will start again by itself, and of
// one that lives, but out of reach.
const (
	crashed = "crashed"
	stuck   = "stuck"
)

// says returns what there is to say of the machine, if anything. One that
// starts shows itself with its first picture.
func (m *machine) says() (text cardText, ok bool) {
	text, ok = cardTexts[m.state]
	switch {
	case strings.HasPrefix(m.detail, stuck+": ") && !m.busy:
		return cardText{state: lang.M("Out of reach"), action: lang.M("Restart"), why: true, bad: true}, true
	case m.state == protocol.RayosGuestV1StateStarting && m.pictured:
		return text, false
	case m.state == protocol.RayosGuestV1StateFailed && !strings.HasPrefix(m.detail, crashed):
		text.state = lang.M("Failed")
	case m.state == protocol.RayosGuestV1StateStopped && strings.HasPrefix(m.detail, crashed) && !m.busy:
		text = cardText{state: lang.M("Crashed"), action: lang.M("Start now"), why: true, bad: true}
	case text.action != "" && m.busy:
		text = cardText{state: lang.M("Starting")}
	}
	return text, ok
}

// guestDrawn is told of pixels of a machine: the first ones after its start
// take the card away.
func (s *Session) guestDrawn(sf *surfaces.Surface) {
	g := sf.Root().Guest
	if g == nil || sf.Guest == g {
		return // the machine's picture lies on its window's surface
	}
	if m := s.machineOf(g); m != nil && !m.pictured {
		m.pictured = true
		m.updateCard()
	}
}

// updateCard shows, changes or takes away the card of the machine's main
// window.
func (m *machine) updateCard() {
	text, has := m.says()
	has = has && m.told && m.Shown()
	if c := m.card; c != nil && (!has || c.w != m.wins[0]) {
		m.card = nil
		c.destroy()
		m.s.focusWindow()
	}
	if !has {
		return
	}
	fresh := m.card == nil
	if fresh {
		m.card = newCard(m, m.wins[0])
	}
	why := ""
	if text.why && m.detail != "" {
		// The state says already that it has crashed, or is out of reach.
		why = strings.TrimPrefix(strings.TrimPrefix(m.detail, crashed+": "), stuck+": ")
		why = launcher.Sentence(lang.T(why))
	}
	m.card.show(&text, why)
	if fresh {
		m.s.focusWindow()
	}
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

func (c *card) show(text *cardText, why string) {
	size := c.w.spot.Content.Size()
	at := c.w.spot.Content.Min().Sub(c.w.spot.Frame.Min())
	c.tree.SetPosition(at.X, at.Y)
	c.tree.SetEnabled(!c.w.spot.Shaded)
	c.veil.SetSize(size)
	c.input.SetDestSize(size)
	c.tree.SetClip(size.Rect(), true)
	c.draw(decor.Card{
		Name: c.w.guest.Owner.Label, State: lang.T(text.state), Detail: why, Action: lang.T(text.action), Bad: text.bad, RTL: c.w.s.opt.RTL,
		Trust: trust(c.w.guest.Owner.Trust), Hover: c.drawn.Hover && text.action != "", Focus: c.keys,
		Scale: c.w.scale(), Scheme: c.w.s.opt.Scheme,
	})
	c.face.SetPosition((size.W-c.size.W)/2, (size.H-c.size.H)/2)
}

func (c *card) draw(now decor.Card) {
	if now == c.drawn {
		return
	}
	s := c.w.s
	px, size := s.decor.Card(&now)
	tex, err := s.render.Import(px, false)
	if err != nil {
		s.log.Error("card", "err", err)
		return
	}
	c.drawn, c.size = now, size
	c.face.SetTexture(tex, nil)
	c.face.SetDestSize(size)
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

// KeyboardEnter implements seat.Focus.
func (c *card) KeyboardEnter(uint32, []uint32, xkb.Mods) { c.focus(true) }

// KeyboardLeave implements seat.Focus.
func (c *card) KeyboardLeave(uint32) { c.focus(false) }

func (c *card) focus(on bool) {
	c.keys = on
	now := c.drawn
	now.Focus = on
	c.draw(now)
}

// Key implements seat.Focus: Enter and Space press the button.
func (c *card) Key(_ uint32, _ time.Duration, key uint32, pressed bool) {
	if !pressed {
		return
	}
	st := c.w.s.seat.State()
	if sym := ui.Sym(st.Sym(key)); sym == ui.KeyEnter || sym == ui.KeyPadEnter || sym == ' ' {
		c.act()
	}
}

// Private implements seat.Private: the machine that starts hears nothing of the
// key that started it.
func (c *card) Private() {}

func (c *card) act() {
	if c.drawn.Action != "" {
		c.m.host.ViewAction()
	}
}
