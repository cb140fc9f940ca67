package screenshot

import (
	"slices"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Mode is what a picture is taken of.
type Mode uint8

// Modes.
const (
	Region Mode = iota
	Window
	Screen
	modes
)

func (m Mode) String() string { return [...]string{"region", "window", "screen"}[min(m, Screen)] }

// Target is a window that a picture can be taken of.
type Target struct {
	ID   uint32
	Box  geom.Rect // of its content on the output, logical
	Name string
}

// Shot is what a picture shall be taken of.
type Shot struct {
	Mode   Mode
	Box    geom.Rect // of a region, on the output, logical
	Window uint32
	Copy   bool // onto the clipboard
	Save   bool // to a file
}

// Actions are what a person can do.
type Actions interface {
	Take(s Shot)
	Cancel()
}

// Sheet is the view.
type Sheet struct {
	act     Actions
	size    geom.Size
	mode    Mode
	once    bool // the end of the first drag takes the picture
	sel     selection
	targets []Target // top first
	over    int      // the target that would be taken, -1 for none
	down    bool
}

// New returns a tool that is not in use.
func New(act Actions) *Sheet { return &Sheet{act: act, over: -1} }

// Open begins anew. With atOnce a region is taken when it was drawn.
func (s *Sheet) Open(m Mode, atOnce bool) {
	s.mode, s.once, s.sel, s.over, s.down = m, atOnce, selection{}, -1, false
}

// Resize tells how large the output is, in logical pixels.
func (s *Sheet) Resize(size geom.Size) {
	if s.size != size {
		s.size, s.sel.box = size, s.sel.box.Intersect(size.Rect())
	}
}

// Show tells which windows are on the output, top first, and reports whether
// they differ.
func (s *Sheet) Show(list []Target) bool {
	if slices.Equal(s.targets, list) {
		return false
	}
	s.targets = append(s.targets[:0], list...)
	s.over = min(s.over, len(list)-1)
	return true
}

// hole is what isn't dimmed.
func (s *Sheet) hole() geom.Rect {
	switch {
	case s.mode == Region:
		return s.sel.box
	case s.mode == Window && s.over >= 0:
		return s.targets[s.over].Box.Intersect(s.size.Rect())
	case s.mode == Screen:
		return s.size.Rect()
	}
	return geom.Rect{}
}

// take asks for the picture, if something is chosen.
func (s *Sheet) take(copied, saved bool) {
	shot := Shot{Mode: s.mode, Copy: copied, Save: saved}
	switch {
	case s.mode == Region && !s.sel.box.Empty():
		shot.Box = s.sel.box
	case s.mode == Window && s.over >= 0:
		shot.Window = s.targets[s.over].ID
	case s.mode != Screen:
		return
	}
	s.act.Take(shot)
}

// View describes the tool in a root of the output's size.
func (s *Sheet) View() ui.Node {
	set := func(m Mode) func() { return func() { s.mode = m } }
	button := func(i icon.Name, text string, m Mode) ui.Node {
		return ui.Button{Icon: i, Text: text, Tone: ui.Quiet, Selected: s.mode == m, Toggle: true, OnPress: set(m)}
	}
	none := s.hole().Empty()
	bar := ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
		button(icon.Screenshot, lang.T("Region"), Region), button(icon.Window, lang.T("Window"), Window), button(icon.Display, lang.T("Screen"), Screen),
		ui.Spacer{Size: theme.Space3},
		ui.Button{Icon: icon.Copy, Text: lang.T("Copy"), Disabled: none, OnPress: func() { s.take(true, false) }},
		ui.Button{Icon: icon.Save, Text: lang.T("Save"), Tone: ui.Primary, Disabled: none, OnPress: func() { s.take(true, true) }},
		ui.IconButton(icon.Close, lang.T("Cancel"), s.act.Cancel),
	}}
	return stage{s: s, hole: s.hole(), note: s.note(), child: ui.Column{Align: ui.Centre, Children: ui.Nodes{
		ui.Spacer{}, plate{bar}, ui.Spacer{Size: theme.Space6},
	}}}
}

// note is what is written at the chosen place.
func (s *Sheet) note() string {
	switch h := s.hole(); {
	case s.mode == Region && h.Empty():
		return lang.T("Drag to choose a region")
	case s.mode == Window && h.Empty():
		return lang.T("Point at a window")
	case s.mode == Window:
		return s.targets[s.over].Name
	default:
		return lang.F("{width} × {height}", "width", lang.Number(int(h.W())), "height", lang.Number(int(h.H())))
	}
}

// pointer follows the pointer on the screen.
func (s *Sheet) pointer(p *ui.Pointer) bool {
	at := p.Pos.Floor()
	switch {
	case p.Kind == ui.PointerMove && s.down && s.mode == Region:
		s.sel.drag(at, s.size)
	case p.Kind == ui.PointerMove && s.mode == Window:
		s.over = slices.IndexFunc(s.targets, func(t Target) bool { return at.In(t.Box) })
	case p.Kind == ui.PointerPress && p.Button == ui.LeftButton:
		if s.down = true; s.mode == Region {
			s.sel.press(at)
		}
	case p.Kind == ui.PointerRelease && p.Button == ui.LeftButton && s.down:
		s.down = false
		switch {
		case s.mode == Region && !s.once:
			if s.sel.new && s.sel.box.W() < 3 && s.sel.box.H() < 3 {
				s.sel.box = geom.Rect{} // a click
			}
		default:
			s.take(true, true)
		}
	case p.Kind == ui.PointerPress && p.Button == ui.RightButton:
		s.act.Cancel()
	case p.Kind == ui.PointerCancel:
		s.down = false
	default:
		return false
	}
	return true
}

// key does what a key means.
func (s *Sheet) key(k *ui.Keystroke) bool {
	if k.Release {
		return false
	}
	step := int32(1)
	if k.Mods&ui.Ctrl != 0 {
		step = 10
	}
	resize := k.Mods&ui.Shift != 0
	switch k.Sym {
	case ui.KeyEscape:
		s.act.Cancel()
	case ui.KeyEnter, ui.KeyPadEnter:
		s.take(true, true)
	case ui.KeyLeft:
		s.arrow(geom.Point{X: -step}, resize)
	case ui.KeyRight:
		s.arrow(geom.Point{X: step}, resize)
	case ui.KeyUp:
		s.arrow(geom.Point{Y: -step}, resize)
	case ui.KeyDown:
		s.arrow(geom.Point{Y: step}, resize)
	case ui.KeySpace:
		s.mode = (s.mode + 1) % modes
	case 'c', 'C':
		s.take(true, false)
	case 's', 'S':
		s.take(true, true)
	case 'a', 'A':
		s.mode, s.sel.box = Region, s.size.Rect()
	default:
		return false
	}
	return true
}

// arrow moves the region, makes a first one, or goes through the windows.
func (s *Sheet) arrow(d geom.Point, resize bool) {
	switch {
	case s.mode == Window && len(s.targets) > 0:
		n := len(s.targets)
		if d.X+d.Y > 0 {
			s.over = (s.over + 1) % n
		} else {
			s.over = (max(s.over, 0) + n - 1) % n
		}
	case s.mode == Region && s.sel.box.Empty():
		s.sel.box = geom.XYWH(s.size.W/4, s.size.H/4, s.size.W/2, s.size.H/2)
	case s.mode == Region:
		s.sel.nudge(d, resize, s.size)
	}
}

// dim is what lies over all that isn't chosen.
func dim() render.Color { return render.RGBA(0, 0, 0, 128) }
