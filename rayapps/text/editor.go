package text

import (
	"strings"
	"unicode/utf8"

	"github.com/go-text/typesetting/segmenter"
)

// Editor is a text under the hands of a person: text, selection, history and
// what an input method is composing. It knows no keys, no clipboard and no
// pixels. The zero value is an empty single line.
//
// Text is valid UTF-8 without control characters except, with Multiline, line
// feeds and tabs. Anchor and caret stand between grapheme clusters. Undo brings
// back the text and the selection as they were before an edit; typing coalesces
// into words. An Editor is used by one goroutine.
type Editor struct {
	// Multiline lets the text have line feeds and tabs; otherwise they become
	// spaces.
	Multiline bool
	// Password shows a dot for every cluster, hides where words end and keeps
	// the text from being copied.
	Password bool
	// ReadOnly refuses every edit; the selection can still move.
	ReadOnly bool
	// MaxBytes bounds the text; 0 is MaxText. What would not fit is not
	// inserted.
	MaxBytes int

	text          string
	anchor, caret int
	// upstream: where a line wraps the caret stands at the end of the first
	// line instead of the start of the next.
	upstream bool
	preedit  Preedit
	history  history
	revision uint64
	// goal is the column that moves up and down aim at, if hasGoal.
	goal    int32
	hasGoal bool
	seg     segmenter.Segmenter
	line    lineBounds
}

// lineBounds caches the cluster and word boundaries of one hard line.
type lineBounds struct {
	text     string
	valid    bool
	clusters []int // starts, and the end
	words    []span
}

type span struct{ start, end int }

// Text returns the text.
func (e *Editor) Text() string { return e.text }

// Len returns the length of the text in bytes.
func (e *Editor) Len() int { return len(e.text) }

// Anchor and Caret are the ends of the selection; they are equal when nothing
// is selected.
func (e *Editor) Anchor() int { return e.anchor }

// Caret returns the end of the selection that moves.
func (e *Editor) Caret() int { return e.caret }

// Upstream reports whether the caret belongs to the text before it where a line
// wraps: what Layout.Caret calls before.
func (e *Editor) Upstream() bool { return e.upstream }

// Selection returns the ends of the selection in the order of the text.
func (e *Editor) Selection() (start, end int) {
	return min(e.anchor, e.caret), max(e.anchor, e.caret)
}

// Revision changes whenever text, selection or preedit change.
func (e *Editor) Revision() uint64 { return e.revision }

// SelectedText returns what may be copied: nothing of a password.
func (e *Editor) SelectedText() string {
	if e.Password {
		return ""
	}
	start, end := e.Selection()
	return e.text[start:end]
}

// SetText replaces everything and forgets the history. The caret stands at the
// end.
func (e *Editor) SetText(s string) {
	e.text = e.clean(s, e.limit())
	e.history = history{}
	e.preedit = Preedit{}
	e.setSelection(len(e.text), len(e.text))
}

// Select sets the selection, at the cluster boundaries at or before the offsets.
func (e *Editor) Select(anchor, caret int) {
	e.history.seal()
	e.setSelection(e.snapBack(anchor), e.snapBack(caret))
}

// SelectAll selects the whole text.
func (e *Editor) SelectAll() { e.Select(0, len(e.text)) }

// SelectWord selects the word at an offset, or the cluster if there is none.
func (e *Editor) SelectWord(at int) { e.Select(e.WordAt(at)) }

// SelectLine selects the hard line at an offset, with its line feed.
func (e *Editor) SelectLine(at int) {
	start, end := e.hardLine(e.snapBack(at))
	e.Select(start, min(end+1, len(e.text)))
}

func (e *Editor) setSelection(anchor, caret int) {
	e.anchor, e.caret, e.upstream, e.hasGoal = anchor, caret, false, false
	e.revision++
}

func (e *Editor) limit() int {
	if e.MaxBytes > 0 {
		return e.MaxBytes
	}
	return MaxText
}

