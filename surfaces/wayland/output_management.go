package wayland

import (
	"slices"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// HeadShell is what output management needs of the session.
type HeadShell interface {
	// ConfigureHeads brings all heads into other states at once, or with
	// test only tells whether it would. After an error nothing has changed.
	// What has changed is told by Head.Update.
	ConfigureHeads(list []HeadConfig, test bool) error
}

// HeadState is what clients are told of a screen, in use or not.
type HeadState struct {
	Info    display.Info // with scale and transform as they are in use
	Enabled bool
	At      geom.Point // of the top-left corner in the layout
}

// HeadConfig is what a client wants of a screen. What is nil or 0 stays.
type HeadConfig struct {
	Head      *Head
	Enabled   bool
	Mode      display.Mode
	At        *geom.Point
	Transform *geom.Transform
	Scale     geom.Scale
	Adaptive  bool // adaptive synchronisation
}

// Head is a screen as configuration tools see it.
type Head struct {
	// Data is the session's own value.
	Data any

	srv   *Server
	state HeadState
	gone  bool
}

// heads is what a Server keeps for output management.
type heads struct {
	list     []*Head
	managers []*headManager
	serial   uint32 // of the state that managers know
	changed  bool   // a done is due
}

// AddHead announces a screen that can be configured.
func (s *Server) AddHead(st HeadState, data any) *Head {
	h := &Head{srv: s, state: st.clone(), Data: data}
	s.heads.list = append(s.heads.list, h)
	for _, m := range s.heads.managers {
		m.announce(h)
	}
	s.heads.changed = true
	return h
}

// Remove takes the screen back.
func (h *Head) Remove() {
	if h.gone {
		return
	}
	h.gone = true
	h.srv.heads.list = remove(h.srv.heads.list, h)
	for _, m := range h.srv.heads.managers {
		if b := m.of(h); b != nil {
			b.finish()
		}
	}
	h.srv.heads.changed = true
}

// Update tells managers what is new.
func (h *Head) Update(st HeadState) {
	if h.gone || h.state.same(&st) {
		return
	}
	before := h.state
	h.state = st.clone()
	for _, m := range h.srv.heads.managers {
		if b := m.of(h); b != nil {
			b.update(&before)
		}
	}
	h.srv.heads.changed = true
}

// clone keeps a copy of the modes, with the current one among them.
func (st HeadState) clone() HeadState {
	st.Info.Modes = slices.Clone(st.Info.Modes)
	if !slices.Contains(st.Info.Modes, st.Info.Mode) {
		st.Info.Modes = append(st.Info.Modes, st.Info.Mode)
	}
	return st
}

func (st *HeadState) same(o *HeadState) bool {
	a, b := &st.Info, &o.Info
	return st.Enabled == o.Enabled && st.At == o.At && a.Mode == b.Mode && a.Scale == b.Scale &&
		a.Transform == b.Transform && slices.Equal(st.clone().Info.Modes, o.clone().Info.Modes)
}

// refreshHeads tells managers that a group of changes is complete.
func (s *Server) refreshHeads() {
	if !s.heads.changed {
		return
	}
	s.heads.changed = false
	s.heads.serial = s.Seat.Serial()
	for _, m := range s.heads.managers {
		m.res.SendDone(s.heads.serial)
	}
}

func (s *Server) addOutputManager() {
	s.heads.serial = s.Seat.Serial()
	s.addPrivilegedGlobal(&protocol.ZwlrOutputManagerV1Interface, 4, func(c *Client, id, version uint32) {
		m := &headManager{srv: s, res: server.NewZwlrOutputManagerV1(c.conn, id, version)}
		m.res.Handler = m
		s.heads.managers = append(s.heads.managers, m)
		for _, h := range s.heads.list {
			m.announce(h)
		}
		m.res.SendDone(s.heads.serial)
	})
}

// headManager is zwlr_output_manager_v1.
type headManager struct {
	srv   *Server
	res   *server.ZwlrOutputManagerV1
	heads []*boundHead
}

// of returns the manager's object for a head, or nil.
func (m *headManager) of(h *Head) *boundHead {
	for _, b := range m.heads {
		if b.head == h {
			return b
		}
	}
	return nil
}

func (m *headManager) announce(h *Head) {
	res := m.res.SendHead()
	if res == nil { // the client is as good as gone
		return
	}
	b := &boundHead{m: m, head: h, res: res}
	res.Handler = b
	m.heads = append(m.heads, b)
	i := &h.state.Info
	b.res.SendName(i.Name)
	b.res.SendDescription(i.Description)
	if !i.PhysicalMM.Empty() {
		b.res.SendPhysicalSize(i.PhysicalMM.W, i.PhysicalMM.H)
	}
	if i.Make != "" {
		b.res.SendMake(i.Make)
	}
	if i.Model != "" {
		b.res.SendModel(i.Model)
	}
	b.update(nil)
}

// CreateConfiguration begins a configuration of what was known at a serial.
func (m *headManager) CreateConfiguration(_ *server.ZwlrOutputManagerV1, id *server.ZwlrOutputConfigurationV1, serial uint32) {
	id.Handler = &headConfiguration{m: m, serial: serial}
}

// Stop ends the events.
func (m *headManager) Stop(res *server.ZwlrOutputManagerV1) {
	m.srv.heads.managers = remove(m.srv.heads.managers, m)
	res.SendFinished()
}

// ResourceDestroyed ends the events.
func (m *headManager) ResourceDestroyed() {
	m.srv.heads.managers = remove(m.srv.heads.managers, m)
}

// boundHead is zwlr_output_head_v1: a client's object for a head.
type boundHead struct {
	m     *headManager
	head  *Head
	res   *server.ZwlrOutputHeadV1
	modes []*boundMode
}

// boundMode is zwlr_output_mode_v1.
type boundMode struct {
	head *boundHead
	mode display.Mode
	res  *server.ZwlrOutputModeV1
}

// update sends what differs from the state before, all for nil.
func (b *boundHead) update(before *HeadState) {
	st := &b.head.state
	b.updateModes()
	turnedOn := st.Enabled && (before == nil || !before.Enabled)
	if before == nil || before.Enabled != st.Enabled {
		var on int32
		if st.Enabled {
			on = 1
		}
		b.res.SendEnabled(on)
	}
	if !st.Enabled {
		return
	}
	if turnedOn || before.Info.Mode != st.Info.Mode {
		for _, m := range b.modes {
			if m.mode == st.Info.Mode && m.res.Alive() {
				b.res.SendCurrentMode(m.res)
			}
		}
	}
	if turnedOn || before.At != st.At {
		b.res.SendPosition(st.At.X, st.At.Y)
	}
	if turnedOn || before.Info.Transform != st.Info.Transform {
		b.res.SendTransform(protocol.WlOutputTransform(st.Info.Transform))
	}
	if turnedOn || before.Info.Scale != st.Info.Scale {
		b.res.SendScale(geom.FixedFromFloat(st.Info.Scale.Float()))
	}
	if turnedOn {
		b.res.SendAdaptiveSync(protocol.ZwlrOutputHeadV1AdaptiveSyncStateDisabled)
	}
}

// updateModes announces new modes and takes back old ones.
func (b *boundHead) updateModes() {
	want := b.head.state.Info.Modes
	for _, m := range slices.Clone(b.modes) {
		if !slices.Contains(want, m.mode) {
			b.modes = remove(b.modes, m)
			m.res.SendFinished()
		}
	}
	for i, w := range want {
		if slices.ContainsFunc(b.modes, func(m *boundMode) bool { return m.mode == w }) {
			continue
		}
		res := b.res.SendMode()
		if res == nil {
			return
		}
		m := &boundMode{head: b, mode: w, res: res}
		res.Handler = m
		b.modes = append(b.modes, m)
		m.res.SendSize(w.Size.W, w.Size.H)
		if w.Refresh > 0 {
			m.res.SendRefresh(w.Refresh)
		}
		if i == 0 {
			m.res.SendPreferred()
		}
	}
}

// finish ends the object: its screen is gone.
func (b *boundHead) finish() {
	for _, m := range b.modes {
		m.res.SendFinished()
	}
	b.modes = nil
	b.m.heads = remove(b.m.heads, b)
	b.res.SendFinished()
}

// Release lets go of the head.
func (*boundHead) Release(*server.ZwlrOutputHeadV1) {}

// ResourceDestroyed ends the events.
func (b *boundHead) ResourceDestroyed() { b.m.heads = remove(b.m.heads, b) }

// Release lets go of the mode.
func (*boundMode) Release(*server.ZwlrOutputModeV1) {}
