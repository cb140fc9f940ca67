package prompt

import (
	"strings"
	"time"

	"rayos/shell/control/grammar"
	"rayos/shell/theme"
)

// World is what lines can be about while the panel is open.
type World struct {
	Env grammar.Env
	// Machines are those of Env, for people.
	Machines map[string]Machine // by id
	// Sensible says whether a command would change anything now. Others are not
	// offered; entered, they run all the same. It may be nil.
	Sensible func(grammar.Command) bool
}

// Machine is a virtual machine as people know it.
type Machine struct {
	Name  string
	State string // "running, hidden"
	Trust theme.Trust
}

// Limits of what is shown.
const (
	maxOffers = 5
	maxAsked  = 8
)

// Model is the state of the panel. The zero value is a panel that was never
// open and has no history.
type Model struct {
	History *History

	line  Line
	world World
	draft string // what was entered before the history was looked at
	past  int    // how far back in the history the line is, 0 for not

	means  grammar.Result
	offers []Offer // how the line can go on, or what it can mean
	pick   int     // of offers, -1 for none
	tried  bool    // Enter was pressed and the line can't run
	asked  []Asked // newest last
	lastID uint64
}

// Offer is a line to choose.
type Offer struct {
	Line  string
	Title string // what it does
	Note  string // about what it does it to
	Needs string // what is missing
	Trust theme.Trust
	VM    bool

	command grammar.Command // without what it needs
}

// Progress is how far a line is.
type Progress uint8

// Progress.
const (
	Starting Progress = iota
	OK
	Failed
)

func (p Progress) String() string { return [...]string{"…", "ok", "err"}[p] }

// Asked is a line that was run.
type Asked struct {
	ID       uint64
	Line     string
	Progress Progress
	Op       string        // of the acknowledgement, "" if there is none
	Detail   string        // of the acknowledgement
	Why      string        // of a failure, for people
	Took     time.Duration // until the answer
}

// Open empties the line.
func (m *Model) Open(w World) {
	m.line = Line{}
	m.past, m.draft, m.pick = 0, "", -1
	m.See(w)
}

// See takes over what lines can be about, as when a machine has come or gone.
func (m *Model) See(w World) {
	m.world = w
	m.understand()
}

// Line returns what is entered.
func (m *Model) Line() string { return m.line.Text() }

// Selected returns the part of the line that is selected.
func (m *Model) Selected() string { return m.line.Selected() }

// Insert puts text at the caret, in the place of what is selected.
func (m *Model) Insert(text string) { m.edit(func(l *Line) { l.Insert(text) }) }

// edit changes the line.
func (m *Model) edit(change func(*Line)) {
	change(&m.line)
	m.past, m.pick, m.tried = 0, -1, false
	m.understand()
}

// understand finds out what the line means and how it can go on.
func (m *Model) understand() {
	text := m.line.Text()
	m.means = grammar.Parse(text, m.world.Env)
	m.offers = m.offers[:0]
	switch {
	case strings.TrimSpace(text) == "":
	case m.means.Outcome == grammar.Ambiguous:
		for i := range m.means.Choices {
			c := &m.means.Choices[i]
			m.offer(Offer{Line: c.Line()}, c)
		}
	default:
		if m.means.Outcome == grammar.Matched {
			m.offer(Offer{Line: text}, &m.means.Command)
		}
		for _, c := range grammar.Complete(text, m.world.Env) {
			o := Offer{Line: c.Line, Needs: c.Needs}
			cmd := c.Command
			if c.Needs != "" {
				cmd = grammar.Command{Verb: c.Verb, Kind: c.Kind, VM: m.main(c.Kind)}
			}
			if m.world.Sensible == nil || m.world.Sensible(cmd) {
				m.offer(o, &cmd)
			}
		}
	}
	m.pick = min(m.pick, len(m.offers)-1)
}

// main is the machine that a kind means, "" if that isn't clear.
func (m *Model) main(k grammar.Kind) string {
	only, n := "", 0
	for _, v := range m.world.Env.Machines {
		if v.Kind != k {
			continue
		}
		if v.Main {
			return v.ID
		}
		only = v.ID
		n++
	}
	if n != 1 {
		return ""
	}
	return only
}

// offer adds a line to choose, if there is room.
func (m *Model) offer(o Offer, c *grammar.Command) {
	if len(m.offers) == maxOffers {
		return
	}
	for i := range m.offers {
		if o.Needs == "" && m.offers[i].Needs == "" && m.offers[i].command == *c {
			return
		}
	}
	o.command = *c
	o.Title, o.Note = m.title(c)
	if v, ok := m.world.Machines[c.VM]; ok {
		o.Trust, o.VM = v.Trust, true
	}
	m.offers = append(m.offers, o)
}

