package wayland

import (
	"math/bits"
	"slices"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/scene"
)

// Output is a wl_output global: how clients see a screen.
type Output struct {
	Info    display.Info
	Logical geom.Rect
	Scale   geom.Scale
	Scene   *scene.Output
	// Data is the session's own value.
	Data any

	srv    *Server
	global *global
	gone   bool
	panels []*layerSurface // oldest first
	usable geom.Rect       // what they leave
	// reserved is how much of the lower end is the shell's own.
	reserved int32
	off      bool // without power
	powers   []*outputPower
	gamma    *gammaControl // of the client that has its colours
}

// OutputState is what clients are told of an output.
type OutputState struct {
	Info    display.Info
	Logical geom.Rect
	Scale   geom.Scale
}

// AddOutput announces a screen.
func (s *Server) AddOutput(st OutputState, sc *scene.Output, data any) *Output {
	o := &Output{Info: st.Info, Logical: st.Logical, Scale: st.Scale, Scene: sc, Data: data, srv: s, usable: st.Logical}
	o.global = s.addGlobal(&protocol.WlOutputInterface, 4, o.bind)
	s.outputs = append(s.outputs, o)
	return o
}

// Remove takes the screen back.
func (o *Output) Remove() {
	if o.gone {
		return
	}
	o.gone = true
	o.srv.windows.outputGone(o)
	o.srv.workspaces.outputGone(o)
	o.srv.removeGlobal(o.global)
	o.srv.outputs = remove(o.srv.outputs, o)
	o.closePanels()
	o.failPowers()
	o.failGamma()
	o.arrangeLock()
	for _, c := range o.srv.clients {
		c.dropOutput(o)
	}
	for _, f := range slices.Clone(o.srv.capture) {
		if f.output == o {
			f.fail()
		}
	}
	o.srv.stopCaptures(func(src imageSource) bool { return src.output == o })
	for _, m := range o.srv.copiers {
		delete(m.seen, o)
	}
	o.Data = nil // objects of clients may hold the output for long
}

// Update tells clients what changed.
func (o *Output) Update(st OutputState) {
	if o.Info.Mode == st.Info.Mode && o.Logical == st.Logical && o.Scale == st.Scale && o.Info.Transform == st.Info.Transform {
		return
	}
	o.Info, o.Logical, o.Scale = st.Info, st.Logical, st.Scale
	o.arrangePanels()
	o.arrangeLock()
	for _, c := range o.srv.clients {
		for _, b := range c.outputs {
			if b.output == o {
				b.describe(c)
			}
		}
	}
}

// outputBinding is one client's object for an output.
type outputBinding struct {
	output *Output
	res    *server.WlOutput
	xdg    []*server.ZxdgOutputV1
}

func (o *Output) bind(c *Client, id, version uint32) {
	res := server.NewWlOutput(c.conn, id, version)
	h := &outputHandler{c: c, output: o, res: res}
	res.Handler = h
	if o.gone {
		return
	}
	c.outputs = append(c.outputs, outputBinding{output: o, res: res})
	o.describe(c, res)
	res.SendDone()
	c.enterBound(o, res)
	c.srv.windows.outputBound(c, &c.outputs[len(c.outputs)-1])
	c.srv.workspaces.outputBound(c, &c.outputs[len(c.outputs)-1])
}

// describe tells all anew.
func (b *outputBinding) describe(c *Client) {
	b.output.describe(c, b.res)
	for _, x := range b.xdg {
		b.output.describeXdg(c, x)
	}
	b.res.SendDone()
}

// describe sends everything but done. An X server has pixels of its own and
// takes them for logical ones.
func (o *Output) describe(c *Client, res *server.WlOutput) {
	i := &o.Info
	k, scale := c.pixels(), o.Scale.Ceil()
	if c.xwayland != nil {
		scale = 1
	}
	res.SendGeometry(o.Logical.X0*k, o.Logical.Y0*k, i.PhysicalMM.W, i.PhysicalMM.H,
		protocol.WlOutputSubpixelUnknown, i.Make, i.Model, protocol.WlOutputTransform(i.Transform))
	res.SendMode(protocol.WlOutputModeCurrent|protocol.WlOutputModePreferred, i.Mode.Size.W, i.Mode.Size.H, i.Mode.Refresh)
	res.SendScale(scale)
	res.SendName(i.Name)
	res.SendDescription(i.Description)
}

