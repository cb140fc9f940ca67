package session

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/shell/control"
	"rayos/shell/notify"
	"rayos/shell/record"
	"rayos/shell/screenshot"
	"rayos/surfaces/capture"
)

// recordEvery is the least time between two frames of a recording.
const recordEvery = time.Second / 30

// recording writes what one output shows to a file. Frames are copied by damage
// on the loop and packed by a goroutine, one at a time: what changes meanwhile
// comes with the next. The goroutine packs only what differs from the frame before:
// damage says what may have changed.
type recording struct {
	s       *Session
	out     *output // nil while nothing is recorded
	file    string
	size    geom.Size // upright
	pending geom.Region
	work    chan recordFrame
	busy    bool // the goroutine has a frame
	last    time.Duration
	timer   *loop.Timer
	frames  int
	started func(error) // who waits for the first frame
	ended   []func(control.Recording, error)
	closed  chan struct{} // when the file is complete; nil when there is none
}

// recordFrame is work for the goroutine. A frame without pixels is the end.
type recordFrame struct {
	box    geom.Rect
	pixels render.Pixels
	at     time.Duration
}

// start begins to record an output; done is told when the first frame is in the
// file.
func (r *recording) start(s *Session, o *output, file string, done func(error)) {
	switch {
	case r.closed != nil:
		done(control.Errorf(control.CodeFailed, "%s is being recorded already: stop that first", r.file))
		return
	case s.lock.on:
		done(errLocked)
		return
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		done(err)
		return
	}
	r.s, r.out, r.file, r.frames, r.started = s, o, file, 0, done
	r.size = o.info.Transform.Invert().ApplySize(o.info.Mode.Size)
	if r.timer == nil {
		r.timer = s.loop.NewTimer(r.next)
	}
	r.work, r.busy, r.last = make(chan recordFrame, 1), false, -recordEvery
	r.pending.SetRect(o.info.Mode.Size.Rect())
	r.closed = make(chan struct{})
	go r.pack(f, r.size, r.work, r.closed)
	s.bars.stale = true
	s.console.marker("RAYOS_SHELL:recording:started:" + filepath.Base(file))
	o.queue()
	r.next()
}

// pack is the goroutine.
func (r *recording) pack(f *os.File, size geom.Size, work <-chan recordFrame, closed chan<- struct{}) {
	defer close(closed)
	post := r.s.loop.Post
	rec, err := record.New(f, size)
	diff, told := difference{do: r.s.reflex.Do}, false
	for w := range work {
		if w.box.Empty() {
			if rec == nil {
				err = errors.Join(err, f.Close())
				post(func() { r.finished(record.Stats{}, nil, err) })
				return
			}
			st, cerr := rec.Close(w.at)
			var small *notify.Image
			if cerr == nil {
				var err error
				if small, err = r.s.reflex.thumbnail(diff.shown); err != nil {
					post(func() { r.s.log.Warn("no small picture of the recording", "err", err) })
				}
			}
			post(func() { r.finished(st, small, cerr) })
			return
		}
		box, pixels, derr := diff.of(w.box, w.pixels)
		if derr != nil && !told {
			told = true
			post(func() { r.s.log.Warn("frames of the recording aren't compared", "file", r.file, "err", derr) })
		}
		if err == nil && !box.Empty() {
			err = rec.Frame(box, pixels, w.at)
		}
		failed, frames := err, 0
		if !box.Empty() {
			frames = 1
		}
		post(func() { r.packed(frames, failed) })
	}
}

// drawn takes in that an output shows something new.
func (r *recording) drawn(o *output, damage *geom.Region) {
	if r.out == o {
		r.pending.Union(damage)
		r.next()
	}
}

