package wayland

import (
	"math"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// headConfiguration is zwlr_output_configuration_v1: a state for all heads.
type headConfiguration struct {
	m      *headManager
	serial uint32
	list   []*headChange
	used   bool
}

// headChange is zwlr_output_configuration_head_v1, or a head that shall be
// off.
type headChange struct {
	conf   *headConfiguration
	config HeadConfig
	bound  *boundHead
	set    changeSet
}

// changeSet is what of a head was set.
type changeSet uint8

const (
	setMode changeSet = 1 << iota
	setPosition
	setTransform
	setScale
	setAdaptive
)

// EnableHead wants a head to be on.
func (c *headConfiguration) EnableHead(res *server.ZwlrOutputConfigurationV1, id *server.ZwlrOutputConfigurationHeadV1, head *server.ZwlrOutputHeadV1) {
	ch := c.add(res, head)
	ch.config.Enabled = true
	id.Handler = ch
}

// DisableHead wants a head to be off.
func (c *headConfiguration) DisableHead(res *server.ZwlrOutputConfigurationV1, head *server.ZwlrOutputHeadV1) {
	c.add(res, head)
}

func (c *headConfiguration) add(res *server.ZwlrOutputConfigurationV1, head *server.ZwlrOutputHeadV1) *headChange {
	b := head.Handler.(*boundHead)
	ch := &headChange{conf: c, bound: b, config: HeadConfig{Head: b.head}}
	if c.late(res) {
		return ch
	}
	if c.of(b.head) != nil {
		res.PostError(protocol.ZwlrOutputConfigurationV1ErrorAlreadyConfiguredHead, "%s is configured twice", b.head.state.Info.Name)
		return ch
	}
	c.list = append(c.list, ch)
	return ch
}

func (c *headConfiguration) of(h *Head) *headChange {
	for _, ch := range c.list {
		if ch.config.Head == h {
			return ch
		}
	}
	return nil
}

// late reports whether the configuration was used, which is an error.
func (c *headConfiguration) late(res *server.ZwlrOutputConfigurationV1) bool {
	if c.used {
		res.PostError(protocol.ZwlrOutputConfigurationV1ErrorAlreadyUsed, "the configuration was applied or tested")
	}
	return c.used
}

// Apply brings the heads into their states.
func (c *headConfiguration) Apply(res *server.ZwlrOutputConfigurationV1) { c.use(res, false) }

// Test tells whether Apply would succeed.
func (c *headConfiguration) Test(res *server.ZwlrOutputConfigurationV1) { c.use(res, true) }

func (c *headConfiguration) use(res *server.ZwlrOutputConfigurationV1, test bool) {
	if c.late(res) {
		return
	}
	c.used = true
	srv := c.m.srv
	if srv.heads.changed || c.serial != srv.heads.serial {
		res.SendCancelled()
		return
	}
	list := make([]HeadConfig, 0, len(c.list))
	for _, h := range srv.heads.list {
		ch := c.of(h)
		if ch == nil {
			res.PostError(protocol.ZwlrOutputConfigurationV1ErrorUnconfiguredHead, "%s is not configured", h.state.Info.Name)
			return
		}
		list = append(list, ch.config)
	}
	if err := srv.shell.ConfigureHeads(list, test); err != nil {
		srv.log.Info("output configuration", "err", err)
		res.SendFailed()
		return
	}
	res.SendSucceeded()
}

// Destroy forgets the configuration.
func (*headConfiguration) Destroy(*server.ZwlrOutputConfigurationV1) {}

// once reports whether a property may be set, and posts an error if not.
func (ch *headChange) once(res *server.ZwlrOutputConfigurationHeadV1, what changeSet) bool {
	if ch.set&what != 0 {
		res.PostError(protocol.ZwlrOutputConfigurationHeadV1ErrorAlreadySet, "set twice")
		return false
	}
	ch.set |= what
	return true
}

// SetMode chooses a mode that the head has.
func (ch *headChange) SetMode(res *server.ZwlrOutputConfigurationHeadV1, mode *server.ZwlrOutputModeV1) {
	m := mode.Handler.(*boundMode)
	switch {
	case !ch.once(res, setMode):
	case m.head != ch.bound:
		res.PostError(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidMode, "the mode belongs to another head")
	default:
		ch.config.Mode = m.mode
	}
}

// SetCustomMode chooses any mode; a refresh of 0 leaves it to the head.
func (ch *headChange) SetCustomMode(res *server.ZwlrOutputConfigurationHeadV1, w, h, refresh int32) {
	switch {
	case !ch.once(res, setMode):
	case w <= 0 || h <= 0 || refresh < 0:
		res.PostError(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidCustomMode, "mode %dx%d at %d mHz", w, h, refresh)
	default:
		ch.config.Mode = display.Mode{Size: geom.Size{W: w, H: h}, Refresh: refresh}
	}
}

// SetPosition chooses the place in the layout.
func (ch *headChange) SetPosition(res *server.ZwlrOutputConfigurationHeadV1, x, y int32) {
	if ch.once(res, setPosition) {
		ch.config.At = &geom.Point{X: clampCoordinate(x), Y: clampCoordinate(y)}
	}
}

// SetTransform turns the picture.
func (ch *headChange) SetTransform(res *server.ZwlrOutputConfigurationHeadV1, t protocol.WlOutputTransform) {
	switch {
	case !ch.once(res, setTransform):
	case t > protocol.WlOutputTransformFlipped270:
		res.PostError(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidTransform, "%d is no transform", t)
	default:
		tr := geom.Transform(t)
		ch.config.Transform = &tr
	}
}

// SetScale chooses the scale, to the next 1/120.
func (ch *headChange) SetScale(res *server.ZwlrOutputConfigurationHeadV1, scale geom.Fixed) {
	switch {
	case !ch.once(res, setScale):
	case scale <= 0:
		res.PostError(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidScale, "scale %v is not positive", scale.Float())
	default:
		ch.config.Scale = max(geom.Scale(math.Round(scale.Float()*float64(geom.ScaleOne))), 1)
	}
}

// SetAdaptiveSync turns adaptive synchronisation on or off.
func (ch *headChange) SetAdaptiveSync(res *server.ZwlrOutputConfigurationHeadV1, st protocol.ZwlrOutputHeadV1AdaptiveSyncState) {
	switch {
	case !ch.once(res, setAdaptive):
	case !st.Valid():
		res.PostError(protocol.ZwlrOutputConfigurationHeadV1ErrorInvalidAdaptiveSyncState, "%d is no state of adaptive sync", st)
	default:
		ch.config.Adaptive = st == protocol.ZwlrOutputHeadV1AdaptiveSyncStateEnabled
	}
}
