package vms

import (
	"slices"
	"strings"

	"rayos/shell/control/grammar"
	"rayos/vmm"
	"rayos/vmm/host"
)

// viewer hears of the machine's windows.
type viewer struct {
	m *Machine
	v View // nil until AddMachine has returned
}

// ViewClosed implements Viewer: closing is hiding.
func (h *viewer) ViewClosed() { h.m.ask(grammar.Hide, func(grammar.Ack) {}) }

// ViewPresented implements Viewer.
func (h *viewer) ViewPresented() { h.m.look() }

// ViewAction implements Viewer: a machine that doesn't run starts or resumes. One
// that is out of reach ends first, and is shown again, since its end takes its
// window off.
func (h *viewer) ViewAction() {
	if !strings.HasPrefix(h.m.detail, host.Stuck) {
		h.m.ask(grammar.Start, func(grammar.Ack) {})
		return
	}
	h.m.ask(grammar.Kill, func(a grammar.Ack) {
		if a.OK {
			h.m.ask(grammar.Show, func(grammar.Ack) {})
		}
	})
}

// Clipboard is what policy lets pass between the session's clipboard and the
// machine's.
func (h *viewer) Clipboard() vmm.Clipboard {
	rec, err := h.m.s.reg.Get(h.m.id)
	if err != nil {
		h.m.s.o.Log.Error("machine", "id", h.m.id, "err", err)
		return vmm.ClipOff
	}
	return h.m.s.policy.Effective(&rec).Clipboard
}

// ask has a command for the machine carried out.
func (m *Machine) ask(v grammar.Verb, done func(grammar.Ack)) {
	m.s.o.Ask(grammar.Command{Verb: v, Kind: grammar.Kind(m.kind), VM: string(m.id)}, done)
}

// look tells, once for each showing, that the guest's picture is on the
// desktop, and that it has been composited there.
func (m *Machine) look() {
	if !m.Shown() || !m.state.Alive() || !slices.Contains(m.status.Ready, "first-scanout") {
		return
	}
	size := m.status.Size.String()
	if !m.presented {
		m.presented = true
		m.s.o.Marker("RAYOS_" + m.desktop() + "_PRESENTED:ok:" + size)
		m.s.o.Marker("RAYOS_HOST_MARKER:" + m.desktop() + "_PRESENTED:ok:" + size)
		m.tellPresentation(true)
	}
	if !m.composited {
		return
	}
	if !m.first {
		m.first = true
		m.s.o.Marker("RAYOS_" + m.desktop() + "_FIRST_FRAME:ok:" + size)
		m.tell("FIRST_FRAME_PRESENTED", true, grammar.InitialFrame)
	}
	m.endShows(nil)
}

// unseen is called when the window isn't on the desktop any more.
func (m *Machine) unseen() {
	if m.presented {
		m.tellPresentation(false)
	}
	m.presented, m.composited, m.first = false, false, false
}

// ViewGone implements Viewer: rayos-vm has closed the connection. The rest is
// seen on vm.sock.
func (h *viewer) ViewGone() {
	if h.m.view == h.v {
		h.m.view = nil
		h.m.unseen()
	}
}

// Show puts the machine's window on the desktop; done is told when it has been
// composited there. A machine that isn't running is started or resumed first.
func (m *Machine) Show(done Done) {
	if m.Shown() {
		m.view.Raise()
		if m.state.Alive() && m.first {
			done("already_presented", nil)
			return
		}
	}
	m.wanted = true
	m.shows = append(m.shows, func(err error) { done("presented", err) })
	if m.view != nil && !m.Shown() {
		m.view.Show()
	}
	op := ""
	switch m.state {
	case vmm.Stopped, vmm.Failed:
		op = opStart
	case vmm.Suspended:
		op = opResume
	default:
		if m.connection() == nil {
			m.reconnect()
		}
		return
	}
	if m.asked != "" {
		return // it is on its way
	}
	m.life(op, func(_ string, err error) {
		if err != nil {
			m.wanted = false
			m.endShows(err)
		}
	})
}

// Hide takes the machine's window off the desktop. The machine lives on. One
// that doesn't live and isn't shown is ErrNotRunning.
func (m *Machine) Hide() (detail string, err error) {
	was := m.wanted
	if !was && !m.state.Alive() {
		return "", ErrNotRunning
	}
	m.takeOff()
	if !was {
		return string(grammar.AlreadyHidden), nil
	}
	return string(grammar.Hidden), nil
}

// takeOff takes the window off the desktop, and who waits for it is told.
func (m *Machine) takeOff() {
	was := m.wanted
	m.wanted = false
	m.endShows(ErrHidden)
	if m.view != nil {
		m.view.Hide()
	}
	if was {
		m.keepGeometry()
		m.unseen()
		m.retire()
	}
}

// keepGeometry writes down where the window was.
func (m *Machine) keepGeometry() {
	if m.view == nil {
		return
	}
	at := m.view.Geometry()
	if at == nil {
		return
	}
	g := *at
	m.s.beside(func() {
		err := m.s.reg.Update(m.id, func(rec *vmm.Record) error {
			rec.Geometry = &g
			return nil
		})
		if err != nil {
			m.s.o.Log.Error("VM registry", "id", m.id, "err", err)
		}
	})
}

// endShows answers those who wait for the window.
func (m *Machine) endShows(err error) {
	list := m.shows
	m.shows = nil
	for _, done := range list {
		done(err)
	}
}

// failShows answers them when the machine has ended, unless it is on its way.
func (m *Machine) failShows(err error) {
	if m.asked == "" {
		m.endShows(err)
	}
}
