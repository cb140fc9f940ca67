package wayland

import (
	"fmt"
	"testing"
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// activator is a client's end of xdg_activation_v1.
type activator struct {
	c    *testClient
	m    *client.XdgActivationV1
	seat *client.WlSeat
}

func (c *testClient) activator() *activator {
	c.t.Helper()
	a := &activator{c: c, seat: c.bindSeat(9)}
	a.m = bind[client.XdgActivationV1](c, &protocol.XdgActivationV1Interface, 1)
	a.seat.GetPointer()
	a.seat.GetKeyboard()
	c.ok()
	c.take()
	return a
}

// token asks for a token with a serial; 0 leaves it out.
func (a *activator) token(serial uint32) string {
	a.c.t.Helper()
	t := a.m.GetActivationToken()
	if serial != 0 {
		t.SetSerial(serial, a.seat)
	}
	t.SetAppId("org.example.App")
	var got string
	t.OnDone = func(text string) { got = text }
	t.Commit()
	a.c.ok()
	t.Destroy()
	a.c.ok()
	if len(got) < 20 {
		a.c.t.Fatalf("token %q", got)
	}
	return got
}

// ask activates a window and returns what the shell was asked for.
func (a *activator) ask(token string, w *window) string {
	a.c.t.Helper()
	a.c.f.shell.take()
	a.m.Activate(token, w.surf)
	a.c.ok()
	return a.c.f.shell.take()
}

const (
	granted = "request activate"
	refused = "request attention"
)

func TestActivationPassesTheFocusOn(t *testing.T) {
	f := newFixture(t)
	o := f.connect()
	b := o.activator()
	bw := o.window("other", 100, 100, 0)
	f.shell.at = geom.Point{X: 200}
	c := f.connect()
	a := c.activator()
	aw := c.window("win", 100, 100, 0) // has the keyboard
	f.click(205, 5)
	f.key(30, true)
	f.key(30, false)
	c.ok()
	for _, event := range []string{"wl_pointer.button", "wl_keyboard.key", "wl_keyboard.enter"} {
		token := a.token(c.serials[event])
		if got := b.ask(token, bw); got != granted {
			t.Errorf("with the serial of %s: %s", event, got)
		}
		if got := b.ask(token, bw); got != refused {
			t.Errorf("a token works twice: %s", got)
		}
	}
	for what, serial := range map[string]uint32{
		"no serial": 0, "another client's": o.serials["wl_keyboard.enter"], "a guess": 1 << 30,
		"only a pointer that came by": c.serials["wl_pointer.enter"],
	} {
		if got := b.ask(a.token(serial), bw); got != refused {
			t.Errorf("%s: %s", what, got)
		}
	}
	if got := b.ask("made up", bw); got != refused {
		t.Errorf("an unknown token: %s", got)
	}

	// A token outlives the client that got it, but not its time.
	token := a.token(c.serials["wl_pointer.button"])
	f.loop.Advance(tokenLife + time.Second)
	if got := b.ask(token, bw); got != refused {
		t.Errorf("a token that is too old: %s", got)
	}
	token = a.token(c.serials["wl_pointer.button"])
	late := a.token(c.serials["wl_pointer.button"])
	c.disconnect()
	f.loop.Advance(tokenLife - time.Second)
	if got := b.ask(token, bw); got != granted {
		t.Errorf("a token whose client is gone: %s", got)
	}
	f.loop.Advance(2 * time.Second)
	f.srv.ActivationToken("")
	if len(f.srv.tokens) != 1 {
		t.Errorf("%d tokens are kept; the one that is too old, %s, should be gone", len(f.srv.tokens), late)
	}
	_ = aw
}

func TestActivationNeedsTheFocusOrTheLastUse(t *testing.T) {
	f := newFixture(t)
	f.shell.nofocus = true // a panel: it is clicked and gets no keyboard
	p := f.connect()
	panel := p.activator()
	p.window("panel", 100, 100, 0)
	f.shell.nofocus = false
	f.shell.at = geom.Point{X: 200}
	c := f.connect()
	a := c.activator()
	w := c.window("win", 100, 100, 0)
	f.click(5, 5)
	p.ok()
	serial := p.serials["wl_pointer.button"]
	if got := a.ask(panel.token(serial), w); got != granted {
		t.Errorf("after a click on a panel: %s", got)
	}
	// The person types elsewhere: the click is no excuse any more.
	f.key(30, true)
	f.key(30, false)
	if got := a.ask(panel.token(serial), w); got != refused {
		t.Errorf("after a click and then a key elsewhere: %s", got)
	}
}

func TestActivationOfTheSession(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	a := c.activator()
	w := c.window("win", 100, 100, 0)
	if got := a.ask(f.srv.ActivationToken("org.example.App"), w); got != granted {
		t.Errorf("a token of the session: %s", got)
	}
	// A surface of no window is nobody.
	s := c.surface("loose")
	a.m.Activate(f.srv.ActivationToken(""), s)
	c.ok()
	if got := f.shell.take(); got != "" {
		t.Errorf("a surface without a role: %s", got)
	}
	first := f.srv.ActivationToken("")
	for range maxTokens {
		f.srv.ActivationToken("")
	}
	if got := a.ask(first, w); len(f.srv.tokens) != maxTokens || got != refused {
		t.Errorf("%d tokens are kept, the oldest gives %s", len(f.srv.tokens), got)
	}
	a.m.Destroy()
	c.ok()
}

func TestActivationTokenIsUsedOnce(t *testing.T) {
	for i, fn := range []func(a *activator, k *client.XdgActivationTokenV1, w *window){
		func(_ *activator, k *client.XdgActivationTokenV1, _ *window) { k.Commit() },
		func(a *activator, k *client.XdgActivationTokenV1, _ *window) { k.SetSerial(1, a.seat) },
		func(_ *activator, k *client.XdgActivationTokenV1, _ *window) { k.SetAppId("id") },
		func(_ *activator, k *client.XdgActivationTokenV1, w *window) { k.SetSurface(w.surf) },
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			a := c.activator()
			w := c.window("win", 100, 100, 0)
			k := a.m.GetActivationToken()
			k.SetSurface(w.surf)
			k.Commit()
			c.ok()
			fn(a, k, w)
			c.wantError("xdg_activation_token_v1", uint32(protocol.XdgActivationTokenV1ErrorAlreadyUsed))
		})
	}
}