// next copies what has changed, if it is time and the goroutine is free.
func (r *recording) next() {
	o := r.out
	if o == nil || r.busy || r.pending.Empty() {
		return
	}
	now := r.s.loop.Now()
	if due := r.last + recordEvery; now < due {
		if !r.timer.Armed() {
			r.timer.Arm(due)
		}
		return
	}
	if o.info.Transform.Invert().ApplySize(o.info.Mode.Size) != r.size {
		r.stop(nil)
		return
	}
	box := r.pending.Extents()
	p := render.NewPixels(box.W(), box.H(), render.XRGB8888)
	err := r.s.server.Capture(r.s.Picture(o.global), &capture.Shot{Box: box, Cursor: true, Into: p})
	if errors.Is(err, capture.ErrNotDrawn) {
		return // nothing is shown yet; it will be drawn
	}
	if err != nil {
		r.fail(err)
		return
	}
	r.pending.Clear()
	r.busy, r.last = true, now
	back := o.info.Transform.Invert()
	r.work <- recordFrame{back.ApplyRect(box, o.info.Mode.Size), turn(p, back), now}
}

// packed goes on after a frame, which may have been the same as the one before.
func (r *recording) packed(frames int, err error) {
	if r.busy = false; err != nil {
		r.fail(err)
		return
	}
	r.frames += frames
	if r.started != nil {
		done := r.started
		r.started = nil
		done(nil)
	}
	r.next()
}

// fail ends a recording that can't go on.
func (r *recording) fail(err error) {
	if r.started != nil {
		done := r.started
		r.started = nil
		done(err)
	}
	if r.out != nil {
		r.s.log.Error("recording", "file", r.file, "err", err)
		r.stop(nil)
	}
}

// stop ends the recording; done, which may be nil, is told when the file is
// complete.
func (r *recording) stop(done func(control.Recording, error)) {
	if done != nil {
		r.ended = append(r.ended, done)
	}
	if r.out == nil {
		return
	}
	r.out = nil
	r.pending.Clear()
	r.timer.Disarm()
	at := r.s.loop.Now()
	work := r.work
	go func() { work <- recordFrame{at: at} }() // behind the frame under way
	r.s.bars.stale = true
}

// finished is told what the file has become, with a small picture of its end if
// there is one.
func (r *recording) finished(st record.Stats, small *notify.Image, err error) {
	what := "saved"
	r.closed = nil
	if err != nil {
		what = "failed"
		r.s.log.Error("recording", "file", r.file, "err", err)
	}
	r.s.console.marker("RAYOS_SHELL:recording:" + what + ":" + filepath.Base(r.file))
	if err == nil {
		r.s.notices.tell(notify.Notification{
			App: lang.T("Recording"), Summary: lang.T("Recording saved"), Body: []notify.Span{{Text: r.file}}, Image: small,
		}, nil)
	}
	for _, done := range r.ended {
		done(control.Recording{File: r.file, Frames: st.Frames, Bytes: st.Bytes, Seconds: st.Time.Seconds()}, err)
	}
	r.ended = nil
}

// end completes the file: the session ends.
func (r *recording) end() {
	r.stop(nil)
	if r.closed != nil {
		<-r.closed
	}
}

// gone ends the recording of an output that goes away.
func (r *recording) gone(o *output) {
	if r.out == o {
		r.stop(nil)
	}
}

// toggle starts a recording of the output where the person works, in the folder
// for videos, or stops the one under way.
func (r *recording) toggle(s *Session) {
	if r.out != nil {
		r.stop(nil)
		return
	}
	o := s.preferred()
	if o == nil {
		return
	}
	file, err := screenshot.NewFile(screenshot.Videos, "Recording", ".png", s.bars.wall())
	if err != nil {
		s.log.Error("recording", "err", err)
		return
	}
	r.start(s, o, file, func(err error) {
		if err != nil {
			s.log.Error("recording", "file", file, "err", err)
		}
	})
}

// RecordStart implements control.Desk.
func (c deskCommands) RecordStart(file, name string, done func(error)) func() {
	o := c.s.preferred()
	for _, p := range c.s.outputs {
		if p.info.Name == name {
			o = p
		}
	}
	if o == nil || name != "" && o.info.Name != name {
		done(control.Errorf(control.CodeNoOutput, "there is no output %q", name))
		return nil
	}
	c.s.record.start(c.s, o, file, done)
	return nil
}

// RecordStop implements control.Desk.
func (c deskCommands) RecordStop(done func(control.Recording, error)) func() {
	if c.s.record.out == nil {
		done(control.Recording{}, control.Errorf(control.CodeFailed, "nothing is being recorded"))
		return nil
	}
	c.s.record.stop(done)
	return nil
}
