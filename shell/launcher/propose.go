package launcher

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"rayos/shell/apps"
	"rayos/shell/calc"
	"rayos/shell/control/grammar"
	"rayos/shell/find"
)

// finder proposes what is found by name. It answers at once.
type finder struct {
	live, installed shelf
	apps            []*apps.App // that installed was made of
	pages           []PageInfo
	history         *find.History
	now             func() time.Time
}

// shelf is an index with what it finds.
type shelf struct {
	index find.Index
	byKey map[string]*Proposal
}

func (s *shelf) set(t things) {
	s.index.Set(t.items)
	s.byKey = make(map[string]*Proposal, len(t.list))
	for i := range t.list {
		s.byKey[t.list[i].Key] = &t.list[i]
	}
}

// set takes over a world. What is installed is looked at only if it is another
// list than before.
func (f *finder) set(w *World) {
	f.live.set(w.live())
	if f.installed.byKey == nil || !same(f.apps, w.Apps) || !same(f.pages, w.Pages) {
		f.apps, f.pages = w.Apps, w.Pages
		f.installed.set(w.installed())
	}
}

// same reports whether two slices are one.
func same[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// find returns a proposal by its key, nil if there is none.
func (f *finder) find(key string) *Proposal {
	if p := f.live.byKey[key]; p != nil {
		return p
	}
	return f.installed.byKey[key]
}

// Propose implements Proposer.
func (f *finder) Propose(_ context.Context, line string) iter.Seq2[Proposal, error] {
	return func(yield func(Proposal, error) bool) {
		a := f.live.index.Search(line, MaxRows, f.history, f.now())
		b := f.installed.index.Search(line, MaxRows, f.history, f.now())
		for range min(len(a)+len(b), MaxRows) {
			from := &a
			if len(a) == 0 || len(b) > 0 && b[0].Score > a[0].Score {
				from = &b
			}
			hit := (*from)[0]
			*from = (*from)[1:]
			if !yield(f.line(*f.find(hit.Item.Key), line), nil) {
				return
			}
		}
	}
}

// line completes a name that was begun.
func (*finder) line(p Proposal, typed string) Proposal {
	if n := len(typed); len(p.Title) > n && utf8.RuneStart(p.Title[n]) && strings.EqualFold(p.Title[:n], typed) {
		p.Line = typed + p.Title[len(typed):]
	}
	return p
}

// recent proposes what was chosen most of late.
func (f *finder) recent(n int) []Proposal {
	var list []Proposal
	if f.history == nil {
		return nil
	}
	for _, key := range f.history.Recent(f.now()) {
		if p := f.find(key); p != nil && len(list) < n {
			list = append(list, *p)
		}
	}
	return list
}

// sums proposes the result of arithmetic. It answers at once.
type sums struct{}

// Propose implements Proposer.
func (sums) Propose(_ context.Context, line string) iter.Seq2[Proposal, error] {
	return func(yield func(Proposal, error) bool) {
		r, err := calc.Eval(line)
		if err != nil {
			return // another's line, or half a one
		}
		text := r.String()
		yield(Proposal{
			Key: "answer", Kind: Answer, Title: text, Note: clean(line),
			Acts: []Act{{Copy, "Copy the result", text, ""}, {Fill, "Go on with it", text + " ", ""}},
		}, nil)
	}
}

// orders proposes commands of the session: what the line means, then how it can
// go on. It answers at once.
type orders struct{ world *World }

// Propose implements Proposer.
func (o orders) Propose(_ context.Context, line string) iter.Seq2[Proposal, error] {
	return func(yield func(Proposal, error) bool) {
		r := grammar.Parse(line, o.world.Env)
		switch r.Outcome {
		case grammar.Matched:
			if !yield(o.command(&r.Command, line), nil) {
				return
			}
		case grammar.Ambiguous:
			for i := range r.Choices {
				if !yield(o.command(&r.Choices[i], r.Choices[i].Line()), nil) {
					return
				}
			}
			return
		}
		for _, c := range grammar.Complete(line, o.world.Env) {
			p := Proposal{}
			if c.Needs == "" {
				if !o.world.sensible(c.Command) {
					continue
				}
				p = o.command(&c.Command, c.Line)
			} else {
				p = o.begun(&c)
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

// command proposes a whole command that a line asks for.
func (o orders) command(c *grammar.Command, line string) Proposal {
	p := Proposal{
		Key: "command:" + c.Line(), Kind: Command, Line: line, Chips: o.world.chips(c),
		Acts: []Act{{Run, "Run", line, ""}, {Fill, "Edit the line", line, ""}, {Copy, "Copy the line", line, ""}},
	}
	p.Title, p.Note = o.world.title(c)
	if m, ok := o.world.Machines[c.VM]; ok {
		p.Trust, p.Guest = m.Trust, true
	}
	return p
}

// begun proposes to go on with a command that lacks what only the person knows.
func (o orders) begun(c *grammar.Completion) Proposal {
	cmd := grammar.Command{Verb: c.Verb, Kind: c.Kind}
	p := Proposal{
		Key: "begun:" + c.Line, Kind: Command, Line: c.Line, Needs: needs(c.Needs), Chips: o.world.chips(&cmd),
		Acts: []Act{{Fill, "Go on", c.Line, ""}},
	}
	p.Title, _ = o.world.title(&cmd)
	p.Note = "then " + p.Needs
	return p
}

// Files is a Proposer of files. It is slow: see Gather.
type Files struct {
	// Find gives found the absolute paths that fit a line, the best first, until
	// found returns false or ctx ends.
	Find func(ctx context.Context, line string, found func(path string) bool) error
}

var errNotAbsolute = errors.New("a file that was found has no absolute path")

// Propose implements Proposer.
func (f Files) Propose(ctx context.Context, line string) iter.Seq2[Proposal, error] {
	return func(yield func(Proposal, error) bool) {
		more := true
		err := f.Find(ctx, line, func(path string) bool {
			if !filepath.IsAbs(path) {
				more = false
				yield(Proposal{}, errNotAbsolute)
				return false
			}
			more = yield(Proposal{
				Key: "file:" + path, Kind: File, Title: clean(filepath.Base(path)), Note: clean(filepath.Dir(path)),
				Acts: []Act{{Open, "Open", path, ""}, {Reveal, "Show in its folder", path, ""}, {Copy, "Copy its path", path, ""}},
			}, nil)
			return more
		})
		if err != nil && more {
			yield(Proposal{}, err)
		}
	}
}
