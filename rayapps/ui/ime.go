package ui

import "rayos/geom"

// Purpose is what a text is for, as in zwp_text_input_v3.
type Purpose uint8

// Purposes.
const (
	ForText Purpose = iota
	ForPassword
	ForDigits
	ForEmail
	ForURL
	ForSearch
	ForTerminal
)

// IME is what an input method needs to know.
type IME struct {
	// Enabled is whether text can be typed at all; the rest says where.
	Enabled bool
	// Rect is the caret, in coordinates of the root.
	Rect geom.Rect
	// Text is what stands around the caret, at most 4,000 bytes; Caret and
	// Anchor are byte offsets of the selection's ends in it.
	Text          string
	Caret, Anchor int
	Purpose       Purpose
	Multiline     bool
}

// Typist is a Node that takes text.
type Typist interface {
	IME(e *Element) IME
}

// IME returns what the input method of the focused element needs.
func (r *Root) IME() IME {
	if r.focus == nil || !r.active {
		return IME{}
	}
	t, ok := r.focus.node.(Typist)
	if !ok {
		return IME{}
	}
	r.Layout()
	return t.IME(r.focus)
}
