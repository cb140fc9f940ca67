package session

import (
	"time"

	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/shell/panel"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

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
	// sparse is for large sheets with little on them.
	sparse bool
	// rise is how long it takes to come up.
	rise time.Duration
	// hidden is told after the sheet was hidden; it may be nil.
	hidden func()

	panel *panel.Panel // from the first show on
	out   *output      // nil while it is nowhere
}

// show shows the sheet on an output, or anew where it is.
func (h *sheet) show(o *output) {
	if h.panel == nil {
		po := h.s.parts.options(h.name, h.view)
		po.Strip, po.Shadow, po.Sparse, po.Rise = h.strip, true, h.sparse, h.rise
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
	h.s.memory.later()
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

var _ part = (*sheet)(nil)
