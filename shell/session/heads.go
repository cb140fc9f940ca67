package session

import (
	"errors"
	"fmt"
	"slices"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/wayland"
)

// head is a screen of the display, in use or not, with what was configured
// for it.
type head struct {
	s         *Session
	disp      display.Output
	out       *output // nil while it is disabled
	global    *wayland.Head
	scale     geom.Scale      // 0 is what the display suggests
	transform *geom.Transform // nil is that of the panel
	at        *geom.Point     // nil is to the right of the others
	pending   bool            // a frame was committed and is not presented yet
	black     bool            // disabled, and its last frame is black
}

// info describes the screen as it is used.
func (h *head) info() display.Info {
	i := h.disp.Info()
	if h.scale != 0 {
		i.Scale = h.scale
	}
	if h.transform != nil {
		i.Transform = *h.transform
	}
	return i
}

func (h *head) state() wayland.HeadState {
	st := wayland.HeadState{Info: h.info(), Enabled: h.out != nil}
	if h.out != nil {
		st.At = h.out.scene.Logical().Min()
	}
	return st
}

func (s *Session) headOf(d display.Output) *head {
	for _, h := range s.heads {
		if h.disp == d {
			return h
		}
	}
	return nil
}

// freePlace returns where a screen goes: where it is wished, or to the right
// of those before it that have no wish and of all that have one.
func (s *Session) freePlace(h *head) geom.Point {
	if h.at != nil {
		return *h.at
	}
	var at geom.Point
	before := true
	for _, p := range s.heads {
		if p == h {
			before = false
		} else if p.out != nil && (before || p.at != nil) {
			at.X = max(at.X, p.out.scene.Logical().X1)
		}
	}
	return at
}

// tellHeads brings configuration tools up to date.
func (s *Session) tellHeads() {
	for _, h := range s.heads {
		h.global.Update(h.state())
	}
}

// OutputAdded puts a screen into use.
func (s *Session) OutputAdded(d display.Output) {
	h := &head{s: s, disp: d}
	s.heads = append(s.heads, h)
	s.enable(h)
	h.global = s.server.AddHead(h.state(), h)
}

// OutputChanged follows a new size or scale; outputs to the right move along.
func (s *Session) OutputChanged(d display.Output) {
	h := s.headOf(d)
	if h == nil {
		return
	}
	if o := h.out; o == nil {
		h.lost()
	} else if o.info.Mode.Size != d.Info().Mode.Size {
		o.front, o.darkAt = nil, 0 // the framebuffer is gone
		o.queue()
	}
	s.arrangeOutputs()
	s.refreshFrames()
}

// OutputRemoved forgets a screen.
func (s *Session) OutputRemoved(d display.Output) {
	h := s.headOf(d)
	if h == nil {
		return
	}
	if h.out != nil {
		s.disable(h)
	}
	h.global.Remove()
	s.heads = slices.DeleteFunc(s.heads, func(p *head) bool { return p == h })
	s.arrangeOutputs()
	s.checkCovered()
}

// presented: the display takes the next frame.
func (h *head) presented() {
	h.pending = false
	h.blacken()
}

// lost: the display does not show the last frame any more.
func (h *head) lost() {
	h.black = false
	h.blacken()
}

// blacken shows nothing on a screen that is not in use.
func (h *head) blacken() {
	if h.out != nil || h.black || h.pending {
		return
	}
	h.black = true
	if _, err := blacken(h.s.render, h.disp); err != nil {
		h.s.log.Error("black screen", "output", h.disp.Info().Name, "err", err)
		return
	}
	h.pending = true
}

// Limits of what tools may configure.
const (
	maxMode  = 1 << 14
	minScale = geom.ScaleOne / 4
	maxScale = 16 * geom.ScaleOne
)

var errAdaptiveSync = errors.New("no adaptive synchronisation")

// ConfigureHeads implements wayland.HeadShell.
func (s *Session) ConfigureHeads(list []wayland.HeadConfig, test bool) error {
	for i := range list {
		if err := checkHead(&list[i]); err != nil {
			return fmt.Errorf("output %s: %w", list[i].Head.Data.(*head).disp.Info().Name, err)
		}
	}
	if test {
		return nil
	}
	if err := setModes(list); err != nil {
		return err
	}
	for i := range list {
		list[i].Head.Data.(*head).configure(&list[i])
	}
	s.arrangeOutputs()
	s.refreshFrames()
	s.checkCovered()
	return nil
}

func checkHead(c *wayland.HeadConfig) error {
	switch m := c.Mode.Size; {
	case c.Adaptive:
		return errAdaptiveSync
	case m != geom.Size{} && (m.W > maxMode || m.H > maxMode):
		return fmt.Errorf("mode %v is larger than %d", m, maxMode)
	case c.Scale != 0 && (c.Scale < minScale || c.Scale > maxScale):
		return fmt.Errorf("scale %v is not between %v and %v", c.Scale.Float(), minScale.Float(), maxScale.Float())
	}
	return nil
}

// setModes changes all modes, or none.
func setModes(list []wayland.HeadConfig) error {
	for i := range list {
		d := list[i].Head.Data.(*head).disp
		if list[i].Mode.Size.Empty() {
			continue
		}
		err := d.SetMode(list[i].Mode)
		if err == nil {
			continue
		}
		for _, c := range list[:i] {
			if back := c.Head.Data.(*head).disp; !c.Mode.Size.Empty() {
				err = errors.Join(err, back.SetMode(back.Info().Mode))
			}
		}
		return err
	}
	return nil
}

// configure takes what was wished, but the mode.
func (h *head) configure(c *wayland.HeadConfig) {
	if c.Scale != 0 {
		h.scale = c.Scale
	}
	if c.Transform != nil {
		h.transform = c.Transform
	}
	if c.At != nil {
		h.at = c.At
	}
	switch {
	case c.Enabled && h.out == nil:
		h.black = false
		h.s.enable(h)
	case !c.Enabled && h.out != nil:
		h.s.disable(h)
		h.blacken()
	}
}
