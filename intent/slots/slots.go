package slots

import (
	"cmp"
	"errors"
	"slices"
	"time"
	"unicode/utf8"
)

// MaxLine is the longest line that is looked at, in bytes.
const MaxLine = 1024

// Errors of Extract.
var (
	ErrTooLong = errors.New("the line is too long; at most 1024 bytes")
	ErrUTF8    = errors.New("the line is no UTF-8")
)

// Kind is what a slot is.
type Kind uint8

// Kinds, the stronger first.
const (
	Quoted    Kind = iota // Text without its quotes
	Path                  // a path with a slash, or in the home folder
	Host                  // Name: an address, or a name with a number behind a colon
	Size                  // Width and Height, in pixels
	Time                  // Span since midnight
	Duration              // Span
	Percent               // Number, 0 to 100 as it was said
	Workspace             // Number as it was said; or Name: next, previous, other, last, this
	Side                  // Name: left, right, top, bottom, top-left, …
	Window                // Name: the id that Known gave
	Machine
	App
	File    // … or a name with an extension, then Name is empty
	Deictic // Name: this, that, it, focused, all
	Number  // Number
)

var kindNames = [...]string{"quoted", "path", "host", "size", "time", "duration", "percent", "workspace", "side", "window", "machine", "app", "file", "deictic", "number"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Slot is something that a line names.
type Slot struct {
	Kind       Kind
	Start, End int    // bytes of the line, quotes included
	Text       string // what stands there; of Quoted, without the quotes
	Name       string
	Number     float64
	Span       time.Duration
	Width      int
	Height     int
}

// Lookup knows names. A phrase is one to MaxNameWords words in lower case with a
// single space between; id is what the caller knows the thing by.
type Lookup interface {
	Lookup(phrase string) (id string, ok bool)
}

// MaxNameWords is how many words a name that is looked up has at most.
const MaxNameWords = 5

// Names is a Lookup of phrases and their ids.
type Names map[string]string

// Lookup implements Lookup.
func (n Names) Lookup(phrase string) (string, bool) { id, ok := n[phrase]; return id, ok }

// Known are the names of now. What is nil knows none.
type Known struct{ Windows, Machines, Apps, Files Lookup }

// Extract returns the slots of a line in their order. Any goroutine may call
// it if it may call the lookups.
func Extract(line string, known Known) ([]Slot, error) {
	if len(line) > MaxLine {
		return nil, ErrTooLong
	}
	if !utf8.ValidString(line) {
		return nil, ErrUTF8
	}
	s := &scanner{line: line, words: split(line)}
	s.quoted()
	s.tokens()
	s.sizes()
	s.times()
	s.durations()
	s.percents()
	s.workspaces()
	s.sides()
	s.names(Window, known.Windows)
	s.names(Machine, known.Machines)
	s.names(App, known.Apps)
	s.names(File, known.Files)
	s.fileNames()
	s.deictics()
	s.numbers()
	slices.SortFunc(s.slots, func(a, b Slot) int { return cmp.Compare(a.Start, b.Start) })
	return s.slots, nil
}

// scanner looks for slots in words that no slot has taken yet.
type scanner struct {
	line  string
	words []word
	taken []bool
	slots []Slot
}

// free says whether n words from i on exist and are free.
func (s *scanner) free(i, n int) bool {
	return n > 0 && i >= 0 && i+n <= len(s.words) && !slices.Contains(s.taken[i:i+n], true)
}

// take makes n words from i on a slot.
func (s *scanner) take(i, n int, slot Slot) {
	slot.Start, slot.End = s.words[i].start, s.words[i+n-1].end
	if slot.Text == "" {
		slot.Text = s.line[slot.Start:slot.End]
	}
	for k := range n {
		s.taken[i+k] = true
	}
	s.slots = append(s.slots, slot)
}

// is returns the folded word at i, "" if there is none or it is taken.
func (s *scanner) is(i int) string {
	if !s.free(i, 1) {
		return ""
	}
	return s.words[i].folded
}
