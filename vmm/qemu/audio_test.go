package qemu

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// tape is a Speaker that writes down what it hears.
type tape struct{ heard []string }

func (p *tape) Write(frames []byte) { p.heard = append(p.heard, hex.EncodeToString(frames)) }

// audioBody makes the arguments of a call: uint64, uint32 (and truths), bytes, and
// arrays of them.
func audioBody(args ...any) (b []byte) {
	le := binary.LittleEndian
	align := func(n int) {
		for len(b)%n != 0 {
			b = append(b, 0)
		}
	}
	for _, a := range args {
		switch v := a.(type) {
		case uint64:
			align(8)
			b = le.AppendUint64(b, v)
		case int:
			align(4)
			b = le.AppendUint32(b, uint32(v))
		case byte:
			b = append(b, v)
		case []byte:
			align(4)
			b = append(le.AppendUint32(b, uint32(len(v))), v...)
		}
	}
	return b
}

const (
	voice    = uint64(0x5580_1234_5678)
	initSign = "tybbuyuub"
)

func initBody(id uint64) []byte {
	return audioBody(id, byte(16), 1, 0, 48000, byte(2), 4, 192000, 0)
}

func startAudio(t *testing.T, s Speaker) *fakeQEMU {
	return startServed(t, func(conn *net.UnixConn) error { return listenAudio(conn, s) })
}

func TestAudioIsHeard(t *testing.T) {
	var heard tape
	q := startAudio(t, &heard)
	for _, s := range []struct {
		iface, member, sig string
		body               []byte
	}{
		{"org.freedesktop.DBus.Properties", "GetAll", "s", body(append([]byte(audioInterface), 0))},
		{audioInterface, "Init", initSign, initBody(voice)},
		{audioInterface, "Write", "tay", audioBody(voice, []byte{1, 2, 3, 4})}, // of one that plays already
		{audioInterface, "SetEnabled", "tb", audioBody(voice, 1)},
		{audioInterface, "SetVolume", "tbay", audioBody(voice, 0, []byte{255, 0})},
		{audioInterface, "Write", "tay", audioBody(voice, []byte{1, 2, 3, 4, 0xff, 0x7f, 0, 0x80})},
		{audioInterface, "SetVolume", "tbay", audioBody(voice, 0, []byte{51, 255})}, // a fifth
		{audioInterface, "Write", "tay", audioBody(voice, []byte{0, 0x80, 3, 4})},
		{audioInterface, "SetVolume", "tbay", audioBody(voice, 1, []byte{255, 255})},
		{audioInterface, "Write", "tay", audioBody(voice, []byte{5, 6, 7, 8})},
		{audioInterface, "SetEnabled", "tb", audioBody(voice, 0)},
		{audioInterface, "Fini", "t", audioBody(voice)},
		{audioInterface, "Init", initSign, initBody(7)},
		{audioInterface, "Write", "tay", audioBody(uint64(7), []byte{9, 9, 9, 9})},
	} {
		if kind := q.call(s.iface, s.member, s.sig, s.body); kind != typeReply {
			t.Errorf("%s was answered with %d", s.member, kind)
		}
	}
	want := []string{"01020304", "01020000ff7f0000", "67e60304", "09090909"}
	if !slices.Equal(heard.heard, want) {
		t.Errorf("heard %q; want %q", heard.heard, want)
	}
	q.conn.Close()
	if err := <-q.ended; err != nil {
		t.Error(err)
	}
}

