package session

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// inputMethod is a client that composes text: of each key it makes what onKey
// says.
type inputMethod struct {
	*deskClient
	im    *client.ZwpInputMethodV2
	dones uint32
	log   []string
}

func (d *desk) inputMethod() *inputMethod {
	d.t.Helper()
	m := &inputMethod{deskClient: d.connect()}
	reg := m.dpy.GetRegistry()
	name := uint32(0)
	reg.OnGlobal = func(n uint32, iface string, _ uint32) {
		if iface == protocol.ZwpInputMethodManagerV2Interface.Name {
			name = n
		}
	}
	d.talk()
	methods := &client.ZwpInputMethodManagerV2{}
	reg.Bind(name, methods, &protocol.ZwpInputMethodManagerV2Interface, 1)
	m.im = methods.GetInputMethod(m.seat)
	note := func(form string, a ...any) { m.log = append(m.log, fmt.Sprintf(form, a...)) }
	m.im.OnActivate = func() { note("activate") }
	m.im.OnDeactivate = func() { note("deactivate") }
	m.im.OnSurroundingText = func(text string, cursor, anchor uint32) { note("text %q %d %d", text, cursor, anchor) }
	m.im.OnDone = func() { m.dones++ }
	g := m.im.GrabKeyboard()
	g.OnKeymap = func(_ protocol.WlKeyboardKeymapFormat, fd *wire.FD, _ uint32) {
		if err := unix.Close(fd.Take()); err != nil {
			d.t.Error(err)
		}
	}
	g.OnKey = func(_, _, key uint32, st protocol.WlKeyboardKeyState) {
		if st == protocol.WlKeyboardKeyStatePressed && key != keyLeftMeta {
			note("key %d", key)
		}
	}
	d.talk()
	return m
}

func (m *inputMethod) expect(want ...string) {
	m.d.t.Helper()
	m.d.talk()
	if got := strings.Join(m.log, "\n"); got != strings.Join(want, "\n") {
		m.d.t.Errorf("the input method was told %q; want %q", m.log, want)
	}
	m.log = nil
}

func TestThePromptIsComposed(t *testing.T) {
	d := newDeskWith(t, Options{Shell: true})
	m := d.inputMethod()
	p := &d.session.prompt
	d.key("super+space")
	d.pass(100 * time.Millisecond)
	m.expect("activate", `text "" 0 0`)
	d.key("n")
	m.expect("key 49")
	if p.line() != "" {
		t.Errorf("the key went to the prompt too: %q", p.line())
	}
	m.im.SetPreeditString("にほ", 6, 6)
	m.im.Commit(m.dones)
	d.talk()
	d.pass(50 * time.Millisecond)
	if p.line() != "" {
		t.Errorf("what isn't final counts: %q", p.line())
	}
	// The candidates stand below the caret, above the prompt.
	surf := m.comp.CreateSurface()
	popup := m.im.GetInputPopupSurface(surf)
	var cursor geom.Rect
	popup.OnTextInputRectangle = func(x, y, w, h int32) { cursor = geom.XYWH(x, y, w, h) }
	(&deskWindow{c: m.deskClient, surface: surf, size: geom.Size{W: 60, H: 40}}).draw()
	d.talk()
	d.pass(50 * time.Millisecond)
	strip := p.panel.Strip()
	ime := p.panel.Root().IME().Rect.Add(p.panel.Area().Min())
	if cursor.Empty() || !ime.Min().In(strip) {
		t.Fatalf("the caret is at %v in %v; the popup knows %v", ime, strip, cursor)
	}
	at := geom.FPoint{X: float64(ime.X0) + 10, Y: float64(ime.Y1) + 10}
	if f, _ := d.session.hit(at); !d.session.server.InputPopup(f) {
		t.Errorf("at %v is %T; want the candidates", at, f)
	}
	// A press on a candidate leaves the prompt as it is.
	if f, _ := d.session.hit(at); f != nil {
		d.session.pressed(f)
	}
	if !p.shown() {
		t.Error("a press on a candidate closes the prompt")
	}
	m.im.CommitString("日本")
	m.im.Commit(m.dones)
	d.talk()
	d.pass(50 * time.Millisecond)
	if p.line() != "日本" {
		t.Errorf("composed %q", p.line())
	}
	m.expect(`text "日本" 6 6`)
	m.im.DeleteSurroundingText(3, 0)
	m.im.CommitString("x")
	m.im.Commit(m.dones)
	d.talk()
	d.pass(50 * time.Millisecond)
	m.expect(`text "日x" 4 4`)
	p.hide()
	m.expect("deactivate")
	m.im.CommitString("late")
	m.im.Commit(m.dones)
	d.talk()
	d.key("super+space")
	if p.line() != "" {
		t.Errorf("what came late is in the next line: %q", p.line())
	}
	m.expect("activate", `text "" 0 0`)
	d.session.Lock()
	m.expect("deactivate")
}

func TestPasswordsAreNotComposed(t *testing.T) {
	d := lockDesk(t, Options{Runtime: t.TempDir()})
	m := d.inputMethod()
	m.log = nil
	if err := d.lockNow(); err != nil {
		t.Fatal(err)
	}
	d.try("not it")
	m.im.CommitString("x")
	m.im.Commit(m.dones)
	d.talk()
	d.pass(50 * time.Millisecond)
	m.expect()
	if d.try("secret"); d.session.lock.on {
		t.Error("what the input method said came into the password")
	}
}
