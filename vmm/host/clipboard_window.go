package host

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
	"rayos/vmm"
	"rayos/vmm/agent"
)

// windowClips is a window's part in the clipboard: an ordinary client's
// (wl_data_device), which the session tells of its selection while the window
// has the keyboard. It belongs to the window's goroutine.
//
// The session's selection is offered to the guest while the window has the
// keyboard, and taken back with it; its data is fetched when somebody in the
// guest pastes. What the guest copies becomes the session's selection if a
// person has pressed something in the window since the last time, so that one
// thing done is at most one thing copied; its data is fetched when somebody in
// the session pastes.
type windowClips struct {
	board   *clipboard
	policy  vmm.Clipboard
	manager *client.WlDataDeviceManager
	device  *client.WlDataDevice

	focused bool
	left    time.Time // when the focus went
	press   uint32    // serial of what the person has done last, 0 for nothing since the last copy

	types  map[*client.WlDataOffer][]string
	offer  *client.WlDataOffer // the session's selection, nil for none or the guest's own
	told   *client.WlDataOffer // what the guest was told of
	serial uint64              // of that

	guest  agent.ClipOffer      // what the guest has
	source *client.WlDataSource // the guest's as the session's selection
	gives  []string             // its types
}

// addClipboard makes the window's end, if policy lets anything pass.
func (w *window) addClipboard() {
	if w.host.machine.Clipboard == "" || w.host.machine.Clipboard == vmm.ClipOff {
		return
	}
	m, err := bind(w.globals, &protocol.WlDataDeviceManagerInterface, client.BindWlDataDeviceManager)
	if err != nil {
		w.host.log.Info("no clipboard", "err", err)
		return
	}
	w.clips = &windowClips{
		board: &w.host.clip, policy: w.host.machine.Clipboard, manager: m, types: map[*client.WlDataOffer][]string{},
	}
}

// passClips is called when the guest has said something of its clipboard.
func (w *window) passClips() {
	w.clipped.Store(false)
	if w.clips != nil {
		w.clips.board.pass(w.clips)
	}
}

// follow is called with the seat whose clipboard it is.
func (c *windowClips) follow(s *client.WlSeat) {
	if c == nil || c.device != nil {
		return
	}
	d := c.manager.GetDataDevice(s)
	c.device = d
	d.OnDataOffer = func(o *client.WlDataOffer) {
		c.types[o] = nil
		o.OnOffer = func(name string) {
			if len(c.types[o]) < 256 {
				c.types[o] = append(c.types[o], name)
			}
		}
	}
	d.OnEnter = func(_ uint32, _ *client.WlSurface, _, _ geom.Fixed, o *client.WlDataOffer) { c.drop(o) } // nothing is dropped on a guest
	d.OnSelection = c.selected
}

// unfollow is called when the seat has gone.
func (c *windowClips) unfollow() {
	if c == nil || c.device == nil {
		return
	}
	c.lost()
	if c.device.Version() >= 2 {
		c.device.Release()
	}
	c.device = nil
}

func (c *windowClips) drop(o *client.WlDataOffer) {
	if o != nil {
		delete(c.types, o)
		o.Destroy()
	}
}

// selected is told what the session's selection is.
func (c *windowClips) selected(o *client.WlDataOffer) {
	if c.offer != nil && c.offer != o {
		c.drop(c.offer)
	}
	c.offer = o
	if c.source != nil { // it is the guest's own
		c.drop(o)
		c.offer = nil
	}
	c.tell()
}

// entered, lost and pressed follow the person.
func (c *windowClips) entered() {
	if c != nil {
		c.focused = true
		c.tell()
	}
}

func (c *windowClips) lost() {
	if c != nil && c.focused {
		c.focused, c.left = false, time.Now()
		c.tell()
	}
}

func (c *windowClips) pressed(serial uint32) {
	if c != nil {
		c.press = serial
	}
}

