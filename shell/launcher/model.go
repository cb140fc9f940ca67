package launcher

import (
	"context"
	"strings"
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
	"rayos/shell/find"
)

// MaxRows is how many rows there are at most.
const MaxRows = 8

// How many rows some kinds get.
const (
	maxRecent   = 5
	maxCommands = 3 // below what is found, when the line isn't clearly a command
)

// Model is the state of the panel. History, Lines and Now are set before the
// first use; Now is the time by which choices age.
type Model struct {
	History *find.History // of what was chosen; may be nil
	Lines   *Lines        // that were run; may be nil
	Now     func() time.Time
	// Local answers questions at once, from what the session knows; may be nil.
	Local Proposer
	// Reader understands lines that no command has; may be nil.
	Reader Reader
	// Adviser is the name of somebody who can be asked about a line, "" for
	// nobody: a row offers it. What comes of it is told by Advise and Suggest.
	Adviser string
	// Turned is told what becomes of the line without anything being chosen, and
	// whether the Reader had understood it; may be nil.
	Turned func(t Turn, line string, said bool)

	world  World
	finder finder
	line   string
	asking uint64 // names the line for proposals that come late

	rows []Proposal
	late []Proposal // of rows, those that came late
	said *Proposal  // by the adviser about this line
	pick int        // of rows
	held bool       // the person has moved to a row of this line

	acting bool // the actions of the picked row are shown instead of the rows
	act    int

	reading string // key of the Reply that is shown instead of the rows, "" for none
	source  int    // of its sources
	scroll  int32  // of its text, in logical pixels; see Panel.scrolled

	past  int // how far back in Lines the line is, 0 for not
	draft string

	card  *Card     // asks before the chosen act; nil for none
	asker *Proposal // that card is of
	yes   bool      // of the card: do it
	// second is whether the card is about the second act of the row.
	second bool

	asked  Asked // the line that was run last; ID 0 is none
	lastID uint64
	undo   string // what can be taken back
}

// Open empties the line.
func (m *Model) Open(w World) {
	m.asked = Asked{}
	m.see(w)
	m.set("")
}

// See takes over a world that has changed while the panel is open.
func (m *Model) See(w World) {
	m.see(w)
	m.refresh(true)
}

func (m *Model) see(w World) {
	m.world = w
	m.finder.history, m.finder.now = m.History, m.Now
	m.finder.set(&m.world)
}

// World is what the rows were made of. It is the model's.
func (m *Model) World() *World { return &m.world }

// Line returns what is typed, and the number by which Late knows it.
func (m *Model) Line() (line string, asking uint64) { return m.line, m.asking }

// Type takes the line over as it is in the field now.
func (m *Model) Type(line string) {
	if line == m.line {
		return
	}
	m.past = 0
	m.change(line, m.held)
}

// set replaces the line, as when it is filled in.
func (m *Model) set(line string) { m.change(line, false) }

func (m *Model) change(line string, keep bool) {
	m.line = line
	m.asking++
	m.acting, m.card, m.asker = false, nil, nil
	m.late, m.said = nil, nil
	m.leave()
	m.refresh(keep)
}

// refresh asks those who answer at once. With keep the rows down to the picked
// one stay, as far as they still fit.
func (m *Model) refresh(keep bool) {
	fresh := m.answers()
	for _, p := range m.late {
		fresh.add(p)
	}
	if !keep {
		m.rows, m.pick, m.held, m.acting = fresh, 0, false, false
		m.leave()
		return
	}
	picked := ""
	kept := make([]Proposal, 0, MaxRows)
	for i := range m.rows {
		if i > m.pick {
			break
		}
		if k := indexOf(fresh, m.rows[i].Key); k >= 0 {
			kept = append(kept, fresh[k])
			if i == m.pick {
				picked = fresh[k].Key
			}
		}
	}
	for i := range fresh {
		if indexOf(kept, fresh[i].Key) < 0 {
			kept = append(kept, fresh[i])
		}
	}
	m.rows = kept[:min(len(kept), MaxRows)]
	m.pick = max(indexOf(m.rows, picked), 0)
	m.held = m.held && picked != ""
	m.acting = m.acting && picked != ""
	m.act = min(m.act, max(len(m.actions())-1, 0))
	if m.reading != picked {
		m.leave()
	}
}

func indexOf(rows []Proposal, key string) int {
	for i := range rows {
		if rows[i].Key == key {
			return i
		}
	}
	return -1
}

// answers are the rows for the line: a result, a command that is meant, what is
// found, what the line could become.
func (m *Model) answers() rowList {
	var rows rowList
	line := strings.TrimLeft(flat(m.line), " ")
	switch {
	case strings.TrimSpace(line) == "":
		for _, p := range m.finder.recent(maxRecent) {
			rows.add(p)
		}
		for _, e := range examples {
			rows.add(Proposal{Key: "example:" + e.line, Kind: Example, Title: e.line, Note: lang.T(e.note), Acts: []Act{{Fill, lang.T("Try it"), e.line, ""}}})
		}
		return rows
	case line[0] == '?', strings.HasPrefix(line, "؟"):
		return m.help()
	case line[0] == ':':
		for p := range instant(shell{&m.world}, line) {
			rows.add(p)
		}
		return rows
	}
	for p := range instant(sums{}, line) {
		rows.add(p)
	}
	if m.Local != nil {
		for p := range instant(m.Local, line) {
			rows.add(p)
		}
	}
	var later []Proposal
	first := clearly(line, &m.world.Env)
	if read, sure := m.understand(line); read != nil && !first {
		if sure {
			rows.add(*read)
		} else {
			later = append(later, *read)
		}
	}
	for p := range instant(orders{&m.world}, line) {
		if first {
			rows.add(p)
		} else if len(later) < maxCommands {
			later = append(later, p)
		}
	}
	if advice := m.advice(line); advice != nil {
		later = append(later, *advice)
	}
	// Commands that may be meant have a place, however much is found.
	room := MaxRows - len(later)
	for p := range instant(&m.finder, line) {
		if len(rows) < room {
			rows.add(p)
		}
	}
	for _, p := range later {
		rows.add(p)
	}
	return rows
}

