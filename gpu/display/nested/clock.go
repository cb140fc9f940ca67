package nested

import (
	"time"

	"rayos/gpu/display"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// frameClock paces an output by the host's frame callbacks. A callback comes
// when the host has taken the frame for its next retrace; presentation
// feedback for it comes a retrace later, and waiting for that would halve the
// frame rate. So when a frame is presented is worked out from the feedback of
// an earlier one: the host's retraces are multiples of its refresh period.
type frameClock struct {
	out    *Output
	frames uint64 // committed so far

	// What is under way, nil when it has come.
	callback *client.WlCallback
	feedback *client.WpPresentationFeedback

	known display.Presented // the last feedback; its Time is 0 before the first
	seq   uint64            // counts frames where the host tells no number

	// The handlers, bound once.
	onDone      func(uint32)
	onPresented func(secHi, secLo, nsec, refresh, seqHi, seqLo uint32, flags protocol.WpPresentationFeedbackKind)
	onDiscarded func()
}

func (c *frameClock) init(o *Output) {
	c.out = o
	c.onDone = func(uint32) { c.callback = nil; c.done() }
	c.onPresented = c.seen
	c.onDiscarded = func() { c.feedback = nil }
}

func (c *frameClock) waiting() bool { return c.callback != nil }

// request asks the host to tell about the frame that is being committed.
func (c *frameClock) request() {
	c.frames++
	c.callback = c.out.surface.Frame()
	c.callback.OnDone = c.onDone
	if p := c.out.display.host.presentation; p != nil && c.feedback == nil {
		c.feedback = p.Feedback(c.out.surface)
		c.feedback.OnPresented = c.onPresented
		c.feedback.OnDiscarded = c.onDiscarded
	}
}

func (c *frameClock) seen(secHi, secLo, nsec, refresh, seqHi, seqLo uint32, flags protocol.WpPresentationFeedbackKind) {
	c.feedback = nil
	if !c.out.display.host.monotonic {
		return
	}
	c.known = display.Presented{
		Time:     time.Duration(uint64(secHi)<<32|uint64(secLo))*time.Second + time.Duration(nsec),
		Refresh:  time.Duration(refresh),
		Seq:      uint64(seqHi)<<32 | uint64(seqLo),
		VSync:    flags&protocol.WpPresentationFeedbackKindVsync != 0,
		HWClock:  flags&protocol.WpPresentationFeedbackKindHwClock != 0,
		ZeroCopy: flags&protocol.WpPresentationFeedbackKindZeroCopy != 0,
	}
}

// done tells the session that the host has the frame.
func (c *frameClock) done() {
	if c.out.removed {
		return
	}
	c.seq++
	c.out.presented(c.estimate(c.out.display.loop.Now()))
}

// estimate returns the first retrace of the host from now on.
func (c *frameClock) estimate(now time.Duration) display.Presented {
	p := c.known
	if p.Time == 0 || p.Refresh == 0 || p.Time > now+p.Refresh {
		return display.Presented{Time: now, Refresh: p.Refresh, Seq: c.seq}
	}
	if late := now - p.Time; late > 0 {
		n := (late + p.Refresh - 1) / p.Refresh
		p.Time += n * p.Refresh
		p.Seq += uint64(n)
	}
	return p
}

// abandon stops to wait, and the session hears Presented. It is called when
// the frame has the wrong size by now: the host may hold it back until it gets
// one of the right size.
func (c *frameClock) abandon() {
	if !c.waiting() {
		return
	}
	c.callback.OnDone = nil
	c.callback = nil
	c.done()
}
