package overview

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/preview"
)

// Sheet is the view.
type Sheet struct {
	act   Actions
	rtl   bool
	state State
	size  geom.Size // of the output

	cards  []geom.Rect // of state.Windows; nil where there is no room
	thumbs []geom.Rect // of state.Spaces, and of the button that adds one
	field  geom.Rect
	area   geom.Rect // of the cards
}

// New returns an overview of nothing. With rtl the first workspace is at the
// right.
func New(act Actions, rtl bool) *Sheet { return &Sheet{act: act, rtl: rtl} }

// SetRTL changes the direction. What is shown has it with the next Resize.
func (s *Sheet) SetRTL(rtl bool) { s.rtl, s.size = rtl, geom.Size{} }

// Sizes in logical pixels.
const (
	margin     = theme.Space5
	gap        = theme.Space3
	named      = 24 // the line with a workspace's name
	fieldW     = 280
	fieldH     = 32
	addW       = 40
	leastSpace = 24  // edge of a workspace
	longest    = 128 // characters of a filter
)

// Resize tells how large the output is, in logical pixels.
func (s *Sheet) Resize(size geom.Size) {
	if s.size != size {
		s.size = size
		s.arrange()
	}
}

// Show makes st what is shown, and reports whether that looks different.
func (s *Sheet) Show(st State) bool {
	if s.state.equal(&st) {
		return false
	}
	s.state = st
	s.arrange()
	return true
}

func (s *Sheet) arrange() {
	if s.size.Empty() {
		return
	}
	h := s.strip()
	y := margin + h + named + gap
	s.field = geom.XYWH((s.size.W-min(fieldW, s.size.W))/2, y, min(fieldW, s.size.W), fieldH)
	s.area = geom.Rect{X0: margin, Y0: s.field.Y1 + gap, X1: s.size.W - margin, Y1: s.size.H - margin}
	frames := make([]geom.Rect, len(s.state.Windows))
	for i := range frames {
		w := &s.state.Windows[i]
		if frames[i] = w.Frame; frames[i].Empty() {
			frames[i] = geom.Rect{X0: w.Frame.X0, Y0: w.Frame.Y0, X1: w.Frame.X0 + 320, Y1: w.Frame.Y0 + 200}
		}
	}
	s.cards = nil
	if s.area.W() > 0 && s.area.H() > 0 {
		s.cards = Spread(frames, s.area)
	}
}

// strip places the workspaces, and returns how high each is. Where not all have
// room, those far from the one that is shown have none.
func (s *Sheet) strip() int32 {
	n := int32(len(s.state.Spaces))
	h := min(max(s.size.H/7, 48), 136)
	w := h * s.size.W / s.size.H
	if room := (s.size.W-2*margin-addW)/max(n, 1) - gap; w > room {
		w = max(room, leastSpace)
		h = max(w*s.size.H/s.size.W, leastSpace)
	}
	total := n*(w+gap) + addW
	x := (s.size.W - total) / 2
	if x < margin {
		shown := int32(max(slices.IndexFunc(s.state.Spaces, func(p Space) bool { return p.Shown }), 0))
		x = min(margin, max(s.size.W/2-shown*(w+gap)-w/2, s.size.W-margin-total))
	}
	s.thumbs = s.thumbs[:0]
	for i := range n + 1 {
		t := geom.XYWH(x+i*(w+gap), margin, w, h)
		if i == n {
			t = geom.XYWH(t.X0, margin+max(h-addW, 0)/2, addW, addW)
		}
		if s.rtl {
			t.X0, t.X1 = s.size.W-t.X1, s.size.W-t.X0
		}
		if t.X0 < gap || t.X1 > s.size.W-gap {
			t = geom.Rect{}
		}
		s.thumbs = append(s.thumbs, t)
	}
	return h
}

// Slots appends where on the output the pictures go, in the order of
// State.Windows.
func (s *Sheet) Slots(to []preview.Slot) []preview.Slot {
	for i := range s.cards {
		w := &s.state.Windows[i]
		if pic := preview.Picture(s.cards[i], w.Size); !pic.Empty() {
			to = append(to, preview.Slot{Window: w.ID, Box: pic})
		}
	}
	return to
}

// Thumbs appends where the pictures in the strip go that workspace n has.
func (s *Sheet) Thumbs(to []preview.Slot, n int) []preview.Slot {
	t := s.thumbs[n]
	if t.Empty() {
		return to
	}
	in := t.Inset(2)
	for _, w := range s.state.Spaces[n].Windows {
		box := geom.Rect{
			X0: t.X0 + w.Box.X0*t.W()/s.size.W, Y0: t.Y0 + w.Box.Y0*t.H()/s.size.H,
			X1: t.X0 + w.Box.X1*t.W()/s.size.W, Y1: t.Y0 + w.Box.Y1*t.H()/s.size.H,
		}
		if box = within(box, in); !box.Empty() {
			to = append(to, preview.Slot{Window: w.Window, Box: box})
		}
	}
	return to
}

