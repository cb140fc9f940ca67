package launcher

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"rayos/rayapps/lang"
	"rayos/shell/apps"
	"rayos/shell/calc"
	"rayos/shell/control/grammar"
	"rayos/shell/find"
)

// finder proposes what is found by name. It answers at once.
type finder struct {
	live      shelf
	installed *Installed
	pages     shelf
	listed    []PageInfo  // that pages was made of
	spoken    lang.Locale // in which pages is called
	history   *find.History
	now       func() time.Time
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

// Installed are the applications, ready to be found.
type Installed struct {
	shelf
	apps   []*apps.App
	spoken lang.Locale // in which they are called
}

// Prepare makes applications ready to be found. For thousands that takes
// milliseconds, so it is for the goroutine that has read them; what it returns
// belongs to whoever it is handed to.
func Prepare(list []*apps.App) *Installed {
	x := &Installed{apps: list, spoken: lang.Now()}
	x.set(installed(list))
	return x
}

// Apps returns the applications; nil has none.
func (x *Installed) Apps() []*apps.App {
	if x == nil {
		return nil
	}
	return x.apps
}

// fits reports whether they are these, in the language that is spoken now.
func (x *Installed) fits(list []*apps.App) bool {
	return x != nil && same(x.apps, list) && x.spoken == lang.Now()
}

// set takes over a world. What seldom changes is looked at only if it is another
// list than before, or in another language.
func (f *finder) set(w *World) {
	f.live.set(w.live())
	switch {
	case f.installed.fits(w.Apps):
	case w.Ready.fits(w.Apps):
		f.installed = w.Ready
	default:
		f.installed = Prepare(w.Apps)
	}
	if f.pages.byKey == nil || !same(f.listed, w.Pages) || f.spoken != lang.Now() {
		f.listed, f.spoken = w.Pages, lang.Now()
		f.pages.set(w.settings())
	}
}

// same reports whether two slices are one.
func same[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// shelves are where things are, those first that are meant among equals.
func (f *finder) shelves() [3]*shelf { return [...]*shelf{&f.live, &f.installed.shelf, &f.pages} }

// find returns a proposal by its key, nil if there is none.
func (f *finder) find(key string) *Proposal {
	for _, s := range f.shelves() {
		if p := s.byKey[key]; p != nil {
			return p
		}
	}
	return nil
}

// Propose implements Proposer.
func (f *finder) Propose(_ context.Context, line string) iter.Seq2[Proposal, error] {
	return func(yield func(Proposal, error) bool) {
		var found [3][]find.Found
		for i, s := range f.shelves() {
			found[i] = s.index.Search(line, MaxRows, f.history, f.now())
		}
		for range MaxRows {
			best := -1
			for i := range found {
				if len(found[i]) > 0 && (best < 0 || found[i][0].Score > found[best][0].Score) {
					best = i
				}
			}
			if best < 0 {
				return
			}
			hit := found[best][0]
			found[best] = found[best][1:]
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
			Acts: []Act{{Copy, lang.T("Copy the result"), text, ""}, {Fill, lang.T("Go on with it"), text + " ", ""}},
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
		Acts: []Act{{Run, lang.T("Run"), line, ""}, {Fill, lang.T("Edit the line"), line, ""}, {Copy, lang.T("Copy the line"), line, ""}},
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
		Acts: []Act{{Fill, lang.T("Go on"), c.Line, ""}},
	}
	p.Title, _ = o.world.title(&cmd)
	p.Note = lang.F("then {what}", "what", p.Needs)
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
				Acts: []Act{{Open, lang.T("Open"), path, ""}, {Reveal, lang.T("Show in its folder"), path, ""}, {Copy, lang.T("Copy its path"), path, ""}},
			}, nil)
			return more
		})
		if err != nil && more {
			yield(Proposal{}, err)
		}
	}
}
