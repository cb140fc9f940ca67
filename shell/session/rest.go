package session

import "rayos/gpu/display"

// rest is that of an output after a frame that nobody waits for, like a new
// minute on the clock: the display doesn't wake the session to tell that it is
// on the screen. Who draws again waits for it as ever.
type rest struct {
	off    bool // Presented was put off
	told   bool // it comes now, for a frame that counts as shown already
	called bool // a client was told to draw
}

// putOff puts off the display's word about the frame that was just committed, if
// it can and nobody needs it. From here on the frame counts as shown.
func (o *output) putOff() {
	p, ok := o.disp.(display.Patient)
	if !ok || o.off || o.again || o.rest.called || len(o.feedback) > 0 || o.stats != nil || o.s.awaited() {
		return
	}
	p.PutOff()
	o.rest.off = true
	o.shownFrames = o.frames
	o.s.presented++
}

// awaited reports whether somebody waits for a frame to be on a screen.
func (s *Session) awaited() bool {
	return len(s.waiters.list) > 0 || len(s.markers.fresh) > 0 || !s.markers.composed || s.lock.on || s.record.out != nil
}

// await asks for what was put off.
func (o *output) await() {
	if o.rest.off {
		o.rest.off, o.rest.told = false, true
		o.disp.(display.Patient).Await()
	}
}
