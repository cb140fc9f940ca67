package vncserver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"rayos/rayapps/rfb"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// What is carried, and what it is called.
var mimeTypes = []struct {
	format rfb.Formats
	names  []string // the most exact first
	field  func(*rfb.Clip) *[]byte
	// How viewers have it, and how programs here do; nil for the same.
	out, in func([]byte) ([]byte, error)
}{
	{rfb.FormatText, []string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain"}, func(k *rfb.Clip) *[]byte { return &k.Text }, nil, nil},
	{rfb.FormatHTML, []string{"text/html"}, func(k *rfb.Clip) *[]byte { return &k.HTML }, nil, nil},
	{rfb.FormatRTF, []string{"text/rtf"}, func(k *rfb.Clip) *[]byte { return &k.RTF }, nil, nil},
	{rfb.FormatDIB, []string{"image/bmp"}, func(k *rfb.Clip) *[]byte { return &k.DIB }, rfb.DIB, rfb.BMP},
}

// Limits.
const (
	maxData    = 4 << 20 // bytes of a format
	dataWithin = 10 * time.Second
	maxWaiting = 16 // programs that wait for what the viewer copied
)

// clipboard joins a viewer's with that of their seat.
type clipboard struct {
	t      *seat
	device *client.ExtDataControlDeviceV1
	offer  *client.ExtDataControlOfferV1 // what the seat has, nil for nothing
	mimes  []string                      // of offer
	own    *client.ExtDataControlSourceV1
	copied rfb.Clip // what the viewer has sent
	wait   []waiting
}

// waiting is a program that wants what the viewer has copied.
type waiting struct {
	format rfb.Formats
	file   *os.File
}

func newClipboard(t *seat) *clipboard {
	c := &clipboard{t: t, device: t.s.data.GetDataDevice(t.seat)}
	fresh := map[*client.ExtDataControlOfferV1][]string{}
	c.device.OnDataOffer = func(o *client.ExtDataControlOfferV1) {
		fresh[o] = nil
		o.OnOffer = func(mime string) {
			if list, ok := fresh[o]; ok && len(list) < 64 {
				fresh[o] = append(list, mime)
			}
		}
	}
	c.device.OnSelection = func(o *client.ExtDataControlOfferV1) {
		if c.offer != nil {
			c.offer.Destroy()
		}
		c.offer, c.mimes = o, fresh[o]
		clear(fresh)
		if c.own == nil { // else it is the viewer's own
			c.announce()
		}
	}
	c.device.OnPrimarySelection = func(o *client.ExtDataControlOfferV1) {
		if o != nil {
			delete(fresh, o)
			o.Destroy()
		}
	}
	return c
}

// announce tells the viewer what the seat has.
func (c *clipboard) announce() {
	var f rfb.Formats
	for _, m := range mimeTypes {
		if c.named(m.names) != "" {
			f |= m.format
		}
	}
	if f == 0 {
		return
	}
	if c.t.v.Extended() {
		c.t.v.SetClipboard(f, rfb.Clip{})
		return
	}
	c.fetch(rfb.FormatText, func(k rfb.Clip) { c.t.v.SetClipboard(rfb.FormatText, k) })
}

func (c *clipboard) named(names []string) string {
	for _, n := range names {
		if slices.Contains(c.mimes, n) {
			return n
		}
	}
	return ""
}

// fetch reads what the seat has and calls done on another goroutine, unless there is
// nothing.
func (c *clipboard) fetch(f rfb.Formats, done func(rfb.Clip)) {
	if c.offer == nil {
		return
	}
	type part struct {
		file  *os.File
		field func(*rfb.Clip) *[]byte
		out   func([]byte) ([]byte, error)
	}
	var parts []part
	for _, m := range mimeTypes {
		name := c.named(m.names)
		if f&m.format == 0 || name == "" {
			continue
		}
		r, w, err := os.Pipe()
		if err != nil {
			c.t.s.o.Log.Warn("clipboard", "err", err)
			return
		}
		c.offer.Receive(name, int(w.Fd()))
		if err := w.Close(); err != nil {
			c.t.s.o.Log.Warn("clipboard", "err", err)
		}
		parts = append(parts, part{r, m.field, m.out})
	}
	if len(parts) == 0 {
		return
	}
	go func() {
		var k rfb.Clip
		for _, p := range parts {
			err := p.file.SetReadDeadline(time.Now().Add(dataWithin))
			var data []byte
			if err == nil {
				data, err = io.ReadAll(io.LimitReader(p.file, maxData+1))
			}
			if err == nil && len(data) > maxData {
				err = fmt.Errorf("more than %d bytes, which viewers don't get", maxData)
			}
			if err == nil && p.out != nil {
				data, err = p.out(data)
			}
			if err = errors.Join(err, p.file.Close()); err != nil {
				c.t.s.o.Log.Warn("clipboard", "err", err)
				continue
			}
			*p.field(&k) = data
		}
		done(k)
	}()
}

// Wanted implements rfbserver.Seat.
func (t *seat) Wanted(f rfb.Formats) {
	t.do(func() {
		if t.clip == nil {
			return
		}
		t.clip.fetch(f, func(k rfb.Clip) {
			if err := t.v.Provide(k); err != nil {
				t.s.o.Log.Warn("clipboard", "err", err)
			}
		})
	})
}

// Offer implements rfbserver.Seat.
func (t *seat) Offer(f rfb.Formats) {
	t.do(func() {
		if t.clip != nil && !t.s.o.ViewOnly {
			t.clip.take(f, rfb.Clip{})
		}
	})
}

// Clipboard implements rfbserver.Seat.
func (t *seat) Clipboard(k rfb.Clip) {
	t.do(func() {
		if t.clip == nil || t.s.o.ViewOnly {
			return
		}
		if !t.v.Extended() {
			t.clip.take(k.Formats(), k)
			return
		}
		t.clip.serve(k)
	})
}

// take makes what the viewer has the seat's selection.
func (c *clipboard) take(f rfb.Formats, k rfb.Clip) {
	if c.own != nil {
		c.own.Destroy()
		c.own = nil
	}
	c.copied = k
	c.drop(nil)
	if f == 0 {
		return
	}
	src := c.t.s.data.CreateDataSource()
	c.own = src
	for _, m := range mimeTypes {
		if f&m.format != 0 {
			for _, n := range m.names {
				src.Offer(n)
			}
		}
	}
	src.OnSend = c.send
	src.OnCancelled = func() {
		if c.own == src {
			c.own = nil
			c.drop(nil)
			c.announce()
		}
		src.Destroy()
	}
	c.device.SetSelection(src)
}

// send gives a program what the viewer has copied, which may have to come first.
func (c *clipboard) send(mime string, fd *wire.FD) {
	file := os.NewFile(uintptr(fd.Take()), mime)
	for _, m := range mimeTypes {
		if !slices.Contains(m.names, mime) {
			continue
		}
		if data := *m.field(&c.copied); data != nil {
			c.give(file, data)
			return
		}
		if len(c.wait) == maxWaiting {
			break
		}
		c.wait = append(c.wait, waiting{m.format, file})
		c.t.v.Request(m.format)
		return
	}
	if err := file.Close(); err != nil {
		c.t.s.o.Log.Warn("clipboard", "err", err)
	}
}

// serve gives what has come to those who wait.
func (c *clipboard) serve(k rfb.Clip) {
	for _, m := range mimeTypes {
		if data := *m.field(&k); data != nil {
			if m.in != nil {
				var err error
				if data, err = m.in(data); err != nil {
					c.t.s.o.Log.Warn("clipboard", "err", err)
					data = []byte{} // what is no picture is nothing
				}
			}
			*m.field(&c.copied) = data
		}
	}
	c.drop(&c.copied)
}

// drop ends the wait of those that k has something for, of all if it is nil.
func (c *clipboard) drop(k *rfb.Clip) {
	c.wait = slices.DeleteFunc(c.wait, func(w waiting) bool {
		var data []byte
		for _, m := range mimeTypes {
			if k != nil && m.format == w.format {
				data = *m.field(k)
			}
		}
		if k != nil && data == nil {
			return false
		}
		c.give(w.file, data)
		return true
	})
}

// give writes data to a program, which may be slow or not read at all.
func (c *clipboard) give(file *os.File, data []byte) {
	go func() {
		err := unix.SetNonblock(int(file.Fd()), true)
		if err == nil {
			err = file.SetWriteDeadline(time.Now().Add(dataWithin))
		}
		if err == nil {
			_, err = file.Write(data)
		}
		if err = errors.Join(err, file.Close()); err != nil && !errors.Is(err, unix.EPIPE) {
			c.t.s.o.Log.Warn("clipboard", "err", err)
		}
	}()
}

func (c *clipboard) end() {
	c.drop(nil)
	if c.own != nil {
		c.own.Destroy()
	}
	if c.offer != nil {
		c.offer.Destroy()
	}
	c.device.Destroy()
}
