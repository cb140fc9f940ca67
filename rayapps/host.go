package rayapps

import (
	"errors"
	"fmt"

	"rayos/internal/loop"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// host is the compositor that shows the window, and what it offers. What it
// lacks is nil.
type host struct {
	w       *Window
	conn    *client.Display
	source  *loop.Source
	waiting bool // for the socket to take more
	globals *client.Globals

	compositor   *client.WlCompositor
	shm          *client.WlShm
	shell        *client.XdgWmBase
	decoration   *client.ZxdgDecorationManagerV1
	viewporter   *client.WpViewporter
	fractional   *client.WpFractionalScaleManagerV1
	presentation *client.WpPresentation
	shapes       *client.WpCursorShapeManagerV1
	data         *client.WlDataDeviceManager
	primaries    *client.ZwpPrimarySelectionDeviceManagerV1
	texts        *client.ZwpTextInputManagerV3
	icons        *client.XdgToplevelIconManagerV1
	activation   *client.XdgActivationV1
	gestures     *client.ZwpPointerGesturesV1

	outputs  outputs
	seat     *seat
	seatName uint32 // of its global
}

func bind[T any](g *client.Globals, iface *wire.Interface, ctor func(*client.WlRegistry, uint32, uint32) *T) *T {
	name, version, ok := g.Find(iface)
	if !ok {
		return nil
	}
	return ctor(g.Registry, name, version)
}

// open finds out what there is.
func (h *host) open() error {
	g, err := h.conn.Globals()
	if err != nil {
		return err
	}
	h.globals = g
	h.compositor = bind(g, &protocol.WlCompositorInterface, client.BindWlCompositor)
	h.shm = bind(g, &protocol.WlShmInterface, client.BindWlShm)
	h.shell = bind(g, &protocol.XdgWmBaseInterface, client.BindXdgWmBase)
	h.decoration = bind(g, &protocol.ZxdgDecorationManagerV1Interface, client.BindZxdgDecorationManagerV1)
	h.viewporter = bind(g, &protocol.WpViewporterInterface, client.BindWpViewporter)
	h.fractional = bind(g, &protocol.WpFractionalScaleManagerV1Interface, client.BindWpFractionalScaleManagerV1)
	h.presentation = bind(g, &protocol.WpPresentationInterface, client.BindWpPresentation)
	h.shapes = bind(g, &protocol.WpCursorShapeManagerV1Interface, client.BindWpCursorShapeManagerV1)
	h.data = bind(g, &protocol.WlDataDeviceManagerInterface, client.BindWlDataDeviceManager)
	h.primaries = bind(g, &protocol.ZwpPrimarySelectionDeviceManagerV1Interface, client.BindZwpPrimarySelectionDeviceManagerV1)
	h.texts = bind(g, &protocol.ZwpTextInputManagerV3Interface, client.BindZwpTextInputManagerV3)
	h.icons = bind(g, &protocol.XdgToplevelIconManagerV1Interface, client.BindXdgToplevelIconManagerV1)
	h.activation = bind(g, &protocol.XdgActivationV1Interface, client.BindXdgActivationV1)
	h.gestures = bind(g, &protocol.ZwpPointerGesturesV1Interface, client.BindZwpPointerGesturesV1)
	for _, need := range []struct {
		ok   bool
		name string
	}{{h.compositor != nil, "wl_compositor"}, {h.shm != nil, "wl_shm"}, {h.shell != nil, "xdg_wm_base"}} {
		if !need.ok {
			return fmt.Errorf("the compositor has no %s", need.name)
		}
	}
	if v := h.compositor.Version(); v < 4 {
		return fmt.Errorf("the compositor has wl_compositor %d; 4 is needed", v)
	}
	h.shell.OnPing = h.shell.Pong
	if h.viewporter == nil {
		h.fractional = nil // can't be followed
	}
	for _, gl := range g.All() {
		h.added(gl)
	}
	g.OnAdd, g.OnRemove = h.added, h.gone
	return nil
}

// added is told of each global. One seat is enough for an app.
func (h *host) added(gl client.Global) {
	switch {
	case gl.Interface == protocol.WlSeatInterface.Name && h.seat == nil:
		h.seat, h.seatName = newSeat(h, gl), gl.Name
	case gl.Interface == protocol.WlOutputInterface.Name && h.fractional == nil && h.compositor.Version() < 6:
		h.outputs.add(h, gl)
	}
}

func (h *host) gone(gl client.Global) {
	if h.seat != nil && h.seatName == gl.Name {
		h.seat.release()
		h.seat = nil
	}
	h.outputs.remove(h.w, gl.Name)
}

// Ready implements loop.Handler.
func (h *host) Ready(loop.Events) {
	err := h.conn.Read()
	if _, e := h.conn.DispatchPending(); err == nil {
		err = e
	}
	if err != nil {
		h.w.end(fmt.Errorf("the compositor has gone: %w", err))
	}
}

// flush sends the requests made so far, as far as the socket takes them.
func (h *host) flush() {
	err := h.conn.Flush()
	if pending := h.conn.Pending(); err == nil && pending != h.waiting {
		h.waiting = pending
		ev := loop.Readable
		if pending {
			ev |= loop.Writable
		}
		err = h.source.SetEvents(ev)
	}
	if err != nil {
		h.w.end(fmt.Errorf("the compositor has gone: %w", err))
	}
}

func (h *host) close() error {
	var err error
	if h.source != nil {
		// The windows go before the connection. That it has ended is no news.
		_ = h.conn.Flush()
		err = h.source.Remove()
	}
	h.conn.Close()
	return errors.Join(err)
}
