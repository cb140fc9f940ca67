package wayland

import (
	"math"
	"time"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addCommitTiming() {
	s.addGlobal(&protocol.WpCommitTimingManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewWpCommitTimingManagerV1(c.conn, id, version).Handler = timingManager{}
	})
}

type timingManager struct{}

func (timingManager) Destroy(*server.WpCommitTimingManagerV1) {}

// GetTimer makes the one timer of a surface.
func (timingManager) GetTimer(res *server.WpCommitTimingManagerV1, id *server.WpCommitTimerV1, surf *server.WlSurface) {
	t := &commitTimer{}
	id.Handler = t
	p := surfaceOf(surf).pacing()
	if p.timer != nil {
		res.PostError(protocol.WpCommitTimingManagerV1ErrorCommitTimerExists, "wl_surface@%d has one", surf.ID())
		return
	}
	t.p, p.timer = p, id
}

// commitTimer is wp_commit_timer_v1.
type commitTimer struct{ p *pacing }

func (*commitTimer) Destroy(*server.WpCommitTimerV1) {}

// ResourceDestroyed lets the surface have another.
func (t *commitTimer) ResourceDestroyed() {
	if t.p != nil {
		t.p.timer = nil
	}
}

// SetTimestamp has the next commit applied at a time, so that no refresh
// before it shows it.
func (t *commitTimer) SetTimestamp(res *server.WpCommitTimerV1, hi, lo, nsec uint32) {
	switch {
	case t.p.s.gone:
		res.PostError(protocol.WpCommitTimerV1ErrorSurfaceDestroyed, "the wl_surface is destroyed")
	case nsec >= 1e9:
		res.PostError(protocol.WpCommitTimerV1ErrorInvalidTimestamp, "%d nanoseconds are a second or more", nsec)
	case t.p.hasTime:
		res.PostError(protocol.WpCommitTimerV1ErrorTimestampExists, "the next commit has a time already")
	default:
		t.p.at, t.p.hasTime = timestamp(hi, lo, nsec), true
	}
}

// timestamp returns the time that three words of a protocol say, saturated.
func timestamp(hi, lo, nsec uint32) time.Duration {
	sec := uint64(hi)<<32 | uint64(lo)
	if sec >= math.MaxInt64/uint64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(sec)*time.Second + time.Duration(nsec)
}
