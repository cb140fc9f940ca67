package switcher

import (
	"fmt"
	"slices"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/preview"
)

// State is what the sheet shows.
type State struct {
	Windows []preview.Window // the one used last first
	Chosen  int              // the one that would be taken now
}

// Actions are what a person can do on the sheet.
type Actions interface {
	// Choose makes a window the one that would be taken.
	Choose(i int)
	// Take goes to the chosen window.
	Take()
	// Close asks a window to close.
	Close(i int)
	// Cancel goes back to where the person was.
	Cancel()
}

// Sheet is the view.
type Sheet struct {
	act   Actions
	rtl   bool
	state State
	size  geom.Size // of the output

	columns, rows int // of all cards
	shown         int // rows that there is room for
	top           int // the first that is shown
	card          geom.Size
	box           geom.Rect

	rest  *geom.FPoint // where the pointer was when the sheet came
	moved bool         // the person has moved it since
}

// New returns a sheet with nothing on it. With rtl the first window is at the
// right.
func New(act Actions, rtl bool) *Sheet { return &Sheet{act: act, rtl: rtl} }

// SetRTL changes the direction. What is shown has it with the next Show.
func (s *Sheet) SetRTL(rtl bool) { s.rtl = rtl }

// Sizes in logical pixels.
const (
	cardW  = 224
	cardH  = 184
	gap    = theme.Space1
	pad    = theme.Space2
	margin = theme.Space6 // at least, around the sheet
	most   = 6            // cards in a row
)

// Resize tells how large the output is, in logical pixels.
func (s *Sheet) Resize(size geom.Size) {
	if s.size != size {
		s.size = size
		s.arrange()
	}
}

// Show makes st what the sheet shows, and reports whether that differs.
func (s *Sheet) Show(st State) bool {
	if s.state.Chosen == st.Chosen && slices.Equal(s.state.Windows, st.Windows) {
		return false
	}
	s.state = st
	s.arrange()
	return true
}

// Open begins anew at the top, with a pointer that has not been moved.
func (s *Sheet) Open() { s.top, s.rest, s.moved = 0, nil, false }

// arrange finds columns, rows and the place of the sheet.
func (s *Sheet) arrange() {
	n := len(s.state.Windows)
	if n == 0 || s.size.Empty() {
		s.columns, s.rows, s.shown, s.box = 0, 0, 0, geom.Rect{}
		return
	}
	room := func(all, card int32) int {
		inner := all - 2*pad - 2*margin
		return max(int((inner+gap)/(card+gap)), 1)
	}
	columns := min(room(s.size.W, cardW), most)
	s.rows = (n + columns - 1) / columns
	s.columns = (n + s.rows - 1) / s.rows
	s.shown = min(room(s.size.H, cardH), s.rows)
	// One card has to do with what there is.
	s.card = geom.Size{W: min(cardW, s.size.W-2*pad), H: min(cardH, s.size.H-2*pad)}
	w := int32(s.columns)*(s.card.W+gap) - gap + 2*pad
	h := int32(s.shown)*(s.card.H+gap) - gap + 2*pad
	s.box = geom.XYWH((s.size.W-w)/2, (s.size.H-h)/2, w, h)
	s.reveal()
}

// reveal scrolls to the chosen card.
func (s *Sheet) reveal() {
	row := s.state.Chosen / max(s.columns, 1)
	s.top = min(max(s.top, row-s.shown+1), row)
	s.top = max(min(s.top, s.rows-s.shown), 0)
}

// Box returns where the sheet is on the output.
func (s *Sheet) Box() geom.Rect { return s.box }

// Viewport returns the part of the output in which pictures can be seen.
func (s *Sheet) Viewport() geom.Rect { return s.box.Inset(pad) }

// place returns where card i is on the output.
func (s *Sheet) place(i int) geom.Rect {
	v := s.Viewport()
	x, y := int32(i%s.columns), int32(i/s.columns-s.top)
	if s.rtl {
		x = int32(s.columns) - 1 - x
	}
	return geom.XYWH(v.X0+x*(s.card.W+gap), v.Y0+y*(s.card.H+gap), s.card.W, s.card.H)
}

