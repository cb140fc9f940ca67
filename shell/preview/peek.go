package preview

import (
	"fmt"
	"slices"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// Peek is a few windows beside each other, above what they belong to: what a
// taskbar shows of an application.
type Peek struct {
	act  PeekActions
	rtl  bool
	list []Window
	size geom.Size // of the output
	of   geom.Rect // what it belongs to, on the output
	card geom.Size
	room int // cards that there is room for
	box  geom.Rect
}

// PeekActions are what people can do there.
type PeekActions interface {
	Take(window uint32)
	Close(window uint32)
}

// NewPeek returns one of nothing.
func NewPeek(act PeekActions, rtl bool) *Peek { return &Peek{act: act, rtl: rtl} }

// SetRTL changes the direction. What is shown has it with the next Show.
func (p *Peek) SetRTL(rtl bool) { p.rtl = rtl }

// Sizes of a peek, in logical pixels.
const (
	peekW   = 208
	peekH   = 168
	peekGap = theme.Space1
	peekPad = theme.Space1
)

// Show makes it show windows that belong to a box on an output, and reports
// whether that looks different.
func (p *Peek) Show(list []Window, of geom.Rect, size geom.Size) bool {
	if slices.Equal(p.list, list) && p.of == of && p.size == size {
		return false
	}
	p.list, p.of, p.size = append(p.list[:0], list...), of, size
	n := int32(len(list))
	if n == 0 || size.Empty() {
		p.box = geom.Rect{}
		return true
	}
	p.card = geom.Size{W: min(peekW, size.W-4*peekPad), H: min(peekH, of.Y0-4*peekPad)}
	fit := max((size.W-4*peekPad+peekGap)/(p.card.W+peekGap), 1)
	p.room = int(min(n, fit))
	w := int32(p.room)*(p.card.W+peekGap) - peekGap + 2*peekPad
	h := p.card.H + 2*peekPad
	x := min(max((of.X0+of.X1-w)/2, theme.Space2), max(size.W-theme.Space2-w, 0))
	p.box = geom.XYWH(x, of.Y0-h-theme.Space2, w, h)
	return true
}

// Box returns where it is on the output.
func (p *Peek) Box() geom.Rect { return p.box }

func (p *Peek) place(i int) geom.Rect {
	if p.rtl {
		i = p.room - 1 - i
	}
	return geom.XYWH(p.box.X0+peekPad+int32(i)*(p.card.W+peekGap), p.box.Y0+peekPad, p.card.W, p.card.H)
}

// Slots appends where on the output the pictures go.
func (p *Peek) Slots(to []Slot) []Slot {
	for i := range p.shown() {
		if pic := Picture(p.place(i), p.list[i].Size); !pic.Empty() {
			to = append(to, Slot{Window: p.list[i].ID, Box: pic})
		}
	}
	return to
}

func (p *Peek) shown() []Window { return p.list[:min(p.room, len(p.list))] }

// View describes it in a root of the output's size.
func (p *Peek) View() ui.Node {
	if p.box.Empty() {
		return ui.Spacer{}
	}
	var cards []Placed
	for i := range p.shown() {
		w := p.list[i]
		cards = append(cards, Placed{
			Box: p.place(i).Add(geom.Point{X: -p.box.X0, Y: -p.box.Y0}), Key: fmt.Sprint(w.ID),
			Node: Card{
				Window: w, Bare: true, Index: i + 1, Count: len(p.list),
				OnPress: func() { p.act.Take(w.ID) }, OnClose: func() { p.act.Close(w.ID) },
			},
		})
	}
	return Board{Kids: []Placed{{Box: p.box, Node: peekGround{Board{Kids: cards, Role: ui.RoleList, Name: lang.C("list", "Windows")}}}}}
}

// peekGround is the popover itself.
type peekGround struct{ child ui.Node }

func (g peekGround) Build(*ui.Element) []ui.Node { return []ui.Node{g.child} }

func (g peekGround) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	size := geom.Size{W: c.MaxW, H: c.MaxH}
	e.Child(0).Layout(ui.Tight(size))
	e.Child(0).Place(0, 0)
	return size
}

func (peekGround) Paint(e *ui.Element, p *ui.Painter) { p.Popover(e.Box(), theme.RadiusPopover+2) }
