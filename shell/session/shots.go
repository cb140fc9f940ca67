package session

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/shell/control"
	"rayos/shell/notify"
	"rayos/shell/screenshot"
	"rayos/surfaces/wayland"
)

// shots is the screenshot tool: a sheet over the output with the pointer, and
// what becomes of its pictures.
type shots struct {
	sheet
	view    *screenshot.Sheet
	targets []screenshot.Target
}

func (t *shots) init(s *Session) {
	t.s, t.name = s, "screenshot"
	t.view = screenshot.New(t)
	tree := s.layers.prompt.Parent().NewTree()
	tree.PlaceBelow(s.layers.prompt)
	t.strip, t.modal, t.sparse, t.sheet.view = tree, true, true, t.view.View
	t.place = func(area geom.Rect) geom.Rect {
		t.view.Resize(area.Size())
		return area
	}
}

// open shows the tool. With atOnce a region is taken when it was drawn.
func (t *shots) open(m screenshot.Mode, atOnce bool) {
	o := t.s.outputAt(t.s.seat.Position().Floor())
	if t.s.lock.on || o == nil {
		return
	}
	t.hide()
	t.s.prompt.close()
	t.view.Open(m, atOnce)
	t.show(o)
	t.look()
	t.s.console.marker("RAYOS_SHELL:screenshot:open")
}

// look finds the windows on the output, top first.
func (t *shots) look() {
	t.targets = t.targets[:0]
	origin := t.out.scene.Logical().Min()
	for i := len(t.s.placed) - 1; i >= 0; i-- {
		p := &t.s.placed[i]
		if w := t.s.windows[p.ID]; w != nil && w.mapped && p.Visible && p.Output == t.out.id {
			v := w.preview()
			t.targets = append(t.targets, screenshot.Target{
				ID: uint32(p.ID), Box: p.Content.Add(geom.Point{X: -origin.X, Y: -origin.Y}), Name: v.Name(),
			})
		}
	}
	if t.view.Show(t.targets) {
		t.invalidate()
	}
}

// follow implements part.
func (t *shots) follow() {
	t.sheet.follow()
	if t.out != nil {
		t.look()
	}
}

// turn implements part.
func (t *shots) turn() {
	if t.s.lock.on {
		t.hide()
	}
	t.sheet.turn()
}

// end implements part.
func (t *shots) end() {
	t.s.record.end()
	t.sheet.end()
}

// Take implements screenshot.Actions: the tool goes, and when it is off the
// screen the picture is taken.
func (t *shots) Take(shot screenshot.Shot) {
	o := t.out
	if o == nil {
		return
	}
	t.hide()
	target := control.Target{Output: o.info.Name}
	switch shot.Mode {
	case screenshot.Window:
		target = control.Target{Window: shot.Window}
	case screenshot.Region:
		target.Region = shot.Box.Add(o.scene.Logical().Min())
	}
	t.s.keepShot(target, shot.Copy, shot.Save)
}

// Cancel implements screenshot.Actions.
func (t *shots) Cancel() {
	t.hide()
	t.s.console.marker("RAYOS_SHELL:screenshot:cancelled")
}

// keepShot takes a picture of what will be on screen, and keeps it.
func (s *Session) keepShot(target control.Target, copied, saved bool) {
	c := &commands{s}
	c.Screenshot(target, func(p render.Pixels, err error) {
		if err != nil {
			s.shotFailed(err)
			return
		}
		at := s.bars.wall()
		go func() {
			file := ""
			png, err := control.EncodePNG(p)
			if err == nil && saved {
				file, err = screenshot.Save(png, at)
			}
			small, serr := s.reflex.thumbnail(p)
			s.loop.Post(func() {
				if serr != nil {
					s.log.Warn("no small picture of the screenshot", "err", serr)
				}
				s.shotKept(png, file, copied, small, err)
			})
		}()
	})
}

// shotKept ends what keepShot began. The small picture is nil where there is
// none.
func (s *Session) shotKept(png []byte, file string, copied bool, small *notify.Image, err error) {
	if png != nil && copied && !s.lock.on {
		s.server.SetSelection(&pngSource{s: s, data: png})
		s.console.marker("RAYOS_SHELL:screenshot:copied")
	}
	if err != nil {
		s.shotFailed(err)
		return
	}
	text := lang.T("It is on the clipboard.")
	if file != "" {
		text = file
		s.console.marker("RAYOS_SHELL:screenshot:saved:" + filepath.Base(file))
	}
	s.notices.tell(notify.Notification{App: lang.T("Screenshot"), Summary: lang.T("Screenshot taken"), Body: []notify.Span{{Text: text}}, Image: small}, nil)
}

