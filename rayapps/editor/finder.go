package editor

import (
	"context"
	"errors"
	"sort"
	"strings"
	"time"

	"rayos/rayapps"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
)

// finder looks for text in the document that is shown.
type finder struct {
	open, replacing bool
	query           buffer.Query
	with            string
	pattern         *buffer.Pattern // nil while there is nothing to look for
	why             string          // there is none
	origin          int64           // where the search began
	none            bool            // nothing was found
	busy            bool            // something is looked for or replaced

	starts  []int64 // of matches, as far as they are counted
	total   int     // of them
	counted bool    // all of them
	of      buffer.Text

	timer      *rayapps.Timer // counts again
	stopSearch context.CancelFunc
	stopCount  context.CancelFunc
}

// maxStarts bounds the matches whose places are kept, to say which one of them
// is selected.
const maxStarts = 1 << 20

// recount is how long after an edit matches are counted again.
const recount = 300 * time.Millisecond

func (f *finder) stop() {
	for _, cancel := range []context.CancelFunc{f.stopSearch, f.stopCount} {
		if cancel != nil {
			cancel()
		}
	}
	f.stopSearch, f.stopCount, f.busy = nil, nil, false
}

// openFind shows the bar, with what is selected in it.
func (ed *Editor) openFind(replacing bool) {
	f := &ed.find
	d := ed.doc()
	start, end := d.span()
	f.origin = start
	if s := string(d.text().Slice(start, min(end, start+buffer.MaxQuery))); end > start && end-start < 200 && !strings.ContainsAny(s, "\n") {
		f.query.Text = s
	}
	f.open, f.replacing = true, replacing || f.replacing && f.open
	f.anew(ed)
	ed.w.Post(func() {
		ed.w.Invalidate()
		ed.w.Root().Layout()
		focusNamed(ed.w.Root(), lang.T("Find"))
	})
}

// focusNamed gives a field the keyboard, and selects what is in it.
func focusNamed(r *ui.Root, name string) {
	var walk func(i *ui.Info) bool
	walk = func(i *ui.Info) bool {
		if i.Role == ui.RoleEntry && i.Name == name {
			r.Do(i.ID, ui.DoFocus, "")
			return r.Event(&ui.Keystroke{Sym: 'a', Mods: ui.Ctrl})
		}
		for _, k := range i.Children {
			if walk(k) {
				return true
			}
		}
		return false
	}
	walk(r.Semantics())
}

func (ed *Editor) closeFind() {
	f := &ed.find
	f.stop()
	f.open, f.pattern = false, nil
	ed.doc().found.pattern = nil
	ed.focusText()
}

// ask looks for something else.
func (f *finder) ask(ed *Editor, q buffer.Query) {
	f.query = q
	f.anew(ed)
	if f.pattern != nil {
		ed.seek(f.origin, true)
	}
}

// anew compiles the query for the document that is shown.
func (f *finder) anew(ed *Editor) {
	f.stop()
	f.pattern, f.why, f.none = nil, "", false
	f.starts, f.total, f.counted, f.of = nil, 0, false, buffer.Text{}
	for _, d := range ed.docs {
		d.found.pattern = nil
	}
	if !f.open {
		return
	}
	p, err := buffer.Compile(f.query)
	switch {
	case err == nil:
		f.pattern = p
		ed.doc().found.pattern = p
		ed.count()
	case !errors.Is(err, buffer.ErrEmpty):
		f.why = err.Error()
	}
}

// moved is told that text or selection are other ones.
func (f *finder) moved(ed *Editor) {
	if !f.open || f.pattern == nil || f.timer == nil || f.of.Same(ed.doc().text()) {
		return
	}
	f.counted = false
	f.timer.Reset(recount)
}

