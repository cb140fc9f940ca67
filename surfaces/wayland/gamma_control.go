package wayland

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// GammaShell corrects the colours of outputs.
type GammaShell interface {
	// GammaSize returns how many values a ramp of the output has, 0 if its
	// colours can't be corrected.
	GammaSize(o *Output) int
	// SetGamma puts what the output shows through a ramp for each channel,
	// red, green and blue one after the other; nil shows it as it is. Captures
	// stay as they are.
	SetGamma(o *Output, ramps []uint16)
}

func (s *Server) addGammaControl() {
	s.addPrivilegedGlobal(&protocol.ZwlrGammaControlManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwlrGammaControlManagerV1(c.conn, id, version).Handler = gammaManager{}
	})
}

type gammaManager struct{}

func (gammaManager) Destroy(*server.ZwlrGammaControlManagerV1) {}

// GetGammaControl gives one client the tables of an output.
func (gammaManager) GetGammaControl(_ *server.ZwlrGammaControlManagerV1, id *server.ZwlrGammaControlV1, out *server.WlOutput) {
	o := out.Handler.(*outputHandler).output
	g := &gammaControl{res: id}
	id.Handler = g
	if o.gone || o.gamma != nil {
		id.SendFailed()
		return
	}
	n := o.srv.shell.GammaSize(o)
	if n == 0 {
		id.SendFailed()
		return
	}
	g.output, g.size, o.gamma = o, n, g
	id.SendGammaSize(uint32(n))
}

// gammaControl is zwlr_gamma_control_v1. An output has one at most.
type gammaControl struct {
	res    *server.ZwlrGammaControlV1
	output *Output // nil once it failed
	size   int
	set    bool
}

// SetGamma takes the ramps of a file. The file is read, not mapped: it may
// change or end at any time.
func (g *gammaControl) SetGamma(res *server.ZwlrGammaControlV1, fd *wire.FD) {
	if g.output == nil {
		return
	}
	file := fd.Take()
	defer unix.Close(file)
	ramps, err := readRamps(file, 3*g.size)
	if err != nil {
		res.PostError(protocol.ZwlrGammaControlV1ErrorInvalidGamma, "three ramps of %d values: %v", g.size, err)
		return
	}
	g.set = true
	g.output.srv.shell.SetGamma(g.output, ramps)
}

// readRamps reads n values from the start of a file.
func readRamps(fd, n int) ([]uint16, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return nil, unix.ESPIPE // reading anything else may never end
	}
	b := make([]byte, 2*n)
	for at := 0; at < len(b); {
		k, err := unix.Pread(fd, b[at:], int64(at))
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, err
		case k == 0:
			return nil, unix.ENODATA
		}
		at += max(k, 0)
	}
	ramps := make([]uint16, n)
	for i := range ramps {
		ramps[i] = binary.NativeEndian.Uint16(b[2*i:])
	}
	return ramps, nil
}

// Destroy gives the output its own colours back.
func (*gammaControl) Destroy(*server.ZwlrGammaControlV1) {}

// ResourceDestroyed gives the output its own colours back.
func (g *gammaControl) ResourceDestroyed() {
	if o := g.output; o != nil {
		o.gamma, g.output = nil, nil
		if g.set {
			o.srv.shell.SetGamma(o, nil)
		}
	}
}

// failGamma ends the control over an output that is gone.
func (o *Output) failGamma() {
	if g := o.gamma; g != nil {
		o.gamma, g.output = nil, nil
		g.res.SendFailed()
	}
}