// tell tells the guest what there is to paste for it.
func (c *windowClips) tell() {
	now := c.offer
	if !c.focused || !c.policy.ToGuest() || len(c.has()) == 0 {
		now = nil
	}
	if now == c.told {
		return
	}
	c.told = now
	c.serial++
	o := agent.ClipOffer{Serial: c.serial}
	if now != nil {
		o.Types = c.has()
	}
	c.board.offer(o)
}

// renew tells the guest again: it has begun anew.
func (c *windowClips) renew() {
	c.told = nil
	c.tell()
}

// has returns which types the session's selection has for the guest.
func (c *windowClips) has() []string {
	var list []string
	for _, mime := range agent.ClipTypes() {
		if agent.ClipName(mime, c.types[c.offer]) != "" {
			list = append(list, mime)
		}
	}
	return list
}

// wanted gives the guest the session's selection. It reports whether there is
// one to give.
func (c *windowClips) wanted(q agent.ClipWant) bool {
	if c.told == nil || q.Serial != c.serial || !slices.Contains(c.has(), q.Type) {
		return false
	}
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		c.board.log.Error("clipboard", "err", err)
		return false
	}
	// Who gives it expects an end that waits.
	_ = unix.SetNonblock(fds[1], false)
	c.told.Receive(agent.ClipName(q.Type, c.types[c.told]), fds[1])
	unix.Close(fds[1])
	go func() {
		defer c.board.in.Add(-1)
		data, err := readSelection(os.NewFile(uintptr(fds[0]), "selection"), q.Type)
		c.board.write(q.ID, data, err)
	}()
	return true
}

// readSelection reads what somebody in the session gives, and closes f.
func readSelection(f *os.File, mime string) ([]byte, error) {
	defer f.Close()
	if err := f.SetReadDeadline(time.Now().Add(clipWithin)); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, int64(agent.ClipLimit(mime))+1))
	if err != nil {
		return nil, fmt.Errorf("the session's selection: %w", err)
	}
	return data, agent.CheckClip(mime, data)
}

// copied is told what the guest has.
func (c *windowClips) copied(o agent.ClipOffer) {
	c.guest = o
	if len(o.Types) == 0 {
		if c.told != nil {
			c.renew() // somebody there has thrown ours away, or is new
		}
		return
	}
	if !c.policy.FromGuest() || c.device == nil {
		return
	}
	covered := c.source != nil
	for _, t := range o.Types {
		covered = covered && slices.Contains(c.gives, t)
	}
	if covered {
		return // the session has it already; who pastes gets the new data
	}
	if c.press == 0 || !c.focused && time.Since(c.left) > clipForgotten {
		c.board.log.Info("the guest's clipboard is not taken: nobody has copied", "types", o.Types)
		return
	}
	c.take(o)
}

// take makes what the guest has the session's selection.
func (c *windowClips) take(o agent.ClipOffer) {
	src := c.manager.CreateDataSource()
	for _, mime := range o.Types {
		for _, name := range agent.ClipNames(mime) {
			src.Offer(name)
		}
	}
	src.OnSend = c.send
	src.OnCancelled = func() {
		if c.source == src {
			c.source = nil
		}
		src.Destroy()
	}
	c.device.SetSelection(src, c.press)
	c.source, c.gives, c.press = src, o.Types, 0
}

// send gives somebody in the session what the guest has.
func (c *windowClips) send(name string, fd *wire.FD) {
	mime, serial := agent.ClipType(name), c.guest.Serial
	if mime == "" || c.board.out.Add(1) > maxClipMoves {
		if mime != "" {
			c.board.out.Add(-1)
		}
		return // the descriptor is closed: nothing to paste
	}
	n := fd.Take()
	_ = unix.SetNonblock(n, true) // what has no deadline is written without
	f := os.NewFile(uintptr(n), "paste")
	go func() {
		defer c.board.out.Add(-1)
		defer f.Close()
		data, err := c.board.read(serial, mime)
		if err == nil {
			if err = f.SetWriteDeadline(time.Now().Add(clipWithin)); err == nil || errors.Is(err, os.ErrNoDeadline) {
				_, err = f.Write(data)
			}
		}
		c.board.note(err)
	}()
}
