package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-text/typesetting/segmenter"
)

// pieces are what the random tests type: clusters that join, split, turn
// around and break lines.
var pieces = []string{
	"a", "word ", "e\u0301", "\u0301", "👩‍🚀", "\u200d", "👩", "🇩🇪", "🇩", "ש", "שלום ", "مرحبا", "\n", "\r\n", "\r", "\t",
	"한", "\u1112\u1161\u11ab", "\x00", "\xff", "\xe2\x82", "\u2028", "\u0085", "नि", "  ", "1,234.5", "it's",
}

// clusters returns the boundaries of the whole text.
func clusters(s string) []int {
	var seg segmenter.Segmenter
	if err := seg.InitWithString(s); err != nil {
		return nil
	}
	var out []int
	for it := seg.GraphemeIterator(); it.Next(); {
		out = append(out, it.Grapheme().OffsetInBytes)
	}
	return append(out, len(s))
}

// step does one random act.
func step(e *Editor, code, arg byte) {
	switch code % 16 {
	case 0, 1, 2, 3:
		e.Insert(pieces[int(arg)%len(pieces)])
	case 4:
		e.Delete(Motion(arg % 8))
	case 5:
		e.Delete(Backward)
	case 6, 7:
		e.Move(Motion(arg%8), arg&8 != 0)
	case 8:
		e.Select(int(arg)-20, int(arg/3))
	case 9:
		e.Undo()
	case 10:
		e.Redo()
	case 11:
		e.SetPreedit(Preedit{pieces[int(arg)%len(pieces)], int(arg%5) - 1, int(arg % 4)})
	case 12:
		e.SetPreedit(Preedit{})
	case 13:
		e.DeleteSurrounding(int(arg%8), int(arg/32))
	case 14:
		e.SelectWord(int(arg))
	case 15:
		e.SelectLine(int(arg))
	}
}

// invariant returns what is wrong with an editor.
func invariant(e *Editor) string {
	s := e.Text()
	switch {
	case !utf8.ValidString(s):
		return "the text isn't valid UTF-8"
	case len(s) > e.limit():
		return "the text is too long"
	case !e.Multiline && strings.ContainsAny(s, "\n\t\r\u2028\u2029\u0085"):
		return "a single line has a break"
	case strings.ContainsAny(s, "\x00\r\u2028\u2029\u0085"):
		return "the text has control characters"
	}
	bounds := clusters(s)
	for _, at := range []int{e.Anchor(), e.Caret()} {
		if _, ok := slices.BinarySearch(bounds, at); !ok {
			return "the selection ends within a cluster"
		}
	}
	d := e.Display()
	if !utf8.ValidString(d) {
		return "what is shown isn't valid UTF-8"
	}
	for _, at := range bounds {
		shown := e.ToDisplay(at)
		if shown < 0 || shown > len(d) || e.FromDisplay(shown) != at {
			return "an offset doesn't come back from what is shown"
		}
	}
	if at, _ := e.DisplayCaret(); at > len(d) {
		return "the caret is beyond what is shown"
	}
	near, caret, anchor := e.Surrounding(40)
	if !utf8.ValidString(near) || caret > len(near) || anchor > len(near) {
		return "the surrounding text is damaged"
	}
	return ""
}

func play(t *testing.T, e *Editor, acts []byte) {
	t.Helper()
	first := e.Text()
	for i := 0; i+1 < len(acts); i += 2 {
		step(e, acts[i], acts[i+1])
		if bad := invariant(e); bad != "" {
			t.Fatalf("act %d (%d, %d): %s: %q, selection %d..%d", i/2, acts[i]%16, acts[i+1], bad, e.Text(), e.Anchor(), e.Caret())
		}
	}
	e.SetPreedit(Preedit{})
	for e.Redo() {
	}
	last := e.Text()
	n := 0
	for e.Undo() {
		if bad := invariant(e); bad != "" {
			t.Fatalf("undo: %s: %q", bad, e.Text())
		}
		n++
	}
	if n < maxEdits && e.Text() != first {
		t.Fatalf("undone to the end: %q; want %q", e.Text(), first)
	}
	for e.Redo() {
	}
	if e.Text() != last {
		t.Fatalf("redone to the end: %q; want %q", e.Text(), last)
	}
}

