package rfbserver

import (
	"errors"
	"fmt"
	"sync"

	"rayos/geom"
)

// maxSide is how large a screen can be, either way: what the protocol's numbers hold.
const maxSide = 0xffff

// damageRects is how exact it is kept what a viewer lacks.
const damageRects = 64

// Screen is what viewers see.
type Screen struct {
	mu      sync.RWMutex
	shown   picture
	viewers map[*Viewer]struct{}

	changed geom.Region // of Update
}

// NewScreen returns a black screen.
func NewScreen(s geom.Size) (*Screen, error) {
	if err := checkSize(s); err != nil {
		return nil, err
	}
	return &Screen{shown: newPicture(s), viewers: map[*Viewer]struct{}{}}, nil
}

func checkSize(s geom.Size) error {
	if s.W < 1 || s.H < 1 || s.W > maxSide || s.H > maxSide {
		return fmt.Errorf("a screen of %v: want 1 to %d pixels either way", s, maxSide)
	}
	return nil
}

// Size returns the screen's, in pixels.
func (s *Screen) Size() geom.Size {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.shown.size
}

// Update takes over what has changed of pix, which has the screen's size, rows of
// stride bytes, and is borrowed for the call.
func (s *Screen) Update(pix []byte, stride int, damage *geom.Region) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := s.shown.size
	if stride < 4*int(size.W) || len(pix) < (int(size.H)-1)*stride+4*int(size.W) {
		return errors.New("rfbserver: pixels of another size than the screen")
	}
	src := &source{pix, stride}
	s.changed.Clear()
	for _, r := range damage.Rects() {
		s.shown.changed(src, r.Intersect(size.Rect()), &s.changed)
	}
	if s.changed.Empty() {
		return nil
	}
	var m move
	moved := false
	if box := s.changed.Extents(); 2*s.changed.Area() > int64(box.W())*int64(box.H()) {
		m, moved = s.shown.scrolled(src, box)
	}
	for _, r := range s.changed.Rects() {
		s.shown.take(src, r)
	}
	for v := range s.viewers {
		if moved {
			v.moved(m, &s.changed)
		} else {
			v.damaged(&s.changed)
		}
	}
	return nil
}

// Resize makes the screen another size, and black. Viewers that can't follow are
// sent away.
func (s *Screen) Resize(size geom.Size) error {
	if err := checkSize(size); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown.size == size {
		return nil
	}
	s.shown = newPicture(size)
	for v := range s.viewers {
		v.resized(size)
	}
	return nil
}

// EachViewer calls fn with those that are welcome.
func (s *Screen) EachViewer(fn func(*Viewer)) {
	s.mu.RLock()
	list := make([]*Viewer, 0, len(s.viewers))
	for v := range s.viewers {
		list = append(list, v)
	}
	s.mu.RUnlock()
	for _, v := range list {
		fn(v)
	}
}

func (s *Screen) add(v *Viewer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.viewers[v] = struct{}{}
	v.begin(s.shown.size)
}

func (s *Screen) remove(v *Viewer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.viewers, v)
}
