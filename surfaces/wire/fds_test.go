package wire_test

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

func TestDescriptors(t *testing.T) {
	before := openFDs(t)
	c, m, fd := newRoom(t, wire.Options{})
	if err := turn(t, c, fd, bind); err != nil {
		t.Fatal(err)
	}
	open := openFDs(t)
	var kept []int
	m.pool = func(f *wire.FD) {
		if len(kept) == 0 {
			kept = append(kept, f.Take())
			if f.Take() != -1 {
				t.Error("a second Take gave a descriptor")
			}
			return
		}
		if f.Borrow() < 0 {
			t.Error("no descriptor to borrow")
		}
	}
	x, y := memfd(t, "first"), memfd(t, "second")
	// Both descriptors come with the first byte of the first message.
	sendFDs(t, fd, join(msg(5, 0, 6, 10), msg(4, 6), msg(5, 0, 7, 10)), x, y)
	unix.Close(x)
	unix.Close(y)
	if err := turn(t, c, fd, msg(4, 6)); err != nil {
		t.Fatal(err)
	}
	if got := content(t, kept[0]); got != "first" {
		t.Errorf("first descriptor is %q", got)
	}
	if n := openFDs(t) - open; n != 1 {
		t.Errorf("%d descriptors more than before; want the one that was taken", n)
	}
	unix.Close(kept[0])

	// Descriptors nobody asked for are closed with the connection, and are
	// limited before that.
	z := memfd(t, "flood")
	many := make([]int, 250)
	for i := range many {
		many[i] = z
	}
	for range 8 {
		if c.Dead() {
			break
		}
		sendFDs(t, fd, []byte{4}, many...)
		_, _ = c.Read()
	}
	if !c.Dead() {
		t.Error("no limit on queued descriptors")
	}
	unix.Close(z)
	c.Close()
	if n := openFDs(t) - before; n != 1 { // the client's end
		t.Errorf("%d descriptors more than at the start; want 1", n)
	}
}

// TestSendDescriptors sends more descriptors than fit into one message, in
// order, while the caller closes its own at once.
func TestSendDescriptors(t *testing.T) {
	before := openFDs(t)
	c, _, fd := newRoom(t, wire.Options{})
	k := server.NewWlKeyboard(c, 2, 1)
	const n = 100
	for i := range n {
		m := memfd(t, fmt.Sprint(i))
		k.SendKeymap(protocol.WlKeyboardKeymapFormatXkbV1, m, 7)
		unix.Close(m)
	}
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	oob := make([]byte, unix.CmsgSpace(4*28))
	got, next := 0, 0
	for got < n*16 {
		b := make([]byte, 4096)
		bn, oobn, flags, _, err := unix.Recvmsg(fd, b, oob, unix.MSG_DONTWAIT)
		if err != nil || flags&unix.MSG_CTRUNC != 0 {
			t.Fatalf("recvmsg: %v, flags %#x", err, flags)
		}
		got += bn
		scms, err := unix.ParseSocketControlMessage(oob[:oobn])
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range scms {
			fds, err := unix.ParseUnixRights(&s)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range fds {
				if text := content(t, f); text != fmt.Sprint(next) {
					t.Fatalf("descriptor %d is %q", next, text)
				}
				next++
				unix.Close(f)
			}
		}
		if next*16 < got {
			t.Fatalf("%d bytes came with only %d descriptors", got, next)
		}
	}
	c.Close()
	if n := openFDs(t) - before; n != 1 {
		t.Errorf("%d descriptors leaked", n-1)
	}
}

// TestDescriptorsUnderPressure keeps every descriptor with its event while the
// client is slow and the output is moved about.
func TestDescriptorsUnderPressure(t *testing.T) {
	p := newPair(t)
	r := p.d.GetRegistry()
	kb := client.BindWlSeat(r, 1, 5).GetKeyboard()
	p.serve()
	k, ok := p.conn.Object(kb.ID()).(*server.WlKeyboard)
	if !ok {
		t.Fatal("no keyboard")
	}
	fd := memfd(t, "keymap")
	defer unix.Close(fd)
	got, bad := 0, 0
	kb.OnKeymap = func(_ protocol.WlKeyboardKeymapFormat, fd *wire.FD, size uint32) {
		if content(t, fd.Borrow()) != "keymap" || size != uint32(got) {
			bad++
		}
		got++
	}
	const n, between = 300, 150
	for i := range n {
		k.SendKeymap(protocol.WlKeyboardKeymapFormatXkbV1, fd, uint32(i))
		for range between {
			k.SendRepeatInfo(1, 2)
		}
		if i%7 == 0 {
			// A few reads, far too few.
			if err := p.d.Read(); err != nil {
				t.Fatal(err)
			}
			if _, err := p.d.DispatchPending(); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.conn.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if !p.conn.Pending() {
		t.Error("the client was not slow")
	}
	for got < n {
		// Empty the socket, so that each flush finds all the room there is.
		for range 10 {
			if err := p.d.Read(); err != nil {
				t.Fatal(err)
			}
			if _, err := p.d.DispatchPending(); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.conn.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if bad != 0 {
		t.Errorf("%d of %d keymaps are wrong", bad, n)
	}
}