func FuzzEditor(f *testing.F) {
	f.Add(byte(0), []byte{0, 1, 0, 3, 4, 0, 9, 0})
	f.Add(byte(1), []byte{0, 2, 0, 12, 0, 4, 6, 2, 8, 40, 0, 3, 9, 0, 9, 0, 10, 0})
	f.Add(byte(2), []byte{0, 7, 0, 8, 6, 0, 0, 8, 13, 255})
	f.Fuzz(func(t *testing.T, mode byte, acts []byte) {
		if len(acts) > 400 {
			return
		}
		e := &Editor{Multiline: mode&1 != 0, Password: mode&2 != 0}
		if mode&4 != 0 {
			e.MaxBytes = 24
		}
		e.SetText("The first שורה\nand e\u0301 second")
		play(t, e, acts)
	})
}

func TestEditing(t *testing.T) {
	type act = func(e *Editor)
	insert := func(s string) act { return func(e *Editor) { e.Insert(s) } }
	move := func(m Motion) act { return func(e *Editor) { e.Move(m, false) } }
	extend := func(m Motion) act { return func(e *Editor) { e.Move(m, true) } }
	remove := func(m Motion) act { return func(e *Editor) { e.Delete(m) } }
	undo := func(e *Editor) { e.Undo() }
	for _, c := range []struct {
		name string
		acts []act
		want string // | is the caret, [ the anchor
	}{
		{"typing", []act{insert("ab"), insert("c")}, "abc|"},
		{"backspace takes a whole cluster", []act{insert("ae\u0301"), remove(Backward)}, "a|"},
		{"backspace takes a family", []act{insert("a👩‍👩‍👧"), remove(Backward)}, "a|"},
		{"delete takes a flag", []act{insert("🇩🇪🇫🇷"), move(TextStart), remove(Forward)}, "|🇫🇷"},
		{"what meets may join", []act{insert("ex\u0301"), move(TextStart), move(Forward), remove(Forward)}, "e|"},
		{"a word back", []act{insert("one two, three"), move(WordBackward), move(WordBackward)}, "one |two, three"},
		{"a word forward", []act{insert("one two"), move(TextStart), move(WordForward)}, "one| two"},
		{"words go over lines", []act{insert("one\ntwo"), move(WordBackward), move(WordBackward)}, "|one\ntwo"},
		{"delete a word", []act{insert("one two"), remove(WordBackward)}, "one |"},
		{"selecting and typing", []act{insert("one two"), extend(WordBackward), insert("x")}, "one x|"},
		{"a selection collapses to its start", []act{insert("one two"), extend(WordBackward), move(Backward)}, "one |two"},
		{"a selection collapses to its end", []act{insert("one two"), extend(WordBackward), move(Forward)}, "one two|"},
		{"line edges", []act{insert("one\ntwo\nthree"), move(LineStart), move(Backward), move(LineStart)}, "one\n|two\nthree"},
		{"a word is undone at once", []act{insert("o"), insert("n"), insert("e"), insert(" "), insert("t"), insert("w"), undo}, "one |"},
		{"moving ends a word", []act{insert("a"), insert("b"), move(Backward), move(Forward), insert("c"), undo}, "ab|"},
		{"and starts another", []act{insert("a"), move(Backward), move(Forward), insert("b"), insert("c"), undo}, "a|"},
		{"backspaces are undone at once", []act{insert("abc"), remove(Backward), remove(Backward), undo}, "abc|"},
		{"undo brings the selection back", []act{insert("one two"), extend(WordBackward), insert("x"), undo}, "one |two["},
		{"line ends", []act{insert("a\r\nb\rc\u2028d")}, "a\nb\nc\nd|"},
		{"nothing broken gets in", []act{insert("a\x00b\xffc\x7fd\u009b")}, "ab\ufffdcd|"},
		{"all", []act{insert("one"), func(e *Editor) { e.SelectAll() }}, "[one|"},
		{"a word under the pointer", []act{insert("one two"), func(e *Editor) { e.SelectWord(5) }}, "one [two|"},
		{"a line under the pointer", []act{insert("one\ntwo\nx"), func(e *Editor) { e.SelectLine(5) }}, "one\n[two\n|x"},
		{"composing replaces what is selected", []act{insert("one two"), extend(WordBackward), func(e *Editor) { e.SetPreedit(Preedit{"x", 1, 1}) }}, "one |"},
		{"an input method deletes around", []act{insert("abcdef"), func(e *Editor) { e.Select(3, 3); e.DeleteSurrounding(1, 2) }}, "ab|f"},
		{"it widens to clusters", []act{insert("ae\u0301b"), func(e *Editor) { e.Select(4, 4); e.DeleteSurrounding(1, 0) }}, "a|b"},
		{"and spares the selection", []act{insert("abcdef"), func(e *Editor) { e.Select(2, 4); e.DeleteSurrounding(1, 1) }}, "a[cd|f"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := &Editor{Multiline: true}
			for _, a := range c.acts {
				a(e)
			}
			got := e.Text()
			marks := []struct {
				at   int
				mark string
			}{{e.Caret(), "|"}, {e.Anchor(), "["}}
			if e.Anchor() > e.Caret() {
				slices.Reverse(marks)
			}
			if e.Anchor() == e.Caret() {
				marks = marks[:1]
			}
			for _, m := range marks {
				got = got[:m.at] + m.mark + got[m.at:]
			}
			if got != c.want {
				t.Errorf("got %q; want %q", got, c.want)
			}
		})
	}
}

