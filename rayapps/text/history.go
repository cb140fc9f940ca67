package text

import (
	"unicode"
	"unicode/utf8"
)

type editKind uint8

const (
	typing   editKind = iota // Insert
	deleting                 // a cluster before or after the caret
	cutting                  // anything else
)

// edit is a change: at an offset, removed became inserted. Anchor and caret are
// those from before.
type edit struct {
	at                int
	removed, inserted string
	anchor, caret     int
	kind              editKind
}

// Bounds of a history.
const (
	maxEdits     = 1 << 10
	maxEditBytes = 4 << 20
)

// history holds the edits that can be taken back and those that were.
type history struct {
	done, undone []edit
	bytes        int // of done
	sealed       bool
}

// seal keeps the next edit from joining the last.
func (h *history) seal() { h.sealed = true }

func (h *history) add(ed edit) {
	h.undone = nil
	if n := len(h.done) - 1; n >= 0 && !h.sealed && h.done[n].join(&ed) {
		h.bytes += len(ed.removed) + len(ed.inserted)
	} else {
		h.done = append(h.done, ed)
		h.bytes += len(ed.removed) + len(ed.inserted)
	}
	h.sealed = false
	drop := 0
	for len(h.done)-drop > maxEdits || h.bytes > maxEditBytes && len(h.done)-drop > 1 {
		h.bytes -= len(h.done[drop].removed) + len(h.done[drop].inserted)
		drop++
	}
	if drop > 0 {
		h.done = append(h.done[:0], h.done[drop:]...)
	}
}

// join adds a following edit to one if a person would take both back at once:
// characters typed into a word, or deleted in a row.
func (a *edit) join(b *edit) bool {
	switch {
	case a.kind != b.kind:
		return false
	case a.kind == typing:
		if b.removed != "" || b.at != a.at+len(a.inserted) || utf8.RuneCountInString(b.inserted) > 1 || a.inserted == "" {
			return false
		}
		last, _ := utf8.DecodeLastRuneInString(a.inserted)
		next, _ := utf8.DecodeRuneInString(b.inserted)
		if unicode.IsSpace(last) && !unicode.IsSpace(next) || next == '\n' {
			return false
		}
		a.inserted += b.inserted
	case a.kind == deleting && b.at+len(b.removed) == a.at:
		a.at, a.removed = b.at, b.removed+a.removed
	case a.kind == deleting && b.at == a.at:
		a.removed += b.removed
	default:
		return false
	}
	return true
}

func (h *history) undo() (edit, bool) {
	n := len(h.done) - 1
	if n < 0 {
		return edit{}, false
	}
	ed := h.done[n]
	h.done, h.undone = h.done[:n], append(h.undone, ed)
	h.bytes -= len(ed.removed) + len(ed.inserted)
	h.sealed = true
	return ed, true
}

func (h *history) redo() (edit, bool) {
	n := len(h.undone) - 1
	if n < 0 {
		return edit{}, false
	}
	ed := h.undone[n]
	h.undone, h.done = h.undone[:n], append(h.done, ed)
	h.bytes += len(ed.removed) + len(ed.inserted)
	h.sealed = true
	return ed, true
}
