package wayland

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestShmFormats(t *testing.T) {
	f := newFixture(t)
	c := f.connectBare()
	bind[client.WlShm](c, &protocol.WlShmInterface, 2)
	c.ok()
	s := c.take()
	for _, want := range []string{"wl_shm.format(0)", "wl_shm.format(1)"} {
		if !strings.Contains(s, want) {
			t.Errorf("%s is missing in\n%s", want, s)
		}
	}
	if n := strings.Count(s, "format"); n != len(f.core.Renderer.Formats()) {
		t.Errorf("%d formats; the renderer has %d", n, len(f.core.Renderer.Formats()))
	}
}

func TestBufferReleaseTiming(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 10, 10, 0)
	// Memory that may shrink is copied: the buffer is free after the commit.
	a, _ := c.bufferIn(10, 10, 1, false)
	c.label(a, "a")
	w.surf.Attach(a, 0, 0)
	c.expect("")
	w.surf.Commit()
	c.expect("a.release()")
	// Sealed memory is read where it is, until it is replaced.
	b, _ := c.bufferIn(10, 10, 2, true)
	c.label(b, "b")
	w.surf.Attach(b, 0, 0)
	w.surf.Commit()
	c.expect("")
	d, _ := c.bufferIn(10, 10, 3, true)
	c.label(d, "d")
	w.surf.Attach(d, 0, 0)
	c.expect("")
	w.surf.Commit()
	c.expect("b.release()")
	// The same buffer again is still in use.
	w.surf.Attach(d, 0, 0)
	w.surf.Commit()
	c.expect("")
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.expect("d.release()")
	// Replaced before the commit: never used, never released.
	w.surf.Attach(a, 0, 0)
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.ok()
	if got := c.take(); strings.Contains(got, "release") {
		t.Errorf("a buffer that was not committed: %s", got)
	}
}

func TestSealedMemoryIsReadInPlace(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 20, 20, 0)
	b, m := c.bufferIn(20, 20, 0x11, true)
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 20, 20)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0x11})
	// Without a commit, only a repaint for another reason shows it.
	m.fill(20, geom.XYWH(0, 0, 20, 20), 0x22)
	f.out.Scene.DamageAll()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0x22})

	// Memory that may shrink was copied.
	b, m = c.bufferIn(20, 20, 0x33, false)
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 20, 20)
	w.surf.Commit()
	c.ok()
	m.fill(20, geom.XYWH(0, 0, 20, 20), 0x44)
	f.out.Scene.DamageAll()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0x33})
	// And only what is declared as damage is copied again.
	w.surf.Attach(b, 0, 0)
	w.surf.DamageBuffer(0, 0, 4, 4)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(2, 2): 0x44, pt(5, 5): 0x33})
}

func TestBufferDestroyedEarly(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		f := newFixture(t)
		c := f.connect()
		w := c.window("win", 20, 20, 0)
		// While it is pending: the commit removes the content.
		b, _ := c.bufferIn(20, 20, 1, sealed)
		w.surf.Attach(b, 0, 0)
		b.Destroy()
		w.surf.Commit()
		c.ok()
		if c.core(w.surf).core.HasBuffer() {
			t.Error("a buffer that was destroyed before the commit is shown")
		}
		w.surf.Commit()
		c.ok()
		w.ack()
		// While it is on screen: it stays there.
		b, _ = c.bufferIn(20, 20, 0x55, sealed)
		w.surf.Attach(b, 0, 0)
		w.surf.Commit()
		b.Destroy()
		c.ok()
		f.pixels(map[geom.Point]uint32{pt(5, 5): 0x55})
		c.ok()
		c.take()
		w.surf.Attach(c.buffer(20, 20, 0x66), 0, 0)
		w.surf.Damage(0, 0, 20, 20)
		w.surf.Commit()
		c.expect("buffer.release()")
		f.pixels(map[geom.Point]uint32{pt(5, 5): 0x66})
	}
}

func TestPoolDestroyedWithLiveBuffers(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 4, 4, 0)
	base := f.srv.mappings
	m := c.memory(256, true)
	pool := c.shm.CreatePool(m.fd, 256)
	var bufs []*client.WlBuffer
	for i := range int32(4) {
		bufs = append(bufs, pool.CreateBuffer(64*i, 4, 4, 16, 1))
	}
	pool.Destroy()
	c.ok()
	m.fill(4, geom.XYWH(0, 0, 4, 16), 0x77)
	w.surf.Attach(bufs[3], 0, 0)
	w.surf.Damage(0, 0, 4, 4)
	w.surf.Commit()
	for _, b := range bufs {
		b.Destroy()
	}
	c.ok()
	if n := f.srv.mappings - base; n != 1 {
		t.Errorf("%d mappings while a buffer is shown", n)
	}
	f.pixels(map[geom.Point]uint32{pt(1, 1): 0x77})
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.ok()
	if n := f.srv.mappings - base; n != 0 {
		t.Errorf("%d mappings of nothing", n)
	}
}