func TestPasswordsStayHidden(t *testing.T) {
	e := &Editor{Password: true}
	e.Insert("se cre\u0301t")
	if got := e.Display(); got != "•••••••" {
		t.Errorf("shown as %q", got)
	}
	e.SelectAll()
	if got := e.SelectedText(); got != "" {
		t.Errorf("%q could be copied", got)
	}
	if s, _, _ := e.Surrounding(100); s != "" {
		t.Errorf("an input method sees %q", s)
	}
	e.Move(WordBackward, false)
	if e.Caret() != 0 {
		t.Errorf("a word back goes to %d, which tells where a word starts", e.Caret())
	}
	if got := e.FromDisplay(e.ToDisplay(8)); got != 8 {
		t.Errorf("offset 8 comes back as %d", got)
	}
}

func TestReadOnlyTextStays(t *testing.T) {
	e := &Editor{ReadOnly: true}
	e.SetText("text")
	e.SelectAll()
	if e.Insert("x") || e.Delete(Backward) || e.DeleteSurrounding(1, 1) || e.Undo() || e.Redo() {
		t.Error("an edit says that it was done")
	}
	e.SetPreedit(Preedit{Text: "x"})
	if e.Text() != "text" || e.Display() != "text" || e.SelectedText() != "text" {
		t.Errorf("text %q, shown %q, selected %q", e.Text(), e.Display(), e.SelectedText())
	}
}

func TestPreeditIsShownAtTheCaret(t *testing.T) {
	e := &Editor{}
	e.Insert("ab")
	e.Move(Backward, false)
	e.SetPreedit(Preedit{"に", 0, 3})
	if got := e.Display(); got != "aにb" {
		t.Errorf("shown as %q", got)
	}
	if lo, hi := e.PreeditSpan(); lo != 1 || hi != 4 {
		t.Errorf("preedit at %d..%d", lo, hi)
	}
	if a, b := e.ToDisplay(1), e.ToDisplay(2); a != 1 || b != 5 {
		t.Errorf("the caret and the letter after it are shown at %d and %d", a, b)
	}
	if at, ok := e.DisplayCaret(); at != 4 || !ok {
		t.Errorf("caret at %d, seen %v", at, ok)
	}
	e.SetPreedit(Preedit{"に", -1, -1})
	if _, ok := e.DisplayCaret(); ok {
		t.Error("a hidden caret is seen")
	}
	e.SetPreedit(Preedit{})
	e.Insert("日")
	if e.Text() != "a日b" || e.Display() != "a日b" {
		t.Errorf("committed %q, shown %q", e.Text(), e.Display())
	}
}

func TestHistoryIsBounded(t *testing.T) {
	e := &Editor{Multiline: true}
	for range 3 * maxEdits {
		e.Insert("word")
		e.Insert("\n")
	}
	if n := len(e.history.done); n > maxEdits {
		t.Errorf("%d edits are kept", n)
	}
	e.SetText("")
	big := strings.Repeat("word\n", maxEditBytes/40)
	for range 32 {
		e.Insert(big)
		e.SelectAll()
	}
	if e.history.bytes > maxEditBytes+len(big) {
		t.Errorf("%d bytes are kept", e.history.bytes)
	}
}
