package wire_test

import (
	"bytes"
	"errors"
	"testing"

	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// TestClientDoesNotRead is given up at the limit, and memory stays there.
func TestClientDoesNotRead(t *testing.T) {
	c, _, _ := newRoom(t, wire.Options{OutputLimit: 256 << 10})
	p := server.NewWlPointer(c, 2, 1)
	sent := 0
	for !c.Dead() && sent < 1<<20 {
		p.SendMotion(1, 2, 3)
		sent++
	}
	if !c.Dead() || c.Err() == nil {
		t.Fatalf("alive after %d events", sent)
	}
	before := sent
	for range 1000 {
		p.SendMotion(1, 2, 3)
		sent++
	}
	if before*20 < 256<<10 {
		t.Errorf("given up after %d bytes", before*20)
	}
	c.Close()
}

// TestSlowClient gets every event in order, however its reads are timed.
func TestSlowClient(t *testing.T) {
	c, _, fd := newRoom(t, wire.Options{OutputLimit: 4 << 20})
	p := server.NewWlPointer(c, 2, 1)
	const n = 40_000
	for i := range n {
		p.SendMotion(uint32(i), 2, 3)
	}
	var got []byte
	for len(got) < n*20 {
		b := receive(t, fd)
		if len(b) == 0 && !c.Pending() {
			t.Fatalf("%d bytes of %d", len(got), n*20)
		}
		got = append(got, b...)
		if err := c.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		if !bytes.Equal(got[i*20:i*20+20], msg(2, 2, i, 2, 3)) {
			t.Fatalf("event %d is % x", i, got[i*20:i*20+20])
		}
	}
}

func TestObjectLimit(t *testing.T) {
	c, _, fd := newRoom(t, wire.Options{MaxObjects: 100})
	in := join(msg(1, 1, 2), msg(2, 0, 1, "wl_compositor", 4, 3))
	for id := 4; id < 200; id++ {
		in = append(in, msg(3, 0, id)...)
	}
	var pe *wire.ProtocolError
	if err := turn(t, c, fd, in); !errors.As(err, &pe) || pe.Code != wire.ErrorNoMemory {
		t.Errorf("error = %v; want no_memory", err)
	}
	if c.Objects() != 100 {
		t.Errorf("%d objects; want 100", c.Objects())
	}
}

// TestGrowingIDs lets a client never reuse an id.
func TestGrowingIDs(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	if err := turn(t, c, fd, bind); err != nil {
		t.Fatal(err)
	}
	for id := 6; id < 5000; id++ {
		if err := turn(t, c, fd, msg(4, 3, id)); err != nil {
			t.Fatalf("id %d: %v", id, err)
		}
		m.callbacks[0].SendDone(0)
		m.callbacks = m.callbacks[:0]
		receive(t, fd)
	}
	if c.Objects() != 5 {
		t.Errorf("%d objects; want 5", c.Objects())
	}
}
