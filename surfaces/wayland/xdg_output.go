package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addXdgOutput() {
	s.addGlobal(&protocol.ZxdgOutputManagerV1Interface, 3, func(c *Client, id, version uint32) {
		server.NewZxdgOutputManagerV1(c.conn, id, version).Handler = &xdgOutputs{c}
	})
}

type xdgOutputs struct{ c *Client }

func (*xdgOutputs) Destroy(*server.ZxdgOutputManagerV1) {}

// GetXdgOutput describes an output in logical pixels.
func (h *xdgOutputs) GetXdgOutput(_ *server.ZxdgOutputManagerV1, id *server.ZxdgOutputV1, out *server.WlOutput) {
	id.Handler = &xdgOutput{h.c, id}
	for i := range h.c.outputs {
		b := &h.c.outputs[i]
		if b.res != out {
			continue
		}
		b.xdg = append(b.xdg, id)
		id.SendName(b.output.Info.Name)
		id.SendDescription(b.output.Info.Description)
		b.output.describeXdg(h.c, id)
		if id.Version() >= 3 {
			out.SendDone()
		}
	}
}

// describeXdg sends place and size. Before version 3 it is complete by itself;
// from then on wl_output.done completes it.
func (o *Output) describeXdg(c *Client, x *server.ZxdgOutputV1) {
	k := c.pixels()
	x.SendLogicalPosition(o.Logical.X0*k, o.Logical.Y0*k)
	x.SendLogicalSize(o.Logical.W()*k, o.Logical.H()*k)
	if x.Version() < 3 {
		x.SendDone()
	}
}

type xdgOutput struct {
	c   *Client
	res *server.ZxdgOutputV1
}

func (*xdgOutput) Destroy(*server.ZxdgOutputV1) {}

// ResourceDestroyed forgets the object.
func (h *xdgOutput) ResourceDestroyed() {
	for i := range h.c.outputs {
		h.c.outputs[i].xdg = remove(h.c.outputs[i].xdg, h.res)
	}
}
