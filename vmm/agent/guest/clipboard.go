package guest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
	"rayos/vmm/agent"
)

// Limits of the clipboard.
const (
	clipWithin = 20 * time.Second // for an application to write or read
	maxWants   = 8                // pastes that are under way
)

// oursType marks a selection that is the session's, so that it isn't offered
// back.
const oursType = "application/x-rayos-session"

var errNoClipboard = agent.Refusal("no_clipboard")

// clipboard is the guest's end of the session's clipboard: a client of the
// guest's compositor (wlr-data-control-unstable-v1). Its methods may be called
// from any goroutine; Wayland's objects belong to the one of serve.
type clipboard struct {
	tell func(event string, body any)

	mu     sync.Mutex
	now    *controls // nil while there is no compositor
	serial uint64    // of what the guest has offered last
	read   map[string][]byte
	wants  map[uint64]*want
	next   uint64
}

func newClipboard(tell func(event string, body any)) *clipboard {
	return &clipboard{tell: tell, wants: map[uint64]*want{}}
}

// controls is a connection to a compositor.
type controls struct {
	clip    *clipboard
	display *client.Display
	manager *client.ZwlrDataControlManagerV1
	device  *client.ZwlrDataControlDeviceV1
	ended   chan struct{}

	offers map[*client.ZwlrDataControlOfferV1][]string // types
	offer  *client.ZwlrDataControlOfferV1              // of the guest's selection; nil for the session's
	source *client.ZwlrDataControlSourceV1             // the session's selection
}

// want is a paste that waits for the session's data.
type want struct {
	file *os.File
	late *time.Timer
}

// serve follows the compositor at path until it has gone.
func (c *clipboard) serve(path string) error {
	d, err := client.Connect(path)
	if err != nil {
		return err
	}
	s := &controls{clip: c, display: d, ended: make(chan struct{}), offers: map[*client.ZwlrDataControlOfferV1][]string{}}
	defer func() {
		c.mu.Lock()
		c.now, c.read = nil, nil
		c.mu.Unlock()
		close(s.ended)
		d.Close()
	}()
	g, err := d.Globals()
	if err != nil {
		return err
	}
	name, version, ok := g.Find(&protocol.ZwlrDataControlManagerV1Interface)
	seat, _, seated := g.Find(&protocol.WlSeatInterface)
	if !ok || !seated {
		return errors.New("the compositor has no wlr-data-control or no seat")
	}
	s.manager = client.BindZwlrDataControlManagerV1(g.Registry, name, version)
	s.device = s.manager.GetDataDevice(client.BindWlSeat(g.Registry, seat, 1))
	s.device.OnDataOffer = func(o *client.ZwlrDataControlOfferV1) {
		s.offers[o] = nil
		o.OnOffer = func(mime string) {
			if len(s.offers[o]) < 256 {
				s.offers[o] = append(s.offers[o], mime)
			}
		}
	}
	s.device.OnSelection = s.selected
	s.device.OnPrimarySelection = s.drop
	s.device.OnFinished = d.Close
	c.mu.Lock()
	c.now = s
	c.mu.Unlock()
	for err == nil {
		err = d.Dispatch()
	}
	return err
}

func (s *controls) drop(o *client.ZwlrDataControlOfferV1) {
	if o != nil {
		delete(s.offers, o)
		o.Destroy()
	}
}

// selected is told that somebody has copied.
func (s *controls) selected(o *client.ZwlrDataControlOfferV1) {
	if s.offer != nil && s.offer != o {
		s.drop(s.offer)
		s.offer = nil
	}
	if o != nil && slices.Contains(s.offers[o], oursType) {
		s.drop(o)
		o = nil
		if s.source != nil {
			return
		}
	}
	s.offer = o
	var types []string
	for _, mime := range agent.ClipTypes() {
		if o != nil && agent.ClipName(mime, s.offers[o]) != "" {
			types = append(types, mime)
		}
	}
	c := s.clip
	c.mu.Lock()
	c.serial++
	c.read = nil
	offer := agent.ClipOffer{Serial: c.serial, Types: types}
	c.mu.Unlock()
	c.tell(agent.EvClipOffer, offer)
}

// on runs fn where the compositor's objects belong.
func (c *clipboard) on(fn func(s *controls) error) error {
	c.mu.Lock()
	s := c.now
	c.mu.Unlock()
	if s == nil {
		return errNoClipboard
	}
	done := make(chan error, 1)
	s.display.Do(func() { done <- fn(s) })
	select {
	case err := <-done:
		return err
	case <-s.ended:
		return errNoClipboard
	}
}

// offered makes what the session has the guest's selection, or takes it back.
func (c *clipboard) offered(o agent.ClipOffer) error {
	return c.on(func(s *controls) error {
		if len(o.Types) == 0 {
			s.choose(nil)
			return nil
		}
		s.choose(s.sourceOf(o.Types, func(mime string, fd int) { c.ask(o.Serial, mime, fd) }))
		return nil
	})
}

