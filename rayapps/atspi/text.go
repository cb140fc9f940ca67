package atspi

import (
	"unicode"

	"rayos/rayapps/ui"
)

// Pieces of text: AtspiTextGranularity.
const (
	byCharacter uint32 = iota
	byWord
	bySentence
	byLine
	byParagraph
)

// oldPieces are the granularities of AtspiTextBoundaryType.
var oldPieces = []uint32{byCharacter, byWord, byWord, bySentence, bySentence, byLine, byLine}

var textual = surface{
	methods: map[string]method{
		"GetText": {"ii", "s", func(c *call) ([]any, error) {
			r := []rune(c.at.text)
			from, to, err := span(c.int(0), c.int(1), len(r))
			if err != nil {
				return nil, err
			}
			return []any{string(r[from:to])}, nil
		}},
		"GetStringAtOffset": {"iu", "sii", func(c *call) ([]any, error) { return c.piece(0, c.uint(1)) }},
		"GetTextAtOffset":   {"iu", "sii", func(c *call) ([]any, error) { return c.oldPiece(0) }},
		"GetTextBeforeOffset": {"iu", "sii", func(c *call) ([]any, error) {
			return c.oldPiece(-1)
		}},
		"GetTextAfterOffset": {"iu", "sii", func(c *call) ([]any, error) { return c.oldPiece(1) }},
		"GetCharacterAtOffset": {"i", "i", func(c *call) ([]any, error) {
			r := []rune(c.at.text)
			if i := c.int(0); i >= 0 && i < len(r) {
				return []any{r[i]}, nil
			}
			return nil, invalid("offset %d of %d", c.int(0), len(r))
		}},
		// The toolkit has no attributes of text: one run of nothing.
		"GetAttributeValue": {"is", "siib", func(c *call) ([]any, error) {
			run, err := attributeRun(c)
			if err != nil {
				return nil, err
			}
			return []any{"", run[1], run[2], false}, nil
		}},
		"GetAttributes":   {"i", "a{ss}ii", attributeRun},
		"GetAttributeRun": {"ib", "a{ss}ii", attributeRun},
		"GetDefaultAttributes": {"", "a{ss}", func(*call) ([]any, error) {
			return []any{map[string]string{}}, nil
		}},
		"GetDefaultAttributeSet": {"", "a{ss}", func(*call) ([]any, error) {
			return []any{map[string]string{}}, nil
		}},
		// Where a character is only the toolkit knows; it is in the element.
		"GetCharacterExtents": {"iu", "iiii", func(c *call) ([]any, error) { return c.extents(c.uint(1)) }},
		"GetRangeExtents":     {"iiu", "iiii", func(c *call) ([]any, error) { return c.extents(c.uint(2)) }},
		"GetNSelections":      {"", "i", func(c *call) ([]any, error) { return []any{int32(c.at.selections())}, nil }},
		"GetSelection": {"i", "ii", func(c *call) ([]any, error) {
			if c.int(0) != 0 || c.at.selections() == 0 {
				return nil, invalid("selection %d of %d", c.int(0), c.at.selections())
			}
			n := c.at
			return []any{int32(min(n.caret, n.anchor)), int32(max(n.caret, n.anchor))}, nil
		}},
		"SetCaretOffset":         {"i", "b", refuse},
		"AddSelection":           {"ii", "b", refuse},
		"SetSelection":           {"iii", "b", refuse},
		"RemoveSelection":        {"i", "b", refuse},
		"ScrollSubstringTo":      {"iiu", "b", refuse},
		"ScrollSubstringToPoint": {"iiuii", "b", refuse},
	},
	props: map[string]property{
		"CharacterCount": {sig: "i", get: func(c *call) any { return int32(len([]rune(c.at.text))) }},
		"CaretOffset":    {sig: "i", get: func(c *call) any { return int32(c.at.caret) }},
	},
}

func attributeRun(c *call) ([]any, error) {
	n := len([]rune(c.at.text))
	if i := c.int(0); i < 0 || i > n {
		return nil, invalid("offset %d of %d", i, n)
	}
	return []any{map[string]string{}, int32(0), int32(n)}, nil
}

func (c *call) extents(coord uint32) ([]any, error) {
	o, err := c.origin(coord)
	r := c.at.bounds.Add(o)
	return []any{r.X0, r.Y0, r.W(), r.H()}, err
}

func (n *node) selections() int {
	if n.caret == n.anchor {
		return 0
	}
	return 1
}

