package launcher

import (
	"fmt"
	"strings"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
	"rayos/shell/theme"
)

// title says what a command does, and note about what.
func (w *World) title(c *grammar.Command) (title, note string) {
	who, _ := w.who(c)
	if title = Deed(c, who); title == "" {
		title = clean(c.Line())
	}
	return title, clean(w.Machines[c.VM].State)
}

// Who names the machine of a command.
func (m *Model) Who(c *grammar.Command) string {
	name, _ := m.world.who(c)
	return name
}

// who names the machine of a command.
func (w *World) who(c *grammar.Command) (string, theme.Trust) {
	if m, ok := w.Machines[c.VM]; ok && m.Name != "" {
		return clean(m.Name), m.Trust
	}
	switch {
	case c.VM != "":
		return clean(c.VM), theme.Unknown
	case c.Kind == grammar.Windows:
		return lang.T("Windows desktop"), theme.Windows
	case c.Kind == grammar.Linux:
		return lang.T("Linux desktop"), theme.Linux
	}
	return lang.T("a machine"), theme.Unknown
}

// maxChips bounds the chips of a command.
const maxChips = 4

// chips are the parts of a command.
func (w *World) chips(c *grammar.Command) []Chip {
	list := []Chip{{Text: string(c.Verb)}}
	add := func(text string) {
		if text = clean(text); text != "" && len(list) < maxChips {
			list = append(list, Chip{Text: text})
		}
	}
	if c.VM != "" || c.Kind != grammar.None {
		who, trust := w.who(c)
		list = append(list, Chip{who, trust, true})
	}
	switch c.Verb {
	case grammar.Press:
		add(c.Keys.String())
	case grammar.Pointer:
		add(fmt.Sprintf("%g %g", c.X, c.Y))
	}
	add(c.App)
	add(c.Button)
	add(c.Path)
	if c.Text != "" {
		add("“" + c.Text + "”")
	}
	return list
}

// needs says what a slot of the grammar is for.
func needs(slot string) string {
	switch slot {
	case "<text>":
		return lang.T("text")
	case "<word>":
		return lang.T("a word, or text in quotes")
	case "<keys>":
		return lang.T("keys, like ctrl+l")
	case "<x>", "<y>":
		return lang.T("x y, from 0 to 1")
	case "<app>", "<run>":
		return lang.T("an application’s name")
	case "<id>":
		return lang.T("a machine’s name")
	case "<button>":
		return lang.T("left, right or middle")
	}
	return strings.Trim(slot, "<>")
}

// examples are lines to try, for somebody who has typed nothing yet.
var examples = []struct{ line, note string }{
	{"show linux desktop", lang.M("a machine on your desktop")},
	{"15 % of 80", lang.M("sums and units")},
	{"show processes", lang.M("what is running")},
}

// helpLine is something that can be typed. Its note is words, or a line and keys,
// which are what they are.
type helpLine struct{ line, title, note string }

func (h *helpLine) says() string { return lang.T(h.note) }

// help is what can be typed.
var help = []helpLine{
	{"", lang.M("The name of an application, a window or a machine"), lang.M("finds it")},
	{"show linux desktop", lang.M("Show, hide, start, suspend or shut down a machine"), "show linux desktop"},
	{"linux type ", lang.M("Type into a machine, or press its keys"), "linux type hello"},
	{"5 km in miles", lang.M("Sums and units"), "5 km in miles"},
	{"show system log", lang.M("What the session has done"), "show system log"},
	{":", lang.M("Commands of the session, as rayctl has them"), ":windows"},
	{"", lang.M("More to do with a row; the second thing at once"), lang.M("Ctrl+K; Ctrl+Enter")},
	{"", lang.M("Earlier lines that begin like this one"), lang.M("Up")},
}

// reason says why there is no row for the line, and what to do instead.
func (m *Model) reason() string {
	switch r := grammar.Parse(m.line, m.world.Env); {
	case r.Outcome == grammar.Shell:
		return lang.T("There is no such command. Type a colon alone for those that there are.")
	case r.Outcome == grammar.Refused || r.Outcome == grammar.NoMatch && r.Why != "":
		return clean(Sentence(lang.T(r.Why)))
	}
	return lang.T("Nothing fits. Press ? on an empty line for what can be typed.")
}
