package launcher

import (
	"slices"
	"strings"

	"rayos/shell/control/grammar"
)

// Move picks the row, or the action, that is so many further down; it goes
// around.
func (m *Model) Move(by int) {
	at, n := &m.pick, len(m.rows)
	if m.card != nil {
		m.yes = !m.yes
		return
	}
	if r := m.reply(); r != nil && !m.acting {
		at, n = &m.source, len(r.Sources)
	} else if m.acting {
		at, n = &m.act, len(m.actions())
	} else {
		m.held = n > 0
	}
	if n > 0 {
		*at = ((*at+by)%n + n) % n
	}
}

// Point picks a row, or an action, as a pointer does.
func (m *Model) Point(i int) {
	switch {
	case m.reply() != nil && !m.acting:
		m.source = min(max(i, 0), max(len(m.reply().Sources)-1, 0))
	case m.acting && i >= 0 && i < len(m.actions()):
		m.act = i
	case !m.acting && i >= 0 && i < len(m.rows):
		m.pick, m.held = i, true
	}
}

// Up moves up; above the first row it shows older lines that begin with what was
// typed.
func (m *Model) Up() {
	if m.card != nil || m.acting || m.reading != "" || m.past == 0 && m.pick > 0 {
		m.Move(-1)
		return
	}
	if m.past == 0 {
		m.draft = m.line
	}
	if m.Lines != nil {
		for n := m.past + 1; n <= m.Lines.Len(); n++ {
			if text := m.Lines.At(n - 1); strings.HasPrefix(text, m.draft) && text != m.line {
				m.set(text)
				m.past = n
				return
			}
		}
	}
}

// Down moves down, and from older lines back to what was typed.
func (m *Model) Down() {
	if m.past == 0 || m.acting || m.card != nil || m.reading != "" {
		m.Move(1)
		return
	}
	for n := m.past - 1; n > 0; n-- {
		if text := m.Lines.At(n - 1); strings.HasPrefix(text, m.draft) {
			m.set(text)
			m.past = n
			return
		}
	}
	m.past = 0
	m.set(m.draft)
}

// Complete takes what the ghost says; without a ghost it moves.
func (m *Model) Complete(back bool) {
	if p := m.picked(); m.card == nil && !back && p != nil && m.ghost() != "" && p.Line != m.line {
		line := p.Line
		m.past = 0
		m.set(line)
		return
	}
	if back {
		m.Move(-1)
	} else {
		m.Move(1)
	}
}

// Actions shows the list of actions of the picked row, or hides it.
func (m *Model) Actions() {
	if m.card != nil {
		return
	}
	m.acting = !m.acting && len(m.actions()) > 0
	m.act = 0
}

// Cancel gives up what is asked, or closes the list of actions, and reports whether there was one: if not,
// the panel goes.
func (m *Model) Cancel() bool {
	was := m.acting || m.card != nil
	if m.card == nil {
		m.acting = false
	} else {
		m.told(Declined, m.asker)
	}
	m.card, m.asker = nil, nil
	return was
}

// Chosen is an act that the session is to carry out. Answers to a Run come by
// its ID.
type Chosen struct {
	Act
	ID    uint64 // 0 if there will be no answer
	Steps []Act  // of Each
	Line  string // that was typed
	Said  bool   // the Reader has understood the line so
	// Advised is what the adviser would have done.
	Advised bool
	Asked   bool // the person has agreed on a card
}

// Enter chooses the picked row's act: the one on the list of actions if that is
// shown, else the first, or the second. ok is false if there is nothing for the
// session to do. What can't be taken back is asked for first: see Card.
func (m *Model) Enter(second bool) (c Chosen, ok bool) {
	p := m.picked()
	if p == nil {
		return Chosen{}, false
	}
	n := 0
	if m.card != nil {
		second = m.second
	}
	switch {
	case m.acting:
		n = m.act
	case second:
		n = 1
	}
	if n >= len(p.Acts) {
		return Chosen{}, false
	}
	act := p.Acts[n]
	if r := m.reply(); r != nil && !m.acting && !second {
		if m.source >= len(r.Sources) {
			return Chosen{}, false
		}
		act = r.Sources[m.source].Act
	}
	card := m.cardFor(act)
	if act.Verb == Each && len(p.Asks) > 0 {
		card = &Card{Title: asking(p.Note), Do: act.Name, Facts: p.Asks}
	}
	if card != nil {
		switch {
		case m.card == nil:
			m.card, m.asker, m.yes, m.second = card, p, false, second
			m.told(Asking, p)
			return Chosen{}, false
		case !m.yes:
			m.told(Declined, p)
			m.card, m.asker = nil, nil
			return Chosen{}, false
		}
		m.card, m.asker = nil, nil
	}
	line, said := strings.TrimSpace(flat(m.line)), p.Said && n == 0
	if said && p.Wrong {
		m.told(Refused, p)
		said = false
	}
	m.acting = false
	if act.Verb == Read {
		m.read(p.Key)
		return Chosen{}, false
	}
	if act.Verb == Fill {
		if said {
			m.told(FilledIn, p)
		}
		m.past = 0
		m.set(act.Of)
		return Chosen{}, false
	}
	if m.History != nil && remembered(p.Kind) {
		m.History.Choose(p.Key, m.line, m.Now())
	}
	if act.Verb == Consult && m.Lines != nil {
		m.Lines.Add(act.Of, false)
	}
	c = Chosen{Act: act, Line: line, Said: said, Advised: p.Key == adviceKey && p.Kind != Reply && n == 0, Asked: card != nil}
	if act.Verb != Run && act.Verb != Each {
		return c, true
	}
	if act.Verb == Each {
		c.Steps = p.Steps
	}
	m.note(act.Of, c.Steps)
	m.past = 0
	m.set("")
	c.ID = m.lastID
	return c, true
}

// remembered reports whether choices of a kind count for the next time.
func remembered(k Kind) bool {
	return k == Application || k == Machine || k == Page || k == Action || k == Workspace
}

// note puts a line that is run into the history, with what it is carried out by.
func (m *Model) note(line string, steps []Act) {
	types := func(line string) bool {
		r := grammar.Parse(line, m.world.Env)
		return r.Outcome == grammar.Matched && (r.Command.Verb == grammar.Type || r.Command.Verb == grammar.Press)
	}
	secret := types(line) || slices.ContainsFunc(steps, func(a Act) bool { return a.Verb == Run && types(a.Of) })
	if m.Lines != nil {
		m.Lines.Add(line, secret)
	}
	m.lastID++
	m.asked = Asked{ID: m.lastID, Line: clean(line)}
}
