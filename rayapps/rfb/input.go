package rfb

import (
	"encoding/binary"
	"errors"

	"rayos/geom"
)

// ErrUnsupported is what a method returns that the server doesn't know.
var ErrUnsupported = errors.New("rfb: the server doesn't support it")

// Key sends a key that went down or up: an X11 keysym, and the scancode of a
// PC keyboard's set 1 (0xe0 prefixes as the bit 0x80; 0 when unknown), which is
// sent when the server takes them.
func (c *Client) Key(down bool, keysym, scancode uint32) error {
	pressed := byte(0)
	if down {
		pressed = 1
	}
	c.mu.Lock()
	scan := c.qemuKeys && scancode != 0
	c.mu.Unlock()
	return c.out.send(func(p []byte) []byte {
		if scan {
			p = append(p, 255, 0, 0, pressed)
			p = binary.BigEndian.AppendUint32(p, keysym)
			return binary.BigEndian.AppendUint32(p, scancode)
		}
		p = append(p, 4, pressed, 0, 0)
		return binary.BigEndian.AppendUint32(p, keysym)
	})
}

// Button is a set of the pointer's buttons that are down.
type Button uint16

// The buttons. A step of a wheel is one of its buttons down and up.
const (
	Left Button = 1 << iota
	Middle
	Right
	WheelUp
	WheelDown
	WheelLeft
	WheelRight
	Back
	Forward
)

// Pointer sends where the pointer is, in pixels of the framebuffer, kept within
// it, and which buttons are down. After Handler.Relative(true), at is a
// movement around 0x7fff and isn't kept within anything but 16 bits.
func (c *Client) Pointer(at geom.Point, down Button) error {
	c.mu.Lock()
	many := c.buttons
	c.mu.Unlock()
	return c.out.send(func(p []byte) []byte {
		mask := byte(down) & 0x7f
		if many && down > 0x7f {
			mask |= 0x80
		} else if !many {
			mask = byte(down)
		}
		p = append(p, 5, mask)
		p = binary.BigEndian.AppendUint16(p, coordinate(at.X))
		p = binary.BigEndian.AppendUint16(p, coordinate(at.Y))
		if many && down > 0x7f {
			p = append(p, byte(down>>7))
		}
		return p
	})
}

func coordinate(v int32) uint16 { return uint16(min(max(v, 0), 0xffff)) }

// SetDesktopSize asks for a desktop of one screen with that size in pixels.
// Handler.Resized has the answer. ErrUnsupported tells that the server never
// said that it can.
func (c *Client) SetDesktopSize(s geom.Size) error {
	if s.W < 1 || s.H < 1 || s.W > 0xffff || s.H > 0xffff {
		return errors.New("rfb: a size that no desktop can have")
	}
	c.mu.Lock()
	ok := c.resizable
	var screen Screen
	if len(c.screens) > 0 {
		screen = c.screens[0]
	}
	c.mu.Unlock()
	if !ok {
		return ErrUnsupported
	}
	return c.out.send(func(p []byte) []byte {
		w, h := uint16(s.W), uint16(s.H)
		p = append(p, 251, 0)
		p = binary.BigEndian.AppendUint16(p, w)
		p = binary.BigEndian.AppendUint16(p, h)
		p = append(p, 1, 0)
		p = binary.BigEndian.AppendUint32(p, screen.ID)
		p = append(p, 0, 0, 0, 0)
		p = binary.BigEndian.AppendUint16(p, w)
		p = binary.BigEndian.AppendUint16(p, h)
		return binary.BigEndian.AppendUint32(p, screen.Flags)
	})
}

// Refresh asks for all pixels anew.
func (c *Client) Refresh() error {
	c.mu.Lock()
	size := c.size
	c.mu.Unlock()
	return c.out.send(func(p []byte) []byte { return appendRequest(p, false, size) })
}