// openFDs counts the descriptors of this process.
func openFDs(t testing.TB) int {
	t.Helper()
	d, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(d)
}

func TestPoolResizedManyTimes(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	const page = 4096
	m := c.memory(300*page, true)
	pool := c.shm.CreatePool(m.fd, page)
	first := pool.CreateBuffer(0, 4, 4, 16, 1)
	c.ok()
	fds := openFDs(t)
	for i := range int32(200) {
		pool.Resize((i + 2) * page)
		if i == 100 {
			pool.CreateBuffer(100*page, 4, 4, 16, 1)
		}
	}
	c.ok()
	// The first buffer's, the one between's and the pool's.
	if f.srv.mappings != 3 {
		t.Errorf("%d mappings after 200 resizes; want 3", f.srv.mappings)
	}
	if n := openFDs(t); n != fds {
		t.Errorf("%d descriptors; there were %d", n, fds)
	}
	// A buffer in the grown part shows what is there.
	m.fill(4, geom.XYWH(0, 0, 4, 201*page/16), 0x99)
	b := pool.CreateBuffer(200*page, 4, 4, 16, 1)
	w := c.window("win", 4, 4, 0)
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 4, 4)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(1, 1): 0x99})
	before := f.srv.mappings
	first.Destroy()
	c.ok()
	if f.srv.mappings != before-1 {
		t.Errorf("%d mappings without the first buffer; there were %d", f.srv.mappings, before)
	}
	pool.Resize(201 * page) // the same size is no change
	c.ok()
}

func TestTruncatedMemory(t *testing.T) {
	f := newFixture(t)
	other := f.connect()
	ow := other.window("other", 20, 20, 0xee)
	c := f.connect()
	f.shell.at = geom.Point{X: 100}
	w := c.window("win", 64, 64, 0)
	b, m := c.bufferIn(64, 64, 1, false)
	c.ok()
	if err := unix.Ftruncate(m.fd, 4096); err != nil {
		t.Fatal(err)
	}
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 64, 64)
	w.surf.Commit()
	c.wantError("wl_buffer", uint32(protocol.WlShmErrorInvalidFd))
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xee, pt(110, 5): 0})
	ow.surf.Commit()
	other.ok()
}

func TestPoolLargerThanItsFile(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 4, 4, 0)
	m := c.memory(64, true)
	// Sealed, but shorter than the pool says: not read in place.
	pool := c.shm.CreatePool(m.fd, 1<<31-1)
	b := pool.CreateBuffer(1<<31-1-64, 4, 4, 16, 1)
	c.ok()
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 4, 4)
	w.surf.Commit()
	c.wantError("wl_buffer", uint32(protocol.WlShmErrorInvalidFd))
}

func TestReadOnlyPool(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 4, 4, 0)
	m := c.memory(64, false)
	m.fill(4, geom.XYWH(0, 0, 4, 4), 0x88)
	ro, err := os.Open("/proc/self/fd/" + itoa(m.fd))
	if err != nil {
		t.Skip("can't reopen a memfd:", err)
	}
	defer ro.Close()
	b := c.shm.CreatePool(int(ro.Fd()), 64).CreateBuffer(0, 4, 4, 16, 1)
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 4, 4)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(1, 1): 0x88})
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestManyPools(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	m := c.memory(64, false)
	fds := openFDs(t)
	for i := range 10_000 {
		c.shm.CreatePool(m.fd, 64)
		if i%20 == 0 {
			c.turn()
		}
	}
	c.ok()
	if n := openFDs(t); n != fds {
		t.Errorf("%d descriptors for 10,000 pools; there were %d", n, fds)
	}
	// More than the limit is too many.
	for i := range maxClientMappings {
		c.shm.CreatePool(m.fd, 64)
		if i%20 == 0 {
			c.turn()
		}
	}
	c.wantError("wl_display", uint32(protocol.WlDisplayErrorNoMemory))
	if f.srv.mappings != 0 {
		t.Errorf("%d mappings of a client that is gone", f.srv.mappings)
	}
}

func TestSinglePixelBuffer(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 10, 10, 0)
	m := bind[client.WpSinglePixelBufferManagerV1](c, &protocol.WpSinglePixelBufferManagerV1Interface, 1)
	vp := bind[client.WpViewporter](c, &protocol.WpViewporterInterface, 1).GetViewport(w.surf)
	b := m.CreateU32RgbaBuffer(0x12ffffff, 0x34ffffff, 0x56ffffff, 0xffffffff)
	c.label(b, "pixel")
	vp.SetDestination(30, 30)
	w.surf.Attach(b, 0, 0)
	w.surf.Commit()
	c.expect("pixel.release()")
	f.pixels(map[geom.Point]uint32{pt(0, 0): 0x123456, pt(29, 29): 0x123456, pt(30, 30): 0})
	b.Destroy()
	m.Destroy()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(0, 0): 0x123456})
}
