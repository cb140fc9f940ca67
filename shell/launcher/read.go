package launcher

import (
	"slices"
	"strconv"
	"strings"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
)

// Reader understands what people say. Read is asked at each keystroke and answers
// at once, false where a line means nothing that it knows.
type Reader interface {
	Read(line string, w *World) (Reading, bool)
}

// Reading is what a line means: what is to be done, as if it had been chosen.
type Reading struct {
	Steps []Act
	// Sure is whether it is what was meant, most likely.
	Sure bool
	// Loses has the person asked, with all arguments, before anything is done.
	Loses bool
	// Refused says that such a thing is never done from a line.
	Refused bool
}

// Turn is something that becomes of a line that the Reader has understood, or of
// a command, without the session doing anything.
type Turn uint8

// Turns.
const (
	Asking   Turn = iota // a card asks the person
	Declined             // who didn't agree
	Refused              // it is never done from a line
	FilledIn             // the line became another one
)

// told tells of a turn.
func (m *Model) told(t Turn, p *Proposal) {
	if m.Turned != nil {
		m.Turned(t, strings.TrimSpace(flat(m.line)), p.Said)
	}
}

// maxAsks bounds the arguments on a card.
const maxAsks = 8

// understand proposes what a line of several words means.
func (m *Model) understand(line string) (p *Proposal, sure bool) {
	if m.Reader == nil || len(strings.Fields(line)) < 2 {
		return nil, false
	}
	r, ok := m.Reader.Read(line, &m.world)
	if !ok {
		return nil, false
	}
	return m.reads(line, &r)
}

// reads proposes what a line was read as.
func (m *Model) reads(line string, r *Reading) (p *Proposal, sure bool) {
	switch {
	case r.Refused:
		return &Proposal{
			Key: "read:", Kind: Command, Title: lang.T("That isn’t done from here"), Note: lang.T("Nothing is deleted by a line; do it where you see it."), Wrong: true, Said: true,
			Acts: []Act{{Copy, lang.T("Copy the line"), clean(line), ""}},
		}, r.Sure
	case len(r.Steps) == 1 && !r.Loses:
		p, ok := m.world.says(r.Steps[0])
		if !ok {
			return nil, false
		}
		if strings.HasPrefix(r.Steps[0].Of, ":") {
			p.Title, p.Note = clean(line), p.Title
		}
		p.Said = true
		return &p, r.Sure
	}
	p, ok := m.several(line, r)
	return p, r.Sure && ok
}

// several proposes what is done one after the other, or asked about as a whole.
func (m *Model) several(line string, r *Reading) (*Proposal, bool) {
	all := Proposal{Key: "read:" + line, Kind: Command, Title: clean(line), Said: true, Steps: slices.Clone(r.Steps), Acts: []Act{{Each, lang.T("Do all of it"), line, ""}}}
	loses := r.Loses || slices.ContainsFunc(r.Steps, func(a Act) bool { return m.cardFor(a) != nil })
	var titles []string
	var things []Chip // that the steps are about, or else what they do
	for i, step := range r.Steps {
		p, ok := m.world.says(step)
		if !ok {
			return nil, false
		}
		if !slices.Contains(titles, p.Title) {
			titles = append(titles, p.Title)
		}
		thing, name := Chip{Text: p.Title}, p.Title
		if k := slices.IndexFunc(p.Chips, func(c Chip) bool { return c.Guest }); k >= 0 {
			thing = p.Chips[k]
		} else if len(p.Chips) > 0 {
			thing = p.Chips[0]
		}
		if len(p.Chips) > 0 && !(thing.Guest && strings.Contains(name, thing.Text)) {
			name = lang.F("{deed} “{what}”", "deed", p.Title, "what", thing.Text)
		}
		all.Steps[i].Name = name
		things = append(things, thing)
	}
	all.Chips = things[:min(len(things), maxChips)]
	if len(r.Steps) == 1 {
		all.Acts[0].Name = lang.T("Run")
	}
	for i := range r.Steps {
		if !loses {
			break
		}
		f := Fact{Name: lang.Number(i + 1), Value: all.Steps[i].Name}
		switch {
		case len(r.Steps) > 1:
		case strings.HasPrefix(r.Steps[i].Of, ":close "):
			f.Name = lang.T("Window")
		case things[i].Guest:
			f.Name = lang.T("Machine")
		}
		if len(titles) == 1 {
			f.Value, f.Trust, f.Guest = things[i].Text, things[i].Trust, things[i].Guest
		}
		all.Asks = append(all.Asks, f)
		if card := m.cardFor(r.Steps[i]); card != nil {
			all.Asks = append(all.Asks, card.Facts[len(card.Facts)-1]) // what is lost
		}
	}
	all.Note = clean(strings.Join(titles, " · "))
	if len(titles) == 1 && len(r.Steps) > 1 {
		all.Note += " × " + lang.Number(len(r.Steps))
	}
	if more := len(all.Asks) - maxAsks; more > 0 {
		all.Asks = append(all.Asks[:maxAsks-1], Fact{Name: lang.T("and more"), Value: lang.Number(more + 1)})
	}
	return &all, true
}

