package session

import (
	"slices"
	"testing"

	"rayos/surfaces/wayland"
	"rayos/wm"
)

func TestAttentionIsShownUntilTheWindowHasTheFocus(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a, b := c.open(small), c.open(small)
	ask := func(w *deskWindow, kind wayland.RequestKind) {
		d.session.WindowRequest(d.session.windows[wm.WindowID(w.id)].guest, wayland.Request{Kind: kind})
		d.talk()
	}
	wants := func(w *deskWindow) bool { return slices.Contains(d.window(w.id).States, "attention") }

	ask(b, wayland.RequestAttention)
	if wants(b) {
		t.Error("the focused window asks for attention that it has")
	}
	ask(a, wayland.RequestAttention)
	if got := d.window(a.id); !wants(a) || got.Focused {
		t.Errorf("asked for attention: states %v, focused %v", got.States, got.Focused)
	}
	if !d.session.windows[wm.WindowID(a.id)].frame.drawn.Attention {
		t.Error("the frame does not show it")
	}
	ask(a, wayland.RequestActivate)
	if got := d.window(a.id); wants(a) || !got.Focused {
		t.Errorf("activated: states %v, focused %v", got.States, got.Focused)
	}
	ask(b, wayland.RequestActivate)
	if wants(a) {
		t.Error("the wish is back after the focus has moved on")
	}
}
