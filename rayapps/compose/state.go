package compose

import "rayos/surfaces/seat/xkb"

// Status is what became of a key.
type Status uint8

// Statuses.
const (
	Nothing   Status = iota // the key is of no sequence
	Composing               // it begins or continues one
	Composed                // it ends one
	Cancelled               // it broke one off, and is lost with it
)

func (s Status) String() string {
	return [...]string{"nothing", "composing", "composed", "cancelled"}[min(s, Cancelled)]
}

// State follows the keys that a person presses.
type State struct {
	table *Table
	node  uint16
}

// NewState returns a state at the start of all sequences.
func NewState(t *Table) *State { return &State{table: t} }

// Feed takes a key that was pressed and returns what became of it, and the text
// that a Composed sequence types. Modifiers break nothing off.
func (s *State) Feed(sym xkb.Keysym) (text string, what Status) {
	if sym.IsModifier() && sym != MultiKey {
		return "", Nothing
	}
	next, ok := s.table.next[step{s.node, sym}]
	if !ok {
		began := s.node != 0
		s.node = 0
		if began {
			return "", Cancelled
		}
		return "", Nothing
	}
	if text, ok := s.table.texts[next]; ok {
		s.node = 0
		return text, Composed
	}
	s.node = next
	return "", Composing
}

// Reset forgets the keys of a sequence.
func (s *State) Reset() { s.node = 0 }

// Active reports whether a sequence is under way.
func (s *State) Active() bool { return s.node != 0 }

// MultiKey is the compose key.
const MultiKey xkb.Keysym = 0xff20

// Begins reports whether a key can only begin a sequence: the compose key or a
// dead accent. Until one was pressed no table is needed.
func Begins(sym xkb.Keysym) bool {
	return sym == MultiKey || sym >= 0xfe50 && sym <= 0xfe93
}