// says is an act as a proposal; false for one of something that is gone.
func (w *World) says(a Act) (Proposal, bool) {
	p := Proposal{Key: "read:" + strconv.Itoa(int(a.Verb)) + ":" + a.Of + ":" + a.With, Kind: Command, Title: a.Name, Acts: []Act{a}}
	switch a.Verb {
	case Launch:
		for _, app := range w.Apps {
			if app.ID == a.Of {
				p.Kind, p.Title, p.Note, p.Icon, p.Key = Application, clean(app.Name), clean(app.GenericName), app.Icon, "app:"+app.ID
				return p, p.Title != ""
			}
		}
		return p, false
	case Show, Close, Minimise:
		i := slices.IndexFunc(w.Windows, func(win WindowInfo) bool { return win.ID == a.Of })
		if i < 0 {
			return p, false
		}
		win := &w.Windows[i]
		p.Trust, p.Guest = win.Trust, win.Guest
		p.Chips = []Chip{{Text: clean(win.Title), Trust: win.Trust, Guest: win.Guest}}
	case Switch:
		n, err := strconv.Atoi(a.Of)
		if err != nil || n < 0 || n >= len(w.Workspaces) {
			return p, false
		}
		p.Chips = []Chip{{Text: lang.F("Workspace {name}", "name", lang.Number(n+1))}}
	case Run:
		return w.runs(a)
	case Fill:
		p.Kind, p.Title, p.Note = File, clean(a.Of), lang.T("Search")
	}
	return p, p.Title != ""
}

// runs is a whole line as a proposal: one of the grammar, or of the table.
func (w *World) runs(a Act) (Proposal, bool) {
	if strings.HasPrefix(a.Of, ":") {
		for p := range instant(shell{w}, a.Of) {
			if p.Wrong || p.Acts[0].Verb != Run {
				return p, false
			}
			p.Title, p.Note, p.Kind = capital(p.Note), "", Command
			p.Chips = w.named(p.Chips[1:])
			return p, true
		}
		return Proposal{}, false
	}
	if r := grammar.Parse(a.Of, w.Env); r.Outcome == grammar.Matched {
		return orders{w}.command(&r.Command, a.Of), true
	}
	return Proposal{}, false
}

// named has titles of windows where a command has their numbers.
func (w *World) named(chips []Chip) []Chip {
	for i, c := range chips {
		id, ok := strings.CutPrefix(c.Text, "window ")
		if k := slices.IndexFunc(w.Windows, func(win WindowInfo) bool { return win.ID == id }); ok && k >= 0 {
			chips[i] = Chip{Text: clean(w.Windows[k].Title), Trust: w.Windows[k].Trust, Guest: w.Windows[k].Guest}
			continue
		}
		if _, value, ok := strings.Cut(c.Text, " "); ok {
			chips[i].Text = value
		}
	}
	return chips
}
