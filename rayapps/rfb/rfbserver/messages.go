package rfbserver

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

// input reads what a viewer sends.
type input struct {
	src io.Reader
	buf [256]byte
}

// take reads so many bytes, at most 256, that hold until the next.
func (in *input) take(n int) ([]byte, error) {
	_, err := io.ReadFull(in.src, in.buf[:n])
	return in.buf[:n], err
}

// long reads so many bytes, with no more memory than there are.
func (in *input) long(n int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(in.src, int64(n)))
	if err == nil && len(b) < n {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// read handles messages until one fails.
func (v *Viewer) read(in *input) error {
	for {
		p, err := in.take(1)
		if err != nil {
			return err
		}
		kind := p[0]
		if err := v.message(kind, in); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("message %d: %w", kind, err)
		}
	}
}

func (v *Viewer) message(kind byte, in *input) error {
	switch kind {
	case 0:
		return v.setFormat(in)
	case 2:
		return v.setEncodings(in)
	case 3:
		return v.wantPicture(in)
	case 4: // a key
		p, err := in.take(7)
		if err == nil {
			v.seat.Key(binary.BigEndian.Uint32(p[3:]), 0, p[0] != 0)
		}
		return err
	case 5:
		return v.point(in)
	case 6:
		return v.cutText(in)
	case 150:
		return v.continuous(in)
	case 248:
		return v.fence(in)
	case 251:
		return v.setSize(in)
	case 255:
		return v.keyWithCode(in)
	}
	return errors.New("there is no such message")
}

func (v *Viewer) setFormat(in *input) error {
	p, err := in.take(19)
	if err != nil {
		return err
	}
	f, err := parseFormat(p[3:])
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.format = f
	if v.pointer.Pix != nil {
		v.cursor = v.cursorRect()
	}
	v.mu.Unlock()
	if f.mapped {
		v.send(f.colourMap())
	}
	return nil
}

func (v *Viewer) setEncodings(in *input) error {
	p, err := in.take(3)
	if err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(p[1:]))
	if n > maxEncoding {
		return fmt.Errorf("%d encodings; the limit is %d", n, maxEncoding)
	}
	data, err := in.long(4 * n)
	if err != nil {
		return err
	}
	v.mu.Lock()
	before := v.knows
	v.knows, v.kind, v.quality = map[rfb.Encoding]bool{}, rfb.Raw, -1
	chosen := false
	for ; len(data) > 0; data = data[4:] {
		e := rfb.Encoding(binary.BigEndian.Uint32(data))
		v.knows[e] = true
		switch {
		case !chosen && (e == rfb.Tight || e == rfb.ZRLE || e == rfb.Hextile || e == rfb.Raw):
			v.kind, chosen = e, true
		case e >= rfb.PseudoQuality0 && e < rfb.PseudoQuality0+10:
			v.quality = int(e - rfb.PseudoQuality0)
		}
	}
	first := func(e rfb.Encoding) bool { return v.knows[e] && !before[e] }
	if first(rfb.PseudoExtendedDesktopSize) {
		v.desktop = append(v.desktop, desktop{size: v.size})
	}
	if v.pointer.Pix != nil {
		v.cursor = v.cursorRect()
	}
	if !v.knows[rfb.PseudoContinuousUpdates] {
		v.all = false
	}
	if !v.knows[rfb.PseudoFence] {
		v.flying = 0
	}
	news := [3]bool{first(rfb.PseudoFence), first(rfb.PseudoContinuousUpdates), first(rfb.PseudoExtendedClipboard)}
	v.mu.Unlock()
	if news[0] {
		v.send(fenceMessage(1<<31, []byte{0})) // that we know of it
	}
	if news[1] {
		v.send([]byte{150})
	}
	if news[2] {
		v.send(caps())
	}
	v.poke()
	return nil
}

