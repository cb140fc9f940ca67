package rfbserver

import (
	"encoding/binary"
	"fmt"

	"rayos/rayapps/rfb"
)

// SetClipboard offers what a clipboard has: viewers with the extension are told of
// its formats and fetch them by Seat.Wanted, others are asked for nothing and sent
// the text, if k has it. It may keep k.
func (v *Viewer) SetClipboard(f rfb.Formats, k rfb.Clip) {
	v.mu.Lock()
	actions := v.actions
	v.clip = k
	v.mu.Unlock()
	if actions != 0 {
		v.send(clipMessage(rfb.ClipNotify|uint32(f), nil))
		return
	}
	if k.Text == nil {
		return
	}
	text := rfb.Latin1(k.Text)
	p := binary.BigEndian.AppendUint32([]byte{3, 0, 0, 0}, uint32(len(text)))
	v.send(append(p, text...))
}

// Extended reports whether the viewer fetches what it wants of a clipboard.
func (v *Viewer) Extended() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.actions != 0
}

// Provide sends formats that the viewer has asked for.
func (v *Viewer) Provide(k rfb.Clip) error {
	data, err := k.Deflate(k.Formats())
	if err == nil {
		v.send(clipMessage(rfb.ClipProvide|uint32(k.Formats()), data))
	}
	return err
}

// Request asks for formats that the viewer has offered.
func (v *Viewer) Request(f rfb.Formats) {
	v.mu.Lock()
	can := v.actions&rfb.ClipRequest != 0
	v.mu.Unlock()
	if can {
		v.send(clipMessage(rfb.ClipRequest|uint32(f), nil))
	}
}

func clipMessage(flags uint32, data []byte) []byte {
	p := binary.BigEndian.AppendUint32([]byte{3, 0, 0, 0}, -uint32(4+len(data)))
	return append(binary.BigEndian.AppendUint32(p, flags), data...)
}

// caps tells what we take, and that nothing is to come unasked.
func caps() []byte {
	return clipMessage(rfb.ClipCaps|rfb.ClipRequest|rfb.ClipPeek|rfb.ClipNotify|rfb.ClipProvide|uint32(rfb.FormatsKnown), make([]byte, 16))
}

// cutText takes the viewer's clipboard, or a message of the extension.
func (v *Viewer) cutText(in *input) error {
	p, err := in.take(7)
	if err != nil {
		return err
	}
	n := int64(int32(binary.BigEndian.Uint32(p[3:])))
	extended := n < 0
	if extended {
		n = -n
	}
	if n > maxClip {
		return fmt.Errorf("a clipboard of %d bytes; the limit is %d", n, maxClip)
	}
	data, err := in.long(int(n))
	if err != nil {
		return err
	}
	if !extended {
		v.seat.Clipboard(rfb.Clip{Text: rfb.FromLatin1(data)})
		return nil
	}
	if n < 4 {
		return fmt.Errorf("extended clipboard of %d bytes", n)
	}
	flags := binary.BigEndian.Uint32(data)
	f := rfb.Formats(flags) & rfb.FormatsKnown
	switch {
	case flags&rfb.ClipCaps != 0:
		v.mu.Lock()
		v.actions = flags
		v.mu.Unlock()
	case flags&rfb.ClipNotify != 0:
		v.seat.Offer(f)
	case flags&rfb.ClipRequest != 0:
		v.seat.Wanted(f)
	case flags&rfb.ClipPeek != 0:
		v.mu.Lock()
		own := v.clip.Formats()
		v.mu.Unlock()
		v.send(clipMessage(rfb.ClipNotify|uint32(own), nil))
	case flags&rfb.ClipProvide != 0:
		k, err := rfb.InflateClip(f, rfb.Formats(flags), data[4:], maxClip)
		if err != nil {
			return fmt.Errorf("extended clipboard: %w", err)
		}
		v.seat.Clipboard(k)
	}
	return nil
}
