package launcher

import (
	"fmt"
	"strings"

	"rayos/shell/control/grammar"
	"rayos/shell/theme"
)

// title says what a command does, and note about what.
func (w *World) title(c *grammar.Command) (title, note string) {
	who, _ := w.who(c)
	if title = Deed(c, who); title == "" {
		title = c.Line()
	}
	return clean(title), clean(w.Machines[c.VM].State)
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
		return "Windows desktop", theme.Windows
	case c.Kind == grammar.Linux:
		return "Linux desktop", theme.Linux
	}
	return "a machine", theme.Unknown
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
		return "text"
	case "<word>":
		return "a word, or text in quotes"
	case "<keys>":
		return "keys, like ctrl+l"
	case "<x>", "<y>":
		return "x y, from 0 to 1"
	case "<app>", "<run>":
		return "an application’s name"
	}
	return strings.Trim(slot, "<>")
}

// examples are lines to try, for somebody who has typed nothing yet.
var examples = []struct{ line, note string }{
	{"show linux desktop", "a machine on your desktop"},
	{"15 % of 80", "sums and units"},
	{"show processes", "what is running"},
}

// help is what can be typed.
var help = []struct{ line, title, note string }{
	{"", "The name of an application, a window or a machine", "finds it"},
	{"show linux desktop", "Show, hide, start, suspend or shut down a machine", "show linux desktop"},
	{"linux type ", "Type into a machine, or press its keys", "linux type hello"},
	{"5 km in miles", "Sums and units", "5 km in miles"},
	{"show system log", "What the session has done", "show system log"},
	{":", "Commands of the session, as rayctl has them", ":windows"},
	{"", "More to do with a row; the second thing at once", "Ctrl+K; Ctrl+Enter"},
	{"", "Earlier lines that begin like this one", "Up"},
}

// reason says why there is no row for the line, and what to do instead.
func (m *Model) reason() string {
	switch r := grammar.Parse(m.line, m.world.Env); {
	case r.Outcome == grammar.Shell:
		return "There is no such command. Type a colon alone for those that there are."
	case r.Outcome == grammar.Refused || r.Outcome == grammar.NoMatch && r.Why != "":
		return clean(Sentence(r.Why))
	}
	return "Nothing fits. Press ? on an empty line for what can be typed."
}
