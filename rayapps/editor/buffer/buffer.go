package buffer

// Selection is what is selected: the end that stays, and the caret.
type Selection struct{ Anchor, Caret int64 }

// Kind is what an edit does. Edits of one kind that go on where the last one
// ended are one step of the history.
type Kind uint8

// Kinds.
const (
	Other  Kind = iota // a step of its own
	Typing             // goes on where the last one ended
	Erasing
)

// Limits of the history: beyond them the oldest steps go.
const (
	MaxSteps = 20_000
	MaxKept  = 256 << 20 // bytes of text that was typed and pasted
)

// step is what an edit was made of.
type step struct {
	text Text
	sel  Selection
	cost int64
}

// Buffer is a text under the hands of a person, with its history. It is used by
// one goroutine.
type Buffer struct {
	text       Text
	saved      Text
	undo, redo []step
	kept       int64 // cost of undo

	kind  Kind   // of the last edit, Other if it was sealed
	end   int64  // where the last edit ended
	space bool   // it ended with white space
	chunk []byte // where typed text goes

	revision uint64
}

// New returns a buffer of a text, which counts as saved.
func New(t Text) *Buffer { return &Buffer{text: t, saved: t} }

// Text returns the text as it is now.
func (b *Buffer) Text() Text { return b.text }

// Revision changes whenever the text does.
func (b *Buffer) Revision() uint64 { return b.revision }

// Modified reports whether the text isn't the one that was saved.
func (b *Buffer) Modified() bool { return !b.text.Same(b.saved) }

// Saved tells that a text was saved.
func (b *Buffer) Saved(t Text) {
	b.saved = t
	b.Seal()
}

// Unsaved tells that the text is not on any disk.
func (b *Buffer) Unsaved() { b.saved = Text{root: new(node)} }

// Seal ends a step: the next edit begins another.
func (b *Buffer) Seal() { b.kind = Other }

// Replace puts bytes in the place of n at an offset; with is copied. Sel is what
// is selected before.
func (b *Buffer) Replace(at, n int64, with []byte, sel Selection, k Kind) {
	if n == 0 && len(with) == 0 {
		return
	}
	goesOn := k != Other && k == b.kind && len(b.undo) > 0
	switch {
	case !goesOn:
	case k == Typing:
		// Words are undone one by one.
		goesOn = at == b.end && n == 0 && len(with) > 0 && (!b.space || blank(with[0]))
	case k == Erasing:
		goesOn = len(with) == 0 && (at == b.end || at+n == b.end)
	}
	cost := int64(len(with))
	if goesOn {
		b.undo[len(b.undo)-1].cost += cost
		b.kept += cost
		b.redo = nil
	} else {
		b.push(step{b.text, sel, cost})
	}
	b.text = b.text.Replace(at, n, b.keep(with))
	b.kind, b.end, b.space = k, at+int64(len(with)), len(with) > 0 && blank(with[len(with)-1])
	b.revision++
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// Set makes t the text, as one step: t was made of Text by edits that cost that
// many bytes.
func (b *Buffer) Set(t Text, sel Selection, cost int64) {
	if b.text.Same(t) {
		return
	}
	b.push(step{b.text, sel, cost})
	b.text = t
	b.kind = Other
	b.revision++
}

// keep copies bytes to where they stay, behind those that were typed before.
func (b *Buffer) keep(data []byte) []byte {
	if len(data) > maxPiece/4 {
		return append([]byte(nil), data...)
	}
	if len(b.chunk)+len(data) > cap(b.chunk) {
		b.chunk = make([]byte, 0, maxPiece)
	}
	from := len(b.chunk)
	b.chunk = append(b.chunk, data...)
	return b.chunk[from:]
}

func (b *Buffer) push(s step) {
	b.redo = nil
	b.undo = append(b.undo, s)
	b.kept += s.cost
	drop := 0
	for drop < len(b.undo)-1 && (len(b.undo)-drop > MaxSteps || b.kept > MaxKept) {
		b.kept -= b.undo[drop].cost
		b.undo[drop] = step{}
		drop++
	}
	b.undo = b.undo[drop:]
}

// CanUndo reports whether there is a step to take back.
func (b *Buffer) CanUndo() bool { return len(b.undo) > 0 }

// CanRedo reports whether there is one to repeat.
func (b *Buffer) CanRedo() bool { return len(b.redo) > 0 }

// Undo takes the last step back, with sel selected now, and returns what was
// selected before it.
func (b *Buffer) Undo(sel Selection) (Selection, bool) {
	s, ok := b.swap(&b.undo, &b.redo, sel)
	b.kept -= s.cost
	return s.sel, ok
}

// Redo repeats what Undo took back, and returns what was selected then.
func (b *Buffer) Redo(sel Selection) (Selection, bool) {
	s, ok := b.swap(&b.redo, &b.undo, sel)
	b.kept += s.cost
	return s.sel, ok
}

func (b *Buffer) swap(from, to *[]step, sel Selection) (step, bool) {
	n := len(*from)
	if n == 0 {
		return step{sel: sel}, false
	}
	s := (*from)[n-1]
	(*from)[n-1] = step{}
	*from = (*from)[:n-1]
	*to = append(*to, step{b.text, sel, s.cost})
	b.text = s.text
	b.kind = Other
	b.revision++
	return s, true
}
