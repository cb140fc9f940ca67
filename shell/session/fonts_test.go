package session

import (
	"testing"
	"time"

	"rayos/rayapps/text"
)

// TestFontsOfTheMachine: what no embedded font has is looked up in those of the
// machine, and shown anew when they have been found.
func TestFontsOfTheMachine(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	d := newDeskWith(t, Options{Shell: true, SystemFonts: true})
	f := d.session.parts.fonts
	line := func() *text.Layout { return f.Layout(&text.Paragraph{Text: "مرحبا"}) }
	before, was := f.Generation(), line().Advance()
	deadline := time.Now().Add(time.Minute)
	for f.Generation() == before && f.SystemError() == nil && time.Now().Before(deadline) {
		d.pass(time.Millisecond)
	}
	if err := f.SystemError(); err != nil || f.Generation() == before {
		t.Skipf("no fonts: %v", err)
	}
	has := false
	for _, r := range line().Runs() {
		for _, g := range r.Glyphs {
			has = has || g.ID != 0
		}
	}
	if !has {
		t.Skip("the machine has no font with Arabic letters")
	}
	if line().Advance() == was {
		t.Error("the line is as before")
	}
	without := newDeskWith(t, Options{Shell: true})
	if got := without.session.parts.fonts.Layout(&text.Paragraph{Text: "مرحبا"}).Advance(); got != was {
		t.Error("a session of a test uses fonts of the machine")
	}
}