// flat is a line that has grown to several as one: between words, the end of a
// line is a space.
func flat(line string) string { return strings.ReplaceAll(line, "\n", " ") }

// instant is what a proposer that answers at once, and has no errors, says.
func instant(p Proposer, line string) func(yield func(Proposal) bool) {
	return func(yield func(Proposal) bool) {
		for proposal := range p.Propose(context.Background(), line) {
			if !yield(proposal) {
				return
			}
		}
	}
}

// clearly reports whether a line can hardly be anything but a command: it is
// one, it is refused as one, or it goes on behind a word that begins some.
func clearly(line string, env *grammar.Env) bool {
	if grammar.Parse(line, *env).Outcome != grammar.NoMatch {
		return true
	}
	return strings.Contains(strings.TrimRight(line, " "), " ") && len(grammar.Complete(line, *env)) > 0
}

// rowList is rows of which no two do the same.
type rowList []Proposal

func (r *rowList) add(p Proposal) bool {
	if len(*r) == MaxRows || len(p.Acts) == 0 {
		return false
	}
	for i := range *r {
		if o := &(*r)[i]; o.Key == p.Key || o.Acts[0].same(p.Acts[0]) || o.runs(&p) || p.runs(o) {
			return false
		}
	}
	*r = append(*r, p)
	return true
}

// runs reports whether p is the command that o runs in other words.
func (p *Proposal) runs(o *Proposal) bool {
	return o.Acts[0].Verb == Run && p.Key == "command:"+o.Acts[0].Of
}

func (m *Model) help() rowList {
	var rows rowList
	rows.add(m.manual())
	for _, h := range help {
		p := Proposal{Key: "help:" + h.title, Kind: Example, Title: lang.T(h.title), Note: h.says()}
		p.Acts = []Act{{Fill, lang.T("Try it"), h.line, h.title}}
		rows.add(p)
	}
	return rows
}

// Sought is what the line looks for, if it was read as one that looks for
// something.
func (m *Model) Sought() (text string, ok bool) {
	for i := range m.rows {
		if p := &m.rows[i]; p.Kind == File && p.Acts[0].Verb == Fill {
			return p.Acts[0].Of, true
		}
	}
	return "", false
}

// Late adds a proposal of a slow proposer below all others, or puts it in the
// place of the one with its key, and reports whether it did: not if the line is
// another by now, there is no room, a row does the same, or it is refused.
func (m *Model) Late(asking uint64, p Proposal) bool {
	if asking != m.asking {
		return false
	}
	p, ok := m.admit(p)
	if !ok {
		return false
	}
	if i := indexOf(m.late, p.Key); i >= 0 {
		k := indexOf(m.rows, p.Key)
		if p.Kind != Reply || k < 0 {
			return false // only answers grow
		}
		m.late[i], m.rows[k] = p, p
		return true
	}
	rows := rowList(m.rows)
	if !rows.add(p) {
		return false
	}
	m.rows, m.late = rows, append(m.late, p)
	return true
}

// picked is the row that Enter means, nil if there is none.
func (m *Model) picked() *Proposal {
	if m.pick >= len(m.rows) {
		return nil
	}
	return &m.rows[m.pick]
}

// actions are those of the picked row.
func (m *Model) actions() []Act {
	if p := m.picked(); p != nil {
		return p.Acts
	}
	return nil
}

// ghost is how the line goes on with the picked row.
func (m *Model) ghost() string {
	p := m.picked()
	if p == nil || m.line == "" || m.acting || m.card != nil {
		return ""
	}
	rest, ok := strings.CutPrefix(p.Line, m.line)
	if !ok || m.reading != "" {
		return ""
	}
	return rest + p.Needs
}

// Busy says what a line that was run is busy with.
func (m *Model) Busy(id uint64, what string) {
	if q := &m.asked; q.ID == id && id != 0 && q.Progress == Starting {
		q.Doing = clean(lang.T(what))
	}
}

// Answer says what came of a line that was run.
func (m *Model) Answer(id uint64, a grammar.Ack, took time.Duration) {
	q := &m.asked
	if q.ID != id || id == 0 {
		return
	}
	q.Op, q.Detail, q.Why, q.Took, q.Progress = a.Op, a.Detail, a.Why, took, OK
	if !a.OK {
		q.Progress = Failed
		if (q.Why == "" || q.Why == q.Detail) && q.Detail != "" {
			q.Why = Reason(q.Detail)
		}
	}
}

// Print says what a command behind a colon has answered.
func (m *Model) Print(id uint64, text string, took time.Duration) {
	if q := &m.asked; q.ID == id && id != 0 {
		q.Progress, q.Took, q.Out = OK, took, output(text)
	}
}

// Undoable says what was done last and can be taken back, in our own words; ""
// for nothing.
func (m *Model) Undoable(what string) { m.undo = what }

// Fail says that something else that was chosen, by the name of its act, has
// failed.
func (m *Model) Fail(what, why string) {
	m.lastID++
	m.asked = Asked{ID: m.lastID, Line: what, Progress: Failed, Why: clean(Sentence(lang.T(why)))}
}

// Asked returns the line that was run last; its ID is 0 if there is none.
func (m *Model) Asked() Asked { return m.asked }
