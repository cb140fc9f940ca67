package qemu

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// What a machine plays comes in one form, which QEMU makes of whatever the guest
// plays: frames of two samples, left and right, of 16 bits, signed, little-endian.
const (
	audioRate     = 48000 // frames a second
	audioChannels = 2
	audioBits     = 16
	audioFrame    = audioChannels * audioBits / 8 // bytes
)

// maxAudio bounds a message of sound, in bytes. QEMU's have 10 ms: 1920.
const maxAudio = 64 << 10

// audioID is what the command line calls the audio of a machine.
const audioID = "snd"

// sound adds the display, and a loudspeaker if there is to be one: Intel's HD
// Audio, which every guest has a driver for and which can be suspended (QEMU's
// virtio-sound can't). Without volume controls of its own it is as loud as what the
// guest plays; Linux would begin with one at nothing.
func (b *arguments) sound(c *Config) {
	if !c.Audio {
		b.add("-display", "dbus,p2p=yes")
		return
	}
	b.add("-audiodev", fmt.Sprintf("dbus,id=%s,out.frequency=%d,out.channels=%d,out.format=s%d", audioID, audioRate, audioChannels, audioBits))
	b.add("-display", "dbus,p2p=yes,audiodev="+audioID)
	b.device("ich9-intel-hda", "id=hda")
	b.device("hda-output", "bus=hda.0", "audiodev="+audioID, "mixer=off")
}

// Speaker is told what a guest plays. Write gets whole frames of 48 kHz, stereo, 16
// bits, signed, little-endian, at the pace at which they are to be heard; they are
// borrowed for the call. It is called on the connection's goroutine and must not
// block, since QEMU keeps what isn't read.
type Speaker interface{ Write(frames []byte) }

// Audio is a connection to the sound of a machine.
type Audio struct{ served *served }

// vanishEvery is how often a registration is tried again that QEMU refuses because
// it has not yet seen the end of the one before.
const vanishEvery = 10 * time.Millisecond

// OpenAudio connects to the sound of a machine that has Config.Audio. From then on
// speaker is told what it plays. The connection is its own: it can end, of nonsense
// say, while the screen stays.
func (d *Display) OpenAudio(ctx context.Context, speaker Speaker) (*Audio, error) {
	for {
		s, err := register(ctx, func(fd dbus.UnixFD) error { return d.askAudio(ctx, fd) },
			func(conn *net.UnixConn) error { return listenAudio(conn, speaker) })
		if err == nil {
			return &Audio{s}, nil
		}
		if again := strings.Contains(err.Error(), "already registered"); again && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(vanishEvery):
				continue
			}
		}
		return nil, fmt.Errorf("guest sound: %w", errors.Join(err, ctx.Err()))
	}
}

// askAudio asks for a listener. QEMU before 8 notes it by the name of who asks,
// without which it crashes; there is no bus here that gives us one, so we do.
func (d *Display) askAudio(ctx context.Context, fd dbus.UnixFD) error {
	header := map[dbus.HeaderField]dbus.Variant{
		dbus.FieldSender:    dbus.MakeVariant(fmt.Sprintf(":1.%d", displays.Add(1))),
		dbus.FieldPath:      dbus.MakeVariant(dbus.ObjectPath("/org/qemu/Display1/Audio")),
		dbus.FieldInterface: dbus.MakeVariant(display1 + "Audio"),
		dbus.FieldMember:    dbus.MakeVariant("RegisterOutListener"),
		dbus.FieldSignature: dbus.MakeVariant(dbus.SignatureOf(fd)),
	}
	call := d.conn.SendWithContext(ctx, &dbus.Message{Type: dbus.TypeMethodCall, Headers: header, Body: []any{fd}}, nil)
	return (<-call.Done).Err
}

// Done is closed when the connection has ended.
func (a *Audio) Done() <-chan struct{} { return a.served.done }

// Err says why it has ended, nil when QEMU or Close ended it in order. It is valid
// when Done is closed.
func (a *Audio) Err() error { return a.served.err }

// Close ends the connection. When it returns, the speaker is told no more.
func (a *Audio) Close() { a.served.close() }

