package wayland

import (
	"errors"
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func (s *testShell) ConfigureHeads(list []HeadConfig, test bool) error {
	for _, c := range list {
		line := fmt.Sprintf("%s enabled %v mode %v@%d scale %v adaptive %v", c.Head.state.Info.Name, c.Enabled, c.Mode.Size, c.Mode.Refresh, c.Scale.Float(), c.Adaptive)
		if c.At != nil {
			line += fmt.Sprintf(" at %d,%d", c.At.X, c.At.Y)
		}
		if c.Transform != nil {
			line += fmt.Sprintf(" turned %v", *c.Transform)
		}
		s.note("test %v %s", test, line)
		if c.Adaptive {
			return errors.New("no adaptive sync")
		}
	}
	return nil
}

var (
	smallMode = display.Mode{Size: geom.Size{W: 640, H: 480}, Refresh: 60_000}
	largeMode = display.Mode{Size: geom.Size{W: 1920, H: 1080}, Refresh: 75_000}
)

func testHead(name string) HeadState {
	return HeadState{
		Info: display.Info{
			Name: name, Description: name + " text", Make: "Ray", Model: "Test", PhysicalMM: geom.Size{W: 160, H: 90},
			Mode: smallMode, Modes: []display.Mode{smallMode, largeMode}, Scale: geom.ScaleOne,
		},
		Enabled: true,
	}
}

// headTool is a client that configures heads.
type headTool struct {
	c      *testClient
	m      *client.ZwlrOutputManagerV1
	heads  []*client.ZwlrOutputHeadV1
	modes  [][]*client.ZwlrOutputModeV1 // of each head
	serial uint32
}

func (f *fixture) headTool(version uint32) *headTool {
	c := f.connect()
	l := &headTool{c: c, m: &client.ZwlrOutputManagerV1{}}
	l.m.OnDone = func(serial uint32) { l.serial = serial }
	l.m.OnHead = func(h *client.ZwlrOutputHeadV1) {
		n := len(l.heads)
		l.heads, l.modes = append(l.heads, h), append(l.modes, nil)
		c.label(h, fmt.Sprintf("head%d", n))
		h.OnMode = func(m *client.ZwlrOutputModeV1) {
			c.label(m, fmt.Sprintf("mode%d%c", n, 'a'+len(l.modes[n])))
			l.modes[n] = append(l.modes[n], m)
		}
	}
	for _, g := range c.globals {
		if g.Interface == "zwlr_output_manager_v1" {
			c.reg.Bind(g.Name, l.m, &protocol.ZwlrOutputManagerV1Interface, version)
		}
	}
	c.label(l.m, "manager")
	c.ok()
	return l
}

// config begins a configuration.
func (l *headTool) config() *client.ZwlrOutputConfigurationV1 {
	k := l.m.CreateConfiguration(l.serial)
	l.c.label(k, "config")
	return k
}

func TestHeadsAreDescribed(t *testing.T) {
	f := newFixture(t)
	h := f.srv.AddHead(testHead("A"), nil)
	f.turn()
	l := f.headTool(4)
	l.c.expect(`
		manager.head(new id zwlr_output_head_v1)
		head0.name("A")
		head0.description("A text")
		head0.physical_size(160, 90)
		head0.make("Ray")
		head0.model("Test")
		head0.mode(new id zwlr_output_mode_v1)
		mode0a.size(640, 480)
		mode0a.refresh(60000)
		mode0a.preferred()
		head0.mode(new id zwlr_output_mode_v1)
		mode0b.size(1920, 1080)
		mode0b.refresh(75000)
		head0.enabled(1)
		head0.current_mode(mode0a)
		head0.position(0, 0)
		head0.transform(0)
		head0.scale(1)
		head0.adaptive_sync(0)
		manager.done(#)`)
	// A change is one group of what differs.
	st := testHead("A")
	st.Info.Mode, st.Info.Modes = display.Mode{Size: geom.Size{W: 800, H: 600}}, nil
	st.At, st.Info.Scale, st.Info.Transform = geom.Point{X: 5, Y: -6}, geom.ScaleOne*3/2, geom.Rotate90
	h.Update(st)
	h.Update(st)
	f.turn()
	l.c.expect(`
		mode0a.finished()
		mode0b.finished()
		head0.mode(new id zwlr_output_mode_v1)
		mode0c.size(800, 600)
		mode0c.preferred()
		head0.current_mode(mode0c)
		head0.position(5, -6)
		head0.transform(1)
		head0.scale(1.5)
		manager.done(#)`)
	off := st
	off.Enabled = false
	h.Update(off)
	l.c.roundtrip()
	l.c.expect("head0.enabled(0)\nmanager.done(#)")
	h.Update(st)
	l.c.roundtrip()
	l.c.expect(`
		head0.enabled(1)
		head0.current_mode(mode0c)
		head0.position(5, -6)
		head0.transform(1)
		head0.scale(1.5)
		head0.adaptive_sync(0)
		manager.done(#)`)
	// What the client has released is not named any more.
	delete(l.c.names, l.modes[0][2].ID())
	l.modes[0][2].Release()
	l.c.ok()
	h.Update(off)
	h.Update(st)
	l.c.roundtrip()
	l.c.expect(`
		head0.enabled(0)
		head0.enabled(1)
		head0.position(5, -6)
		head0.transform(1)
		head0.scale(1.5)
		head0.adaptive_sync(0)
		manager.done(#)`)
	h.Remove()
	h.Remove()
	h.Update(off)
	l.c.roundtrip()
	l.c.expect("head0.finished()\nmanager.done(#)")
	f.srv.AddHead(HeadState{Info: display.Info{Name: "B"}}, nil)
	l.c.roundtrip()
	l.c.expect(`
		manager.head(new id zwlr_output_head_v1)
		head1.name("B")
		head1.description("")
		head1.mode(new id zwlr_output_mode_v1)
		mode1a.size(0, 0)
		mode1a.preferred()
		head1.enabled(0)
		manager.done(#)`)
	l.heads[1].Release()
	l.m.Stop()
	l.c.expect("manager.finished()")
	f.srv.heads.list[0].Remove()
	l.c.expect("")
}

func TestOldHeadTool(t *testing.T) {
	f := newFixture(t)
	f.srv.AddHead(HeadState{Info: display.Info{Name: "A", Make: "Ray"}, Enabled: true}, nil)
	f.turn()
	f.headTool(1).c.expect(`
		manager.head(new id zwlr_output_head_v1)
		head0.name("A")
		head0.description("")
		head0.mode(new id zwlr_output_mode_v1)
		mode0a.size(0, 0)
		mode0a.preferred()
		head0.enabled(1)
		head0.current_mode(mode0a)
		head0.position(0, 0)
		head0.transform(0)
		head0.scale(0)
		manager.done(#)`)
}

func TestHeadsAreConfigured(t *testing.T) {
	f := newFixture(t)
	a := f.srv.AddHead(testHead("A"), nil)
	f.srv.AddHead(testHead("B"), nil)
	f.turn()
	l := f.headTool(4)
	l.c.take()
	k := l.config()
	on := k.EnableHead(l.heads[0])
	on.SetMode(l.modes[0][1])
	on.SetPosition(100, -200)
	on.SetTransform(protocol.WlOutputTransform270)
	on.SetScale(geom.FixedFromFloat(1.25))
	on.SetAdaptiveSync(protocol.ZwlrOutputHeadV1AdaptiveSyncStateDisabled)
	k.DisableHead(l.heads[1])
	k.Apply()
	l.c.expect("config.succeeded()")
	compare(t, "shell", f.shell.take(), `test false A enabled true mode 1920x1080@75000 scale 1.25 adaptive false at 100,-200 turned 270
		test false B enabled false mode 0x0@0 scale 0 adaptive false`)
	k.Destroy()

	k = l.config()
	k.EnableHead(l.heads[0]).SetCustomMode(1000, 700, 0)
	k.EnableHead(l.heads[1]).SetAdaptiveSync(protocol.ZwlrOutputHeadV1AdaptiveSyncStateEnabled)
	k.Test()
	l.c.expect("config.failed()")
	compare(t, "shell", f.shell.take(), `test true A enabled true mode 1000x700@0 scale 0 adaptive false
		test true B enabled true mode 0x0@0 scale 0 adaptive true`)

	// What is out of date is cancelled, whatever it says.
	st := testHead("A")
	st.At.X = 7
	a.Update(st)
	k = l.config()
	k.Apply()
	l.c.roundtrip()
	k = l.m.CreateConfiguration(l.serial - 1)
	l.c.label(k, "stale")
	k.Test()
	l.c.expect(`
		head0.position(7, 0)
		config.cancelled()
		manager.done(#)
		stale.cancelled()`)
	compare(t, "shell", f.shell.take(), "")
}

func TestHeadErrors(t *testing.T) {
	const conf, head = "zwlr_output_configuration_v1", "zwlr_output_configuration_head_v1"
	type headConf = client.ZwlrOutputConfigurationHeadV1
	for _, tc := range []struct {
		name  string
		iface string
		code  uint32
		do    func(l *headTool, k *client.ZwlrOutputConfigurationV1, h *headConf)
	}{
		{"a head twice", conf, uint32(protocol.ZwlrOutputConfigurationV1ErrorAlreadyConfiguredHead), func(l *headTool, k *client.ZwlrOutputConfigurationV1, _ *headConf) {
			k.DisableHead(l.heads[0])
		}},
		{"a head left out", conf, uint32(protocol.ZwlrOutputConfigurationV1ErrorUnconfiguredHead), func(_ *headTool, k *client.ZwlrOutputConfigurationV1, _ *headConf) {
			k.Apply()
		}},
		{"applied twice", conf, uint32(protocol.ZwlrOutputConfigurationV1ErrorAlreadyUsed), func(l *headTool, k *client.ZwlrOutputConfigurationV1, _ *headConf) {
			k.DisableHead(l.heads[1])
			k.Test()
			k.Apply()
		}},
		{"more after it was applied", conf, uint32(protocol.ZwlrOutputConfigurationV1ErrorAlreadyUsed), func(l *headTool, k *client.ZwlrOutputConfigurationV1, _ *headConf) {
			k.DisableHead(l.heads[1])
			k.Apply()
			k.EnableHead(l.heads[1])
		}},
		{"a mode of another head", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidMode), func(l *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetMode(l.modes[1][0])
		}},
		{"two modes", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorAlreadySet), func(l *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetMode(l.modes[0][0])
			h.SetCustomMode(1, 1, 1)
		}},
		{"an empty mode", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidCustomMode), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetCustomMode(0, 100, 0)
		}},
		{"a negative refresh", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidCustomMode), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetCustomMode(1, 1, -1)
		}},
		{"two places", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorAlreadySet), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetPosition(0, 0)
			h.SetPosition(0, 0)
		}},
		{"no transform", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidTransform), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetTransform(8)
		}},
		{"two transforms", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorAlreadySet), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetTransform(1)
			h.SetTransform(1)
		}},
		{"no scale", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidScale), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetScale(0)
		}},
		{"two scales", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorAlreadySet), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetScale(256)
			h.SetScale(256)
		}},
		{"no adaptive sync state", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidAdaptiveSyncState), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetAdaptiveSync(2)
		}},
		{"two adaptive sync states", head, uint32(protocol.ZwlrOutputConfigurationHeadV1ErrorAlreadySet), func(_ *headTool, _ *client.ZwlrOutputConfigurationV1, h *headConf) {
			h.SetAdaptiveSync(0)
			h.SetAdaptiveSync(0)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			f.srv.AddHead(testHead("A"), nil)
			f.srv.AddHead(testHead("B"), nil)
			f.turn()
			l := f.headTool(4)
			k := l.config()
			tc.do(l, k, k.EnableHead(l.heads[0]))
			l.c.wantError(tc.iface, tc.code)
		})
	}
}

// TestHeadsChangeBesideADeadManager: a client with an error is told nothing,
// and its objects are there until the turn ends.
func TestHeadsChangeBesideADeadManager(t *testing.T) {
	f := newFixture(t)
	h := f.srv.AddHead(testHead("A"), nil)
	l := f.headTool(4)
	l.c.srv.conn.PostError(1, uint32(protocol.WlDisplayErrorImplementation), "a test")
	st := testHead("A")
	st.Info.Mode = display.Mode{Size: geom.Size{W: 801, H: 600}, Refresh: 60_000}
	st.Info.Modes = []display.Mode{st.Info.Mode}
	h.Update(st)
	f.srv.AddHead(testHead("B"), nil)
	h.Remove()
	f.turn()
	if l.c.srv.source != nil {
		t.Error("the dead client is still served")
	}
	l.c.disconnect()
}
