package rayapps

import (
	"strings"

	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// Drop is what a person has dropped on a window.
type Drop struct {
	At geom.Point // logical pixels, in the window
	// Names are files and addresses, as URIs. Without any there is Text.
	Names []string
	Text  string
}

// Dropper takes what is dropped. It returns whether that made sense there.
// Without it, text goes into fields and nothing else anywhere.
type Dropper interface {
	Drop(w *Window, d Drop) bool
}

// drag is what others drag over the window.
type drag struct {
	on     *surface // that they are over
	offer  *offer
	data   *client.WlDataOffer
	at     ui.Pointer
	mime   string // that is taken, "" for none
	serial uint32
}

const actCopy = protocol.WlDataDeviceManagerDndActionCopy

func (s *seat) followDrags() {
	d := &s.drag
	s.data.OnEnter = func(serial uint32, on *client.WlSurface, x, y geom.Fixed, o *client.WlDataOffer) {
		d.leave(s)
		d.on = s.h.w.find(on)
		d.offer, d.data, d.serial = s.known(o), o, serial
		d.enter(s)
		d.move(x, y)
	}
	s.data.OnMotion = func(_ uint32, x, y geom.Fixed) { d.move(x, y) }
	s.data.OnLeave = func() { d.leave(s) }
	s.data.OnDrop = func() { d.drop(s) }
}

// enter says whether something of the offer can be dropped here.
func (d *drag) enter(s *seat) {
	if d.offer == nil {
		return
	}
	types := textTypes
	if _, ok := as[Dropper](s.h.w.app); ok {
		types = append([]string{namesType}, textTypes...)
	}
	d.mime = d.offer.first(types...)
	if d.mime == "" {
		d.data.Accept(d.serial, nil)
		return
	}
	d.data.Accept(d.serial, &d.mime)
	if d.data.Version() >= 3 {
		d.data.SetActions(actCopy, actCopy)
	}
}

func (d *drag) move(x, y geom.Fixed) { d.at.Pos = d.on.point(x, y) }

func (d *drag) leave(*seat) {
	d.offer.drop()
	*d = drag{}
}

// drop fetches what was dropped and gives it to the app.
func (d *drag) drop(s *seat) {
	dropped := *d
	*d = drag{}
	if dropped.offer == nil || dropped.mime == "" {
		dropped.offer.drop()
		return
	}
	w := s.h.w
	w.fetch(dropped.offer, dropped.mime, func(data []byte) {
		if w.take(&dropped, string(data)) && dropped.data.Version() >= 3 {
			dropped.data.Finish()
		}
		dropped.offer.drop()
	})
}

// take gives what was dropped to the app, or to the field that it was dropped
// on.
func (w *Window) take(d *drag, data string) bool {
	if data == "" {
		return false
	}
	a, ok := as[Dropper](w.app)
	if !ok {
		w.putAt(d.at, data)
		return true
	}
	what := Drop{At: d.at.Pos.Floor()}
	if d.mime == namesType {
		what.Names = names(data)
	} else {
		what.Text = data
	}
	if !a.Drop(w, what) {
		if what.Text == "" {
			return false
		}
		w.putAt(d.at, what.Text)
	}
	w.Invalidate()
	return true
}

// maxNames bounds the names of a drop.
const maxNames = 4096

// names reads text/uri-list (RFC 2483): a URI a line, lines with # are comments.
func names(list string) (out []string) {
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' && len(out) < maxNames {
			out = append(out, line)
		}
	}
	return out
}

// Drag lets the person drag text, or files and addresses as URIs, out of the
// window. It is for the handling of a press, and does nothing at other times.
// Done is told whether somebody took it; it may be nil.
func (w *Window) Drag(text string, uris []string, done func(taken bool)) {
	s := w.host.seat
	if s == nil || s.data == nil || s.pointer == nil {
		return
	}
	src := w.host.data.CreateDataSource()
	list := strings.Join(uris, "\r\n")
	if list != "" {
		src.Offer(namesType)
	}
	if text != "" {
		for _, t := range textTypes {
			src.Offer(t)
		}
	}
	if src.Version() >= 3 {
		src.SetActions(actCopy)
	}
	src.OnSend = func(mime string, fd *wire.FD) {
		if mime == namesType {
			w.give(fd.Take(), list)
		} else {
			w.give(fd.Take(), text)
		}
	}
	end := func(taken bool) {
		src.Destroy()
		if done != nil {
			done(taken)
			w.Invalidate()
		}
	}
	src.OnCancelled = func() { end(false) }
	src.OnDndFinished = func() { end(true) }
	// The press that began it never ends here.
	w.event(&ui.Pointer{Kind: ui.PointerCancel})
	from := w.wl
	if s.heldOn != nil {
		from = s.heldOn.wl
	}
	s.data.StartDrag(src, from, nil, s.held)
}