// ghost is how the line goes on with the first offer.
func (m *Model) ghost() string {
	if m.means.Outcome == grammar.Ambiguous || len(m.offers) == 0 {
		return ""
	}
	return strings.TrimPrefix(m.offers[0].Line, m.line.Text())
}

// take goes on with what the ghost says.
func (m *Model) take() { m.edit(func(l *Line) { l.Set(m.offers[0].Line) }) }

// tab takes the ghost, or walks through the offers.
func (m *Model) tab(back bool) {
	switch {
	case len(m.offers) == 0:
	case !back && m.pick < 0 && m.ghost() != "" && len(m.offers) == 1:
		m.take()
	case back:
		if m.pick--; m.pick < -1 {
			m.pick = len(m.offers) - 1
		}
	default:
		if m.pick++; m.pick == len(m.offers) {
			m.pick = -1
		}
	}
}

// Pick chooses an offer and does what Enter does.
func (m *Model) Pick(i int) Effect {
	if i < 0 || i >= len(m.offers) {
		return Nothing
	}
	m.pick = i
	return m.enter()
}

// Point shows which offer the pointer is on, -1 for none.
func (m *Model) Point(i int) bool {
	i = min(i, len(m.offers)-1)
	changed := m.pick != i
	m.pick = i
	return changed
}

// enter runs the line, or the offer that is chosen. A line that is only begun
// is completed: what runs has been seen whole. One that can't run is not lost;
// what is wrong with it stands below.
func (m *Model) enter() Effect {
	if m.pick >= 0 {
		o := m.offers[m.pick]
		m.edit(func(l *Line) { l.Set(o.Line) })
		if o.Needs != "" {
			return Changed
		}
	}
	switch m.means.Outcome {
	case grammar.Matched:
		return Run
	case grammar.Ambiguous:
		m.pick = 0
	default:
		if m.ghost() != "" {
			m.take()
			break
		}
		m.tried = strings.TrimSpace(m.line.Text()) != ""
	}
	return Changed
}

// Submit takes the line away to be run. Its answer comes by the id.
func (m *Model) Submit() (line string, id uint64) {
	line = m.line.Text()
	c := &m.means.Command
	secret := m.means.Outcome == grammar.Matched && (c.Verb == grammar.Type || c.Verb == grammar.Press)
	if m.History != nil {
		m.History.Add(line, secret)
	}
	m.lastID++
	m.asked = append(m.asked, Asked{ID: m.lastID, Line: strings.TrimSpace(line)})
	m.asked = m.asked[max(len(m.asked)-maxAsked, 0):]
	m.line = Line{}
	m.past, m.draft, m.pick = 0, "", -1
	m.understand()
	return line, m.lastID
}

// Answer says what came of a line.
func (m *Model) Answer(id uint64, r grammar.Result, a grammar.Ack, took time.Duration) {
	for i := range m.asked {
		q := &m.asked[i]
		if q.ID != id {
			continue
		}
		q.Took = took
		if r.Outcome != grammar.Matched {
			q.Progress, q.Why = Failed, wrong(&r)
			return
		}
		q.Op, q.Detail = a.Op, a.Detail
		if q.Progress = OK; !a.OK {
			q.Progress, q.Why = Failed, reason(a.Detail)
		}
	}
}

// back shows an older line that begins with what was entered.
func (m *Model) back() {
	if m.past == 0 {
		m.draft = m.line.Text()
	}
	m.recall(m.past + 1)
}

// forth shows a newer line, and in the end what was entered.
func (m *Model) forth() {
	for n := m.past - 1; n > 0; n-- {
		if strings.HasPrefix(m.History.At(n-1), m.draft) {
			m.remember(n)
			return
		}
	}
	if m.past > 0 {
		m.line.Set(m.draft)
		m.past, m.pick = 0, -1
		m.understand()
	}
}

func (m *Model) recall(from int) {
	if m.History == nil {
		return
	}
	for n := from; n <= m.History.Len(); n++ {
		if text := m.History.At(n - 1); strings.HasPrefix(text, m.draft) && text != m.draft {
			m.remember(n)
			return
		}
	}
}

func (m *Model) remember(n int) {
	draft := m.draft
	m.line.Set(m.History.At(n - 1))
	m.past, m.draft, m.pick = n, draft, -1
	m.understand()
}

// Place puts the caret at a byte offset of the line, or extends the selection
// to there.
func (m *Model) Place(offset int, extend bool) { m.line.MoveTo(offset, extend) }

// Asked returns the lines that were run, oldest first. The slice is borrowed.
func (m *Model) Asked() []Asked { return m.asked }
