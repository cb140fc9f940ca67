package rayapps

import (
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// clipboard is the window's ui.Clipboard: the seat's selection.
type clipboard Window

// clips is a seat's selection.
type clips struct {
	types  map[*client.WlDataOffer][]string
	offer  *client.WlDataOffer  // what others have, nil for nothing
	source *client.WlDataSource // what the app has, nil for nothing
	text   string               // of it
}

// textTypes are what text is called, the best first.
var textTypes = []string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "TEXT", "STRING"}

// Limits of what is pasted.
const (
	maxPaste    = 16 << 20 // bytes
	pasteWithin = 5 * time.Second
	maxTypes    = 256
)

func (s *seat) addData() {
	if s.h.data == nil {
		return
	}
	s.clips.types = map[*client.WlDataOffer][]string{}
	s.data = s.h.data.GetDataDevice(s.seat)
	s.data.OnDataOffer = func(o *client.WlDataOffer) {
		s.clips.types[o] = nil
		o.OnOffer = func(name string) {
			if l := s.clips.types[o]; len(l) < maxTypes {
				s.clips.types[o] = append(l, name)
			}
		}
	}
	s.data.OnEnter = func(_ uint32, _ *client.WlSurface, _, _ geom.Fixed, o *client.WlDataOffer) { s.clips.drop(o) }
	s.data.OnSelection = func(o *client.WlDataOffer) {
		if s.clips.offer != o {
			s.clips.drop(s.clips.offer)
		}
		s.clips.offer = o
	}
}

func (s *seat) removeData() {
	if s.data != nil && s.data.Version() >= 2 {
		s.data.Release()
	}
	s.data = nil
}

func (c *clips) drop(o *client.WlDataOffer) {
	if o != nil {
		delete(c.types, o)
		o.Destroy()
	}
}

// Copy implements ui.Clipboard.
func (b *clipboard) Copy(text string) {
	s := b.host.seat
	if s == nil || s.data == nil {
		return
	}
	src := b.host.data.CreateDataSource()
	for _, t := range textTypes {
		src.Offer(t)
	}
	src.OnSend = func(_ string, fd *wire.FD) { give(fd.Take(), text) }
	src.OnCancelled = func() {
		if s.clips.source == src {
			s.clips.source, s.clips.text = nil, ""
		}
		src.Destroy()
	}
	s.data.SetSelection(src, s.serial)
	s.clips.source, s.clips.text = src, text
}

// give writes text to who pastes it, and closes fd.
func give(fd int, text string) {
	_ = unix.SetNonblock(fd, true) // what has no deadline is written without
	f := os.NewFile(uintptr(fd), "paste")
	go func() {
		defer f.Close()
		// Who pastes may leave at any time, and is the one who misses it.
		if err := f.SetWriteDeadline(time.Now().Add(pasteWithin)); err == nil || errors.Is(err, os.ErrNoDeadline) {
			_, _ = io.WriteString(f, text)
		}
	}()
}

// Request implements ui.Clipboard.
func (b *clipboard) Request() {
	w := (*Window)(b)
	s := w.host.seat
	if s == nil {
		return
	}
	if s.clips.source != nil {
		w.root.Event(&ui.Paste{Text: s.clips.text})
		return
	}
	o := s.clips.offer
	if o == nil {
		return
	}
	i := slices.IndexFunc(textTypes, func(t string) bool { return slices.Contains(s.clips.types[o], t) })
	if i < 0 {
		return
	}
	w.receive(func(fd int) { o.Receive(textTypes[i], fd) }, func(data []byte) {
		w.event(&ui.Paste{Text: string(data)})
	})
}

// receive asks for data and calls then, on the window's goroutine, when it is
// there.
func (w *Window) receive(ask func(fd int), then func([]byte)) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		w.opts.Log.Error("paste", "err", err)
		return
	}
	// Who gives it expects an end that waits.
	_ = unix.SetNonblock(fds[1], false)
	ask(fds[1])
	_ = unix.Close(fds[1])
	f := os.NewFile(uintptr(fds[0]), "selection")
	go func() {
		defer f.Close()
		err := f.SetReadDeadline(time.Now().Add(pasteWithin))
		var data []byte
		if err == nil {
			data, err = io.ReadAll(io.LimitReader(f, maxPaste+1))
		}
		if err == nil && len(data) > maxPaste {
			err = errors.New("more than 16 MiB")
		}
		if err != nil {
			w.opts.Log.Warn("paste", "err", err)
			return
		}
		w.Post(func() { then(data) })
	}()
}
