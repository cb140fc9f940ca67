package xwayland

import (
	"slices"

	"golang.org/x/sys/unix"

	"rayos/surfaces/wayland"
)

// This file is the loop's side of selections: what X11 programs have is a
// wayland.DataSource, and what Wayland programs have is offered to the manager.

// clipboards are the sources of X11 programs that are in a selection's place.
type clipboards [selDrag]*source

// source is data of an X11 program.
type source struct {
	r     *run
	sel   which
	mimes []string
}

var _ wayland.DataSource = (*source)(nil)

// MimeTypes implements wayland.DataSource.
func (d *source) MimeTypes() []string { return d.mimes }

// Send implements wayland.DataSource.
func (d *source) Send(mime string, fd int) {
	if d.r.over || d.sel != selDrag && d.r.s.clients[d.sel] != d || !slices.Contains(d.mimes, mime) {
		_ = unix.Close(fd)
		return
	}
	d.r.send(cmdReceive{d.sel, mime, fd})
}

// Cancelled implements wayland.DataSource. The X11 program hears of it when the
// manager takes the selection.
func (d *source) Cancelled() {}

// watchSelections offers what Wayland programs copy.
func (s *Server) watchSelections() {
	s.opt.Server.WatchSelections(func(primary bool, src wayland.DataSource) {
		sel := selClipboard
		if primary {
			sel = selPrimary
		}
		s.offer(sel, src)
	})
}

func (s *Server) offer(sel which, src wayland.DataSource) {
	if x, ok := src.(*source); ok && x == s.clients[sel] {
		return // it comes from there
	}
	s.clients[sel] = nil
	if s.run == nil {
		return
	}
	var mimes []string
	if src != nil {
		mimes = slices.Clone(src.MimeTypes())
	}
	s.run.send(cmdOffer{sel, mimes})
}

// tellSelections tells a new X server of what is there.
func (s *Server) tellSelections() {
	s.offer(selClipboard, s.opt.Server.Selection())
	s.offer(selPrimary, s.opt.Server.PrimarySelection())
}

// taken: an X11 program has a selection, or none has it any more.
func (s *Server) taken(r *run, e evSelection) {
	set := s.opt.Server.SetSelection
	if e.sel == selPrimary {
		set = s.opt.Server.SetPrimarySelection
	}
	old := s.clients[e.sel]
	if len(e.mimes) == 0 {
		if old != nil {
			s.clients[e.sel] = nil
			s.opt.Server.DropSelection(old)
		}
		return
	}
	src := &source{r: r, sel: e.sel, mimes: e.mimes}
	s.clients[e.sel] = src
	set(src)
}

// runEnded takes what X11 programs had out of the selections.
func (c *clipboards) runEnded(s *Server) {
	for i, src := range c {
		if src != nil {
			c[i] = nil
			s.opt.Server.DropSelection(src)
		}
	}
}

// handleSelection serves the manager.
func (r *run) handleSelection(e event) {
	switch e := e.(type) {
	case evSelection:
		if e.sel < selDrag {
			r.s.taken(r, e)
		} else {
			r.dragOver()
		}
	case evWants:
		r.supply(e)
	default:
		r.handleDrag(e)
	}
}

// supply lets a Wayland program write for an X11 one, if that may read now.
func (r *run) supply(e evWants) {
	var src wayland.DataSource
	switch {
	case e.sel == selDrag:
		src = r.dragSource()
	case r.focusedWindow() == nil:
	case e.sel == selClipboard:
		src = r.s.opt.Server.Selection()
	case e.sel == selPrimary:
		src = r.s.opt.Server.PrimarySelection()
	}
	if _, ours := src.(*source); src == nil || ours || !slices.Contains(src.MimeTypes(), e.mime) {
		_ = unix.Close(e.fd)
		return
	}
	src.Send(e.mime, e.fd)
}
