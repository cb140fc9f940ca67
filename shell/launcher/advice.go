package launcher

import (
	"strings"

	"rayos/rayapps/lang"
)

// adviceKey is the row of the adviser: first the offer to ask, then what it said.
const adviceKey = "advice"

// advice is the row of the adviser about a line, nil for none. A single word is a
// name that is looked for.
func (m *Model) advice(line string) *Proposal {
	switch {
	case m.said != nil:
		return m.said
	case m.Adviser == "" || len(strings.Fields(line)) < 2:
		return nil
	}
	return &Proposal{
		Key: adviceKey, Kind: Reply, Title: clean(line), Note: lang.F("Ask {who}", "who", clean(m.Adviser)),
		Acts: []Act{{Consult, lang.F("Ask {who}", "who", clean(m.Adviser)), line, ""}},
	}
}

// Advise shows what the adviser says about a line, as far as it has got. It reports
// false if the line is another by now.
func (m *Model) Advise(asking uint64, words string, growing bool) bool {
	if asking != m.asking {
		return false
	}
	p, ok := m.admit(Proposal{Key: adviceKey, Kind: Reply, Title: m.line, Note: m.Adviser, Text: words, Growing: growing})
	if ok {
		begun := m.said == nil
		m.say(&p)
		if begun {
			m.read(adviceKey)
		}
	}
	return ok
}

// Suggest shows what the adviser would have done about a line. The person chooses
// it, or doesn't, and is asked before anything is lost: see Reading.
func (m *Model) Suggest(asking uint64, r Reading) bool {
	if asking != m.asking {
		return false
	}
	p, _ := m.reads(m.line, &r)
	if p == nil {
		return false
	}
	p.Key, p.Said = adviceKey, false
	m.leave()
	m.say(p)
	return true
}

// say puts the adviser's row in its place, and moves to it.
func (m *Model) say(p *Proposal) {
	reading := m.reading
	m.said = p
	m.refresh(true)
	if i := indexOf(m.rows, adviceKey); i >= 0 {
		m.pick, m.held = i, true
		m.reading = reading
	}
}
