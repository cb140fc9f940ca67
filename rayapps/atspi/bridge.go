package atspi

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"rayos/geom"
	"rayos/rayapps/ui"
)

// Tree is something to be seen whose meaning can be told. *[ui.Root] is one.
type Tree interface {
	// Semantics returns what the tree means; the bridge keeps none of it.
	Semantics() *ui.Info
	// Do carries an action out and reports whether it could.
	Do(id uint64, a ui.Action, value string) bool
}

// Options are those of a Bridge.
type Options struct {
	// Name and Version say what the application is.
	Name, Version string
	// Locale is the language of names, as POSIX writes it: "de_DE".
	Locale string
	// Post runs a function on the owner's goroutine soon. It is called from any
	// other and must not wait for it to run.
	Post func(func())
	// WhenEnabled has Follow join only while assistive technologies are enabled
	// (org.a11y.Status): what has them costs a connection.
	WhenEnabled bool
	// Listening is told on the owner's goroutine, by Post, whether a client is
	// there that is to hear of changes. It may be nil.
	Listening func(bool)
	// Joined is called on Follow's goroutine whenever the bridge is on an
	// accessibility bus. It may be nil.
	Joined func()
}

// Bridge is an application on the accessibility bus. Open, and everything of
// its windows, is called on the owner's goroutine; Follow on one of its own.
type Bridge struct {
	opts    Options
	windows []*Window // the owner's
	numbers uint64

	// heard is whether a client is there that is to hear of changes.
	heard atomic.Bool
	walks atomic.Uint64
	// acting holds who acts: one client at a time is given a turn of the owner.
	acting chan struct{}

	mu      sync.Mutex
	snap    *snapshot
	told    *snapshot     // what clients know, nil if nobody listens
	stale   bool          // a window isn't in snap as it is
	waiting chan struct{} // closed when the walk that is asked for is done
	kick    chan struct{} // snap is new
}

// New returns a bridge that nobody hears of before Follow runs.
func New(o Options) *Bridge {
	return &Bridge{opts: o, snap: &snapshot{}, kick: make(chan struct{}, 1), acting: make(chan struct{}, 1)}
}

// Window is a tree as a window of the application.
type Window struct {
	b      *Bridge
	tree   Tree
	number uint64
	name   string
	at     geom.Point
	active bool
	dirty  bool

	// Acted is called on the owner's goroutine after a client has acted on the
	// tree: a frame may be due. It may be nil.
	Acted func()
}

// Open adds a window. Name says what it is where the tree doesn't.
func (b *Bridge) Open(t Tree, name string) *Window {
	b.numbers++
	w := &Window{b: b, tree: t, number: b.numbers, name: name}
	b.windows = append(b.windows, w)
	w.Changed()
	return w
}

// Close removes the window.
func (w *Window) Close() {
	w.b.windows = slices.DeleteFunc(w.b.windows, func(o *Window) bool { return o == w })
	w.b.changed()
}

// Changed says that the tree may mean something else than before. It costs
// nothing if no client listens, else one walk.
func (w *Window) Changed() {
	w.dirty = true
	w.b.changed()
}

// Place says where the window's corner is in the space of all outputs, in
// logical pixels.
func (w *Window) Place(at geom.Point) {
	if w.at != at {
		w.at = at
		w.Changed()
	}
}

// Activate says whether the window has the keyboard.
func (w *Window) Activate(active bool) {
	if w.active != active {
		w.active = active
		w.Changed()
	}
}

// Walks returns how often a tree was walked.
func (b *Bridge) Walks() uint64 { return b.walks.Load() }

func (b *Bridge) changed() {
	if b.heard.Load() {
		b.walk()
		return
	}
	b.mu.Lock()
	b.stale = true
	b.mu.Unlock()
}

// walk makes a new snapshot. It runs on the owner's goroutine.
func (b *Bridge) walk() {
	b.mu.Lock()
	old := b.snap
	b.mu.Unlock()
	next := &snapshot{trees: make([]*tree, 0, len(b.windows))}
	for _, w := range b.windows {
		var t *tree
		if i := old.windowAt(w); i >= 0 && !w.dirty {
			t = old.trees[i]
		} else {
			b.walks.Add(1)
			w.dirty = false
			t = grow(w, w.tree.Semantics())
		}
		next.trees = append(next.trees, t)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.snap, b.stale = next, false
	if b.told == nil {
		b.told = next
	}
	if b.waiting != nil {
		close(b.waiting)
		b.waiting = nil
	}
	select {
	case b.kick <- struct{}{}:
	default:
	}
}

// current returns the windows as they are now. It is called on any goroutine
// but the owner's.
func (b *Bridge) current(ctx context.Context) (*snapshot, error) {
	b.mu.Lock()
	if !b.stale {
		defer b.mu.Unlock()
		if b.told == nil {
			b.told = b.snap
		}
		return b.snap, nil
	}
	done := b.waiting
	if done == nil {
		done = make(chan struct{})
		b.waiting = done
		b.opts.Post(b.walk)
	}
	b.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.snap, nil
}

// do runs fn on the owner's goroutine with what a window's element is now, and
// returns what it said; false if the window or the element is gone.
func (b *Bridge) do(ctx context.Context, n *node, fn func(Tree) bool) (bool, error) {
	select {
	case b.acting <- struct{}{}:
		defer func() { <-b.acting }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	done := make(chan bool, 1)
	b.opts.Post(func() {
		ok := slices.Contains(b.windows, n.win) && fn(n.win.tree)
		if ok {
			n.win.Changed()
			if n.win.Acted != nil {
				n.win.Acted()
			}
		}
		done <- ok
	})
	select {
	case ok := <-done:
		return ok, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// hear says whether clients listen.
func (b *Bridge) hear(on bool) {
	if b.heard.Swap(on) == on {
		return
	}
	if told := b.opts.Listening; told != nil {
		b.opts.Post(func() { told(on) })
	}
	if on {
		b.opts.Post(b.walk)
		return
	}
	b.mu.Lock()
	b.told = nil
	b.mu.Unlock()
}

// news returns what clients were told of last and what is now, and takes the
// latter for told.
func (b *Bridge) news() (before, now *snapshot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before, now = b.told, b.snap
	if before != nil {
		b.told = now
	}
	return before, now
}
