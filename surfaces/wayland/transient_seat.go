package wayland

import (
	"fmt"
	"slices"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

// SeatShell is what seats beyond the first need of the session.
type SeatShell interface {
	// AddSeat makes a seat for another person, without devices. Its Hit goes
	// through Server.FocusOn.
	AddSeat() *seat.Seat
	// RemoveSeat forgets it. The seat retires when that returns.
	RemoveSeat(st *seat.Seat)
}

func (s *Server) addTransientSeat() {
	s.addPrivilegedGlobal(&protocol.ExtTransientSeatManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewExtTransientSeatManagerV1(c.conn, id, version).Handler = transientSeats{c.srv}
	})
}

type transientSeats struct{ srv *Server }

func (transientSeats) Destroy(*server.ExtTransientSeatManagerV1) {}

// maxSeats bounds how many people use the session at once.
const maxSeats = 32

// Create makes a seat for as long as the object lives. It has the devices that
// clients give it.
func (h transientSeats) Create(_ *server.ExtTransientSeatManagerV1, id *server.ExtTransientSeatV1) {
	s := h.srv
	t := &transientSeat{}
	id.Handler = t
	if len(s.seats) >= maxSeats {
		id.SendDenied()
		return
	}
	s.lastSeat++
	t.g = s.newSeat(s.shell.AddSeat(), fmt.Sprintf("seat%d", s.lastSeat))
	t.g.announce()
	id.SendReady(t.g.global.name)
}

// transientSeat is ext_transient_seat_v1.
type transientSeat struct{ g *seatGlobal }

func (*transientSeat) Destroy(*server.ExtTransientSeatV1) {}

// ResourceDestroyed takes the seat away.
func (t *transientSeat) ResourceDestroyed() {
	if t.g != nil {
		t.g.remove()
	}
}

// remove ends a seat. Objects that clients have of it stay silent.
func (g *seatGlobal) remove() {
	s := g.srv
	if d := g.data.drag; d != nil {
		d.cancel()
	}
	s.shell.RemoveSeat(g.seat)
	g.seat.Retire()
	g.data.clipboard.set(nil)
	g.primary.set(nil)
	if m := g.compose.method; m != nil {
		m.end()
		g.compose.method = nil
		m.res.SendUnavailable()
	}
	g.gone = true
	s.removeGlobal(g.global)
	s.seats = remove(s.seats, g)
	for _, c := range s.clients {
		c.guests = slices.DeleteFunc(c.guests, func(sc *seatClient) bool { return sc.g == g })
		for _, sf := range c.surfaces {
			sf.forgetSeat(g)
		}
	}
}

// forgetSeat drops what a surface is to a seat that is gone.
func (s *surface) forgetSeat(g *seatGlobal) {
	s.guests = slices.DeleteFunc(s.guests, func(v *seated) bool {
		if v.sc.g == g && v.constraint != nil {
			v.constraint.end()
		}
		return v.sc.g == g
	})
}
