package session

import (
	"slices"
	"strings"

	"rayos/geom"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/iconload"
	"rayos/shell/panel"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// part is a part of the shell that is drawn with the toolkit.
type part interface {
	// follow keeps up with the outputs.
	follow()
	// turn ends a turn of the loop: it shows what has changed.
	turn()
	// owns reports whether input goes to the part.
	owns(f seat.Focus) bool
	// release gives the keyboard back, for a press elsewhere.
	release()
	// keyboard returns what of the part has the keyboard, or nil.
	keyboard() seat.Focus
	// end frees what the part has.
	end()
}

// parts are those of the session, those that take the keyboard first in front,
// and what they share. Without Options.Shell there is the prompt alone.
type parts struct {
	s      *Session
	theme  *uitheme.Theme
	fonts  *text.Fonts
	raster *paint.Raster
	icons  *iconload.Loader // of programs
	panels []*panel.Panel   // all that were made
	list   []part
}

func (p *parts) init(s *Session) {
	p.s = s
	s.prompt.init(s)
	p.list = []part{&s.prompt, &s.prompt.undo}
	if !s.opt.Shell {
		return
	}
	p.toolkit()
	s.status.init(s)
	s.screenLock.init(s)
	s.bars.init(s)
	s.media.init(s)
	s.volume.init(s)
	s.light.init(s)
	s.notices.init(s)
	s.osd.init(s)
	s.walk.init(s)
	s.spread.init(s)
	s.shots.init(s)
	s.peeks.init(s)
	p.list = []part{&s.screenLock, &s.prompt, &s.shots, &s.walk, &s.spread, &s.peeks, &s.notices.drawer, &s.bars, &s.notices.toasts, &s.prompt.undo, &s.osd}
}

// toolkit makes what the parts share.
func (p *parts) toolkit() {
	if p.fonts != nil {
		return
	}
	s := p.s
	p.theme = s.prefs.theme()
	p.fonts = text.NewFonts(text.Options{})
	p.raster = paint.NewRaster(p.fonts)
	p.icons = iconload.New(iconload.Options{
		Config: s.opt.Icons, Post: s.loop.Post, Log: s.log, Changed: func() {
			s.notices.stale, s.bars.stale = true, true
			s.bars.tray.refresh()
			s.prompt.invalidate()
		},
	})
}

// appIcon returns the icon of a program by its application id, nil if it has
// none or none that has been read.
func (p *parts) appIcon(id string, size int) *paint.Image {
	if strings.ContainsRune(id, '/') {
		return nil // a program may not have us read files
	}
	name := id
	if x := p.s.prompt.apps; x != nil {
		if a := x.Find(id + ".desktop"); a != nil && a.Icon != "" {
			name = a.Icon
		}
	}
	if name == "" {
		return nil
	}
	return p.icons.Lookup(name, size, p.s.largestScale())
}

// options are those that the panels of all parts have in common.
func (p *parts) options(name string, view func() ui.Node) panel.Options {
	s := p.s
	return panel.Options{
		Name: name, Loop: s.loop, Seat: s.seat, Renderer: s.render, Raster: p.raster, Log: s.log,
		Above:    s.layers.menus,
		UI:       ui.Options{View: view, Fonts: p.fonts, Theme: p.theme, RTL: s.opt.RTL},
		Open:     func() bool { return !s.lock.on },
		Cursor:   func(shape string) { s.SetCursorShape(s.seat, shape) },
		Keyboard: s.focusWindow,
		Drawn:    s.access.drawn,
		Made:     func(q *panel.Panel) { p.panels = append(p.panels, q) },
		Failed: func(last bool) {
			what := "restarted"
			if last {
				what = "gone"
			}
			s.console.marker("RAYOS_SHELL:" + name + ":" + what)
		},
	}
}

// repaint draws all panels anew, after the theme has changed.
func (p *parts) repaint() {
	p.panels = slices.DeleteFunc(p.panels, (*panel.Panel).Closed)
	for _, q := range p.panels {
		q.Repaint()
	}
}

func (p *parts) follow() {
	for _, q := range p.list {
		q.follow()
	}
}

func (p *parts) turn() {
	for _, q := range p.list {
		q.turn()
	}
}

// owner returns the part that input goes to, or nil.
func (p *parts) owner(f seat.Focus) part {
	for _, q := range p.list {
		if q.owns(f) {
			return q
		}
	}
	return nil
}

// release gives back the keyboard of all parts but one, which may be nil.
func (p *parts) release(but part) {
	for _, q := range p.list {
		if q != but {
			q.release()
		}
	}
}

// lasting is a part that stays while the focus goes from window to window.
type lasting interface{ lasts() bool }

// focusMoved gives back the keyboard of all parts that don't last.
func (p *parts) focusMoved() {
	for _, q := range p.list {
		if l, ok := q.(lasting); !ok || !l.lasts() {
			q.release()
		}
	}
}

func (p *parts) keyboard() seat.Focus {
	for _, q := range p.list {
		if f := q.keyboard(); f != nil {
			return f
		}
	}
	return nil
}

func (p *parts) end() {
	for _, q := range p.list {
		q.end()
	}
	p.list = nil
	if p.icons != nil {
		p.icons.Close()
	}
	p.s.status.end()
	p.s.media.end()
	p.s.volume.end()
	p.s.light.end()
}

// sheet is a part of one panel, on one output or nowhere.
type sheet struct {
	s     *Session
	name  string
	view  func() ui.Node
	place func(area geom.Rect) geom.Rect
	strip *scene.Tree
	// modal is for sheets that have the keyboard while they are shown. A press
	// elsewhere hides them.
	modal bool
	// hidden is told after the sheet was hidden; it may be nil.
	hidden func()

	panel *panel.Panel // from the first show on
	out   *output      // nil while it is nowhere
}

// show shows the sheet on an output, or anew where it is.
func (h *sheet) show(o *output) {
	if h.panel == nil {
		po := h.s.parts.options(h.name, h.view)
		po.Strip, po.Shadow = h.strip, true
		po.UI.Clipboard = &clipboard{s: h.s, panel: func() *panel.Panel { return h.panel }}
		h.panel = panel.New(po)
	}
	if h.modal && h.out == nil {
		h.s.parts.release(nil)
	}
	h.out = o
	h.follow()
	h.panel.Invalidate()
	if h.modal && h.panel.Keyboard() == nil {
		h.panel.Focus()
	}
}

// shown reports whether the sheet is on an output.
func (h *sheet) shown() bool { return h.out != nil }

// hide takes the sheet off the screen.
func (h *sheet) hide() {
	if h.out == nil {
		return
	}
	h.panel.Release()
	h.out = nil
	h.panel.Place(geom.Rect{}, geom.Rect{}, 0)
	h.s.moved = true
	if h.hidden != nil {
		h.hidden()
	}
}

// invalidate asks for a new view.
func (h *sheet) invalidate() {
	if h.out != nil {
		h.follow()
		h.panel.Invalidate()
	}
}

func (h *sheet) follow() {
	if h.out == nil {
		return
	}
	for _, o := range h.s.outputs {
		if o == h.out {
			area := o.scene.Logical()
			h.panel.Place(area, h.place(area).Intersect(area), o.info.Scale)
			return
		}
	}
	h.hide()
}

func (h *sheet) turn() {
	if h.out == nil {
		return
	}
	h.panel.Turn()
	if h.modal && h.panel.Keyboard() == nil {
		h.hide() // by Escape
	}
}

func (h *sheet) owns(f seat.Focus) bool { return h.panel != nil && h.panel.Owns(f) }

func (h *sheet) release() {
	switch {
	case h.out == nil:
	case h.modal:
		h.hide()
	default:
		h.panel.Release()
	}
}

func (h *sheet) keyboard() seat.Focus {
	if h.out == nil {
		return nil
	}
	return h.panel.Keyboard()
}

func (h *sheet) end() {
	if h.panel != nil {
		h.panel.Close()
		h.panel, h.out = nil, nil
	}
}

var (
	_ part = (*taskbars)(nil)
	_ part = (*sheet)(nil)
)
