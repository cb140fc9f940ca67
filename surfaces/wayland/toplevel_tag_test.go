package wayland

import (
	"strings"
	"testing"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestTagAndDescriptionReachTheWindow(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 20, 20, 0)
	f.shell.take()
	m := bind[client.XdgToplevelTagManagerV1](c, &protocol.XdgToplevelTagManagerV1Interface, 1)
	m.SetToplevelTag(w.top, "main window")
	m.SetToplevelDescription(w.top, "Hauptfenster")
	c.ok()
	g := w.guest()
	if g.Tag != "main window" || g.Description != "Hauptfenster" {
		t.Errorf("tag %q, description %q", g.Tag, g.Description)
	}
	compare(t, "told", f.shell.take(), "changed tag\nchanged tag")
	m.SetToplevelTag(w.top, strings.Repeat("x", 2*maxText))
	m.Destroy()
	c.ok()
	if len(g.Tag) != maxText {
		t.Errorf("a tag of %d bytes is kept", len(g.Tag))
	}
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.ok()
	if g.Tag != "" || g.Description != "" {
		t.Errorf("unmapped: tag %q, description %q", g.Tag, g.Description)
	}
	// Its wl_surface may go first.
	w.top.Destroy()
	c.ok()
}
