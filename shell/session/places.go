package session

import (
	"time"

	"rayos/internal/loop"
	"rayos/surfaces"
	"rayos/surfaces/places"
	"rayos/wm"
)

// savePause is how long places may change before they are written.
const savePause = 2 * time.Second

// keeper writes what applications' sessions remember.
type keeper struct {
	s     *Session
	timer *loop.Timer
}

func (k *keeper) init(s *Session) {
	k.s = s
	k.timer = s.loop.NewTimer(k.save)
}

// look plans a write if there is something to write.
func (k *keeper) look() {
	if k.s.server.Places.Dirty() && !k.timer.Armed() {
		k.timer.Arm(k.s.loop.Now() + savePause)
	}
}

// save writes on another goroutine, for a disk may take its time.
func (k *keeper) save() {
	write := k.s.server.Places.Save()
	go func() {
		if err := write(); err != nil {
			k.s.loop.Post(func() { k.s.log.Error("save", "err", err) })
		}
	}()
}

// close writes what is left. It waits for a write that is under way.
func (k *keeper) close() {
	k.timer.Disarm()
	if err := k.s.server.Places.Save()(); err != nil {
		k.s.log.Error("save", "err", err)
	}
}

// WindowPlace implements wayland.PlaceShell.
func (s *Session) WindowPlace(g *surfaces.GuestSurface) places.Place {
	w := s.windowOf(g)
	if w == nil {
		return places.Place{Workspace: -1}
	}
	p := &w.spot
	at, size := s.wm.Floating(w.id)
	out := places.Place{
		At: at, Size: size, Fullscreen: p.Fullscreen, Minimized: p.Minimized, Workspace: p.Workspace,
	}
	if p.Zone != wm.ZoneNone {
		out.Zone = p.Zone.String()
	}
	for _, o := range s.outputs {
		if o.id == p.Output {
			out.Output, out.At = o.info.Name, at.Sub(o.scene.Logical().Min())
		}
	}
	return out
}

// RestorePlace implements wayland.PlaceShell.
func (s *Session) RestorePlace(g *surfaces.GuestSurface, p places.Place) {
	w := s.windowOf(g)
	if w == nil {
		w = s.newWindow(g)
	}
	a := &w.asks
	a.place = &p
	for z := wm.ZoneNone; z.Valid(); z++ {
		if z.String() == p.Zone {
			a.zone = z
		}
	}
	a.maximized, a.fullscreen = a.zone == wm.ZoneMax, p.Fullscreen
	for _, o := range s.outputs {
		if o.info.Name == p.Output {
			a.output = o.id
		}
	}
}

// startZone is the zone that a restored window begins in.
func (a *asks) startZone() wm.Zone {
	switch {
	case a.maximized:
		return wm.ZoneMax
	case a.zone == wm.ZoneMax: // the client has changed its mind
		return wm.ZoneNone
	}
	return a.zone
}

// mapAtPlace makes op that of a restored window. Its first configure is for the
// state that it was in; mapped, it is floating first and goes there from its
// floating place: see settleAtPlace.
func (s *Session) mapAtPlace(w *window, op *wm.Map) {
	a := &w.asks
	zone := a.startZone()
	derived := zone != wm.ZoneNone || a.fullscreen
	if !w.mapped {
		op.Zone = zone
	} else {
		op.Zone, op.Full = wm.ZoneNone, false
	}
	if op.Size.Empty() || derived {
		op.Size = a.place.Size
	}
	if a.place.Minimized || a.place.Workspace >= 0 && a.place.Workspace != s.wm.Current() {
		op.Activate = false
	}
}

// settleAtPlace brings a restored window that was just mapped to where it was.
func (s *Session) settleAtPlace(w *window) {
	a := &w.asks
	p := a.place
	out := s.inUse(a.output)
	for _, o := range s.outputs {
		if o.id == out || out == 0 {
			s.do(wm.Move{ID: w.id, To: o.scene.Logical().Min().Add(p.At)})
			break
		}
	}
	if zone := a.startZone(); zone != wm.ZoneNone {
		s.do(wm.Snap{ID: w.id, Zone: zone, Output: out})
	}
	if a.fullscreen {
		s.do(wm.Fullscreen{ID: w.id, To: wm.On, Output: out})
	}
	if p.Workspace >= 0 {
		s.do(wm.MoveToWorkspace{ID: w.id, N: p.Workspace, Make: true})
	}
	if p.Minimized {
		s.do(wm.Minimize{ID: w.id, To: wm.On})
	}
}