// keep makes a text the guest's selection.
func (c *clipboard) keep(text string) error {
	return c.on(func(s *controls) error {
		s.choose(s.sourceOf([]string{agent.TypeText}, func(_ string, fd int) {
			f := pasteFile(fd)
			go func() {
				defer f.Close()
				// Who doesn't read to the end doesn't want it.
				_ = writeWithin(f, []byte(text))
			}()
		}))
		return nil
	})
}

// choose makes a source the selection in the place of the session's last; nil
// takes that back.
func (s *controls) choose(src *client.ZwlrDataControlSourceV1) {
	old := s.source
	s.source = src
	if src != nil || old != nil {
		s.device.SetSelection(src)
	}
	if old != nil {
		old.Destroy()
	}
}

// sourceOf makes a source of the session's; send owns its descriptor.
func (s *controls) sourceOf(types []string, send func(mime string, fd int)) *client.ZwlrDataControlSourceV1 {
	src := s.manager.CreateDataSource()
	src.Offer(oursType)
	for _, mime := range types {
		for _, name := range agent.ClipNames(mime) {
			src.Offer(name)
		}
	}
	src.OnSend = func(name string, fd *wire.FD) {
		if mime := agent.ClipType(name); mime != "" {
			send(mime, fd.Take())
		}
	}
	src.OnCancelled = func() {
		if s.source == src {
			s.source = nil
		}
		src.Destroy()
	}
	return src
}

// pasteFile is where somebody reads what he pastes. Pipes have deadlines.
func pasteFile(fd int) *os.File {
	// What can't be set so is written without one.
	_ = unix.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), "paste")
}

func writeWithin(f *os.File, data []byte) error {
	if err := f.SetWriteDeadline(time.Now().Add(clipWithin)); err != nil && !errors.Is(err, os.ErrNoDeadline) {
		return err
	}
	_, err := f.Write(data)
	return err
}

// ask asks the host for what somebody pastes, who reads it from fd.
func (c *clipboard) ask(serial uint64, mime string, fd int) {
	w := &want{file: pasteFile(fd)}
	c.mu.Lock()
	if len(c.wants) == maxWants {
		c.mu.Unlock()
		w.file.Close()
		return
	}
	c.next++
	id := c.next
	c.wants[id] = w
	w.late = time.AfterFunc(clipWithin, func() { c.finish(id) })
	c.mu.Unlock()
	c.tell(agent.EvClipWant, agent.ClipWant{ID: id, Serial: serial, Type: mime})
}

// finish ends a paste, whatever has come of it.
func (c *clipboard) finish(id uint64) {
	c.mu.Lock()
	w := c.wants[id]
	delete(c.wants, id)
	c.mu.Unlock()
	if w != nil {
		w.late.Stop()
		w.file.Close()
	}
}

// part hands a part of the session's data on.
func (c *clipboard) part(p agent.ClipPart) error {
	c.mu.Lock()
	w := c.wants[p.ID]
	c.mu.Unlock()
	if w == nil {
		return agent.Refusal("nobody_waits")
	}
	var err error
	if p.Err == "" && len(p.Data) > 0 {
		w.late.Reset(clipWithin)
		err = writeWithin(w.file, p.Data)
	}
	if err != nil || p.End || p.Err != "" {
		c.finish(p.ID)
	}
	if err != nil {
		return agent.Refusal("not_read")
	}
	return nil
}

// copied is a part of what the guest has offered.
func (c *clipboard) copied(q agent.ClipRead) (agent.ClipPart, error) {
	limit := agent.ClipLimit(q.Type)
	if limit == 0 {
		return agent.ClipPart{}, agent.Refusal("bad_type")
	}
	c.mu.Lock()
	data, known := c.read[q.Type]
	stale := q.Serial != c.serial
	c.mu.Unlock()
	if stale {
		return agent.ClipPart{}, agent.Refusal("stale")
	}
	if !known {
		var err error
		if data, err = c.fetch(q, limit); err != nil {
			return agent.ClipPart{}, err
		}
		c.mu.Lock()
		if q.Serial == c.serial {
			if c.read == nil {
				c.read = map[string][]byte{}
			}
			c.read[q.Type] = data
		}
		c.mu.Unlock()
	}
	return agent.PartOf(data, q.Offset)
}

// fetch reads the guest's selection from its owner.
func (c *clipboard) fetch(q agent.ClipRead, limit int) ([]byte, error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return nil, err
	}
	r := os.NewFile(uintptr(fds[0]), "selection")
	defer r.Close()
	err := c.on(func(s *controls) error {
		c.mu.Lock()
		stale := q.Serial != c.serial
		c.mu.Unlock()
		name := agent.ClipName(q.Type, s.offers[s.offer])
		if stale || s.offer == nil || name == "" {
			return agent.Refusal("stale")
		}
		// The owner's end waits, as owners expect.
		if err := unix.SetNonblock(fds[1], false); err != nil {
			return err
		}
		s.offer.Receive(name, fds[1])
		return nil
	})
	unix.Close(fds[1])
	if err != nil {
		return nil, err
	}
	if err := r.SetReadDeadline(time.Now().Add(clipWithin)); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the selection's owner: %w", err)
	case len(data) > limit:
		return nil, agent.Refusal("too_large")
	}
	return data, nil
}
