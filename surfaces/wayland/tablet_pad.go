package wayland

import (
	"encoding/binary"
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

// tabletPad is zwp_tablet_pad_v2 with its groups, rings and strips. What a
// client tells of its use of them is for displays on the pad, of which there
// are none.
type tabletPad struct {
	ts     *tabletSeat
	res    *server.ZwpTabletPadV2
	core   *seat.Pad
	groups []*server.ZwpTabletPadGroupV2
	rings  []*server.ZwpTabletPadRingV2
	strips []*server.ZwpTabletPadStripV2
	on     *surface // it was told of, nil for none
}

func (ts *tabletSeat) addPad(p *seat.Pad) {
	if !ts.res.Alive() {
		return
	}
	o := &tabletPad{ts: ts, res: ts.res.SendPadAdded(), core: p}
	o.res.Handler = o
	ts.pads[p] = o
	for i := range p.Info.Groups {
		o.addGroup(&p.Info.Groups[i])
	}
	if p.Info.Path != "" {
		o.res.SendPath(p.Info.Path)
	}
	if p.Info.Buttons > 0 {
		o.res.SendButtons(p.Info.Buttons)
	}
	o.res.SendDone()
}

func (o *tabletPad) addGroup(info *seat.PadGroup) {
	g := o.res.SendGroup()
	g.Handler = padPart{}
	o.groups = append(o.groups, g)
	var buttons []byte
	for _, b := range info.Buttons {
		buttons = binary.NativeEndian.AppendUint32(buttons, b)
	}
	g.SendButtons(buttons)
	for range info.Rings {
		r := g.SendRing()
		r.Handler = padRing{}
		o.rings = append(o.rings, r)
	}
	for range info.Strips {
		s := g.SendStrip()
		s.Handler = padStrip{}
		o.strips = append(o.strips, s)
	}
	if info.Modes > 1 {
		g.SendModes(info.Modes)
	}
	g.SendDone()
}

func (*tabletPad) Destroy(*server.ZwpTabletPadV2) {}

// SetFeedback is for a display that shows what a button does.
func (*tabletPad) SetFeedback(*server.ZwpTabletPadV2, uint32, string, uint32) {}

// ResourceDestroyed forgets the object.
func (o *tabletPad) ResourceDestroyed() {
	delete(o.ts.pads, o.core)
	o.ts.tidy()
}

type padPart struct{}

func (padPart) Destroy(*server.ZwpTabletPadGroupV2) {}

type padRing struct{}

func (padRing) Destroy(*server.ZwpTabletPadRingV2) {}

// SetFeedback is for a display that shows what the ring does.
func (padRing) SetFeedback(*server.ZwpTabletPadRingV2, string, uint32) {}

type padStrip struct{}

func (padStrip) Destroy(*server.ZwpTabletPadStripV2) {}

// SetFeedback is for a display that shows what the strip does.
func (padStrip) SetFeedback(*server.ZwpTabletPadStripV2, string, uint32) {}

var _ seat.PadFocus = (*seated)(nil)

// pads runs fn for the client's objects of a pad that know it on the surface.
func (v *seated) pads(p *seat.Pad, fn func(o *tabletPad)) {
	for _, ts := range v.sc.tabletSeats {
		if o := ts.pads[p]; o != nil && o.on == v.s {
			fn(o)
		}
	}
}

// PadEnter tells that the pad is for the surface now, and in which modes it is.
func (v *seated) PadEnter(serial uint32, p *seat.Pad) {
	for _, ts := range v.sc.tabletSeats {
		o, t := ts.pads[p], ts.near(p.Tablet())
		if o == nil || t == nil {
			continue
		}
		o.on = v.s
		o.res.SendEnter(serial, t, v.s.res)
		for i, g := range o.groups {
			g.SendModeSwitch(millis(v.s.c.srv.Loop.Now()), serial, p.Mode(i))
		}
	}
}

// PadLeave tells that it isn't any more.
func (v *seated) PadLeave(serial uint32, p *seat.Pad) {
	v.pads(p, func(o *tabletPad) {
		o.on = nil
		o.res.SendLeave(serial, v.s.res)
	})
}

// PadButton tells of a button.
func (v *seated) PadButton(t time.Duration, p *seat.Pad, button uint32, pressed bool) {
	state := protocol.ZwpTabletPadV2ButtonStateReleased
	if pressed {
		state = protocol.ZwpTabletPadV2ButtonStatePressed
	}
	v.pads(p, func(o *tabletPad) { o.res.SendButton(millis(t), button, state) })
}

// PadRing tells of a finger on a ring.
func (v *seated) PadRing(t time.Duration, p *seat.Pad, ring int, e seat.PadTouch) {
	v.pads(p, func(o *tabletPad) {
		if ring < 0 || ring >= len(o.rings) {
			return
		}
		r := o.rings[ring]
		if e.Finger {
			r.SendSource(protocol.ZwpTabletPadRingV2SourceFinger)
		}
		if e.Stop {
			r.SendStop()
		} else {
			r.SendAngle(geom.FixedFromFloat(e.At))
		}
		r.SendFrame(millis(t))
	})
}

// PadStrip tells of a finger on a strip.
func (v *seated) PadStrip(t time.Duration, p *seat.Pad, strip int, e seat.PadTouch) {
	v.pads(p, func(o *tabletPad) {
		if strip < 0 || strip >= len(o.strips) {
			return
		}
		r := o.strips[strip]
		if e.Finger {
			r.SendSource(protocol.ZwpTabletPadStripV2SourceFinger)
		}
		if e.Stop {
			r.SendStop()
		} else {
			r.SendPosition(uint32(e.At))
		}
		r.SendFrame(millis(t))
	})
}

// PadMode tells that a group is in another mode.
func (v *seated) PadMode(serial uint32, t time.Duration, p *seat.Pad, group int) {
	v.pads(p, func(o *tabletPad) {
		if group < len(o.groups) {
			o.groups[group].SendModeSwitch(millis(t), serial, p.Mode(group))
		}
	})
}