// span checks a range of n characters; an end of -1 is that of the text.
func span(from, to, n int) (int, int, error) {
	if to == -1 {
		to = n
	}
	if from < 0 || from > to || to > n {
		return 0, 0, invalid("characters %d to %d of %d", from, to, n)
	}
	return from, to, nil
}

func (c *call) oldPiece(step int) ([]any, error) {
	if int(c.uint(1)) >= len(oldPieces) {
		return nil, invalid("boundary type %d", c.uint(1))
	}
	return c.piece(step, oldPieces[c.uint(1)])
}

// piece answers with the piece of text at the offset of the first argument, or
// the one before or after it.
func (c *call) piece(step int, by uint32) ([]any, error) {
	if by > byParagraph {
		return nil, invalid("granularity %d", by)
	}
	r, at := []rune(c.at.text), c.int(0)
	if at < 0 || at > len(r) {
		return nil, invalid("offset %d of %d", at, len(r))
	}
	from, to := pieceAt(r, at, by)
	switch {
	case step < 0 && from > 0:
		from, to = pieceAt(r, from-1, by)
	case step < 0:
		from, to = 0, 0
	case step > 0 && to < len(r):
		from, to = pieceAt(r, to, by)
	case step > 0:
		from, to = len(r), len(r)
	}
	return []any{string(r[from:to]), int32(from), int32(to)}, nil
}

// pieceAt returns the piece of text that the character is in. Pieces follow one
// another without gaps: what is between two words belongs to the first.
func pieceAt(r []rune, at int, by uint32) (from, to int) {
	if at >= len(r) {
		return len(r), len(r)
	}
	starts := func(i int) bool { return i == 0 || begins(r[i-1], r[i], by) }
	for from = at; !starts(from); from-- {
	}
	for to = at + 1; to < len(r) && !starts(to); to++ {
	}
	return from, to
}

// begins says whether a piece begins between two characters.
func begins(a, b rune, by uint32) bool {
	inWord := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_' || r == '\''
	}
	switch by {
	case byWord:
		return inWord(b) && !inWord(a)
	case bySentence:
		return a == '\n' || unicode.IsSpace(a) && unicode.IsUpper(b)
	case byLine, byParagraph:
		return a == '\n'
	}
	return true
}

var editable = surface{methods: map[string]method{
	"SetTextContents": {"s", "b", func(c *call) ([]any, error) {
		s := c.string(0)
		return c.edit(func([]rune) (string, bool) { return s, true })
	}},
	"InsertText": {"isi", "b", func(c *call) ([]any, error) {
		at, s := c.int(0), c.string(1)
		if n := c.int(2); n >= 0 {
			s = tame(s, min(n, maxText))
		}
		return c.edit(func(r []rune) (string, bool) {
			if at < 0 || at > len(r) {
				return "", false
			}
			return string(r[:at]) + s + string(r[at:]), true
		})
	}},
	"DeleteText": {"ii", "b", func(c *call) ([]any, error) {
		return c.edit(func(r []rune) (string, bool) {
			from, to, err := span(c.int(0), c.int(1), len(r))
			if err != nil {
				return "", false
			}
			return string(r[:from]) + string(r[to:]), true
		})
	}},
	// The clipboard belongs to who has the keyboard.
	"CopyText":  {"ii", "", func(*call) ([]any, error) { return nil, fail("NotSupported", "no clipboard for clients") }},
	"CutText":   {"ii", "b", refuse},
	"PasteText": {"i", "b", refuse},
}}

// edit replaces the text by what change makes of the one that is there when its
// turn comes.
func (c *call) edit(change func(now []rune) (string, bool)) ([]any, error) {
	for _, a := range c.args {
		if s, ok := a.(string); ok && len(s) > maxText {
			return nil, fail("LimitsExceeded", "a text of more than %d bytes", maxText)
		}
	}
	n := c.at
	ok, err := c.link.b.do(c.ctx, n, func(t Tree) bool {
		in := seek(t.Semantics(), n.id)
		if in == nil {
			return false
		}
		s, ok := change([]rune(in.Value))
		return ok && len(s) <= maxText && t.Do(n.id, ui.DoSetValue, s)
	})
	return []any{ok}, err
}

func seek(in *ui.Info, id uint64) *ui.Info {
	if in.ID == id {
		return in
	}
	for _, k := range in.Children {
		if f := seek(k, id); f != nil {
			return f
		}
	}
	return nil
}
