package session

import (
	"fmt"
	"time"

	"rayos/geom"
	"rayos/shell/control/grammar"
	"rayos/shell/theme"
	"rayos/shell/vms"
	"rayos/surfaces"
	"rayos/surfaces/places"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
	"rayos/surfaces/wayland"
	"rayos/vmm"
	"rayos/wm"
)

// This file puts the windows of virtual machines on the desktop and takes them
// off. A machine's window exists as long as its program shows one; the person
// sees it while the machine is shown. One that is hidden is like a window of
// nobody: it isn't in the window manager, gets no input and no frame callbacks,
// and no taskbar lists it.

// machine is the connection of a virtual machine.
type machine struct {
	s      *Session
	conn   *wayland.Guest
	host   vms.Viewer
	shown  bool
	wins   []*window     // that have pixels
	at     *vmm.Geometry // where the window was
	ended  bool
	card   *card // over the window, nil for none
	told   bool  // state and detail are known
	state  protocol.RayosGuestV1State
	detail string
	busy   bool // it is being started, whatever state it is in
	waits  bool // the viewer waits to hear that the window is on the desktop
	// pictured is set when the machine has drawn since it said that it starts.
	pictured bool
}

var _ vms.Desktop = (*Session)(nil)

// AddMachine implements vms.Desktop.
func (s *Session) AddMachine(fd int, owner surfaces.Owner, at *vmm.Geometry, host vms.Viewer) (vms.View, error) {
	m := &machine{s: s, host: host, at: at}
	conn, err := s.server.AddGuest(fd, owner, m)
	if err != nil {
		return nil, err
	}
	m.conn = conn
	if c, ok := host.(interface{ Clipboard() vmm.Clipboard }); ok {
		policy := c.Clipboard()
		conn.AllowClipboard(policy.ToGuest(), policy.FromGuest())
	}
	if s.machines == nil {
		s.machines = map[*wayland.Guest]*machine{}
	}
	s.machines[conn] = m
	return m, nil
}

// startVMs begins with the machines in the first turn: they find a session that
// is complete.
func (s *Session) startVMs() {
	o := s.opt.VMs
	o.Desktop, o.Log, o.Marker, o.Tell, o.Notify = s, s.log, s.console.marker, s.console.run.Tell, s.console.notify
	o.Ask = func(c grammar.Command, done func(grammar.Ack)) {
		s.console.run.Submit("session", c, func(a grammar.Ack) { s.loop.Post(func() { done(a) }) })
	}
	o.Failed = func(id vmm.ID, kind vmm.Kind, name, why string) {
		t := theme.Linux
		if kind == vmm.Windows {
			t = theme.Windows
		}
		s.notices.machineFailed(string(id), name, why, t)
	}
	s.vms = vms.New(o)
	s.loop.Post(s.vms.Start)
}

// Post implements vms.Desktop.
func (s *Session) Post(fn func()) {
	s.loop.Post(func() {
		fn()
		s.bars.stale = true
	})
}

// machineOf returns the machine that a window is of, or nil.
func (s *Session) machineOf(g *surfaces.GuestSurface) *machine {
	if len(s.machines) == 0 || g.Kind != surfaces.KindGuest {
		return nil
	}
	return s.machines[s.server.GuestOf(g)]
}

// GuestClose implements wayland.GuestHost: the close button hides.
func (m *machine) GuestClose() { m.host.ViewClosed() }

// GuestState implements wayland.GuestHost.
func (m *machine) GuestState(state protocol.RayosGuestV1State, detail string) {
	if state != m.state {
		m.pictured = false
	}
	m.told, m.state, m.detail = true, state, detail
	m.s.bars.stale = true
	m.updateCard()
}

// GuestGone implements wayland.GuestHost.
func (m *machine) GuestGone() {
	delete(m.s.machines, m.conn)
	m.ended = true
	m.host.ViewGone()
}

// Close implements vms.View.
func (m *machine) Close() {
	if !m.ended {
		m.conn.Close()
	}
}

// Show implements vms.View.
func (m *machine) Show() {
	if m.shown || m.ended {
		return
	}
	m.shown = true
	m.conn.Present(true)
	for _, w := range m.wins {
		m.putOn(w)
	}
}

// Hide implements vms.View.
func (m *machine) Hide() {
	if !m.shown {
		return
	}
	m.shown = false
	m.conn.Present(false)
	for _, w := range m.wins {
		m.takeOff(w)
	}
}

// Shown implements vms.View.
func (m *machine) Shown() bool { return m.shown && len(m.wins) > 0 && m.wins[0].mapped }

// Busy implements vms.View.
func (m *machine) Busy(on bool) {
	if m.busy != on {
		m.busy = on
		m.updateCard()
	}
}

// Geometry implements vms.View.
func (m *machine) Geometry() *vmm.Geometry {
	if m.Shown() {
		m.remember(m.wins[0])
	}
	return m.at
}

// Raise implements vms.View.
func (m *machine) Raise() {
	if m.Shown() {
		m.s.do(wm.Activate{ID: m.wins[0].id})
	}
}

