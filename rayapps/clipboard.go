package rayapps

import (
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// clipboard is the window's ui.Clipboard: the seat's selection.
type clipboard Window

// selection is text that one client has for all: the clipboard, or what is
// selected.
type selection struct {
	offer *offer // of others, nil for nothing
	own   any    // the source, if it is the app's
	text  string // of it
}

// selected is told what others have.
func (s *selection) selected(o *offer) {
	if s.offer != o {
		s.offer.drop()
	}
	s.offer = o
}

// ended is told that a source isn't the selection any more.
func (s *selection) ended(source any) {
	if s.own == source {
		s.own, s.text = nil, ""
	}
}

// paste calls then with the selection's text, now or later, unless there is
// none.
func (s *selection) paste(w *Window, then func(text string)) {
	if s.own != nil {
		if s.text != "" {
			then(s.text)
		}
		return
	}
	if t := s.offer.first(textTypes...); t != "" {
		w.fetch(s.offer, t, func(data []byte) {
			if len(data) > 0 {
				then(string(data))
			}
		})
	}
}

// addData makes the seat's clipboard and selection.
func (s *seat) addData() {
	if m := s.h.data; m != nil {
		s.data = m.GetDataDevice(s.seat)
		s.data.OnDataOffer = s.offered
		s.data.OnSelection = func(o *client.WlDataOffer) { s.clips.selected(s.known(o)) }
		s.followDrags()
	}
	if m := s.h.primaries; m != nil {
		s.primary = m.GetDevice(s.seat)
		s.primary.OnDataOffer = func(o *client.ZwpPrimarySelectionOfferV1) {
			n := &offer{receive: o.Receive, destroy: o.Destroy}
			o.OnOffer = n.add
			s.lastPrimary, s.lastPrimaryID = n, o
		}
		s.primary.OnSelection = func(o *client.ZwpPrimarySelectionOfferV1) {
			if o == nil || o != s.lastPrimaryID {
				s.picks.selected(nil)
				return
			}
			s.picks.selected(s.lastPrimary)
		}
	}
}

// offered is told of each offer before it is one of something.
func (s *seat) offered(o *client.WlDataOffer) {
	n := &offer{receive: o.Receive}
	n.destroy = func() {
		delete(s.offers, o)
		o.Destroy()
	}
	o.OnOffer = n.add
	if s.offers == nil {
		s.offers = map[*client.WlDataOffer]*offer{}
	}
	s.offers[o] = n
}

func (s *seat) known(o *client.WlDataOffer) *offer {
	if o == nil {
		return nil
	}
	return s.offers[o]
}

func (s *seat) removeData() {
	s.clips.selected(nil)
	s.picks.selected(nil)
	s.drag.leave(s)
	if s.data != nil && s.data.Version() >= 2 {
		s.data.Release()
	}
	if s.primary != nil {
		s.primary.Destroy()
	}
	s.data, s.primary = nil, nil
}

// Copy implements ui.Clipboard.
func (b *clipboard) Copy(text string) {
	w := (*Window)(b)
	s := w.host.seat
	if s == nil || s.data == nil {
		w.copied = text // nobody else could have it
		return
	}
	src := w.host.data.CreateDataSource()
	for _, t := range textTypes {
		src.Offer(t)
	}
	src.OnSend = func(_ string, fd *wire.FD) { w.give(fd.Take(), text) }
	src.OnCancelled = func() {
		s.clips.ended(src)
		src.Destroy()
	}
	s.data.SetSelection(src, s.serial)
	s.clips.own, s.clips.text = src, text
}

// CopyData offers what isn't text to others, by MIME types, the best first. Data
// makes it when somebody pastes, on a goroutine of its own.
func (w *Window) CopyData(types []string, data func(mime string) ([]byte, error)) {
	s := w.host.seat
	if s == nil || s.data == nil {
		return
	}
	src := w.host.data.CreateDataSource()
	for _, t := range types {
		src.Offer(t)
	}
	src.OnSend = func(mime string, fd *wire.FD) { w.giveMade(fd.Take(), func() ([]byte, error) { return data(mime) }) }
	src.OnCancelled = func() {
		s.clips.ended(src)
		src.Destroy()
	}
	s.data.SetSelection(src, s.serial)
	s.clips.own, s.clips.text = src, ""
}

// Request implements ui.Clipboard.
func (b *clipboard) Request() {
	w := (*Window)(b)
	s := w.host.seat
	switch {
	case s != nil && s.data != nil:
		s.clips.paste(w, func(text string) { w.event(&ui.Paste{Text: text}) })
	case w.copied != "":
		w.event(&ui.Paste{Text: w.copied})
	}
}

// pick makes what is selected in a text the primary selection. Parts that an
// input method would not be told of are too long to be meant.
func (s *seat) pick(ime *ui.IME) {
	lo, hi := min(ime.Caret, ime.Anchor), max(ime.Caret, ime.Anchor)
	if s.primary == nil || lo == hi || ime.Purpose == ui.ForPassword {
		return
	}
	text := ime.Text[lo:hi]
	if s.picks.own != nil && s.picks.text == text {
		return
	}
	src := s.h.primaries.CreateSource()
	for _, t := range textTypes {
		src.Offer(t)
	}
	w := s.h.w
	src.OnSend = func(_ string, fd *wire.FD) { w.give(fd.Take(), text) }
	src.OnCancelled = func() {
		s.picks.ended(src)
		src.Destroy()
	}
	s.primary.SetSelection(src, s.serial)
	s.picks.own, s.picks.text = src, text
}

// pasteAt pastes what is selected where the pointer is, if there is a text.
func (s *seat) pasteAt() {
	w := s.h.w
	e := s.pointer.event
	s.picks.paste(w, func(text string) { w.putAt(e, text) })
}

// putAt puts text where a pointer is, if there is a field for it.
func (w *Window) putAt(at ui.Pointer, text string) {
	at.Button, at.Kind, at.Clicks = ui.LeftButton, ui.PointerPress, 1
	w.event(&at)
	at.Kind = ui.PointerRelease
	w.event(&at)
	if e := w.root.Focused(); e != nil {
		if _, ok := e.Node().(ui.Typist); ok {
			w.event(&ui.Paste{Text: text})
		}
	}
}