// Slots appends where on the output the pictures of the windows go that can be
// seen.
func (s *Sheet) Slots(to []preview.Slot) []preview.Slot {
	for i := range s.state.Windows {
		w := &s.state.Windows[i]
		card := s.place(i)
		if !card.Overlaps(s.Viewport()) {
			continue
		}
		if pic := preview.Picture(card, w.Size); !pic.Empty() {
			to = append(to, preview.Slot{Window: w.ID, Box: pic})
		}
	}
	return to
}

// View describes the sheet in a root of the output's size.
func (s *Sheet) View() ui.Node {
	if s.box.Empty() {
		return ui.Spacer{}
	}
	v := s.Viewport()
	var cards []preview.Placed
	for i := range s.state.Windows {
		w := s.state.Windows[i]
		box := s.place(i)
		if !box.Overlaps(v) {
			continue
		}
		cards = append(cards, preview.Placed{
			Box: box.Add(geom.Point{X: -v.X0, Y: -v.Y0}), Key: fmt.Sprint(w.ID),
			Node: preview.Card{
				Window: w, Chosen: i == s.state.Chosen, Bare: true,
				Index: i + 1, Count: len(s.state.Windows),
				OnPress: func() { s.act.Choose(i); s.act.Take() },
				OnOver:  func(at geom.FPoint) { s.over(i, at) },
				OnClose: func() { s.act.Close(i) },
			},
		})
	}
	list := preview.Board{Kids: cards, Clip: true, Role: ui.RoleList, Name: lang.C("list", "Windows")}
	return preview.Board{Kids: []preview.Placed{{Box: s.box, Node: ground{
		keys: s.key, scroll: s.scroll, top: s.top, shown: s.shown, rows: s.rows,
		child: preview.Board{Kids: []preview.Placed{{Box: geom.XYWH(pad, pad, v.W(), v.H()), Node: list}}},
	}}}}
}

// over chooses what the pointer is moved to. A pointer that lay there already
// chooses nothing.
func (s *Sheet) over(i int, at geom.FPoint) {
	const slop = 4
	if s.rest == nil {
		s.rest = &at
	}
	dx, dy := at.X-s.rest.X, at.Y-s.rest.Y
	s.moved = s.moved || dx*dx+dy*dy > slop*slop
	if s.moved && i != s.state.Chosen {
		s.act.Choose(i)
	}
}

// scroll moves by rows.
func (s *Sheet) scroll(rows int) {
	n := len(s.state.Windows)
	if i := s.state.Chosen + rows*s.columns; n > 0 && i >= 0 && s.rows > s.shown {
		s.act.Choose(min(i, n-1))
	}
}

// key moves through the cards.
func (s *Sheet) key(k *ui.Keystroke) bool {
	n, i := len(s.state.Windows), s.state.Chosen
	if n == 0 || k.Release {
		return false
	}
	ahead := 1
	if s.rtl {
		ahead = -1
	}
	switch k.Sym {
	case ui.KeyRight:
		i = (i + n + ahead) % n
	case ui.KeyLeft:
		i = (i + n - ahead) % n
	case ui.KeyTab:
		i = (i + 1) % n
	case ui.KeyBackTab:
		i = (i + n - 1) % n
	case ui.KeyDown:
		if i+s.columns < n {
			i += s.columns
		} else if i/s.columns < s.rows-1 {
			i = n - 1
		}
	case ui.KeyUp:
		if i >= s.columns {
			i -= s.columns
		}
	case ui.KeyHome:
		i = 0
	case ui.KeyEnd:
		i = n - 1
	case ui.KeyPageDown:
		i = min(i+s.columns*s.shown, n-1)
	case ui.KeyPageUp:
		i = max(i-s.columns*s.shown, 0)
	case ui.KeyDelete, 'q', 'w':
		s.act.Close(i)
		return true
	case ui.KeyEnter, ui.KeyPadEnter, ui.KeySpace:
		s.act.Take()
		return true
	case ui.KeyEscape:
		s.act.Cancel()
		return true
	default:
		return false
	}
	s.act.Choose(i)
	return true
}
