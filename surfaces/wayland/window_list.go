package wayland

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"

	"rayos/geom"
	"rayos/surfaces"
)

// WindowState is what others are told of a window, from the session's policy.
type WindowState struct {
	Maximized, Minimized, Fullscreen, Activated bool
}

// windowList is every mapped window, for taskbars and pickers. What they know
// of it is brought up to date once a turn, if anything may have changed.
type windowList struct {
	srv        *Server
	wins       []*listed // in the order they were mapped
	ext        []*toplevelList
	wlr        []*toplevelManager
	generation string // of identifiers: other sessions have another
	last       uint64 // identifier
	stale      bool
	scratch    []byte
}

// listed is one mapped window and what its handles were told last.
type listed struct {
	guest  *surfaces.GuestSurface
	ident  string
	mapped bool // false once the window is closed
	known  facts
	ext    []*extHandle
	wlr    []*wlrHandle
	rect   taskbarRect
}

// facts are the properties of a window that others see.
type facts struct {
	title, appID string
	state        WindowState
	parent       *listed
	outputs      []*Output
}

// taskbarRect is where a taskbar shows a window.
type taskbarRect struct {
	surface *surface
	rect    geom.Rect // surface-local
}

func newWindowList(s *Server) *windowList {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return &windowList{srv: s, generation: hex.EncodeToString(b[:])}
}

// WindowsChanged says that the answer of Shell.WindowState may have changed
// for any window.
func (s *Server) WindowsChanged() { s.windows.stale = true }

// find returns the entry of a window, nil if it is not mapped.
func (l *windowList) find(g *surfaces.GuestSurface) *listed {
	for _, w := range l.wins {
		if w.guest == g {
			return w
		}
	}
	return nil
}

// add lists a window that was mapped.
func (l *windowList) add(g *surfaces.GuestSurface) {
	l.last++
	w := &listed{guest: g, ident: fmt.Sprintf("%s-%x", l.generation, l.last), mapped: true}
	l.wins = append(l.wins, w)
	w.known = l.look(w, nil)
	for _, t := range l.ext {
		t.announce(w)
	}
	for _, m := range l.wlr {
		if h := m.announce(w); h != nil {
			h.describe()
		}
	}
	l.stale = true
}

// drop ends the entry of a window that was unmapped.
func (l *windowList) drop(g *surfaces.GuestSurface) {
	w := l.find(g)
	if w == nil {
		return
	}
	l.wins = remove(l.wins, w)
	w.mapped = false
	l.srv.stopCaptures(func(src imageSource) bool { return src.window == w })
	for _, h := range w.ext {
		h.win = nil
		h.res.SendClosed()
	}
	for _, h := range w.wlr {
		h.win = nil
		h.res.SendClosed()
	}
	w.ext, w.wlr = nil, nil
	l.stale = true
}

// look returns what is true of a window now. The outputs of a window that
// shows nothing are those that it was last on.
func (l *windowList) look(w *listed, outputs []*Output) facts {
	g := w.guest
	f := facts{title: g.Title, appID: g.AppID, state: l.srv.shell.WindowState(g), outputs: outputs}
	if p := l.srv.Parent(g); p != nil {
		f.parent = l.find(p)
	}
	if g.State() == surfaces.Presented && g.Surface != nil {
		if s, ok := g.Surface.Data.(*surface); ok && len(s.entered) > 0 && !slices.Equal(s.entered, outputs) {
			f.outputs = slices.Clone(s.entered)
		}
	}
	return f
}

// refresh tells all handles what is new.
func (l *windowList) refresh() {
	if !l.stale {
		return
	}
	l.stale = false
	l.srv.rememberWindows()
	for _, w := range l.wins {
		was := w.known
		w.known = l.look(w, was.outputs)
		for _, h := range w.ext {
			h.update(&was)
		}
		for _, h := range w.wlr {
			h.update(&was)
		}
	}
}

// outputBound tells a client's handles of an output that it has bound after
// their windows came there.
func (l *windowList) outputBound(c *Client, b *outputBinding) {
	for _, w := range l.wins {
		if !slices.Contains(w.known.outputs, b.output) {
			continue
		}
		for _, h := range w.wlr {
			if h.m.c == c {
				h.res.SendOutputEnter(b.res)
				h.res.SendDone()
			}
		}
	}
}

// outputGone takes an output out while clients can still be told of it.
func (l *windowList) outputGone(o *Output) {
	for _, w := range l.wins {
		i := slices.Index(w.known.outputs, o)
		if i < 0 {
			continue
		}
		w.known.outputs = slices.Delete(slices.Clone(w.known.outputs), i, i+1)
		for _, h := range w.wlr {
			h.output(o, false)
			h.res.SendDone()
		}
	}
}

// TaskbarRect returns the place where a taskbar shows a window, surface-local
// to a surface of its own, if one has said so.
func (s *Server) TaskbarRect(g *surfaces.GuestSurface) (*surfaces.Surface, geom.Rect, bool) {
	w := s.windows.find(g)
	if w == nil || w.rect.surface == nil || w.rect.surface.gone {
		return nil, geom.Rect{}, false
	}
	return w.rect.surface.core, w.rect.rect, true
}
