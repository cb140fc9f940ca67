package vncserver

import (
	"log/slog"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/rayapps/rfb/rfbserver"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// deafCamera is a camera whose compositor answers nothing: the test calls what its
// events would.
func deafCamera(t *testing.T, size geom.Size) *camera {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fds[1]) })
	conn, err := client.New(fds[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	reg := conn.GetRegistry()
	s := &server{
		o: Options{Log: slog.New(slog.DiscardHandler)}, conn: conn,
		shm:      client.BindWlShm(reg, 1, 1),
		captures: client.BindExtImageCopyCaptureManagerV1(reg, 2, 1),
		sources:  client.BindExtOutputImageCaptureSourceManagerV1(reg, 3, 1),
	}
	if s.screen, err = rfbserver.NewScreen(size); err != nil {
		t.Fatal(err)
	}
	c := &camera{s: s, source: s.sources.CreateSource(client.BindWlOutput(reg, 4, 4)), next: size}
	c.onDamage, c.onReady, c.onFailed = c.changed, c.ready, c.fail
	c.begin()
	if err := c.resize(); err != nil {
		t.Fatal(err)
	}
	s.camera = c
	return c
}

// A picture was asked for just before the output became another size, and the
// compositor refuses it after it has told the size, when all viewers wait already:
// nobody asks again, so the next picture must be under way.
func TestSizeChangesUnderPicture(t *testing.T) {
	const constraints = protocol.ExtImageCopyCaptureFrameV1FailureReasonBufferConstraints
	for name, ends := range map[string]func(*camera){
		"refused": func(c *camera) { c.fail(constraints) },
		"taken":   func(c *camera) { c.ready() }, // by a compositor that took it before
	} {
		t.Run(name, func(t *testing.T) {
			c := deafCamera(t, geom.Size{W: 80, H: 60})
			c.want()
			old := c.frame
			if old == nil {
				t.Fatal("no picture is under way")
			}
			c.session.OnBufferSize(64, 50)
			c.session.OnDone()
			if got := c.s.screen.Size(); got != (geom.Size{W: 64, H: 50}) {
				t.Fatalf("the screen is %v", got)
			}
			c.want() // viewers have been told, and wait
			c.changed(0, 0, 80, 60)
			ends(c)
			if c.frame == nil || c.frame == old {
				t.Fatal("no picture of the new size is under way")
			}
			if c.into != c.buffer || !c.fresh {
				t.Error("the picture isn't all of the new size's")
			}
			if !c.damage.Empty() {
				t.Errorf("damage of the old picture is left: %v", &c.damage)
			}
		})
	}
}

// A picture that is refused while no other size was told waits for one: to ask again
// at once would be refused again.
func TestSizeComesAfterRefusal(t *testing.T) {
	c := deafCamera(t, geom.Size{W: 80, H: 60})
	c.want()
	c.fail(protocol.ExtImageCopyCaptureFrameV1FailureReasonBufferConstraints)
	if c.frame != nil {
		t.Fatal("asked again for what was refused")
	}
	c.session.OnBufferSize(64, 50)
	c.session.OnDone()
	if c.frame == nil {
		t.Fatal("no picture of the new size is under way")
	}
}
