package rayapps

import (
	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// outputs are the compositor's, for their scales: compositors that don't say
// which one a window should have.
type outputs struct {
	known map[uint32]*output // by the global's name
	on    map[*client.WlOutput]bool
}

type output struct {
	output *client.WlOutput
	scale  int32
}

func (o *outputs) add(h *host, gl client.Global) {
	if o.known == nil {
		o.known, o.on = map[uint32]*output{}, map[*client.WlOutput]bool{}
	}
	out := &output{scale: 1}
	out.output = client.BindWlOutput(h.globals.Registry, gl.Name, min(gl.Version, protocol.WlOutputInterface.Version))
	out.output.OnScale = func(f int32) { out.scale = min(max(f, 1), 16) }
	out.output.OnDone = func() { o.follow(h.w) }
	o.known[gl.Name] = out
}

func (o *outputs) remove(w *Window, name uint32) {
	out := o.known[name]
	if out == nil {
		return
	}
	delete(o.known, name)
	delete(o.on, out.output)
	o.follow(w)
	if out.output.Version() >= 3 {
		out.output.Release()
	}
}

// watch follows the outputs that the window is on.
func (o *outputs) watch(w *Window) {
	if o.known == nil {
		return
	}
	w.wl.OnEnter = func(out *client.WlOutput) {
		if out != nil {
			o.on[out] = true
			o.follow(w)
		}
	}
	w.wl.OnLeave = func(out *client.WlOutput) {
		delete(o.on, out)
		o.follow(w)
	}
}

// follow takes over the largest scale of the outputs that the window is on.
func (o *outputs) follow(w *Window) {
	if w.wl == nil || w.host.fractional != nil || w.wl.Version() >= 6 || len(o.on) == 0 {
		return
	}
	scale := int32(1)
	for _, out := range o.known {
		if o.on[out.output] {
			scale = max(scale, out.scale)
		}
	}
	w.next.scale = geom.Scale(scale) * geom.ScaleOne
}
