package iconload

import (
	"cmp"
	"log/slog"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"rayos/gpu/render"
	"rayos/rayapps/paint"
)

// Limits of what is kept.
const (
	maxKept  = 1000     // icons, those that there aren't too
	maxBytes = 16 << 20 // of pixels
	maxAsked = 500      // that are awaited
)

// Options says what a loader is made of.
type Options struct {
	Config Config
	// Post runs a function on the loader's goroutine, from another one.
	Post func(func())
	// Changed is called on the loader's goroutine when icons have come that
	// Lookup was asked for. It may be nil.
	Changed func()
	// Log is told which icons can't be read; nil is nobody.
	Log *slog.Logger
}

// Loader looks icons up and keeps those that were asked for.
type Loader struct {
	o      Options
	kept   map[want]*entry
	clock  uint64 // counts lookups
	bytes  int
	queue  []want
	busy   bool // the other goroutine is at work
	fresh  bool // themes are to be read anew
	shelf  *shelf
	closed bool
}

// want is an icon that is asked for.
type want struct {
	dir   string // of pictures that come first, "" for none
	name  string
	size  int
	scale int
	px    int
}

type entry struct {
	image *paint.Image // nil if there is none, or not yet
	bytes int
	used  uint64
	done  bool
}

// New returns a loader. It reads nothing before the first Lookup.
func New(o Options) *Loader {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Loader{o: o, kept: map[want]*entry{}, fresh: true}
}

// Lookup returns the icon of a name, for a square of size logical pixels. It
// returns nil if there is none, or it has not come yet: Changed is called when
// it has. A name may be a path, as in .desktop files. The image has at most
// size×scale pixels a side; it may be smaller, and need not be a square.
func (l *Loader) Lookup(name string, size int, scale float64) *paint.Image {
	return l.LookupIn("", name, size, scale)
}

// LookupIn is Lookup that looks in a folder first, as programs name one for the
// icons that they bring along.
func (l *Loader) LookupIn(dir, name string, size int, scale float64) *paint.Image {
	if name == "" || len(name) > 4096 || strings.ContainsRune(name, 0) || size < 1 || !(scale > 0) {
		return nil
	}
	w := want{dir: dir, name: name, size: min(size, maxIcon), scale: int(math.Ceil(min(scale, 8)))}
	w.px = min(int(math.Ceil(float64(w.size)*min(scale, 8))), maxIcon)
	l.clock++
	e := l.kept[w]
	if e == nil {
		if l.closed || len(l.queue) >= maxAsked {
			return nil
		}
		e = &entry{}
		l.kept[w] = e
		l.queue = append(l.queue, w)
		l.work()
	}
	e.used = l.clock
	return e.image
}

// Refresh looks anew, as when programs were installed: icons that there were
// stay until others have come in their place.
func (l *Loader) Refresh() {
	l.fresh = true
	for w, e := range l.kept {
		if e.done && e.image == nil {
			delete(l.kept, w)
		}
	}
	if l.o.Changed != nil {
		l.o.Changed()
	}
}

// SetTheme chooses another theme.
func (l *Loader) SetTheme(name string) {
	if name == l.o.Config.Theme {
		return
	}
	l.o.Config.Theme = name
	for w, e := range l.kept {
		if e.done {
			delete(l.kept, w)
		}
	}
	l.bytes = 0
	l.Refresh()
}

// Close ends the loader. What was found stays.
func (l *Loader) Close() { l.closed, l.queue = true, nil }

// loaded is what came of a want.
type loaded struct {
	want
	pix render.Pixels
	err error
}

// work has another goroutine load what is awaited.
func (l *Loader) work() {
	if l.busy || len(l.queue) == 0 || l.closed {
		return
	}
	list, shelf, config := l.queue, l.shelf, l.o.Config
	if l.fresh {
		shelf, l.fresh = nil, false
	}
	l.queue, l.busy = nil, true
	go func() {
		if shelf == nil {
			shelf = newShelf(config)
		}
		got := make([]loaded, len(list))
		for i, w := range list {
			got[i].want = w
			if file := shelf.file(w); file != "" {
				got[i].pix, got[i].err = loadFile(file, w.px)
			}
		}
		l.o.Post(func() { l.take(shelf, got) })
	}()
}

// file returns where an icon is, "" for nowhere.
func (s *shelf) file(w want) string {
	if filepath.IsAbs(w.name) {
		if end := filepath.Ext(w.name); slices.Contains(endings, end) {
			return w.name
		}
		return ""
	}
	name := w.name
	for _, end := range append(endings, ".xpm") {
		name = strings.TrimSuffix(name, end) // some write it, though they shouldn't
	}
	if !plain(name) {
		return ""
	}
	if filepath.IsAbs(w.dir) {
		if file := anywhere([]string{w.dir}, name); file != "" {
			return file
		}
	}
	return s.find(name, w.size, w.scale)
}

// take keeps what has come.
func (l *Loader) take(s *shelf, got []loaded) {
	l.busy, l.shelf = false, s
	some := false
	for i := range got {
		g := &got[i]
		if g.err != nil {
			l.o.Log.Debug("icon", "name", g.name, "err", g.err)
		}
		e := l.kept[g.want]
		if e == nil {
			continue // forgotten meanwhile
		}
		if e.done = true; g.pix.Data == nil {
			continue
		}
		m, err := paint.NewImage(g.pix)
		if err != nil {
			l.o.Log.Debug("icon", "name", g.name, "err", err)
			continue
		}
		e.image, e.bytes, some = m, len(g.pix.Data), true
		l.bytes += e.bytes
	}
	l.forget()
	l.work()
	if some && !l.closed && l.o.Changed != nil {
		l.o.Changed()
	}
}

// forget drops what was not looked up for the longest time, if there is too
// much.
func (l *Loader) forget() {
	if len(l.kept) <= maxKept && l.bytes <= maxBytes {
		return
	}
	old := slices.SortedFunc(maps.Keys(l.kept), func(a, b want) int { return cmp.Compare(l.kept[a].used, l.kept[b].used) })
	for _, w := range old {
		if len(l.kept) <= maxKept*3/4 && l.bytes <= maxBytes*3/4 {
			return
		}
		if e := l.kept[w]; e.done {
			l.bytes -= e.bytes
			delete(l.kept, w)
		}
	}
}
