package nested

import (
	"time"

	"rayos/gpu/display"
	"rayos/internal/loop"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// frameClock tells when the frame that was committed last is on the screen
// and the next may be drawn: when the host has sent its frame callback and, if
// it knows presentation-time, its feedback. Feedback that has not come two
// refresh periods after the callback is not waited for: a frame that the host
// never put on its screen, but was done with, has none.
type frameClock struct {
	out    *Output
	frames uint64 // committed so far
	// What is under way, nil when it has come.
	callback *client.WlCallback
	feedback *client.WpPresentationFeedback
	result   display.Presented
	grace    *loop.Timer // runs out for the feedback

	// The handlers, bound once.
	onDone      func(uint32)
	onPresented func(secHi, secLo, nsec, refresh, seqHi, seqLo uint32, flags protocol.WpPresentationFeedbackKind)
	onDiscarded func()
}

func (c *frameClock) init(o *Output) {
	c.out = o
	c.grace = o.display.loop.NewTimer(c.abandon)
	c.onDone = c.done
	c.onPresented = c.seen
	c.onDiscarded = func() { c.feedback = nil; c.check() }
}

func (c *frameClock) waiting() bool { return c.callback != nil || c.feedback != nil }

// request asks the host to tell about the frame that is being committed.
func (c *frameClock) request() {
	c.frames++
	c.result = display.Presented{}
	c.callback = c.out.surface.Frame()
	c.callback.OnDone = c.onDone
	if p := c.out.display.host.presentation; p != nil {
		c.feedback = p.Feedback(c.out.surface)
		c.feedback.OnPresented = c.onPresented
		c.feedback.OnDiscarded = c.onDiscarded
	}
}

func (c *frameClock) done(uint32) {
	c.callback = nil
	if c.feedback != nil {
		l := c.out.display.loop
		c.grace.Arm(l.Now() + 2000*time.Second/time.Duration(c.out.refresh()))
	}
	c.check()
}

func (c *frameClock) seen(secHi, secLo, nsec, refresh, seqHi, seqLo uint32, flags protocol.WpPresentationFeedbackKind) {
	if c.out.display.host.monotonic {
		sec := uint64(secHi)<<32 | uint64(secLo)
		c.result.Time = time.Duration(sec)*time.Second + time.Duration(nsec)
	}
	c.result.Refresh = time.Duration(refresh)
	c.result.Seq = uint64(seqHi)<<32 | uint64(seqLo)
	c.result.VSync = flags&protocol.WpPresentationFeedbackKindVsync != 0
	c.result.HWClock = flags&protocol.WpPresentationFeedbackKindHwClock != 0
	c.result.ZeroCopy = flags&protocol.WpPresentationFeedbackKindZeroCopy != 0
	c.feedback = nil
	c.check()
}

func (c *frameClock) check() {
	if c.waiting() {
		return
	}
	c.grace.Disarm()
	if c.out.removed {
		return
	}
	if c.result.Time == 0 {
		c.result.Time = c.out.display.loop.Now()
	}
	c.out.presented(c.result)
}

// abandon stops to wait, and the session hears Presented. It is called when the
// frame has the wrong size by now, because the host may hold back what it would
// tell until it gets one of the right size, and when the grace is over.
func (c *frameClock) abandon() {
	if !c.waiting() {
		return
	}
	if c.callback != nil {
		c.callback.OnDone = nil
	}
	if c.feedback != nil {
		c.feedback.OnPresented, c.feedback.OnDiscarded = nil, nil
	}
	c.callback, c.feedback = nil, nil
	c.check()
}
