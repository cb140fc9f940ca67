package wayland

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// nightlight is a client that corrects colours.
type nightlight struct {
	c   *testClient
	m   *client.ZwlrGammaControlManagerV1
	out *client.WlOutput
}

func (f *fixture) nightlight() *nightlight {
	f.t.Helper()
	f.shell.gamma = 2
	n := &nightlight{c: f.connect()}
	n.c.quiet = true
	n.out = bind[client.WlOutput](n.c, &protocol.WlOutputInterface, 4)
	n.m = bind[client.ZwlrGammaControlManagerV1](n.c, &protocol.ZwlrGammaControlManagerV1Interface, 1)
	n.c.ok()
	n.c.quiet = false
	return n
}

func (n *nightlight) control() *client.ZwlrGammaControlV1 {
	g := n.m.GetGammaControl(n.out)
	n.c.label(g, "gamma")
	return g
}

// ramps is a file of values.
func (n *nightlight) ramps(values ...uint16) int {
	n.c.t.Helper()
	m := n.c.memory(2*len(values), false)
	for i, v := range values {
		binary.NativeEndian.PutUint16(m.data[2*i:], v)
	}
	fd, err := unix.Dup(m.fd)
	if err != nil {
		n.c.t.Fatal(err)
	}
	return fd
}

func TestGammaControl(t *testing.T) {
	f := newFixture(t)
	n := f.nightlight()
	g := n.control()
	n.c.expect("gamma.gamma_size(2)")
	f.shell.take()
	g.SetGamma(n.ramps(0, 1, 2, 3, 4, 65535))
	n.c.ok()
	compare(t, "set", f.shell.take(), "gamma of TEST-1: [0 1 2 3 4 65535]")
	// One client has an output at a time.
	o := f.nightlight()
	late := o.control()
	o.c.expect("gamma.failed()")
	late.SetGamma(o.ramps(9, 9, 9, 9, 9, 9))
	late.Destroy()
	o.c.ok()
	compare(t, "by another", f.shell.take(), "")
	g.Destroy()
	n.m.Destroy()
	n.c.ok()
	compare(t, "destroyed", f.shell.take(), "gamma of TEST-1: none")
	// It goes with the client too; one that set nothing changes nothing.
	g = o.control()
	o.c.expect("gamma.gamma_size(2)")
	g.Destroy()
	o.c.ok()
	compare(t, "never set", f.shell.take(), "")
	o.control().SetGamma(o.ramps(1, 2, 3, 4, 5, 6))
	o.c.ok()
	f.shell.take()
	o.c.disconnect()
	compare(t, "the client is gone", f.shell.take(), "gamma of TEST-1: none")
}

func TestGammaFails(t *testing.T) {
	f := newFixture(t)
	n := f.nightlight()
	f.shell.gamma = 0
	n.control()
	n.c.expect("gamma.failed()")
	f.shell.gamma = 2
	n.control()
	n.c.expect("gamma.gamma_size(2)")
	f.out.Remove()
	n.c.expect("gamma.failed()")
	n.control()
	n.c.expect("gamma.failed()")
	compare(t, "shell", f.shell.take(), "")
}

func TestInvalidGamma(t *testing.T) {
	for _, what := range []string{"short", "pipe", "folder", "write only"} {
		f := newFixture(t)
		n := f.nightlight()
		g := n.control()
		n.c.ok()
		switch what {
		case "short":
			g.SetGamma(n.ramps(1, 2, 3, 4, 5))
		case "pipe":
			g.SetGamma(f.pipe())
		case "folder", "write only":
			path, flags := t.TempDir(), unix.O_RDONLY
			if what == "write only" {
				path, flags = filepath.Join(path, "f"), unix.O_WRONLY
				if err := os.WriteFile(path, make([]byte, 64), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			fd, err := unix.Open(path, flags|unix.O_CLOEXEC, 0)
			if err != nil {
				t.Fatal(err)
			}
			g.SetGamma(fd)
		}
		n.c.wantError("zwlr_gamma_control_v1", uint32(protocol.ZwlrGammaControlV1ErrorInvalidGamma))
	}
}
