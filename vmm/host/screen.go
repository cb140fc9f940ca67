package host

import (
	"bytes"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"rayos/geom"
	"rayos/vmm/qemu"
)

// maxPictures is how many pictures there are of one size. The compositor has
// two at most: one that it shows and one that it is to show.
const (
	maxPictures = 3
	maxReading  = 2
)

// maxBands bounds the rectangles of what has changed, between two pictures and
// over the time that nobody looks.
const maxBands = 32

// screen holds what the guest shows. QEMU's goroutine writes it and the
// window's reads it.
type screen struct {
	log *slog.Logger
	// onSize is called for the first picture and for each of another size,
	// onWanted for a change that the window waits for. Both are set before the
	// first picture, and must not block.
	onSize func(geom.Size)

	mu       sync.Mutex
	veiled   bool // what QEMU shows is not the guest's, or not worth seeing yet
	onWanted func()
	wanted   bool // the window waits
	newest   *picture
	base     *picture    // has what newest lacks (its stale); nil when it lacks nothing
	pictures []*picture  // ours, of newest's size
	former   []*picture  // of a former size or of QEMU, and the compositor may read them
	mapped   []*picture  // QEMU's, that may come again
	fresh    geom.Region // what has changed since the window took a picture
	taken    bool        // the window has newest, but for fresh
	cursor   cursorImage
	asked    geom.Size // that the guest was asked for, until it has it
	askedAt  time.Time
	stats    FrameStats
}

// FrameStats counts pictures since rayos-vm has begun.
type FrameStats struct {
	Received uint64 `json:"received"`    // changes that the guest has made
	Shown    uint64 `json:"shown"`       // pictures given to a compositor
	Dropped  uint64 `json:"dropped"`     // changes that were overtaken by newer ones
	Drawn    uint64 `json:"drawn_bytes"` // of the parts that have changed
	Copied   uint64 `json:"copied_bytes"`
	Mapped   bool   `json:"mapped"` // pictures are QEMU's own memory
	// Followed is how long the guest took for the last change of its size, in
	// milliseconds from when it was asked to its picture.
	Followed float64 `json:"followed_ms"`
}

// cursorImage is the guest's pointer.
type cursorImage struct {
	qemu.Cursor
	version uint64 // counts images
	hidden  bool
}

// change notes that r of the newest picture is new.
func (s *screen) change(r geom.Rect) {
	s.stats.Received++
	s.stats.Drawn += 4 * uint64(r.W()) * uint64(r.H())
	if !s.fresh.Empty() {
		s.stats.Dropped++
	}
	s.fresh.UnionRect(r)
	s.fresh.Simplify(maxBands)
	s.wake()
}

func (s *screen) wake() {
	if s.wanted && !s.veiled && s.onWanted != nil {
		s.wanted = false
		s.onWanted()
	}
}

// veil keeps pictures from the window, or lets it have them, the newest at
// once.
func (s *screen) veil(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.veiled == on {
		return
	}
	s.veiled = on
	if !on && s.newest != nil {
		s.onSize(s.newest.size)
		s.wake()
	}
}

// expect notes that the guest is asked for a size now.
func (s *screen) expect(size geom.Size) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked, s.askedAt = size, time.Now()
}

// sized is called when the newest picture has another size than the one before.
func (s *screen) sized() {
	if s.newest.size == s.asked {
		s.asked, s.stats.Followed = geom.Size{}, time.Since(s.askedAt).Seconds()*1e3
	}
	if !s.veiled {
		s.onSize(s.newest.size)
	}
}

// Scanout implements qemu.Screen.
func (s *screen) Scanout(p qemu.Picture, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Mapped = false
	if s.newest == nil || s.newest.data == nil || s.newest.size != p.Size {
		if !s.resize(p.Size) {
			return
		}
		b := s.newest
		for y := range int(p.Size.H) {
			copy(b.row(y, 0, int(p.Size.W)), data[y*p.Stride:])
		}
		s.stats.Copied += uint64(4 * p.Size.W * p.Size.H)
		s.change(p.Size.Rect())
		s.sized()
		return
	}
	// A page flip: what differs from the last is the damage.
	s.complete()
	var damage geom.Region
	s.compare(&damage, p, data)
	if damage.Empty() {
		s.stats.Received++
		return
	}
	s.write(&damage, p.Stride, geom.Point{}, data)
}

