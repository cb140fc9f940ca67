package session

import (
	"rayos/geom"
	"rayos/shell/preview"
	"rayos/surfaces"
	"rayos/surfaces/scene"
	"rayos/wm"
)

// pictures are live pictures of windows in a part of the shell: mirrors of what
// the windows show, above the panel that has left room for them. They cost no
// pixels. A window that is hidden shows its last picture.
type pictures struct {
	s    *Session
	tree *scene.Tree
	list []picture
	mark bool
}

// picture is that of one window.
type picture struct {
	id     wm.WindowID
	mirror *scene.Mirror
	mark   bool
}

// init hangs the pictures into a tree whose origin is that of the layout.
func (p *pictures) init(s *Session, in *scene.Tree) {
	p.s, p.tree = s, in.NewTree()
	p.tree.SetInput(false)
}

// preview describes a window on a card.
func (w *window) preview() preview.Window {
	v := preview.Window{
		ID: uint32(w.id), App: w.guest.AppID, Title: w.title(), Trust: trust(w.guest.Owner.Trust),
		Minimised: w.spot.Minimized, Attention: w.attention,
	}
	if w.pictured() {
		v.Size = w.contentSize()
	}
	if w.s.parts.icons != nil {
		v.Icon = w.s.parts.appIcon(w.guest.AppID, preview.IconSize)
	}
	return v
}

// pictured reports whether there is a picture of the window to be shown.
func (w *window) pictured() bool {
	return w.guest.State() != surfaces.Empty && w.guest.State() != surfaces.Destroyed && !w.s.lock.on
}

// contentSize is the logical size of what the window shows.
func (w *window) contentSize() geom.Size {
	if s := w.spot.Content.Size(); !s.Empty() {
		return s
	}
	return w.guest.Window.Geometry().Size()
}

// show puts pictures where the slots are, relative to origin, as far as they lie
// within view, in the same coordinates. There are no others.
func (p *pictures) show(slots []preview.Slot, view geom.Rect, origin geom.Point) {
	p.mark = !p.mark
	p.tree.SetPosition(origin.X, origin.Y)
	p.tree.SetClip(view, true)
	for i := range slots {
		if w := p.s.windows[wm.WindowID(slots[i].Window)]; w != nil && w.pictured() {
			p.put(w, slots[i].Box)
		}
	}
	kept := p.list[:0]
	for _, q := range p.list {
		if q.mark == p.mark {
			kept = append(kept, q)
		} else {
			q.mirror.Destroy()
		}
	}
	clear(p.list[len(kept):])
	p.list = kept
}

func (p *pictures) put(w *window, box geom.Rect) {
	i := p.find(w.id)
	if i < 0 {
		i = len(p.list)
		p.list = append(p.list, picture{id: w.id, mirror: p.tree.NewMirror(w.frame.content)})
	}
	q := &p.list[i]
	q.mark = p.mark
	q.mirror.SetPosition(box.X0, box.Y0)
	q.mirror.Show(w.contentSize().Rect(), box.Size())
}

func (p *pictures) find(id wm.WindowID) int {
	for i := range p.list {
		if p.list[i].id == id {
			return i
		}
	}
	return -1
}

// raise puts the picture of a window above the others.
func (p *pictures) raise(id wm.WindowID) {
	if i := p.find(id); i >= 0 {
		p.list[i].mirror.Raise()
	}
}

// hide takes all pictures away.
func (p *pictures) hide() { p.show(nil, geom.Rect{}, geom.Point{}) }

// preferred returns the output where the person works, or nil.
func (s *Session) preferred() *output {
	if g := s.PreferredOutput(); g != nil {
		if o, ok := g.Data.(*output); ok {
			return o
		}
	}
	return nil
}
