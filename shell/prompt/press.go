package prompt

// Key is a key that does something other than typing.
type Key uint8

// Keys.
const (
	Char Key = iota // Text
	Left
	Right
	Home
	End
	Up
	Down
	Tab
	Enter
	Escape
	Backspace
	Delete
	Insert
)

// Press is a key going down, or repeating.
type Press struct {
	Key   Key
	Text  string // what a Char types, in lower case with Ctrl
	Ctrl  bool
	Shift bool
	Alt   bool
}

// Effect is what is to be done about a key.
type Effect uint8

// Effects.
const (
	Nothing Effect = iota
	Changed        // the picture may look different
	Run            // Model.Submit has the line
	Close          // the panel goes
	Paste          // Model.Insert wants the clipboard
	Copy           // Model.Selected goes to the clipboard
	Cut            // the same; Model.Insert("") takes it out
)

// Press takes a key.
func (m *Model) Press(p Press) Effect {
	if p.Ctrl && p.Key == Char {
		return m.shortcut(p)
	}
	switch p.Key {
	case Escape:
		if m.pick >= 0 {
			m.pick = -1
			return Changed
		}
		return Close
	case Enter:
		return m.enter()
	case Tab:
		m.tab(p.Shift)
	case Up:
		m.back()
	case Down:
		m.forth()
	case Backspace:
		m.edit(func(l *Line) { l.Delete(step(CharLeft, WordLeft, p.Ctrl)) })
	case Delete:
		if p.Shift {
			return Cut
		}
		m.edit(func(l *Line) { l.Delete(step(CharRight, WordRight, p.Ctrl)) })
	case Insert:
		switch {
		case p.Shift:
			return Paste
		case p.Ctrl:
			return Copy
		}
		return Nothing
	case Char:
		if p.Text == "" || p.Alt {
			return Nothing
		}
		m.edit(func(l *Line) { l.Insert(p.Text) })
	default:
		m.move(p)
	}
	return Changed
}

func step(char, word Step, ctrl bool) Step {
	if ctrl {
		return word
	}
	return char
}

// move is a key that moves the caret. At the end of the line a step to the
// right takes what the line could go on with.
func (m *Model) move(p Press) {
	atEnd := m.line.Caret() == len(m.line.Text()) && m.line.Selected() == ""
	if atEnd && !p.Shift && (p.Key == Right || p.Key == End) && m.ghost() != "" {
		m.take()
		return
	}
	switch p.Key {
	case Left:
		m.line.Move(step(CharLeft, WordLeft, p.Ctrl), p.Shift)
	case Right:
		m.line.Move(step(CharRight, WordRight, p.Ctrl), p.Shift)
	case Home:
		m.line.Move(ToStart, p.Shift)
	case End:
		m.line.Move(ToEnd, p.Shift)
	}
}

// shortcut is Ctrl with a letter.
func (m *Model) shortcut(p Press) Effect {
	switch p.Text {
	case "a":
		m.line.SelectAll()
	case "c":
		return Copy
	case "x":
		return Cut
	case "v":
		return Paste
	case "w":
		m.edit(func(l *Line) { l.Delete(WordLeft) })
	case "u":
		m.edit(func(l *Line) { l.Delete(ToStart) })
	case "k":
		m.edit(func(l *Line) { l.Delete(ToEnd) })
	case "e":
		m.line.Move(ToEnd, p.Shift)
	default:
		return Nothing
	}
	return Changed
}
