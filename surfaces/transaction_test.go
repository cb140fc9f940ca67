package surfaces

import (
	"fmt"
	"testing"

	"rayos/geom"
)

func TestBlockersHoldCommitsBackInOrder(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	var acks []uint32
	s.then = func() { acks = append(acks, s.Current.Ack) }
	want := func(what, list string) {
		t.Helper()
		if got := fmt.Sprint(acks); got != list {
			t.Errorf("%s: applied %s; want %s", what, got, list)
		}
	}
	commit := func(n uint32) {
		s.ack(n)
		s.commit()
	}
	one, other := s.Block(), s.Block()
	commit(1)
	commit(2) // waits behind 1
	third := s.Block()
	commit(3)
	fourth := s.Block()
	commit(4)
	commit(5)
	want("blocked", "[]")
	third.Clear() // out of order
	one.Clear()
	one.Clear()
	want("one of two", "[]")
	other.Clear()
	want("the first three", "[1 2 3]")
	commit(6)
	fourth.Clear()
	want("all", "[1 2 3 4 5 6]")
	b := s.Block()
	b.Clear()
	commit(7)
	want("cleared before the commit", "[1 2 3 4 5 6 7]")
	if !s.queue.empty() {
		t.Errorf("%d transactions are queued", len(s.queue.all()))
	}
}

func TestTransactionAppliesParentAndChildrenTogether(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	d := w.child("d", p)
	p.show(1, 1)
	w.logged()
	b := c.Block()
	c.show(2, 2)
	d.show(2, 2)
	c.SetPosition(geom.Point{X: 7})
	p.show(2, 2)
	w.wantLog("")
	if c.Size().W+d.Size().W != 0 || p.Size().W != 1 || c.Tree().Position().X != 0 {
		t.Error("a part was applied before the blocker was cleared")
	}
	d.show(3, 3)
	e := w.surface("e")
	e.show(1, 1) // has nothing to do with it
	w.wantLog("e")
	sizes := ""
	p.then = func() { sizes = fmt.Sprint(p.Size(), c.Size(), d.Size(), c.Tree().Position()) }
	b.Clear()
	w.wantLog("p c d")
	if want := "2x2 2x2 2x2 {7 0}"; sizes != want {
		t.Errorf("the parent saw %s; want %s", sizes, want)
	}
	p.commit()
	w.wantLog("p d")
}

func TestChildWaitsForItsOwnQueue(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	c.SetDesync(true)
	b := c.Block()
	c.ack(1)
	c.commit()
	c.SetDesync(false)
	p.commit() // nothing cached: does not wait
	w.wantLog("p")
	c.ack(2)
	c.commit()
	p.commit()
	p.commit()
	w.wantLog("")
	b.Clear()
	if c.Current.Ack != 2 {
		t.Errorf("ack = %d; want 2", c.Current.Ack)
	}
	w.wantLog("c p c p")
}

func TestGrandchildBlocksThroughADesyncParentThatIsSynced(t *testing.T) {
	// g is desync below c, which is sync: g's cached state and blocker count.
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	g := w.child("g", c)
	g.SetDesync(true)
	b := g.Block()
	g.ack(1)
	g.commit()
	p.commit()
	w.wantLog("")
	b.Clear()
	w.wantLog("p g")
}

func TestDestroyWhileQueued(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	p.show(1, 1)
	w.logged()
	pb, cb := p.Block(), c.Block()
	var f fakeFeedback
	p.present(&f)
	cbuf := c.show(2, 2)
	pbuf := p.show(3, 3)
	later := p.show(4, 4)
	p.Destroy()
	if pbuf.locks != 0 || later.locks != 0 || f.lost != 1 || cbuf.locks != 1 {
		t.Errorf("locks %d, %d, %d, discarded %d; want 0, 0, 1, 1", pbuf.locks, later.locks, cbuf.locks, f.lost)
	}
	w.wantLog("")
	pb.Clear()
	w.wantLog("")
	cb.Clear()
	w.wantLog("c")
	if c.Size().W != 2 {
		t.Error("the child's state went with its parent's")
	}

	// The other way round: the child's blocker goes with the child.
	q := w.surface("q")
	d := w.child("d", q)
	db := d.Block()
	dbuf := d.show(2, 2)
	q.show(3, 3)
	w.wantLog("")
	d.Destroy()
	w.wantLog("q")
	if dbuf.locks != 0 {
		t.Errorf("%d locks of a destroyed child", dbuf.locks)
	}
	db.Clear()
	w.wantLog("")
}

