package wayland

import (
	"slices"

	"golang.org/x/sys/unix"

	"rayos/surfaces/seat"
)

// DataSource is something that can be pasted or dropped, whoever holds it: a
// client, an X11 program, a guest.
type DataSource interface {
	// MimeTypes lists what it can be read as, the preferred ones first.
	MimeTypes() []string
	// Send writes the data as mime into fd, which it owns from here on.
	Send(mime string, fd int)
	// Cancelled tells that it is not the selection any more, or that the
	// drag is over without a drop.
	Cancelled()
}

// selection is the clipboard or the primary selection: what was copied or
// marked last. The client with the keyboard is offered it, and those that
// control data.
type selection struct {
	g      *seatGlobal
	source DataSource
	// offer tells a client's devices; nil that there is nothing for them.
	offer func(sc *seatClient, src DataSource)
	// forgets says that a client is told when it loses the keyboard.
	forgets bool
	focus   *seatClient
}

// newSelection follows the keyboard.
func (g *seatGlobal) newSelection(forgets bool, offer func(*seatClient, DataSource)) *selection {
	sel := &selection{g: g, offer: offer, forgets: forgets}
	g.seat.Listen(&seat.Listener{KeyboardFocus: sel.focused})
	return sel
}

// set puts something in the selection's place; nil empties it.
func (sel *selection) set(src DataSource) {
	if old := sel.source; old != nil && old != src {
		old.Cancelled()
	}
	sel.source = src
	sel.changed()
}

// drop empties the selection if src, which has ended, is in it.
func (sel *selection) drop(src DataSource) {
	if sel.source == src {
		sel.source = nil
		sel.changed()
	}
}

func (sel *selection) changed() {
	if sel.focus != nil {
		sel.offer(sel.focus, sel.source)
	}
	for _, d := range sel.g.controls {
		d.tell(sel)
	}
}

// focused offers the selection to the client that gets the keyboard.
func (sel *selection) focused(f seat.Focus) {
	var sc *seatClient
	if v := seatedBehind(f); v != nil {
		sc = v.sc
	}
	if old := sel.focus; sel.forgets && old != nil && old != sc && !old.c.gone {
		sel.offer(old, nil)
	}
	if sel.focus = sc; sc != nil {
		sel.offer(sc, sel.source)
	}
}

// tellNew offers the selection to a device that was just made.
func (sel *selection) tellNew(sc *seatClient, tell func(DataSource)) {
	if sel.focus == sc {
		tell(sel.source)
	}
}

// maxMimeTypes bounds what a source may offer.
const maxMimeTypes = 1024

// sourceEvents are the events that every kind of source object has.
type sourceEvents interface {
	SendSend(mime string, fd int)
	SendCancelled()
}

// clientSource is what all sources of clients have in common.
type clientSource struct {
	events sourceEvents
	mimes  []string
	gone   bool
	bill   bill
}

// MimeTypes lists what the client offers.
func (d *clientSource) MimeTypes() []string { return d.mimes }

// Send asks the client to write.
func (d *clientSource) Send(mime string, fd int) {
	d.events.SendSend(mime, fd)
	_ = unix.Close(fd)
}

// Cancelled tells the client that the source is of no use any more.
func (d *clientSource) Cancelled() { d.events.SendCancelled() }

// bytesPerType is what a type takes on top of its name.
const bytesPerType = 16

// add adds a type.
func (d *clientSource) add(mime string) {
	if len(d.mimes) < maxMimeTypes && len(mime) <= maxText && !slices.Contains(d.mimes, mime) {
		d.mimes = append(d.mimes, mime)
		d.bill.raise(d.bill.bytes + len(mime) + bytesPerType)
	}
}
