package wayland

import "rayos/surfaces/wire"

// This file is what ext_data_control_v1 and wlr_data_control_unstable_v1 have
// in common: clients that see and set both selections without a window or the
// keyboard. Clipboard managers and bridges to other machines are such clients.

// controller is a device of either protocol.
type controller interface {
	// tell offers what is in a selection now.
	tell(sel *selection)
}

// addController tells a new device of both selections.
func (g *seatGlobal) addController(d controller) {
	g.controls = append(g.controls, d)
	d.tell(g.data.clipboard)
	d.tell(g.primary)
}

// controlSource is a source object of either protocol.
type controlSource struct {
	clientSource
	c    *Client
	used bool
}

func (c *Client) newControlSource(events sourceEvents) *controlSource {
	return &controlSource{clientSource: clientSource{events: events, bill: bill{c: c}}, c: c}
}

// put sets a selection to src, nil to empty it. It reports false if the source
// was used before.
func (sel *selection) put(src *controlSource) bool {
	if src == nil {
		sel.set(nil)
		return true
	}
	if src.used {
		return false
	}
	src.used = true
	sel.set(src)
	return true
}

// ResourceDestroyed empties the selection that it is in.
func (d *controlSource) ResourceDestroyed() {
	d.gone = true
	d.bill.settle()
	for _, g := range d.c.srv.seats {
		g.data.clipboard.drop(d)
		g.primary.drop(d)
	}
}

// controlOffer is a selection as a device was told of it.
type controlOffer struct {
	sel    *selection
	source DataSource
}

// receive asks for the data. An offer that was replaced has none.
func (o *controlOffer) receive(mime string, fd *wire.FD) {
	if o.sel.source == o.source {
		o.source.Send(mime, fd.Take())
	}
}