// within moves a box into another, and makes it smaller where it must be.
func within(box, in geom.Rect) geom.Rect {
	if box.Empty() || in.Empty() {
		return geom.Rect{}
	}
	box = preview.Fit(box.Size(), in).Size().Rect().Add(box.Min())
	dx := max(in.X0-box.X0, 0) - max(box.X1-in.X1, 0)
	dy := max(in.Y0-box.Y0, 0) - max(box.Y1-in.Y1, 0)
	return box.Add(geom.Point{X: dx, Y: dy})
}

// Space returns where on the output the picture of workspace n is.
func (s *Sheet) Space(n int) geom.Rect { return s.thumbs[n] }

// SpaceAt returns the workspace whose picture is at a point of the output, or
// -1.
func (s *Sheet) SpaceAt(p geom.FPoint) int {
	for i := range s.state.Spaces {
		if !s.thumbs[i].Empty() && p.Floor().In(s.thumbs[i].Inset(-gap/2)) {
			return i
		}
	}
	return -1
}

// View describes the overview in a root of the output's size.
func (s *Sheet) View() ui.Node {
	if s.size.Empty() {
		return ui.Spacer{}
	}
	kids := []preview.Placed{{Box: s.field, Node: s.filter()}}
	for i := range s.state.Spaces {
		t := s.thumbs[i]
		if t.Empty() {
			continue
		}
		t.Y1 += named
		kids = append(kids, preview.Placed{Box: t, Node: s.space(i)})
	}
	if t := s.thumbs[len(s.state.Spaces)]; !t.Empty() {
		kids = append(kids, preview.Placed{Box: t, Node: plus{s.act.AddWorkspace}})
	}
	if s.state.Settled {
		kids = append(kids, s.windows()...)
	}
	return stage{key: s.key, press: s.act.Cancel, child: preview.Board{Kids: kids}}
}

func (s *Sheet) windows() []preview.Placed {
	if len(s.cards) == 0 {
		text := lang.T("No windows here")
		switch {
		case s.state.Elsewhere:
			return nil
		case s.state.Filter != "":
			text = lang.T("No window fits")
		case len(s.state.Windows) > 0:
			text = lang.N("{n} window: type to find it", "{n} windows: type to find one", len(s.state.Windows))
		}
		return []preview.Placed{{Box: s.area, Node: ui.Centred(ui.Label{Text: text, Size: theme.Heading, Lines: 1})}}
	}
	out := make([]preview.Placed, len(s.cards))
	for i := range s.cards {
		w := s.state.Windows[i].Window
		out[i] = preview.Placed{Box: s.cards[i], Key: fmt.Sprint(w.ID), Node: preview.Card{
			Window: w, Chosen: w.ID == s.state.Chosen, Loose: w.ID == s.state.Dragged,
			Index: i + 1, Count: len(s.cards),
			OnPress: func() { s.act.Take(w.ID) },
			OnClose: func() { s.act.Close(w.ID) },
			OnDrag:  func(at geom.FPoint) { s.act.Drag(w.ID, at, s.SpaceAt(at)) },
			OnDrop: func(at geom.FPoint, dropped bool) {
				over := -1
				if dropped {
					over = s.SpaceAt(at)
				}
				s.act.Drop(w.ID, over)
			},
		}}
	}
	return out
}

func (s *Sheet) space(i int) ui.Node {
	sp := &s.state.Spaces[i]
	return thumb{
		name: sp.Name, shown: sp.Shown, urgent: sp.Urgent, over: s.state.Over == i, index: i + 1, count: len(s.state.Spaces),
		act: func() { s.act.Workspace(i) },
	}
}

// filter shows what was typed.
func (s *Sheet) filter() ui.Node {
	return ui.Labelled{Name: lang.T("Type to find a window"), Description: s.state.Filter, Child: pill{text: s.state.Filter}}
}

// pill looks like a line to write in.
type pill struct{ text string }

func (p pill) Build(e *ui.Element) []ui.Node {
	th := e.Theme()
	l := ui.Label{Text: lang.T("Type to find a window"), Color: th.Text2, Lines: 1}
	if p.text != "" {
		l = ui.Label{Text: p.text, Lines: 1}
	}
	return []ui.Node{ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
		ui.Icon{Name: icon.Search, Color: th.Text2}, ui.Expand{Child: l},
	}}}
}

func (p pill) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	size := geom.Size{W: c.MaxW, H: c.MaxH}
	e.Child(0).Layout(ui.Tight(geom.Size{W: max(size.W-2*theme.Space3, 0), H: size.H}))
	e.Child(0).Place(theme.Space3, 0)
	return size
}

func (p pill) Paint(e *ui.Element, g *ui.Painter) {
	th := e.Theme()
	edge := th.Outline
	if p.text != "" {
		edge = th.Accent
	}
	g.Frame(e.Box(), fieldH/2, th.Surface2, edge)
}

// typed adds what a key types to the filter.
func (s *Sheet) typed(text string) bool {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 || r < ' ' || r == 0x7f || r == utf8.RuneError || r == ' ' && s.state.Filter == "" {
		return false
	}
	if utf8.RuneCountInString(s.state.Filter) < longest {
		s.act.Filter(s.state.Filter + text)
	}
	return true
}