func (s *Session) shotFailed(err error) {
	s.log.Error("screenshot", "err", err)
	s.console.marker("RAYOS_SHELL:screenshot:failed")
	s.notices.tell(notify.Notification{App: lang.T("Screenshot"), Summary: lang.T("The screenshot failed"), Body: []notify.Span{{Text: err.Error()}}}, nil)
}

// shootFocused takes a picture of the window in front.
func (s *Session) shootFocused() error {
	id := s.wm.Focused()
	if w := s.windows[id]; w == nil || !w.mapped {
		return control.Errorf(control.CodeNoWindow, "no window has the focus")
	}
	s.keepShot(control.Target{Window: uint32(id)}, true, true)
	return nil
}

// shootRegion returns what is shown in a box of the layout, in the pixels of the
// output that has most of it.
func (s *Session) shootRegion(box geom.Rect, cursor bool) (render.Pixels, error) {
	var best *output
	var most int64
	for _, o := range s.outputs {
		part := box.Intersect(o.scene.Logical())
		if area := int64(part.W()) * int64(part.H()); !part.Empty() && area > most {
			best, most = o, area
		}
	}
	if best == nil {
		return render.Pixels{}, control.Errorf(control.CodeNoOutput, "no output shows %v", box)
	}
	all, err := s.shootOutput(best, cursor)
	if err != nil {
		return render.Pixels{}, err
	}
	origin := best.scene.Logical().Min()
	px := best.info.Scale.ApplyRect(box.Add(geom.Point{X: -origin.X, Y: -origin.Y})).Intersect(all.Size().Rect())
	if px.Empty() {
		return render.Pixels{}, control.Errorf(control.CodeNoOutput, "no pixel of an output lies in %v", box)
	}
	out := render.NewPixels(px.W(), px.H(), all.Format)
	for y := range px.H() {
		from := (px.Y0+y)*all.Stride + 4*px.X0
		copy(out.Data[y*out.Stride:], all.Data[from:from+4*px.W()])
	}
	return out, nil
}

// Capture implements control.Desk.
func (c deskCommands) Capture(what control.CaptureKind, atOnce bool) error {
	t := &c.s.shots
	switch {
	case t.view == nil:
		return errNoShell
	case c.s.lock.on:
		return errLocked
	case len(c.s.outputs) == 0:
		return control.Errorf(control.CodeNoOutput, "the session has no output")
	}
	switch what {
	case control.CaptureFocused:
		return c.s.shootFocused()
	case control.CaptureCancel:
		if !t.shown() {
			return control.Errorf(control.CodeFailed, "the screenshot tool is not open")
		}
		t.Cancel()
	case control.CaptureScreen:
		if atOnce {
			c.s.keepShot(control.Target{Output: c.s.outputAt(c.s.seat.Position().Floor()).info.Name}, true, true)
			return nil
		}
		t.open(screenshot.Screen, false)
	case control.CaptureWindow:
		t.open(screenshot.Window, false)
	default:
		t.open(screenshot.Region, atOnce)
	}
	return nil
}

// pngSource is a picture of the session's own on the clipboard.
type pngSource struct {
	s    *Session
	data []byte
}

// pngWithin is how long a program may take to read the picture.
const pngWithin = 10 * time.Second

// MimeTypes implements wayland.DataSource.
func (*pngSource) MimeTypes() []string { return []string{"image/png"} }

// Cancelled implements wayland.DataSource.
func (*pngSource) Cancelled() {}

// Send implements wayland.DataSource. A reader that takes nothing is given up.
func (p *pngSource) Send(_ string, fd int) {
	err := unix.SetNonblock(fd, true)
	f, s := os.NewFile(uintptr(fd), "picture"), p.s
	if err != nil {
		s.log.Error("copy a picture", "err", errors.Join(err, f.Close()))
		return
	}
	go func() {
		err := f.SetWriteDeadline(time.Now().Add(pngWithin))
		if err == nil {
			_, err = f.Write(p.data)
		}
		if err = errors.Join(err, f.Close()); err != nil {
			s.loop.Post(func() { s.log.Debug("copy a picture", "err", err) })
		}
	}()
}

var (
	_ part               = (*shots)(nil)
	_ screenshot.Actions = (*shots)(nil)
	_ wayland.DataSource = (*pngSource)(nil)
)
