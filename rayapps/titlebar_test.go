package rayapps

import (
	"testing"

	"rayos/geom"
	"rayos/internal/golden"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/surfaces/protocol"
)

// framed is a window on a compositor that draws no frames.
func framed(t *testing.T, look Look, s states) *Preview {
	t.Helper()
	view := func(*Window) ui.Node { return ui.Pad(theme.Space4, ui.Label{Text: "Content"}) }
	p, err := NewPreview(Options{ID: "org.example.Framed", Title: "A window with a title that is too long"}, &probe{view: view}, look)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	p.w.states = s
	p.w.bar.set(p.w, true)
	return p
}

func TestTitleBar(t *testing.T) {
	size := geom.Size{W: 280, H: 120}
	for name, c := range map[string]struct {
		look   Look
		states states
	}{
		"titlebar-dark":       {Look{Size: size}, states{active: true}},
		"titlebar-light-rtl":  {Look{Size: size, Scheme: theme.Light, RTL: true, Scale: 180}, states{}},
		"titlebar-maximised":  {Look{Size: size}, states{active: true, maximized: true}},
		"titlebar-fullscreen": {Look{Size: size}, states{active: true, fullscreen: true}},
	} {
		pixels, err := framed(t, c.look, c.states).Picture()
		if err != nil {
			t.Fatal(err)
		}
		golden.Pixels(t, name, pixels)
	}
}

func TestEdges(t *testing.T) {
	const none, top, left = protocol.XdgToplevelResizeEdgeNone, protocol.XdgToplevelResizeEdgeTop, protocol.XdgToplevelResizeEdgeLeft
	p := framed(t, Look{Size: geom.Size{W: 100, H: 80}}, states{})
	for at, want := range map[geom.Point]protocol.XdgToplevelResizeEdge{
		{X: 50, Y: 40}: none, {X: 50, Y: 0}: top, {X: 0, Y: 40}: left, {X: 4, Y: 4}: top | left, {X: 5, Y: 5}: none,
		{X: 99, Y: 79}: protocol.XdgToplevelResizeEdgeBottomRight, {X: 94, Y: 75}: protocol.XdgToplevelResizeEdgeBottom,
	} {
		if got, on := p.w.edgeAt(at); got != want || on != (want != none) {
			t.Errorf("the edge at %v is %v, %v; want %v", at, got, on, want)
		}
	}
	for _, s := range []states{{maximized: true}, {fullscreen: true}, {tiled: true}} {
		p.w.states = s
		if e, on := p.w.edgeAt(geom.Point{}); on {
			t.Errorf("a window that is %+v has the edge %v", s, e)
		}
	}
	p.w.states = states{}
	if p.w.bar.set(p.w, false); p.w.grabEdge(geom.Point{}) {
		t.Error("a window with a frame of the compositor's resizes itself")
	}
}
