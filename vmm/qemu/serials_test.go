package qemu

import (
	"io"
	"net"
	"runtime"
	"testing"

	"rayos/geom"
)

// TestInputLeavesNothing moves the pointer as often as a person does in a few
// minutes. Nobody answers.
func TestInputLeavesNothing(t *testing.T) {
	ours, theirs, err := socketPair()
	if err != nil {
		t.Fatal(err)
	}
	peer, err := net.FileConn(theirs)
	if err != nil {
		t.Fatal(err)
	}
	if err := theirs.Close(); err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, peer)
		read <- err
	}()
	conn, err := dialDisplay(ours)
	if err != nil {
		t.Fatal(err)
	}
	d := &Display{conn: conn, console: conn.Object(busName, consolePath)}
	move := func(n int) {
		for i := range n {
			if err := d.Pointer(geom.Point{X: int32(i % 1000), Y: 1}); err != nil {
				t.Fatal(err)
			}
		}
	}
	held := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	move(1000)
	before := held()
	const events = 100_000
	move(events)
	// A map of their serials would take above a MiB.
	if kept := held() - before; kept > 64<<10 {
		t.Errorf("%d bytes are kept of %d events", kept, events)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	if err := <-read; err != nil {
		t.Error(err)
	}
	if err := peer.Close(); err != nil {
		t.Error(err)
	}
}
