package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

func (s *Server) addTablets() {
	s.addGlobal(&protocol.ZwpTabletManagerV2Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpTabletManagerV2(c.conn, id, version).Handler = tabletManager{c}
	})
}

type tabletManager struct{ c *Client }

func (tabletManager) Destroy(*server.ZwpTabletManagerV2) {}

// GetTabletSeat announces the seat's tablets, tools and pads, now and whenever
// there are new ones.
func (h tabletManager) GetTabletSeat(_ *server.ZwpTabletManagerV2, id *server.ZwpTabletSeatV2, res *server.WlSeat) {
	ts := &tabletSeat{
		seatClient: h.c.seatOf(res), res: id,
		tablets: map[*seat.Tablet]*tablet{}, tools: map[*seat.Tool]*tabletTool{}, pads: map[*seat.Pad]*tabletPad{},
	}
	id.Handler = ts
	ts.tabletSeats = append(ts.tabletSeats, ts)
	st := ts.g.seat
	for _, t := range st.Tablets() {
		ts.addTablet(t)
	}
	for _, u := range st.Tools() {
		ts.addTool(u)
	}
	for _, p := range st.Pads() {
		ts.addPad(p)
	}
	st.RefocusPads()
}

// tabletSeat is zwp_tablet_seat_v2. The objects that it has made outlive it.
type tabletSeat struct {
	*seatClient
	res     *server.ZwpTabletSeatV2
	tablets map[*seat.Tablet]*tablet
	tools   map[*seat.Tool]*tabletTool
	pads    map[*seat.Pad]*tabletPad
}

func (*tabletSeat) Destroy(*server.ZwpTabletSeatV2) {}

// ResourceDestroyed ends the announcements. The list keeps those that have
// objects.
func (ts *tabletSeat) ResourceDestroyed() { ts.tidy() }

// tidy forgets a seat object of which nothing is left.
func (ts *tabletSeat) tidy() {
	if !ts.res.Alive() && len(ts.tablets)+len(ts.tools)+len(ts.pads) == 0 {
		ts.tabletSeats = remove(ts.tabletSeats, ts)
	}
}

// followTablets announces what comes to a seat, and says what goes.
func (g *seatGlobal) followTablets() {
	g.seat.Listen(&seat.Listener{
		Tablet: func(t *seat.Tablet, there bool) {
			g.eachTabletSeat(func(ts *tabletSeat) {
				if there {
					ts.addTablet(t)
				} else if o := ts.tablets[t]; o != nil {
					o.res.SendRemoved()
				}
			})
		},
		Tool: func(u *seat.Tool, there bool) {
			g.eachTabletSeat(func(ts *tabletSeat) {
				if there {
					ts.addTool(u)
				} else if o := ts.tools[u]; o != nil {
					o.res.SendRemoved()
				}
			})
		},
		Pad: func(p *seat.Pad, there bool) {
			g.eachTabletSeat(func(ts *tabletSeat) {
				if there {
					ts.addPad(p)
				} else if o := ts.pads[p]; o != nil {
					o.res.SendRemoved()
				}
			})
		},
	})
}

func (g *seatGlobal) eachTabletSeat(fn func(*tabletSeat)) {
	g.clients(func(sc *seatClient) {
		for _, ts := range sc.tabletSeats {
			fn(ts)
		}
	})
}

// tablet is zwp_tablet_v2.
type tablet struct {
	ts   *tabletSeat
	res  *server.ZwpTabletV2
	core *seat.Tablet
}

func (ts *tabletSeat) addTablet(t *seat.Tablet) {
	if !ts.res.Alive() {
		return
	}
	o := &tablet{ts: ts, res: ts.res.SendTabletAdded(), core: t}
	o.res.Handler = o
	ts.tablets[t] = o
	o.res.SendName(t.Info.Name)
	if t.Info.Vendor != 0 || t.Info.Product != 0 {
		o.res.SendId(t.Info.Vendor, t.Info.Product)
	}
	if t.Info.Path != "" {
		o.res.SendPath(t.Info.Path)
	}
	o.res.SendDone()
}

func (*tablet) Destroy(*server.ZwpTabletV2) {}

// ResourceDestroyed forgets the object.
func (o *tablet) ResourceDestroyed() {
	delete(o.ts.tablets, o.core)
	o.ts.tidy()
}

// near returns the client's object of the tablet that a tool or pad is of, nil
// if it has destroyed it.
func (ts *tabletSeat) near(t *seat.Tablet) *server.ZwpTabletV2 {
	if o := ts.tablets[t]; o != nil {
		return o.res
	}
	return nil
}
