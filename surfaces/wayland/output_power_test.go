package wayland

import (
	"testing"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func (s *testShell) SetPower(o *Output, on bool) {
	s.note("power %s %v", o.Info.Name, on)
	o.PowerChanged(on)
}

func TestOutputPower(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	out := c.output()
	m := bind[client.ZwlrOutputPowerManagerV1](c, &protocol.ZwlrOutputPowerManagerV1Interface, 1)
	a, b := m.GetOutputPower(out), m.GetOutputPower(out)
	c.label(a, "a")
	c.label(b, "b")
	m.Destroy()
	c.expect("a.mode(1)\nb.mode(1)")
	a.SetMode(protocol.ZwlrOutputPowerV1ModeOff)
	c.expect("a.mode(0)\nb.mode(0)")
	a.SetMode(protocol.ZwlrOutputPowerV1ModeOff)
	c.expect("")
	a.Destroy()
	b.SetMode(protocol.ZwlrOutputPowerV1ModeOn)
	c.expect("b.mode(1)")
	compare(t, "shell", f.shell.take(), "power TEST-1 false\npower TEST-1 false\npower TEST-1 true")
	m = bind[client.ZwlrOutputPowerManagerV1](c, &protocol.ZwlrOutputPowerManagerV1Interface, 1)
	f.out.Remove()
	c.expect("b.failed()")
	b.SetMode(protocol.ZwlrOutputPowerV1ModeOn)
	late := m.GetOutputPower(out)
	c.label(late, "late")
	c.expect("late.failed()")
	compare(t, "shell", f.shell.take(), "")
}

func TestOutputPowerErrors(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	m := bind[client.ZwlrOutputPowerManagerV1](c, &protocol.ZwlrOutputPowerManagerV1Interface, 1)
	m.GetOutputPower(c.output()).SetMode(2)
	c.wantError("zwlr_output_power_v1", uint32(protocol.ZwlrOutputPowerV1ErrorInvalidMode))
}