func TestAudioRefusesNonsense(t *testing.T) {
	var heard tape
	q := startAudio(t, &heard)
	write := func(id uint64, n int) []byte { return audioBody(id, make([]byte, n)) }
	refused := func(member, sig string, b []byte) {
		t.Helper()
		if kind := q.call(audioInterface, member, sig, b); kind != typeError {
			t.Errorf("%s(%x) was answered with %d; want an error", member, b, kind)
		}
	}
	refused("Write", "tay", write(voice, 4)) // before Init
	for _, b := range [][]byte{
		audioBody(voice, byte(8), 1, 0, 48000, byte(2), 4, 192000, 0),
		audioBody(voice, byte(16), 0, 0, 48000, byte(2), 4, 192000, 0),
		audioBody(voice, byte(16), 1, 1, 48000, byte(2), 4, 192000, 0),
		audioBody(voice, byte(16), 1, 0, 44100, byte(2), 4, 192000, 0),
		audioBody(voice, byte(16), 1, 0, 48000, byte(0), 4, 192000, 0),
		audioBody(voice, byte(16), 1, 0, 48000, byte(2), 0, 192000, 0),
		audioBody(voice, byte(16), 1, 0, 48000, byte(2), 4, 1, 0),
		audioBody(voice, byte(16), 1, 0, 48000, byte(2), 4, 192000, 1),
		audioBody(voice, byte(16), 1, 0, 48000, byte(2), 4, 192000),
		nil,
	} {
		refused("Init", initSign, b)
	}
	refused("Write", "tay", write(voice, 4)) // no Init was good
	if kind := q.call(audioInterface, "Init", initSign, initBody(voice)); kind != typeReply {
		t.Fatal("an honest voice was refused")
	}
	refused("Init", "t", initBody(voice))
	refused("Write", "tay", write(voice+1, 4))
	refused("Write", "tay", write(voice, 3))
	refused("Write", "tay", append(audioBody(voice, 4000), 0, 0, 0, 0))
	refused("Write", "t", write(voice, 4))
	refused("Fini", "", audioBody(voice))
	refused("SetEnabled", "t", audioBody(voice, 1))
	refused("SetVolume", "tbay", audioBody(voice, 0, []byte{1}))
	refused("SetVolume", "tbay", audioBody(voice, 0, make([]byte, 3)))
	refused("SetVolume", "tb", audioBody(voice, 0))
	refused("Play", "t", audioBody(voice))
	if kind := q.call(listenerInterface, "Disable", "", nil); kind != typeError {
		t.Error("a loudspeaker is a screen")
	}
	if len(heard.heard) > 0 {
		t.Errorf("heard %q", heard.heard)
	}
	// Too much at once is no sound.
	if _, err := q.conn.Write(encodeCall(99, audioInterface, "Write", "tay", 0, write(voice, maxAudio))[:64]); err != nil {
		t.Fatal(err)
	}
	if err := <-q.ended; err == nil || !strings.Contains(err.Error(), fmt.Sprint(maxAudio)) {
		t.Errorf("a message of more than %d bytes: %v", maxAudio, err)
	}
}

// TestAudioIsFree counts what a message of sound allocates.
func TestAudioIsFree(t *testing.T) {
	ours, theirs, err := socketPair()
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	c := newAudioConn(ours)
	defer c.close()
	l := audioListener{speaker: deaf{}}
	message := encodeCall(1, audioInterface, "Write", "tay", 0, audioBody(voice, make([]byte, 1920)))
	message[2] = noReply
	take := func() {
		m, err := c.next()
		if err == nil {
			err = l.serve(c, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := theirs.Write(encodeCall(1, audioInterface, "Init", initSign, 0, initBody(voice))); err != nil {
		t.Fatal(err)
	}
	take()
	if n := testing.AllocsPerRun(100, func() {
		if _, err := unix.Write(int(theirs.Fd()), message); err != nil {
			t.Fatal(err)
		}
		take()
	}); n != 0 {
		t.Errorf("a message of sound: %v allocations", n)
	}
	if !l.there {
		t.Error("the voice is gone")
	}
}

type deaf struct{}

func (deaf) Write([]byte) {}

// TestAudioOfARealMachine: QEMU takes the command line and a listener, again and
// again, beside its screen; one without sound says so.
func TestAudioOfARealMachine(t *testing.T) {
	for _, on := range []bool{true, false} {
		m, _ := firmwareOf(t, func(c *Config) { c.Audio = on })
		ctx := testContext(t)
		d, err := OpenDisplay(ctx, m, newCanvas())
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		for range 2 {
			a, err := d.OpenAudio(ctx, deaf{})
			if (err == nil) != on {
				t.Fatalf("with audio %v: %v", on, err)
			}
			if err == nil {
				a.Close()
				if err := a.Err(); err != nil {
					t.Error(err)
				}
			}
		}
		if err := d.Ended(); err != nil {
			t.Errorf("the screen has ended: %v", err)
		}
	}
}

func FuzzAudio(f *testing.F) {
	begin := encodeCall(1, audioInterface, "Init", initSign, 0, initBody(voice))
	f.Add(append(slices.Clone(begin), encodeCall(2, audioInterface, "Write", "tay", 0, audioBody(voice, make([]byte, 16)))...))
	f.Add(append(slices.Clone(begin), encodeCall(2, audioInterface, "SetVolume", "tbay", 0, audioBody(voice, 1, []byte{3, 4}))...))
	f.Add(encodeCall(4, "org.freedesktop.DBus.Properties", "GetAll", "s", 0, body([]byte("x\x00"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, theirs, err := socketPair()
		if err != nil {
			t.Skip(err)
		}
		// No authentication: the bytes of the other side are all there are.
		go func() {
			theirs.Write(data)
			unix.Shutdown(int(theirs.Fd()), unix.SHUT_WR)
			io.Copy(io.Discard, theirs)
			theirs.Close()
		}()
		c := newAudioConn(ours)
		defer c.close()
		l := audioListener{speaker: whole{t}}
		for {
			m, err := c.next()
			if err != nil {
				return
			}
			if err := l.serve(c, &m); err != nil {
				return
			}
		}
	})
}

// whole hears whole frames.
type whole struct{ t *testing.T }

func (w whole) Write(frames []byte) {
	if len(frames)%audioFrame != 0 || len(frames) > maxAudio {
		w.t.Errorf("%d bytes are no frames", len(frames))
	}
}