type outputHandler struct {
	c      *Client
	output *Output
	res    *server.WlOutput
}

func (*outputHandler) Release(*server.WlOutput) {}

// ResourceDestroyed forgets the binding.
func (h *outputHandler) ResourceDestroyed() {
	for i := range h.c.outputs {
		if h.c.outputs[i].res == h.res {
			h.c.outputs = slices.Delete(h.c.outputs, i, i+1)
			return
		}
	}
}

// dropOutput makes the client's surfaces leave an output that is gone.
func (c *Client) dropOutput(o *Output) {
	for _, s := range c.surfaces {
		if i := slices.Index(s.entered, o); i >= 0 {
			s.entered = slices.Delete(s.entered, i, i+1)
			s.sendOutput(o, false)
		}
	}
	for i := 0; i < len(c.outputs); {
		if c.outputs[i].output == o {
			c.outputs = slices.Delete(c.outputs, i, i+1)
			continue
		}
		i++
	}
}

// RefreshOutputs tells surfaces which outputs they are on and at what scale
// they should draw. It is idempotent; the session calls it when the scene has
// changed.
func (s *Server) RefreshOutputs() {
	for _, c := range s.clients {
		for _, sf := range c.surfaces {
			sf.refreshOutputs()
		}
	}
	s.refreshInputPopups()
	s.idle.look()
}

// refreshOutputs compares where the surface is with what the client knows.
func (s *surface) refreshOutputs() {
	var now uint64
	var scale geom.Scale
	transform := geom.Normal
	srv := s.c.srv
	if s.core.HasBuffer() {
		srv.Core.Scene.EachOutput(s.core.Node(), func(so *scene.Output) {
			for i, o := range srv.outputs {
				if o.Scene == so && i < 64 {
					now |= 1 << i
					if o.Scale > scale {
						scale, transform = o.Scale, o.Info.Transform
					}
				}
			}
		})
	}
	s.tellOutputs(now)
	if scale == 0 {
		return
	}
	// A client takes 1 and normal for granted, and some bind a version whose
	// events they do not know: those live as long as nothing else is preferred.
	if n := scale.Ceil(); n != max(s.scale.Ceil(), 1) {
		s.res.SendPreferredBufferScale(n)
	}
	if transform != s.transform {
		s.transform = transform
		s.res.SendPreferredBufferTransform(protocol.WlOutputTransform(transform))
	}
	if scale != s.scale {
		s.scale = scale
		if s.fraction != nil {
			s.fraction.send(scale)
		}
	}
}

// tellOutputs sends enter and leave for the difference.
func (s *surface) tellOutputs(now uint64) {
	outs := s.c.srv.outputs
	for i := 0; i < len(s.entered); {
		o := s.entered[i]
		at := -1
		for j, p := range outs {
			if p == o {
				at = j
			}
		}
		if at >= 0 && now&(1<<at) != 0 {
			now &^= 1 << at
			i++
			continue
		}
		s.entered = slices.Delete(s.entered, i, i+1)
		s.sendOutput(o, false)
	}
	for now != 0 {
		i := bits.TrailingZeros64(now)
		now &^= 1 << i
		s.entered = append(s.entered, outs[i])
		s.sendOutput(outs[i], true)
	}
}

func (s *surface) sendOutput(o *Output, enter bool) {
	if s.core.Guest != nil {
		s.c.srv.WindowsChanged()
	}
	for i := range s.c.outputs {
		b := &s.c.outputs[i]
		switch {
		case b.output != o:
		case enter:
			s.res.SendEnter(b.res)
		default:
			s.res.SendLeave(b.res)
		}
	}
}

// enterBound tells the surfaces that are on o of a binding made after they
// came there.
func (c *Client) enterBound(o *Output, res *server.WlOutput) {
	for _, s := range c.surfaces {
		for _, e := range s.entered {
			if e == o {
				s.res.SendEnter(res)
			}
		}
	}
}

// Guest returns the window that the surface is part of, or nil.
func (s *surface) Guest() *surfaces.GuestSurface {
	root := s.core.Root()
	if root.Guest != nil {
		return root.Guest
	}
	if w, _ := s.shellRole(); w != nil {
		return w.window()
	}
	if r, ok := root.Data.(*surface); ok && r.xdg != nil {
		if b, _ := r.xdg.base(); b != nil {
			if t, ok := b.s.role.(*toplevel); ok {
				return t.guest
			}
		}
	}
	return nil
}
