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

// The formats that the client carries. The extension has one more, files, which its
// specification doesn't define.
const (
	FormatText Formats = 1 << iota // UTF-8
	FormatRTF
	FormatHTML
	FormatDIB // a bitmap of Windows, without the header of a file

	FormatsKnown = FormatText | FormatRTF | FormatHTML | FormatDIB
)

// formats is how many are known, from the first bit on.
const formats = 4

// The actions of an extended clipboard message, in its flags beside Formats.
const (
	ClipCaps = 1 << (24 + iota)
	ClipRequest
	ClipPeek
	ClipNotify
	ClipProvide
)

// Clip is what a clipboard holds; a nil one is a format that it lacks. Lines
// end in \n.
type Clip struct {
	Text []byte
	RTF  []byte
	HTML []byte
	DIB  []byte
}

func (k *Clip) field(i int) *[]byte { return [...]*[]byte{&k.Text, &k.RTF, &k.HTML, &k.DIB}[i] }

// Formats returns those that there are.
func (k *Clip) Formats() Formats {
	var f Formats
	for i := range formats {
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
		text := Latin1(k.Text)
		return c.out.send(func(p []byte) []byte {
			p = append(p, 6, 0, 0, 0)
			p = binary.BigEndian.AppendUint32(p, uint32(len(text)))
			return append(p, text...)
		})
	}
	if actions&ClipNotify == 0 {
		return c.provide(k.Formats())
	}
	return c.extended(ClipNotify|uint32(k.Formats()), nil)
}

// RequestClipboard asks for formats that Handler.Offer told of;
// Handler.Clipboard brings them.
func (c *Client) RequestClipboard(f Formats) error {
	c.mu.Lock()
	ok := c.clip.extended && c.clip.actions&ClipRequest != 0
	c.mu.Unlock()
	if !ok {
		return ErrUnsupported
	}
	return c.extended(ClipRequest|uint32(f&FormatsKnown), nil)
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
	f &= own.Formats()
	data, err := own.Deflate(f)
	if err != nil {
		return err
	}
	return c.extended(ClipProvide|uint32(f), data)
}

// Deflate returns formats of what a clipboard holds as messages carry them.
func (k *Clip) Deflate(f Formats) ([]byte, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	for i := range formats {
		if f&(1<<i) == 0 {
			continue
		}
		data := *k.field(i)
		if i == 0 {
			data = append(bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")), 0)
		}
		head := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		for _, p := range [][]byte{head, data} {
			if _, err := z.Write(p); err != nil {
				return nil, err
			}
		}
	}
	err := z.Close()
	return b.Bytes(), err
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
		c.h.Clipboard(Clip{Text: FromLatin1(c.inner)})
	}
	return nil
}

func (c *Client) clipMessage(p []byte) error {
	if len(p) < 4 {
		return fmt.Errorf("extended clipboard of %d bytes", len(p))
	}
	flags := binary.BigEndian.Uint32(p)
	f := Formats(flags) & FormatsKnown
	switch {
	case flags&ClipCaps != 0:
		c.mu.Lock()
		c.clip.extended, c.clip.actions = true, flags
		c.mu.Unlock()
		c.tellCaps()
	case flags&ClipNotify != 0:
		if c.h.Offer != nil {
			c.h.Offer(f)
		}
	case flags&ClipRequest != 0:
		c.ignoreSend(c.provide(f))
	case flags&ClipPeek != 0:
		c.mu.Lock()
		own := c.clip.own.Formats()
		c.mu.Unlock()
		c.ignoreSend(c.extended(ClipNotify|uint32(own), nil))
	case flags&ClipProvide != 0:
		k, err := InflateClip(f, Formats(flags), p[4:], c.opt.Limits.Clipboard)
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
	for range formats {
		sizes = binary.BigEndian.AppendUint32(sizes, 0) // only when requested
	}
	c.ignoreSend(c.extended(ClipCaps|ClipRequest|ClipPeek|ClipNotify|ClipProvide|uint32(FormatsKnown), sizes))
}

// InflateClip returns the known formats of a message that has all of those, at most
// limit bytes of them. Those after FormatDIB are passed over by not reading on.
func InflateClip(known, all Formats, p []byte, limit int) (Clip, error) {
	var k Clip
	if known == 0 {
		return k, nil
	}
	z, err := zlib.NewReader(bytes.NewReader(p))
	if err != nil {
		return k, err
	}
	left := int64(limit)
	for i := range formats {
		if all&(1<<i) == 0 {
			continue
		}
		var head [4]byte
		if _, err := io.ReadFull(z, head[:]); err != nil {
			return k, err
		}
		n := int64(binary.BigEndian.Uint32(head[:]))
		if left -= n; left < 0 {
			return k, fmt.Errorf("%d bytes inflated; the limit is %d for all", n, limit)
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

// Latin1 is UTF-8 as that, with ? for what it lacks.
func Latin1(p []byte) []byte {
	out := make([]byte, 0, len(p))
	for _, r := range string(p) {
		if r > 0xff {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return out
}

// FromLatin1 is Latin-1 as UTF-8.
func FromLatin1(p []byte) []byte {
	var b strings.Builder
	for _, v := range p {
		b.WriteRune(rune(v))
	}
	return []byte(b.String())
}
