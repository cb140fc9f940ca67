package nested

import (
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// host is what the compositor that we are a client of offers. What it lacks is
// nil.
type host struct {
	display *Display
	globals *client.Globals

	compositor   *client.WlCompositor
	shm          *client.WlShm
	shell        *client.XdgWmBase
	decoration   *client.ZxdgDecorationManagerV1
	viewporter   *client.WpViewporter
	fractional   *client.WpFractionalScaleManagerV1
	presentation *client.WpPresentation
	relative     *client.ZwpRelativePointerManagerV1
	gestures     *client.ZwpPointerGesturesV1
	tablets      *client.ZwpTabletManagerV2
	inhibitor    *client.ZwpKeyboardShortcutsInhibitManagerV1

	monotonic bool // presentation times are CLOCK_MONOTONIC
	inhibit   bool // take the host's shortcuts
	screens   []*screen
}

// screen is one of the host's outputs.
type screen struct {
	name    uint32 // of the global
	output  *client.WlOutput
	scale   int32
	refresh int32 // mHz
}

// seatVersion is the newest wl_seat that this package knows: version 10 would
// send the host's key repeats.
const seatVersion = 9

func bind[T any](g *client.Globals, iface *wire.Interface, ctor func(*client.WlRegistry, uint32, uint32) *T) *T {
	name, version, ok := g.Find(iface)
	if !ok {
		return nil
	}
	return ctor(g.Registry, name, version)
}

func (h *host) bind(d *Display) error {
	h.display = d
	g, err := d.conn.Globals()
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
	h.relative = bind(g, &protocol.ZwpRelativePointerManagerV1Interface, client.BindZwpRelativePointerManagerV1)
	h.gestures = bind(g, &protocol.ZwpPointerGesturesV1Interface, client.BindZwpPointerGesturesV1)
	h.tablets = bind(g, &protocol.ZwpTabletManagerV2Interface, client.BindZwpTabletManagerV2)
	h.inhibitor = bind(g, &protocol.ZwpKeyboardShortcutsInhibitManagerV1Interface, client.BindZwpKeyboardShortcutsInhibitManagerV1)
	for _, need := range []struct {
		ok   bool
		name string
	}{{h.compositor != nil, "wl_compositor"}, {h.shm != nil, "wl_shm"}, {h.shell != nil, "xdg_wm_base"}} {
		if !need.ok {
			return fmt.Errorf("the Wayland host has no %s", need.name)
		}
	}
	if v := h.compositor.Version(); v < 4 {
		return fmt.Errorf("the Wayland host has wl_compositor %d; 4 is needed", v)
	}
	h.shell.OnPing = h.shell.Pong
	if h.presentation != nil {
		h.presentation.OnClockId = func(id uint32) { h.monotonic = id == unix.CLOCK_MONOTONIC }
	}
	if h.viewporter == nil {
		h.fractional = nil // cannot be followed
	}
	for _, gl := range g.All() {
		h.added(gl)
	}
	g.OnAdd, g.OnRemove = h.added, h.gone
	return d.conn.Roundtrip()
}

func (h *host) added(gl client.Global) {
	switch gl.Interface {
	case protocol.WlSeatInterface.Name:
		if h.display.seat == nil {
			h.display.seat = newSeat(h.display, gl)
		}
	case protocol.WlOutputInterface.Name:
		s := &screen{name: gl.Name, scale: 1}
		s.output = client.BindWlOutput(h.globals.Registry, gl.Name, min(gl.Version, protocol.WlOutputInterface.Version))
		s.output.OnScale = func(f int32) { s.scale = max(f, 1) }
		s.output.OnMode = func(flags protocol.WlOutputMode, _, _, refresh int32) {
			if flags&protocol.WlOutputModeCurrent != 0 {
				s.refresh = refresh
			}
		}
		s.output.OnDone = h.screensChanged
		h.screens = append(h.screens, s)
	}
}

func (h *host) gone(gl client.Global) {
	d := h.display
	if d.seat != nil && d.seat.name == gl.Name {
		d.seat.release()
		d.seat = nil
		return
	}
	i := slices.IndexFunc(h.screens, func(s *screen) bool { return s.name == gl.Name })
	if i < 0 {
		return
	}
	s := h.screens[i]
	h.screens = slices.Delete(h.screens, i, i+1)
	for _, o := range d.outputs {
		o.left(s.output)
	}
	if s.output.Version() >= 3 {
		s.output.Release()
	}
}

func (h *host) screensChanged() {
	for _, o := range h.display.outputs {
		o.followScreens()
	}
}

func (h *host) screen(out *client.WlOutput) *screen {
	for _, s := range h.screens {
		if s.output == out {
			return s
		}
	}
	return nil
}

// scaled returns a logical size of the host in pixels, as
// wp_fractional_scale_v1 rounds it.
func scaled(size geom.Size, s geom.Scale) geom.Size {
	return geom.Size{W: max(s.Apply(size.W), 1), H: max(s.Apply(size.H), 1)}
}

// unscaled is the inverse, for a size that we choose.
func unscaled(size geom.Size, s geom.Scale) geom.Size {
	return geom.Size{W: max(int32(s.Unapply(float64(size.W))+0.5), 1), H: max(int32(s.Unapply(float64(size.H))+0.5), 1)}
}