// lineBreak reports whether a line ends at r.
func lineBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// clean returns the part of s that may stand in the text, at most n bytes.
func (e *Editor) clean(s string, n int) string {
	ok := len(s) <= n && utf8.ValidString(s)
	for i := 0; ok && i < len(s); i++ {
		// 0xc2 and 0xe2 start the controls and breaks that aren't ASCII.
		ok = s[i] >= ' ' && s[i] != 0x7f && s[i] != 0xc2 && s[i] != 0xe2 || e.Multiline && (s[i] == '\n' || s[i] == '\t')
	}
	if ok {
		return s
	}
	var b strings.Builder
	prev := rune(0)
	for _, r := range s {
		was := prev
		prev = r
		switch {
		case r == '\n' && was == '\r':
			continue
		case lineBreak(r):
			r = '\n'
		case r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0:
			continue
		}
		if !e.Multiline && (r == '\n' || r == '\t') {
			r = ' '
		}
		if b.Len()+utf8.RuneLen(r) > n {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Insert replaces the selection, as typing and pasting do. It reports whether
// the text changed.
func (e *Editor) Insert(s string) bool {
	start, end := e.Selection()
	s = e.clean(s, e.limit()-(len(e.text)-(end-start)))
	if e.ReadOnly || s == "" && start == end {
		return false
	}
	e.replace(start, end, s, typing)
	return true
}

// Delete removes the selection or, if there is none, what a motion passes.
func (e *Editor) Delete(m Motion) bool {
	start, end := e.Selection()
	kind := cutting
	if start == end {
		to := e.target(m)
		start, end = min(e.caret, to), max(e.caret, to)
		if m == Backward || m == Forward {
			kind = deleting
		}
	}
	if e.ReadOnly || start == end {
		return false
	}
	e.replace(start, end, "", kind)
	return true
}

// DeleteSurrounding removes bytes before and after the selection, as input
// methods ask for (zwp_text_input_v3.delete_surrounding_text). Both ends widen
// to whole clusters.
func (e *Editor) DeleteSurrounding(before, after int) bool {
	start, end := e.Selection()
	lo := e.snapBack(max(start-max(before, 0), 0))
	hi := e.snapForward(min(end+max(after, 0), len(e.text)))
	if e.ReadOnly || lo == start && hi == end {
		return false
	}
	selected := e.text[start:end]
	e.replace(lo, hi, selected, cutting)
	if selected != "" {
		e.setSelection(e.snapBack(lo), e.caret)
	}
	return true
}

// replace is the one way that the text changes.
func (e *Editor) replace(start, end int, s string, k editKind) {
	ed := edit{at: start, removed: e.text[start:end], inserted: s, anchor: e.anchor, caret: e.caret, kind: k}
	e.text = e.text[:start] + s + e.text[end:]
	// What meets at the seams may have become one cluster.
	at := e.snapForward(start + len(s))
	e.setSelection(at, at)
	e.history.add(ed)
}

// Undo takes back the last edit, and reports whether there was one.
func (e *Editor) Undo() bool {
	ed, ok := e.history.undo()
	if !ok || e.ReadOnly {
		return false
	}
	e.text = e.text[:ed.at] + ed.removed + e.text[ed.at+len(ed.inserted):]
	e.setSelection(ed.anchor, ed.caret)
	return true
}

// Redo repeats what Undo took back.
func (e *Editor) Redo() bool {
	ed, ok := e.history.redo()
	if !ok || e.ReadOnly {
		return false
	}
	e.text = e.text[:ed.at] + ed.inserted + e.text[ed.at+len(ed.removed):]
	at := e.snapForward(ed.at + len(ed.inserted))
	e.setSelection(at, at)
	return true
}

// CanUndo reports whether Undo would do something.
func (e *Editor) CanUndo() bool { return !e.ReadOnly && len(e.history.done) > 0 }

// CanRedo reports whether Redo would do something.
func (e *Editor) CanRedo() bool { return !e.ReadOnly && len(e.history.undone) > 0 }