func (v *Viewer) wantPicture(in *input) error {
	p, err := in.take(9)
	if err != nil {
		return err
	}
	be := binary.BigEndian
	r := geom.XYWH(int32(be.Uint16(p[1:])), int32(be.Uint16(p[3:])), int32(be.Uint16(p[5:])), int32(be.Uint16(p[7:])))
	v.mu.Lock()
	v.asked = true
	if p[0] == 0 {
		v.lacks.UnionRect(r.Intersect(v.size.Rect()))
		v.lacks.Simplify(damageRects)
	}
	v.mu.Unlock()
	v.poke()
	return nil
}

func (v *Viewer) continuous(in *input) error {
	p, err := in.take(9)
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.all = p[0] != 0
	v.mu.Unlock()
	if p[0] == 0 {
		v.send([]byte{150}) // none comes unasked any more
	}
	v.poke()
	return nil
}

func (v *Viewer) point(in *input) error {
	p, err := in.take(5)
	if err != nil {
		return err
	}
	be := binary.BigEndian
	down := rfb.Button(p[0])
	at := geom.Point{X: int32(be.Uint16(p[1:])), Y: int32(be.Uint16(p[3:]))}
	v.mu.Lock()
	many, size := v.told[rfb.PseudoMouseButtons], v.size
	v.mu.Unlock()
	if many {
		down &= 0x7f
		if p[0]&0x80 != 0 {
			if p, err = in.take(1); err != nil {
				return err
			}
			down |= rfb.Button(p[0]&3) << 7
		}
	}
	at.X, at.Y = min(at.X, size.W-1), min(at.Y, size.H-1)
	v.seat.Pointer(at, down)
	return nil
}

func fenceMessage(flags uint32, data []byte) []byte {
	p := binary.BigEndian.AppendUint32([]byte{248, 0, 0, 0}, flags)
	return append(append(p, byte(len(data))), data...)
}

// fence answers one, or takes the answer to ours.
func (v *Viewer) fence(in *input) error {
	p, err := in.take(8)
	if err != nil {
		return err
	}
	flags, n := binary.BigEndian.Uint32(p[3:]), int(p[7])
	if n > 64 {
		return fmt.Errorf("a fence with %d bytes; the limit is 64", n)
	}
	data, err := in.take(n)
	if err != nil {
		return err
	}
	if flags&(1<<31) != 0 {
		v.send(fenceMessage(flags&7, data))
		return nil
	}
	if n > 0 {
		return nil // the first one, which is not of a picture
	}
	v.mu.Lock()
	v.flying = max(v.flying-1, 0)
	v.mu.Unlock()
	v.poke()
	return nil
}

// setSize asks the seat for another size. More than one screen there isn't.
func (v *Viewer) setSize(in *input) error {
	p, err := in.take(7)
	if err != nil {
		return err
	}
	be := binary.BigEndian
	want := geom.Size{W: int32(be.Uint16(p[1:])), H: int32(be.Uint16(p[3:]))}
	screens := int(p[5])
	if _, err := in.long(16 * screens); err != nil {
		return err
	}
	status := rfb.ResizeInvalid
	if screens == 1 && checkSize(want) == nil {
		v.mu.Lock()
		same := want == v.size
		v.resizing = !same
		v.mu.Unlock()
		if status = rfb.ResizeDone; !same {
			status = v.seat.Resize(want)
		}
		if status == rfb.ResizeDone && !same {
			return nil // it is told when it is so
		}
	}
	v.mu.Lock()
	v.resizing = false
	v.desktop = append(v.desktop, desktop{size: v.size, reason: byViewer, status: uint16(status)})
	v.mu.Unlock()
	v.poke()
	return nil
}

func (v *Viewer) keyWithCode(in *input) error {
	p, err := in.take(1)
	if err != nil {
		return err
	}
	if p[0] != 0 {
		return fmt.Errorf("submessage %d: there is no such", p[0])
	}
	if p, err = in.take(10); err != nil {
		return err
	}
	be := binary.BigEndian
	down := be.Uint16(p) != 0
	v.seat.Key(be.Uint32(p[2:]), keyCode(be.Uint32(p[6:])), down)
	return nil
}
