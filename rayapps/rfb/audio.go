package rfb

import (
	"encoding/binary"
	"fmt"
)

// SampleFormat is what a sample of sound is, in the order of QEMU's protocol.
type SampleFormat uint8

// The formats of samples; those of more than a byte begin with the low one.
const (
	SampleU8 SampleFormat = iota
	SampleS8
	SampleU16
	SampleS16
	SampleU32
	SampleS32
)

// AudioFormat is how sound comes: for each channel in turn a sample, Rate times a
// second.
type AudioFormat struct {
	Sample   SampleFormat
	Channels uint8 // 1 or 2
	Rate     uint32
}

// Frame returns the bytes of one sample of all channels.
func (f *AudioFormat) Frame() int { return int(f.Channels) << (f.Sample / 2) }

// Operations of QEMU's audio messages (rfbproto, QEMU Audio Client Message and Server
// Message).
const (
	audioEnable    = 0 // of a client
	audioSetFormat = 2

	audioEnd   = 0 // of a server
	audioBegin = 1
	audioData  = 2
)

// check says whether there is such a format.
func (f *AudioFormat) check() error {
	if f.Sample > SampleS32 || f.Channels < 1 || f.Channels > 2 || f.Rate < 1 || f.Rate > 192000 {
		return fmt.Errorf("no sound comes as format %d on %d channels with %d samples a second", f.Sample, f.Channels, f.Rate)
	}
	return nil
}

// startAudio asks for sound from a server that has told that it has some.
func (c *Client) startAudio() {
	f := c.opt.Audio
	if f == nil || c.sounds {
		return
	}
	c.sounds = true
	c.post(func(p []byte) []byte {
		p = append(p, msgQEMU, 1, 0, audioSetFormat, byte(f.Sample), f.Channels)
		p = binary.BigEndian.AppendUint32(p, f.Rate)
		return append(p, msgQEMU, 1, 0, audioEnable)
	})
}

// audio reads a message with sound.
func (c *Client) audio() error {
	p, err := c.in.take(3)
	if err != nil {
		return err
	}
	kind, op := p[0], binary.BigEndian.Uint16(p[1:])
	if kind != 1 || !c.sounds {
		return fmt.Errorf("submessage %d, which was not asked for", kind)
	}
	switch op {
	case audioBegin, audioEnd:
		if c.h.AudioOn != nil {
			c.h.AudioOn(op == audioBegin)
		}
		return nil
	case audioData:
	default:
		return fmt.Errorf("sound: operation %d", op)
	}
	n, err := c.in.u32()
	if err != nil {
		return err
	}
	if int64(n) > int64(c.opt.Limits.Audio) || int(n)%c.opt.Audio.Frame() != 0 {
		return fmt.Errorf("%d bytes of sound; want whole frames of %d and at most %d", n, c.opt.Audio.Frame(), c.opt.Limits.Audio)
	}
	if c.inner, err = c.in.append(c.inner[:0], int(n)); err != nil {
		return err
	}
	if c.h.Audio != nil {
		c.h.Audio(c.inner)
	}
	return nil
}
