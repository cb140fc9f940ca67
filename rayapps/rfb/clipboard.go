package rfb

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Formats is a set of clipboard formats.
type Formats uint16

// The formats that the client carries.
const (
	FormatText Formats = 1 << iota // UTF-8
	FormatRTF
	FormatHTML

	formatsKnown = FormatText | FormatRTF | FormatHTML
)

// The actions of an extended clipboard message.
const (
	clipCaps = 1 << (24 + iota)
	clipRequest
	clipPeek
	clipNotify
	clipProvide
)

// Clip is what a clipboard holds; a nil one is a format that it lacks. Lines
// end in \n.
type Clip struct {
	Text []byte
	RTF  []byte
	HTML []byte
}

func (k *Clip) field(i int) *[]byte { return [...]*[]byte{&k.Text, &k.RTF, &k.HTML}[i] }

func (k *Clip) formats() Formats {
	var f Formats
	for i := range 3 {
		if *k.field(i) != nil {
			f |= 1 << i
		}
	}
	return f
}

// clipboard is what Client knows of both sides'.
type clipboard struct {
	extended bool   // the server told its capabilities
	actions  uint32 // that it takes
	own      Clip
}

// SetClipboard makes k the client's clipboard. A server with the extension
// fetches it when it wants to; others are sent the text, as Latin-1 with ? for
// what isn't. It may keep k.
func (c *Client) SetClipboard(k Clip) error {
	c.mu.Lock()
	c.clip.own = k
	extended, actions := c.clip.extended, c.clip.actions
	c.mu.Unlock()
	if !extended {
		text := latin1(k.Text)
		return c.out.send(func(p []byte) []byte {
			p = append(p, 6, 0, 0, 0)
			p = binary.BigEndian.AppendUint32(p, uint32(len(text)))
			return append(p, text...)
		})
	}
	if actions&clipNotify == 0 {
		return c.provide(k.formats())
	}
	return c.extended(clipNotify|uint32(k.formats()), nil)
}

// RequestClipboard asks for formats that Handler.Offer told of;
// Handler.Clipboard brings them.
func (c *Client) RequestClipboard(f Formats) error {
	c.mu.Lock()
	ok := c.clip.extended && c.clip.actions&clipRequest != 0
	c.mu.Unlock()
	if !ok {
		return ErrUnsupported
	}
	return c.extended(clipRequest|uint32(f&formatsKnown), nil)
}

// extended sends a message of the extension.
func (c *Client) extended(flags uint32, data []byte) error {
	return c.out.send(func(p []byte) []byte {
		p = append(p, 6, 0, 0, 0)
		p = binary.BigEndian.AppendUint32(p, -uint32(4+len(data)))
		p = binary.BigEndian.AppendUint32(p, flags)
		return append(p, data...)
	})
}

// provide sends the client's clipboard.
func (c *Client) provide(f Formats) error {
	c.mu.Lock()
	own := c.clip.own
	c.mu.Unlock()
	f &= own.formats()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	for i := range 3 {
		if f&(1<<i) == 0 {
			continue
		}
		data := *own.field(i)
		if i == 0 {
			data = append(bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")), 0)
		}
		head := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		for _, p := range [][]byte{head, data} {
			if _, err := z.Write(p); err != nil {
				return err
			}
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return c.extended(clipProvide|uint32(f), b.Bytes())
}

// cutText reads the server's clipboard, or a message of the extension.
func (c *Client) cutText() error {
	p, err := c.in.take(7)
	if err != nil {
		return err
	}
	n := int64(int32(binary.BigEndian.Uint32(p[3:])))
	extended := n < 0
	if extended {
		n = -n
	}
	if n > int64(c.opt.Limits.Clipboard) {
		return fmt.Errorf("%d bytes; the limit is %d", n, c.opt.Limits.Clipboard)
	}
	if c.inner, err = c.in.append(c.inner[:0], int(n)); err != nil {
		return err
	}
	if extended {
		return c.clipMessage(c.inner)
	}
	if c.h.Clipboard != nil {
		c.h.Clipboard(Clip{Text: fromLatin1(c.inner)})
	}
	return nil
}

func (c *Client) clipMessage(p []byte) error {
	if len(p) < 4 {
		return fmt.Errorf("extended clipboard of %d bytes", len(p))
	}
	flags := binary.BigEndian.Uint32(p)
	f := Formats(flags) & formatsKnown
	switch {
	case flags&clipCaps != 0:
		c.mu.Lock()
		c.clip.extended, c.clip.actions = true, flags
		c.mu.Unlock()
		c.tellCaps()
	case flags&clipNotify != 0:
		if c.h.Offer != nil {
			c.h.Offer(f)
		}
	case flags&clipRequest != 0:
		c.ignoreSend(c.provide(f))
	case flags&clipPeek != 0:
		c.mu.Lock()
		own := c.clip.own.formats()
		c.mu.Unlock()
		c.ignoreSend(c.extended(clipNotify|uint32(own), nil))
	case flags&clipProvide != 0:
		k, err := c.provided(f, Formats(flags), p[4:])
		if err != nil {
			return fmt.Errorf("extended clipboard: %w", err)
		}
		if c.h.Clipboard != nil {
			c.h.Clipboard(k)
		}
	}
	return nil
}

// ignoreSend is for answers: that nothing can be sent is what Run will tell.
func (c *Client) ignoreSend(error) {}

// tellCaps tells what the client takes, and what without being asked: nothing.
func (c *Client) tellCaps() {
	var sizes []byte
	for range 3 {
		sizes = binary.BigEndian.AppendUint32(sizes, 0) // only when requested
	}
	c.ignoreSend(c.extended(clipCaps|clipRequest|clipPeek|clipNotify|clipProvide|uint32(formatsKnown), sizes))
}

// provided inflates the formats of a message; those after FormatHTML are passed
// over by not reading on.
func (c *Client) provided(known, all Formats, p []byte) (Clip, error) {
	var k Clip
	if known == 0 {
		return k, nil
	}
	z, err := zlib.NewReader(bytes.NewReader(p))
	if err != nil {
		return k, err
	}
	left := int64(c.opt.Limits.Clipboard)
	for i := range 3 {
		if all&(1<<i) == 0 {
			continue
		}
		var head [4]byte
		if _, err := io.ReadFull(z, head[:]); err != nil {
			return k, err
		}
		n := int64(binary.BigEndian.Uint32(head[:]))
		if left -= n; left < 0 {
			return k, fmt.Errorf("%d bytes inflated; the limit is %d for all", n, c.opt.Limits.Clipboard)
		}
		data, err := io.ReadAll(io.LimitReader(z, n))
		if err != nil {
			return k, err
		}
		if int64(len(data)) < n {
			return k, errors.New("shorter than it says")
		}
		if i == 0 {
			data = bytes.ReplaceAll(bytes.TrimSuffix(data, []byte{0}), []byte("\r\n"), []byte("\n"))
			data = bytes.ToValidUTF8(data, []byte("\ufffd"))
		}
		*k.field(i) = data
	}
	return k, nil
}

func latin1(p []byte) []byte {
	out := make([]byte, 0, len(p))
	for _, r := range string(p) {
		if r > 0xff {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return out
}

func fromLatin1(p []byte) []byte {
	var b strings.Builder
	for _, v := range p {
		b.WriteRune(rune(v))
	}
	return []byte(b.String())
}