// newAudioConn makes a connection for sound, which takes no descriptors.
func newAudioConn(conn *net.UnixConn) *dbusConn {
	return &dbusConn{conn: conn, limit: maxAudio, in: bufio.NewReaderSize(conn, 4<<10)}
}

// listenAudio serves QEMU's calls until the connection ends.
func listenAudio(conn *net.UnixConn, speaker Speaker) error {
	c := newAudioConn(conn)
	defer c.close()
	err := c.auth()
	if errors.Is(err, net.ErrClosed) {
		return nil // QEMU has answered before
	}
	if err != nil {
		return fmt.Errorf("guest sound: %w", err)
	}
	l := audioListener{speaker: speaker}
	for {
		m, err := c.next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = l.serve(c, &m)
		}
		if errors.Is(err, net.ErrClosed) {
			return nil // by us, while QEMU was being answered
		}
		if err != nil {
			return fmt.Errorf("guest sound: %w", err)
		}
	}
}

// audioListener is org.qemu.Display1.AudioOutListener. QEMU mixes all that a guest
// plays into one voice.
type audioListener struct {
	speaker Speaker
	voice   uint64 // its number
	there   bool
	muted   bool
	volume  [audioChannels]byte // 255 is as it comes
}

const audioInterface = display1 + "AudioOutListener"

// serve carries out one call and answers it. Its error ends the connection; a call
// that makes no sense is refused and nothing else.
func (l *audioListener) serve(c *dbusConn, m *call) error {
	if !m.isCall {
		return nil // an answer; we asked nothing
	}
	if m.iface == "org.freedesktop.DBus.Properties" && m.member == "GetAll" {
		return c.reply(m, "a{sv}", make([]byte, 8)) // none
	}
	err := errUnknown
	if m.iface == audioInterface {
		err = l.call(m)
	}
	switch err {
	case nil:
		return c.reply(m, "", nil)
	case errBadCall:
		return c.refuse(m, invalidArgs)
	}
	return c.refuse(m, unknownMethod)
}

func (l *audioListener) call(m *call) error {
	a := args{b: m.body, order: m.order}
	id := a.u64()
	if m.member != "Init" && (!l.there || id != l.voice) {
		return errBadCall
	}
	switch m.member {
	case "Init":
		if m.signature != "tybbuyuub" {
			return errUnknown
		}
		bits, signed, float, rate, channels := a.u8(), a.u32(), a.u32(), a.u32(), a.u8()
		frame, bytesPerSecond, bigEndian := a.u32(), a.u32(), a.u32()
		if a.short || bits != audioBits || signed != 1 || float != 0 || rate != audioRate || channels != audioChannels ||
			frame != audioFrame || bytesPerSecond != audioRate*audioFrame || bigEndian != 0 {
			return errBadCall
		}
		*l = audioListener{speaker: l.speaker, voice: id, there: true, volume: [...]byte{255, 255}}
	case "Fini":
		if m.signature != "t" {
			return errUnknown
		}
		l.there = false
	case "SetEnabled": // that it plays is heard
		if m.signature != "tb" {
			return errUnknown
		}
	case "SetVolume":
		if m.signature != "tbay" {
			return errUnknown
		}
		muted, volume := a.u32(), a.bytes()
		if a.short || len(volume) != len(l.volume) {
			return errBadCall
		}
		l.muted = muted != 0
		copy(l.volume[:], volume)
	case "Write":
		if m.signature != "tay" {
			return errUnknown
		}
		frames := a.bytes()
		if a.short || len(frames)%audioFrame != 0 {
			return errBadCall
		}
		if !l.muted {
			l.scale(frames)
			l.speaker.Write(frames)
		}
	default:
		return errUnknown
	}
	return nil
}

// scale applies the volume that the guest has set.
func (l *audioListener) scale(frames []byte) {
	if l.volume == [...]byte{255, 255} {
		return
	}
	le := binary.LittleEndian
	for i := 0; i < len(frames); i += 2 {
		v := int32(int16(le.Uint16(frames[i:]))) * int32(l.volume[i/2%audioChannels]) / 255
		le.PutUint16(frames[i:], uint16(int16(v)))
	}
}