// count counts the matches, in the background.
func (ed *Editor) count() {
	f := &ed.find
	if f.stopCount != nil {
		f.stopCount()
		f.stopCount = nil
	}
	if f.pattern == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.stopCount = cancel
	t, p := ed.doc().text(), f.pattern
	f.of = t
	go func() {
		var starts []int64
		total := 0
		last := time.Now()
		tell := func(all bool) {
			n, s := total, starts
			ed.w.Post(func() {
				if ctx.Err() == nil {
					f.total, f.starts, f.counted = n, s, all
				}
			})
		}
		err := p.Scan(ctx, t, 0, t.Len(), func(m buffer.Match) bool {
			if total++; len(starts) < maxStarts {
				starts = append(starts, m.Start)
			}
			if total%1024 == 0 {
				if now := time.Now(); now.Sub(last) > toldEvery {
					last = now
					tell(false)
				}
			}
			return ctx.Err() == nil
		})
		if err == nil {
			tell(true)
		}
	}()
}

// result says what was found.
func (f *finder) result(v *view) string {
	switch {
	case f.pattern == nil:
		return f.why
	case f.none || f.counted && f.total == 0:
		return lang.T("Not found")
	case f.busy && f.total == 0:
		return lang.T("Searching…")
	}
	start, _ := v.span()
	i := sort.Search(len(f.starts), func(i int) bool { return f.starts[i] >= start })
	n := lang.Number(f.total)
	if !f.counted {
		n += "+"
	}
	if i < len(f.starts) && f.starts[i] == start && v.selected() {
		return lang.F("{i} of {n}", "i", lang.Number(i+1), "n", n)
	}
	if !f.counted {
		return lang.F("{n} found", "n", n)
	}
	return lang.N("{n} found", "{n} found", f.total)
}

// next goes to the match behind the selection, or the one before it.
func (ed *Editor) next(forward bool) {
	f := &ed.find
	if f.pattern == nil {
		return
	}
	start, end := ed.doc().span()
	if forward {
		ed.seek(max(end, start), true)
	} else {
		ed.seek(start, false)
	}
	f.origin = start
}

// seek looks for a match from an offset on, or before it, in the background, and
// selects it.
func (ed *Editor) seek(from int64, forward bool) {
	f := &ed.find
	if f.stopSearch != nil {
		f.stopSearch()
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.stopSearch = cancel
	f.busy, f.none = true, false
	d, p := ed.doc(), f.pattern
	t, sel := d.text(), d.sel
	go func() {
		var m buffer.Match
		var found bool
		var err error
		if forward {
			m, found, err = p.Next(ctx, t, from)
			if found && m.End == m.Start && m.Start == sel.Caret && sel.Anchor == sel.Caret {
				m, found, err = p.Next(ctx, t, from+1)
			}
		} else {
			m, found, err = p.Previous(ctx, t, from)
		}
		ed.w.Post(func() {
			if ctx.Err() != nil {
				return
			}
			f.busy, f.none = false, err == nil && !found
			if found && d.text().Same(t) {
				d.choose(m.Start, m.End)
			}
		})
	}()
}

// replace replaces the match that is selected, and goes to the next one.
func (ed *Editor) replace() {
	f := &ed.find
	d := ed.doc()
	if f.pattern == nil || d.fixed {
		return
	}
	start, end := d.span()
	hit := f.pattern.In(d.text(), start, end, 1)
	if len(hit) == 1 && hit[0] == (buffer.Match{Start: start, End: end}) {
		d.replace(start, end-start, f.pattern.Replacement(d.text(), hit[0], f.with), buffer.Other)
	}
	ed.next(true)
}

// replaceAll replaces all matches as one step, in the background.
func (ed *Editor) replaceAll() {
	f := &ed.find
	d := ed.doc()
	if f.pattern == nil || d.fixed || f.busy {
		return
	}
	f.stop()
	ctx, cancel := context.WithCancel(context.Background())
	f.stopSearch = cancel
	f.busy = true
	d.fixed = true
	t, p, with, sel := d.text(), f.pattern, f.with, d.sel
	go func() {
		made, n, cost, err := p.ReplaceAll(ctx, t, with, nil)
		ed.w.Post(func() {
			d.fixed = false
			if ctx.Err() == nil {
				f.busy = false
			}
			switch {
			case err != nil && !errors.Is(err, context.Canceled):
				ed.say(err.Error())
			case err == nil && n > 0:
				d.buf.Set(made, sel, cost)
				at := min(sel.Caret, made.Len())
				d.choose(at, at)
				ed.say(lang.N("{n} match replaced", "{n} matches replaced", n))
			}
			ed.count()
		})
	}()
}
