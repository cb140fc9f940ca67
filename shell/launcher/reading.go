package launcher

import (
	"fmt"
	"strings"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
)

// This file is what the model knows of a Reply that is read: it stands in place
// of the rows, and what can be picked are its sources.

// read shows a Reply.
func (m *Model) read(key string) {
	m.reading, m.source, m.scroll = key, 0, 0
}

// leave shows the rows again.
func (m *Model) leave() { m.read("") }

// reply is the Reply that is shown, nil for none.
func (m *Model) reply() *Proposal {
	if m.reading == "" || m.card != nil {
		return nil
	}
	if i := indexOf(m.rows, m.reading); i >= 0 {
		return &m.rows[i]
	}
	return nil
}

// Reading returns what the Reply that is shown says, as it is copied.
func (m *Model) Reading() (words string, ok bool) {
	r := m.reply()
	if r == nil {
		return "", false
	}
	return plain(r.Text), true
}

// growing reports whether a slow proposer is still saying something that is
// shown.
func (m *Model) growing() bool {
	r := m.reply()
	return r != nil && r.Growing
}

// Ended says that nothing more comes of slow proposers about a line.
func (m *Model) Ended(asking uint64) {
	if asking != m.asking {
		return
	}
	for i := range m.late {
		m.late[i].Growing = false
		if k := indexOf(m.rows, m.late[i].Key); k >= 0 {
			m.rows[k].Growing = false
		}
	}
}

// Stopped says that a slow proposer was stopped by the person.
func (m *Model) Stopped() {
	r := m.reply()
	if r == nil || !r.Growing {
		return
	}
	r.Growing, r.Note = false, lang.T("Stopped")
	if i := indexOf(m.late, r.Key); i >= 0 {
		m.late[i] = *r
	}
	if m.said != nil && r.Key == adviceKey {
		*m.said = *r
	}
}

// Picked is the row that Enter means, nil if there is none. It is the model's.
func (m *Model) Picked() *Proposal { return m.picked() }

// Proposals are the rows, the picked one among them. They are the model's.
func (m *Model) Proposals() []Proposal { return m.rows }

// Asking is the card that is shown, nil for none.
func (m *Model) Asking() *Card { return m.card }

// Rows returns how many rows there are.
func (m *Model) Rows() int { return len(m.rows) }

// Title returns what a row is called, "" for none.
func (m *Model) Title(i int) string {
	if i < 0 || i >= len(m.rows) {
		return ""
	}
	return m.rows[i].Title
}

// manual is all that can be typed, as a Reply.
func (m *Model) manual() Proposal {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", lang.T("What can be typed"))
	for _, h := range help {
		b.WriteString("- " + lang.F("{what}: {said}", "what", lang.T(h.title), "said", "**"+h.says()+"**") + "\n")
	}
	fmt.Fprintf(&b, "\n# %s\n%s\n", lang.T("Commands"), lang.T("A word behind a bar can stand for the one before it, what is in brackets can be left away."))
	for _, p := range grammar.Phrases() {
		fmt.Fprintf(&b, "- `%s`\n", p.Pattern)
	}
	if len(m.world.Commands) > 0 {
		fmt.Fprintf(&b, "\n# %s\n", lang.T("Behind a colon"))
	}
	for i := range m.world.Commands {
		c := &m.world.Commands[i]
		usage := "`:" + strings.ReplaceAll(clean(c.Usage), "`", "'") + "`"
		b.WriteString("- " + lang.F("{what}: {said}", "what", usage, "said", clean(lang.T(c.Help))) + "\n")
	}
	text := b.String()
	return Proposal{
		Key: "help:all", Kind: Reply, Title: lang.T("All that can be typed"), Note: lang.T("a page to read"), Text: text,
		Acts: []Act{{Read, lang.T("Read"), "", ""}, {Copy, lang.T("Copy the answer"), plain(text), ""}},
	}
}