// compare finds the parts of data that differ from the newest picture: bands
// of rows, each as wide as what differs in it.
func (s *screen) compare(damage *geom.Region, p qemu.Picture, data []byte) {
	w, n := int(p.Size.W), s.newest
	var band geom.Rect
	bands := 0
	flush := func() {
		if !band.Empty() {
			damage.UnionRect(band)
			bands++
		}
		band = geom.Rect{}
	}
	for y := range int(p.Size.H) {
		old, now := n.row(y, 0, w), data[y*p.Stride:y*p.Stride+4*w]
		if bytes.Equal(old, now) {
			if bands < maxBands-1 {
				flush()
			}
			continue
		}
		x0 := 0
		for bytes.Equal(old[4*x0:4*x0+4], now[4*x0:4*x0+4]) {
			x0++
		}
		x1 := w
		for bytes.Equal(old[4*x1-4:4*x1], now[4*x1-4:4*x1]) {
			x1--
		}
		r := geom.Rect{X0: int32(x0), Y0: int32(y), X1: int32(x1), Y1: int32(y + 1)}
		if band.Empty() {
			band = r
		} else {
			band = band.Union(r)
		}
	}
	flush()
}

// write puts the parts of data that damage names into a picture that the
// compositor doesn't read, and makes it the newest. data begins at origin. What
// that picture lacks besides comes when somebody looks: the guest may be about
// to draw over it.
func (s *screen) write(damage *geom.Region, stride int, origin geom.Point, data []byte) {
	old := s.newest
	b := s.free()
	if b == nil {
		return
	}
	if b != old {
		s.base = old // which is whole, as the compositor has it
	}
	b.stale.Subtract(damage)
	if b.stale.Len() > maxBands {
		s.fill(b)
	}
	for _, r := range damage.Rects() {
		for y := r.Y0; y < r.Y1; y++ {
			at := int(y-origin.Y)*stride + 4*int(r.X0-origin.X)
			copy(b.row(int(y), int(r.X0), int(r.X1)), data[at:])
		}
		s.stats.Copied += uint64(4 * int(r.W()) * int(r.H()))
	}
	for _, other := range s.pictures {
		if other != b {
			other.stale.Union(damage)
			other.stale.Simplify(maxBands)
		}
	}
	s.newest = b
	s.stats.Received++
	s.stats.Drawn += 4 * uint64(damage.Area())
	if !s.fresh.Empty() {
		s.stats.Dropped++
	}
	s.fresh.Union(damage)
	s.fresh.Simplify(maxBands)
	s.wake()
}

// complete gives the newest picture what it lacks.
func (s *screen) complete() {
	if s.base != nil {
		s.fill(s.newest)
	}
}

// fill gives b what it lacks and base has.
func (s *screen) fill(b *picture) {
	for _, r := range b.stale.Rects() {
		s.stats.Copied += uint64(b.copyRect(s.base, r))
	}
	b.stale.Clear()
	s.base = nil
}

// free returns a picture to draw into: the newest itself where nobody reads
// it.
func (s *screen) free() *picture {
	if !s.newest.busy {
		return s.newest
	}
	for _, b := range s.pictures {
		if !b.busy {
			return b
		}
	}
	if len(s.pictures) == maxPictures {
		// Take lets the compositor have two, so this can't be.
		panic("host: all pictures of a guest are being read")
	}
	b, err := newPicture(s.newest.size)
	if err != nil {
		s.log.Error("guest picture lost", "err", err)
		return nil
	}
	b.stale.SetRect(b.size.Rect())
	s.pictures = append(s.pictures, b)
	return b
}

// resize makes a picture of another size the newest, with nothing in it.
func (s *screen) resize(size geom.Size) bool {
	b, err := newPicture(size)
	if err != nil {
		s.log.Error("guest picture lost", "err", err)
		return false
	}
	s.retire()
	s.pictures = append(s.pictures[:0], b)
	s.newest, s.taken = b, false
	s.fresh.Clear()
	return true
}

// retire gives up all pictures, those that the compositor reads when it has
// released them.
func (s *screen) retire() {
	for _, list := range [...][]*picture{s.pictures, s.mapped} {
		for _, p := range list {
			s.drop(p)
		}
		clear(list)
	}
	s.pictures, s.mapped = s.pictures[:0], s.mapped[:0]
	s.base = nil
}

func (s *screen) drop(p *picture) {
	if p.busy {
		s.former = append(s.former, p)
		return
	}
	if err := p.free(); err != nil {
		s.log.Error("guest picture", "err", err)
	}
}

// Update implements qemu.Screen.
func (s *screen) Update(r geom.Rect, stride int, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest == nil || s.newest.data == nil || !s.newest.size.Rect().Contains(r) {
		return
	}
	damage := geom.RegionOf(r)
	s.write(&damage, stride, geom.Point{X: r.X0, Y: r.Y0}, data)
}

