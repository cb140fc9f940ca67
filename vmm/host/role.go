package host

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/vmm"
)

// role makes a surface a window of the session. What the session wants, it
// tells the window by configure and presenter.closeWindow. Its methods are
// called on the window's goroutine.
type role interface {
	// ack answers the last configure; the window commits after it.
	ack()
	// describe says what the machine is called and does.
	describe(title string, s vmm.State, detail string)
}

// newRole takes the best that the compositor offers.
func newRole(w *window) (role, error) {
	t, err := newToplevel(w)
	if err != nil {
		return nil, err
	}
	return newGuestRole(t), nil
}

// toplevel is an ordinary window (xdg_toplevel), as any compositor has.
type toplevel struct {
	window   *window
	surface  *client.XdgSurface
	toplevel *client.XdgToplevel
	serial   uint32
	acked    bool
	size     geom.Size // of the configure that is coming
	visible  bool
	title    string
}

func newToplevel(w *window) (*toplevel, error) {
	shell, err := bind(w.globals, &protocol.XdgWmBaseInterface, client.BindXdgWmBase)
	if err != nil {
		return nil, err
	}
	shell.OnPing = shell.Pong
	t := &toplevel{window: w, acked: true, visible: true}
	t.surface = shell.GetXdgSurface(w.surface)
	t.surface.OnConfigure = func(serial uint32) {
		t.serial, t.acked = serial, false
		w.configure(t.size, t.visible)
	}
	t.toplevel = t.surface.GetToplevel()
	t.toplevel.OnConfigure = t.configure
	t.toplevel.OnConfigureBounds = func(width, height int32) { w.bounds = geom.Size{W: width, H: height} }
	t.toplevel.OnClose = func() { w.presenter.closeWindow(w) }
	t.toplevel.SetAppId(appID(w.host.machine.ID))
	if d, err := bind(w.globals, &protocol.ZxdgDecorationManagerV1Interface, client.BindZxdgDecorationManagerV1); err == nil {
		d.GetToplevelDecoration(t.toplevel).SetMode(protocol.ZxdgToplevelDecorationV1ModeServerSide)
	}
	return t, nil
}

// configure notes the first half of a configure.
func (t *toplevel) configure(width, height int32, states []byte) {
	t.size, t.visible = geom.Size{W: width, H: height}, true
	for ; len(states) >= 4; states = states[4:] {
		if protocol.XdgToplevelState(binary.NativeEndian.Uint32(states)) == protocol.XdgToplevelStateSuspended {
			t.visible = false
		}
	}
}

func (t *toplevel) ack() {
	if !t.acked {
		t.surface.AckConfigure(t.serial)
		t.acked = true
	}
}

func (t *toplevel) describe(title string, s vmm.State, _ string) {
	if s != vmm.Running {
		title += " — " + string(s)
	}
	if title != t.title {
		t.title = title
		t.toplevel.SetTitle(title)
	}
}
