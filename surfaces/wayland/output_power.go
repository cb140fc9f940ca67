package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// PowerShell is what power management needs of the session.
type PowerShell interface {
	// SetPower turns a screen off, which then shows black and draws nothing,
	// or on. The session calls Output.PowerChanged when that is so.
	SetPower(o *Output, on bool)
}

func (s *Server) addOutputPower() {
	s.addPrivilegedGlobal(&protocol.ZwlrOutputPowerManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwlrOutputPowerManagerV1(c.conn, id, version).Handler = powerManager{}
	})
}

type powerManager struct{}

func (powerManager) Destroy(*server.ZwlrOutputPowerManagerV1) {}

// GetOutputPower gives control over the power of an output.
func (powerManager) GetOutputPower(_ *server.ZwlrOutputPowerManagerV1, id *server.ZwlrOutputPowerV1, out *server.WlOutput) {
	p := &outputPower{res: id, output: out.Handler.(*outputHandler).output}
	id.Handler = p
	if p.output.gone {
		p.fail()
		return
	}
	p.output.powers = append(p.output.powers, p)
	p.send()
}

// outputPower is zwlr_output_power_v1. Any number of clients may have one.
type outputPower struct {
	res    *server.ZwlrOutputPowerV1
	output *Output // nil when it is gone
}

func (p *outputPower) send() {
	mode := protocol.ZwlrOutputPowerV1ModeOn
	if p.output.off {
		mode = protocol.ZwlrOutputPowerV1ModeOff
	}
	p.res.SendMode(mode)
}

func (p *outputPower) fail() {
	p.output = nil
	p.res.SendFailed()
}

// SetMode turns the output on or off.
func (p *outputPower) SetMode(res *server.ZwlrOutputPowerV1, mode protocol.ZwlrOutputPowerV1Mode) {
	if !mode.Valid() {
		res.PostError(protocol.ZwlrOutputPowerV1ErrorInvalidMode, "%d is no power mode", mode)
		return
	}
	if p.output != nil {
		p.output.srv.shell.SetPower(p.output, mode == protocol.ZwlrOutputPowerV1ModeOn)
	}
}

// Destroy leaves the output as it is.
func (*outputPower) Destroy(*server.ZwlrOutputPowerV1) {}

// ResourceDestroyed forgets the object.
func (p *outputPower) ResourceDestroyed() {
	if p.output != nil {
		p.output.powers = remove(p.output.powers, p)
	}
}

// PowerChanged tells clients that the output was turned on or off.
func (o *Output) PowerChanged(on bool) {
	if o.off == !on {
		return
	}
	o.off = !on
	for _, p := range o.powers {
		p.send()
	}
}

// failPowers ends the control over an output that is gone.
func (o *Output) failPowers() {
	for _, p := range o.powers {
		p.fail()
	}
	o.powers = nil
}
