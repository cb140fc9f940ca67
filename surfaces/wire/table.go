package wire

const (
	pageBits = 6
	pageSize = 1 << pageBits
	pageMask = pageSize - 1

	// maxIDs is where libwayland's own map ends; a client that never reuses
	// ids meets the same end at either server.
	maxIDs = 0xf00000
)

// page is a run of object slots. Pages without objects are given back, so a
// client that never reuses ids does not make the table grow with it.
type page struct {
	slot [pageSize]Object
	used int
}

// table maps one side's ids, counted from its first, to objects.
type table struct {
	next  uint32 // slots handed out so far, used or free again
	pages []*page
	spare *page
	live  int
	free  []uint32 // slots for take, last freed first
}

// get returns the object at slot i, or nil.
func (t *table) get(i uint32) Object {
	p := i >> pageBits
	if p >= uint32(len(t.pages)) || t.pages[p] == nil {
		return nil
	}
	return t.pages[p].slot[i&pageMask]
}

// accepts reports whether slot i may be filled: a free slot below the end, or
// the one just past it.
func (t *table) accepts(i uint32) bool {
	return i <= t.next && i < maxIDs && t.get(i) == nil
}

// put fills slot i, which accepts said may be filled.
func (t *table) put(i uint32, o Object) {
	p := int(i >> pageBits)
	for p >= len(t.pages) {
		t.pages = append(t.pages, nil)
	}
	if t.pages[p] == nil {
		if t.spare != nil {
			t.pages[p], t.spare = t.spare, nil
		} else {
			t.pages[p] = new(page)
		}
	}
	if i >= t.next {
		t.next = i + 1
	}
	t.pages[p].slot[i&pageMask] = o
	t.pages[p].used++
	t.live++
}

// clear empties slot i.
func (t *table) clear(i uint32) {
	if t.get(i) == nil {
		return
	}
	p := t.pages[i>>pageBits]
	p.slot[i&pageMask] = nil
	p.used--
	t.live--
	if p.used == 0 {
		t.pages[i>>pageBits] = nil
		t.spare = p
	}
}

// take returns an unused slot for this side's own ids.
func (t *table) take() (i uint32, ok bool) {
	if n := len(t.free); n > 0 {
		i = t.free[n-1]
		t.free = t.free[:n-1]
		return i, true
	}
	return t.next, t.next < maxIDs
}

// each calls fn for every object in ascending order of ids; fn may clear
// slots.
func (t *table) each(fn func(Object)) {
	for p := range t.pages {
		for i := range pageSize {
			if t.pages[p] == nil {
				break
			}
			if o := t.pages[p].slot[i]; o != nil {
				fn(o)
			}
		}
	}
}

// objects is the id space of one connection: the client's ids and the
// server's.
type objects struct {
	client table
	server table
}

func (o *objects) init() {
	o.client.next = 1 // 0 is null
}

// side returns the table of id and its slot.
func (o *objects) side(id uint32) (*table, uint32) {
	if id >= serverIDStart {
		return &o.server, id - serverIDStart
	}
	return &o.client, id
}

// get returns the object with this id, or nil.
func (o *objects) get(id uint32) Object {
	t, i := o.side(id)
	return t.get(i)
}
