package session

import (
	"slices"
	"strings"

	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/iconload"
	"rayos/shell/panel"
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
	s.leave.init(s)
	s.logind.init(s)
	s.peeks.init(s)
	p.list = []part{&s.screenLock, &s.prompt, &s.leave, &s.shots, &s.walk, &s.spread, &s.peeks, &s.notices.drawer, &s.bars, &s.notices.toasts, &s.prompt.undo, &s.osd}
}

// toolkit makes what the parts share.
func (p *parts) toolkit() {
	if p.fonts != nil {
		return
	}
	s := p.s
	p.theme = s.prefs.theme()
	p.fonts = s.fonts
	p.raster = paint.NewRaster(p.fonts)
	p.icons = iconload.New(iconload.Options{
		Config: s.opt.Icons, Post: s.loop.Post, Log: s.log, Changed: func() {
			s.notices.stale, s.bars.stale = true, true
			s.walk.stale, s.spread.stale, s.peeks.stale = true, true, true
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
		Text:     s.typing,
		Drawn:    s.access.drawn,
		Made:     p.made,
		Failed: func(last bool) {
			what := "restarted"
			if last {
				what = "gone"
			}
			s.console.marker("RAYOS_SHELL:" + name + ":" + what)
		},
	}
}

// made notes a panel, and forgets those that are gone.
func (p *parts) made(q *panel.Panel) {
	p.panels = append(slices.DeleteFunc(p.panels, (*panel.Panel).Closed), q)
}

// repaint draws all panels anew, after the theme or the fonts have changed.
func (p *parts) repaint() {
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
	p.s.logind.end()
}

var _ part = (*taskbars)(nil)