func TestBlockerOfADroppedStateDoesNothing(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	old := s.Block()
	s.commit()
	s.Destroy()
	r := w.surface("r") // takes the pooled transaction
	b := r.Block()
	r.commit()
	old.Clear()
	w.wantLog("")
	b.Clear()
	w.wantLog("r")
}

func TestHooksMayCommitAndDestroy(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	a, b := w.child("a", p), w.child("b", p)
	p.show(1, 1)
	w.logged()
	for _, blocked := range []bool{false, true} {
		// a commits itself, its parent and destroys a stranger.
		n, x := 0, w.surface("x")
		xbuf := x.show(1, 1)
		w.logged()
		a.then = func() {
			if n++; n > 3 {
				return
			}
			x.Destroy()
			a.ack(uint32(n))
			a.commit() // cached
			p.commit() // applies it, from within
		}
		var hold *Blocker
		if blocked {
			hold = a.Block()
		}
		a.show(2, 2)
		b.show(2, 2)
		p.commit()
		if hold != nil {
			w.wantLog("")
			hold.Clear()
		}
		w.wantLog("p a p a p a p a b")
		if a.Current.Ack != 3 || xbuf.locks != 0 {
			t.Errorf("ack %d, %d locks; want 3, 0", a.Current.Ack, xbuf.locks)
		}
		a.then = nil
	}

	// A surface that dies in a hook hears nothing more.
	bbuf := b.show(3, 3)
	a.then = func() { b.Destroy() }
	a.commit()
	p.commit()
	w.wantLog("p a")
	if bbuf.locks != 0 {
		t.Errorf("%d locks of a surface destroyed in a hook", bbuf.locks)
	}

	// Its own hook destroys it, with a transaction waiting behind.
	q := w.surface("q")
	first := q.Block()
	q.show(1, 1)
	last := q.show(2, 2)
	q.then = q.Destroy
	first.Clear()
	w.wantLog("q")
	if last.locks != 0 || !q.queue.empty() {
		t.Errorf("%d locks, %d queued; want none", last.locks, len(q.queue.all()))
	}
}

func TestHookClearsTheNextBlocker(t *testing.T) {
	w := newWorld(t)
	s, r := w.surface("s"), w.surface("r")
	a := s.Block()
	s.commit()
	b := s.Block()
	s.commit()
	c := r.Block()
	r.commit()
	s.then = func() {
		b.Clear()
		c.Clear()
	}
	a.Clear()
	w.wantLog("s s r")
}

func TestALongQueueIsRunWithoutRecursion(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	b := s.Block()
	const n = 20000
	for range n {
		s.commit()
	}
	b.Clear()
	if len(w.log) != n || !s.queue.empty() {
		t.Errorf("%d of %d applied, %d queued", len(w.log), n, len(s.queue.all()))
	}
	if len(w.core.pool) > maxPool {
		t.Errorf("%d transactions are kept; want at most %d", len(w.core.pool), maxPool)
	}
}

func TestLeaveAppliesWhatIsCached(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	g := w.child("g", c)
	buf := c.show(2, 2)
	f := &fakeFrame{w: w, name: "f"}
	g.frame(f)
	g.commit()
	w.wantLog("")
	c.Leave()
	w.wantLog("c g")
	if buf.locks != 1 || !g.WantsFrame() {
		t.Errorf("%d locks, wants frame %v; want 1, true", buf.locks, g.WantsFrame())
	}
}

func TestCommitInAHookComesAfterWhatWasCached(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	a, b := w.child("a", p), w.child("b", p)
	for _, c := range []*client{a, b} {
		c.ack(1)
		c.commit()
	}
	b.ack(2)
	a.then = func() { b.commit() } // b's cached state is not flushed yet
	p.Destroy()
	w.wantLog("a b")
	if b.Current.Ack != 2 {
		t.Errorf("ack = %d; want 2", b.Current.Ack)
	}
}

func TestLatestViewport(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	set := func(n int32) {
		c.Pending.Set |= FieldViewport
		c.Pending.Viewport = Viewport{HasDest: true, Dest: geom.Size{W: n, H: n}}
		c.commit()
	}
	want := func(what string, n int32) {
		t.Helper()
		if got := c.LatestViewport().Dest.W; got != n {
			t.Errorf("%s: %d; want %d", what, got, n)
		}
	}
	want("none", 0)
	set(1)
	want("cached", 1)
	p.commit()
	want("current", 1)
	b := p.Block()
	set(2)
	p.commit()
	want("queued", 2)
	set(3)
	want("cached behind a queue", 3)
	b.Clear()
	p.commit()
	want("applied", 3)
}