// Window implements vms.View.
func (m *machine) Window() (id uint32, size geom.Size) {
	if len(m.wins) == 0 {
		return 0, geom.Size{}
	}
	w := m.wins[0]
	size = w.guest.Window.Geometry().Size()
	return uint32(w.id), w.scale().ApplyRect(size.Rect()).Size()
}

// mapped is told of a window that has its first pixels.
func (m *machine) mapped(w *window) {
	m.wins = append(m.wins, w)
	if m.shown {
		m.putOn(w)
	}
}

// unmapped is told of a window that has no pixels any more.
func (m *machine) unmapped(w *window) {
	for i, o := range m.wins {
		if o == w {
			if w.mapped {
				m.remember(w)
			}
			if m.card != nil && m.card.w == w {
				m.card.destroy()
				m.card = nil
			}
			m.wins = append(m.wins[:i:i], m.wins[i+1:]...)
			return
		}
	}
}

func (m *machine) putOn(w *window) {
	at := m.at
	m.prepare(w)
	m.s.putOn(w)
	if p, ok := m.s.placement(w.id); ok && at != nil && at.Width > 0 && at.Height > 0 && w == m.wins[0] && floats(&p) {
		size := geom.Size{W: at.Width, H: at.Height}
		if p.Bounds != (geom.Size{}) { // there may be less room than there was
			size = geom.Size{W: min(size.W, p.Bounds.W), H: min(size.H, p.Bounds.H)}
		}
		d := geom.Point{X: size.W - p.Content.W(), Y: size.H - p.Content.H()}
		if d != (geom.Point{}) {
			m.s.do(wm.Resize{ID: w.id, Edges: wm.EdgeRight | wm.EdgeBottom, Delta: d, From: p.Frame})
		}
	}
	m.s.server.ListWindow(w.guest)
	m.updateCard()
	m.await(w)
}

// prepare makes the window come back where it was, with the focus: it appears
// because somebody asked for it.
func (m *machine) prepare(w *window) {
	w.asks.token = m.s.seat
	if m.at == nil || w != m.wins[0] {
		return
	}
	p := places.Place{
		At: geom.Point{X: m.at.X, Y: m.at.Y}, Size: geom.Size{W: m.at.Width, H: m.at.Height},
		Workspace: -1,
	}
	switch m.at.State {
	case "maximized":
		p.Zone = wm.ZoneMax.String()
	case "fullscreen":
		p.Fullscreen = true
	}
	m.s.RestorePlace(w.guest, p)
}

func (m *machine) takeOff(w *window) {
	if !w.mapped {
		return
	}
	m.remember(w)
	m.s.server.UnlistWindow(w.guest)
	m.s.takeOff(w)
	m.updateCard()
	w.left = nil // m.at has it
	w.present(false)
	w.guest.Window.Configure(surfaces.Configuration{Size: w.guest.Window.Geometry().Size(), Suspended: true})
}

// remember notes where the machine's window is.
func (m *machine) remember(w *window) {
	if w != m.wins[0] {
		return
	}
	p := m.s.WindowPlace(w.guest)
	g := &vmm.Geometry{X: p.At.X, Y: p.At.Y, Width: p.Size.W, Height: p.Size.H, Workspace: int32(p.Workspace)}
	switch {
	case p.Fullscreen:
		g.State = "fullscreen"
	case p.Zone == wm.ZoneMax.String():
		g.State = "maximized"
	}
	m.at = g
}

// await tells the viewer when the window is on the desktop.
func (m *machine) await(w *window) {
	if m.waits || w != m.wins[0] {
		return
	}
	m.waits = true
	m.s.waiters.add(func() bool {
		gone := !m.shown || m.ended || len(m.wins) == 0 || m.wins[0] != w
		if !gone && w.guest.State() != surfaces.Presented {
			return false
		}
		m.waits = false
		if !gone {
			m.host.ViewPresented()
		}
		return true
	})
}

// bindMachineKeys lets a key hide the machine that has the keyboard, and leaves that
// key to all other windows; Ctrl+Alt+Delete is the session's but for machines, which
// know it, too.
func (s *Session) bindMachineKeys() {
	var m *machine
	if w := s.windows[s.wm.Focused()]; w != nil && !s.lock.on {
		m = s.machineOf(w.guest)
	}
	if s.leave.keys.s != nil {
		s.leave.keys.bind(m == nil)
	}
	switch {
	case m != nil && s.hideBinding == nil:
		s.hideBinding = s.seat.Bind(s.hideChord, seat.Unstealable, func(time.Duration) {
			if w := s.windows[s.wm.Focused()]; w != nil {
				if m := s.machineOf(w.guest); m != nil {
					m.host.ViewClosed()
				}
			}
		})
	case m == nil && s.hideBinding != nil:
		s.seat.Unbind(s.hideBinding)
		s.hideBinding = nil
	}
}

// hideKey parses the key that hides machines.
func hideKey(name string) (seat.Chord, error) {
	if name == "" {
		name = "F12"
	}
	c, err := seat.ParseChord(name)
	if err != nil {
		return c, fmt.Errorf("the key that hides machines: %w", err)
	}
	return c, nil
}