// maxMapped is how many of QEMU's pictures are remembered: guests flip between
// two or three.
const maxMapped = 4

// ScanoutMap implements qemu.Screen.
func (s *screen) ScanoutMap(p qemu.Picture, file *os.File, offset int64) {
	m, err := mappedPicture(file, offset, p.Size, p.Stride)
	if err != nil {
		s.log.Error("guest picture lost", "err", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Mapped = true
	grown := s.newest == nil || s.newest.size != p.Size
	if grown || s.newest.data != nil {
		s.retire()
	}
	s.newest, s.taken = s.known(m), false
	s.fresh.Clear()
	s.change(p.Size.Rect())
	if grown {
		s.sized()
	}
}

// known returns the picture that has m's memory already, or keeps m.
func (s *screen) known(m *picture) *picture {
	for _, k := range s.mapped {
		if k.key == m.key && k.offset == m.offset && k.size == m.size && k.stride == m.stride && k.total == m.total {
			s.drop(m)
			return k
		}
	}
	if len(s.mapped) == maxMapped {
		s.drop(s.mapped[0])
		s.mapped = append(s.mapped[:0], s.mapped[1:]...)
	}
	s.mapped = append(s.mapped, m)
	return m
}

// UpdateMap implements qemu.Screen.
func (s *screen) UpdateMap(r geom.Rect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest != nil {
		s.change(r.Intersect(s.newest.size.Rect()))
	}
}

// Disable implements qemu.Screen. The last picture stays: a guest that
// reboots or changes its mode comes back.
func (s *screen) Disable() {}

// CursorImage implements qemu.Screen.
func (s *screen) CursorImage(c qemu.Cursor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Data = append([]byte(nil), c.Data...)
	s.cursor.Cursor = c
	s.cursor.version++
	s.cursor.hidden = false
	s.cursorChanged()
}

// CursorMoved implements qemu.Screen. Where the guest has its pointer is no
// matter: it follows the person's.
func (s *screen) CursorMoved(_ geom.Point, visible bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cursor.hidden == visible {
		s.cursor.hidden = !visible
		s.cursorChanged()
	}
}

// cursorChanged wakes the window also when it waits for no picture.
func (s *screen) cursorChanged() {
	if s.onWanted != nil {
		s.onWanted()
	}
}

// watch makes fn the one who is told that there is something to see, or nil
// nobody. The compositor of an earlier window reads no more. fn is called with
// the lock held.
func (s *screen) watch(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, list := range [...][]*picture{s.pictures, s.mapped, s.former} {
		for _, p := range list {
			p.busy = false
		}
	}
	for _, p := range s.former {
		s.drop(p)
	}
	s.former = nil
	s.onWanted, s.wanted, s.taken = fn, false, false
}

// take returns the newest picture and what of it is new, for the compositor
// to read, until released. If there is nothing new it returns nil, and the
// watcher is told when there is.
func (s *screen) take(damage *geom.Region) *picture {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.veiled || s.newest == nil || s.taken && s.fresh.Empty() || !s.newest.busy && s.reading() >= maxReading {
		s.wanted = true
		return nil
	}
	s.complete()
	if s.taken {
		damage.Set(&s.fresh)
	} else {
		damage.SetRect(s.newest.size.Rect())
	}
	s.taken = true
	s.fresh.Clear()
	s.newest.busy = true
	s.stats.Shown++
	return s.newest
}

// reading counts the pictures that the compositor may read.
func (s *screen) reading() (n int) {
	for _, p := range s.pictures {
		if p.busy {
			n++
		}
	}
	return n
}

// released is told that the compositor reads p no more. It reports whether p
// is gone with that.
func (s *screen) released(p *picture) (gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.busy = false
	for i, f := range s.former {
		if f == p {
			s.former = append(s.former[:i], s.former[i+1:]...)
			s.drop(p)
			return true
		}
	}
	// A picture may have waited for that.
	if !s.fresh.Empty() {
		s.wake()
	}
	return false
}

// has reports whether p is still a picture of the guest, or read.
func (s *screen) has(p *picture) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.pictures, p) || slices.Contains(s.mapped, p) || slices.Contains(s.former, p)
}

// size is the newest picture's, zero before the first.
func (s *screen) size() geom.Size {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest == nil {
		return geom.Size{}
	}
	return s.newest.size
}

func (s *screen) statistics() FrameStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// pointer is the guest's pointer image. Its data is never changed.
func (s *screen) pointer() cursorImage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursor
}

// close gives all memory back. Nothing is told to the screen any more.
func (s *screen) close() {
	s.watch(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retire()
	s.newest = nil
}
