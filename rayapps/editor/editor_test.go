package editor

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

var small = rayapps.Look{Size: geom.Size{W: 640, H: 400}}

// stand is an editor in a window of its own.
type stand struct {
	*rayapps.Preview
	t  *testing.T
	ed *Editor
}

func start(t *testing.T, look rayapps.Look, names ...string) *stand {
	t.Helper()
	ed := New(names)
	s := &stand{apptest.Preview(t, Options, ed, look), t, ed}
	s.until("files are read", func() bool {
		return !slices.ContainsFunc(ed.docs, func(d *document) bool { return d.job != nil })
	})
	return s
}

// with is an editor of a text.
func with(t *testing.T, text string) *stand {
	t.Helper()
	s := start(t, small)
	s.ed.doc().take(buffer.Bytes([]byte(text)), buffer.About{CRLF: strings.Contains(text, "\r\n")})
	s.ed.w.Invalidate()
	s.List()
	return s
}

// until waits for what happens in the background.
func (s *stand) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		if s.Settle(); ok() {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("never: %s", what)
		}
	}
}

func (s *stand) text() string {
	t := s.ed.doc().text()
	return string(t.Slice(0, t.Len()))
}

func (s *stand) want(text string, anchor, caret int64) {
	s.t.Helper()
	if got := s.text(); got != text {
		s.t.Fatalf("text = %.200q; want %.200q", got, text)
	}
	if sel := s.ed.doc().sel; sel.Anchor != anchor || sel.Caret != caret {
		s.t.Fatalf("selection = %d, %d; want %d, %d", sel.Anchor, sel.Caret, anchor, caret)
	}
}

func (s *stand) press(name string) {
	s.t.Helper()
	s.ed.w.Invalidate()
	s.Settle()
	all := s.Root().Semantics()
	i := apptest.Find(all, name)
	for _, k := range all.Children { // a dialog is above everything
		if k.Role == ui.RoleDialog {
			i = apptest.Find(k, name)
		}
	}
	if i == nil {
		s.t.Fatalf("there is no %q", name)
	}
	if !s.Root().Do(i.ID, ui.DoActivate, "") {
		s.t.Fatalf("%q can't be pressed", name)
	}
	s.Settle()
}

func TestTyping(t *testing.T) {
	s := with(t, "one\r\n\ttwo")
	s.Type("> ")
	s.want("> one\r\n\ttwo", 2, 2)
	s.Press(ui.KeyEnd, 0)
	s.Press(ui.KeyEnter, 0)
	s.Type("x")
	s.want("> one\r\nx\r\n\ttwo", 8, 8)
	s.Press(ui.KeyDown, 0)
	s.Press(ui.KeyEnd, 0)
	s.Press(ui.KeyEnter, 0) // as far in as before
	s.want("> one\r\nx\r\n\ttwo\r\n\t", 17, 17)
	s.Press(ui.KeyBackspace, 0)
	s.Press(ui.KeyBackspace, 0) // both bytes of the line's end
	s.want("> one\r\nx\r\n\ttwo", 14, 14)
	for range 9 {
		s.Press('z', ui.Ctrl)
	}
	s.want("one\r\n\ttwo", 0, 0)
	if s.ed.doc().buf.Modified() {
		t.Error("modified after all was undone")
	}
	s.Press('z', ui.Ctrl|ui.Shift)
	if got := s.text(); !strings.HasPrefix(got, "> ") {
		t.Errorf("text after redo = %q", got)
	}
}

func TestMoving(t *testing.T) {
	const text = "  ab cd\nא😀é\xffz\nlast"
	s := with(t, text)
	step := func(sym ui.Sym, mods ui.Mods, want int64) {
		t.Helper()
		s.Press(sym, mods)
		if got := s.ed.doc().sel.Caret; got != want {
			t.Fatalf("caret = %d; want %d", got, want)
		}
	}
	step(ui.KeyEnd, 0, 7)
	step(ui.KeyHome, 0, 2)
	step(ui.KeyHome, 0, 0)
	step(ui.KeyHome, 0, 2)
	step(ui.KeyRight, ui.Ctrl, 4)
	step(ui.KeyRight, ui.Ctrl, 7)
	step(ui.KeyRight, ui.Ctrl, 8)
	step(ui.KeyEnd, ui.Ctrl, int64(len(text)))
	step(ui.KeyHome, ui.Ctrl, 0)
	step(ui.KeyPageDown, 0, int64(len(text)))
	s.ed.doc().choose(10, 10)
	for _, want := range []int64{14, 16, 17, 18, 19} { // an emoji, two bytes, a byte, a letter, the line's end
		m := s.ed.doc().step(s.ed.doc().sel.Caret, 1)
		s.ed.doc().choose(m, m)
		if m != want {
			t.Fatalf("forward leads to %d; want %d", m, want)
		}
	}
	for _, want := range []int64{18, 17, 16, 14, 10, 8, 7} {
		m := s.ed.doc().step(s.ed.doc().sel.Caret, 0)
		s.ed.doc().choose(m, m)
		if m != want {
			t.Fatalf("backward leads to %d; want %d", m, want)
		}
	}
	s.Press(ui.KeyDown, ui.Shift)
	if sel := s.ed.doc().sel; sel.Anchor != 7 || sel.Caret <= 7 {
		t.Errorf("selection = %+v; want one from 7", sel)
	}
	s.Press('a', ui.Ctrl)
	s.want(text, 0, int64(len(text)))
}

func TestIndenting(t *testing.T) {
	s := with(t, "a\nb\n\nc")
	s.ed.doc().pick(0, 5)
	s.Press(ui.KeyTab, 0)
	s.want("\ta\n\tb\n\nc", 0, 7)
	s.Press(ui.KeyTab, ui.Shift)
	s.want("a\nb\n\nc", 0, 5)
	s.Press('z', ui.Ctrl)
	s.want("\ta\n\tb\n\nc", 0, 7)
	s.ed.doc().spaces = true
	s.ed.doc().choose(0, 0)
	s.Press(ui.KeyTab, 0)
	s.want("    \ta\n\tb\n\nc", 4, 4)
	s.Press(ui.KeyBackspace, 0)
	s.want("\ta\n\tb\n\nc", 0, 0)
	s.Press(ui.KeyDown, ui.Alt)
	s.want("\tb\n\ta\n\nc", 3, 3)
	s.Press(ui.KeyUp, ui.Alt)
	s.want("\ta\n\tb\n\nc", 0, 0)
	s.ed.doc().choose(7, 7)
	s.Press(ui.KeyUp, ui.Alt) // the last line has no end of its own
	s.want("\ta\n\tb\nc\n", 6, 6)
}

func TestPointer(t *testing.T) {
	s := with(t, "some words here\nsecond line\nthird")
	d := s.ed.doc()
	at := func(off int64) geom.Point {
		keep := d.sel
		d.sel.Caret = off
		box, _ := d.caretBox()
		d.sel = keep
		return box.Min().Add(d.el.Bounds().Min()).Add(geom.Point{X: 1, Y: 5})
	}
	click := func(p geom.Point, n int) {
		for range n {
			s.Click(p)
		}
		s.Advance(time.Second)
	}
	click(at(7), 1)
	s.want(s.text(), 7, 7)
	click(at(7), 2)
	s.want(s.text(), 5, 10)
	click(at(7), 3)
	s.want(s.text(), 0, 16)
	drag := func(from, to geom.Point, mods ui.Mods) {
		s.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: from.F()})
		s.Event(&ui.Pointer{Kind: ui.PointerPress, Pos: from.F(), Mods: mods})
		s.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: to.F(), Mods: mods})
		s.Event(&ui.Pointer{Kind: ui.PointerRelease, Pos: to.F(), Mods: mods})
		s.Advance(time.Second)
	}
	click(at(30), 1)
	drag(at(2), at(20), 0)
	s.want(s.text(), 2, 20)
	number := geom.Point{X: d.el.Bounds().X0 + 4, Y: at(20).Y}
	drag(number, geom.Point{X: number.X, Y: at(30).Y}, 0)
	s.want(s.text(), 16, 33)
	// The wheel scrolls, and a long text has a bar.
	d.take(buffer.Bytes([]byte(strings.Repeat("line\n", 1000))), buffer.About{})
	s.ed.w.Invalidate()
	s.List()
	s.Event(&ui.Pointer{Kind: ui.PointerScroll, Pos: at(0).F(), Scroll: geom.FPoint{Y: 200}})
	if d.top.off == 0 {
		t.Error("the wheel doesn't scroll")
	}
	b := d.el.Bounds()
	drag(geom.Point{X: b.X1 - 4, Y: b.Y0 + 10}, geom.Point{X: b.X1 - 4, Y: b.Y1 + 50}, 0)
	var last int64
	d.rows(func(r *row) bool { last = r.seg.line; return true })
	if last != 1000 {
		t.Errorf("the bar leads to line %d; want the last, 1000", last)
	}
}

func TestComposing(t *testing.T) {
	s := with(t, "ab")
	s.Press(ui.KeyRight, 0)
	s.Event(&ui.Preedit{Text: "か", Start: 3, End: 3})
	s.want("ab", 1, 1)
	if r := s.ed.doc().row(segmentAt(s.ed.doc().text(), 0)); r.text != "aかb" {
		t.Errorf("shown = %q; want the preedit in it", r.text)
	}
	if m := s.Root().IME(); !m.Enabled || m.Text != "ab" || m.Caret != 1 || m.Rect.Empty() {
		t.Errorf("IME = %+v", m)
	}
	s.Event(&ui.Preedit{})
	s.Event(&ui.Commit{Text: "化"})
	s.want("a化b", 4, 4)
	s.Event(&ui.Delete{Before: 3})
	s.want("ab", 1, 1)
}

func TestClipboard(t *testing.T) {
	s := with(t, "one\r\n\xfftwo")
	s.ed.doc().pick(3, 7)
	if got, ok := s.ed.doc().copied(); got != "\r\n\xfft" || !ok {
		t.Errorf("copied %q, %v", got, ok)
	}
	s.Press('x', ui.Ctrl)
	s.want("onewo", 3, 3)
	s.Event(&ui.Paste{Text: "\r\n\xfft"}) // bytes come back as they were
	s.want("one\r\n\xfftwo", 7, 7)
	s.Event(&ui.Paste{Text: "1\n2"}) // with the line ends of the text
	s.want("one\r\n\xfft1\r\n2wo", 11, 11)
	s.ed.doc().take(buffer.Bytes(make([]byte, maxCopy+1)), buffer.About{})
	s.ed.doc().pick(0, maxCopy+1)
	if _, ok := s.ed.doc().copied(); ok {
		t.Error("copied more than the bound")
	}
}

func TestFinding(t *testing.T) {
	s := with(t, "foo Foo\nfood foo")
	s.Press('f', ui.Ctrl)
	s.Settle()
	s.Type("foo")
	s.until("something is found", func() bool { return s.ed.doc().selected() && s.ed.find.counted })
	s.want(s.text(), 0, 3)
	if got := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s.ed.find.result(&s.ed.doc().view)); got != "1 of 4" {
		t.Errorf("result = %q; want 1 of 4", got)
	}
	s.Press(ui.KeyEnter, 0)
	s.until("the next one", func() bool { return s.ed.doc().sel.Anchor == 4 })
	s.Press(ui.KeyEnter, ui.Shift)
	s.until("the one before", func() bool { return s.ed.doc().sel.Anchor == 0 })
	s.Press(ui.KeyEnter, ui.Shift)
	s.until("around the start", func() bool { return s.ed.doc().sel.Anchor == 13 })
	s.press("Whole words")
	s.until("words", func() bool { return s.ed.find.counted && s.ed.find.total == 3 })
	s.press("Match case")
	s.until("case", func() bool { return s.ed.find.counted && s.ed.find.total == 2 })
	s.List()
	if n := len(s.ed.doc().found.list); n != 2 {
		t.Errorf("%d matches are marked; want 2", n)
	}
	s.Press('h', ui.Ctrl)
	s.Settle()
	s.ed.find.with = "bar"
	s.press("Replace all")
	s.until("replaced", func() bool { return !s.ed.find.busy })
	if got := s.text(); got != "bar Foo\nfood bar" {
		t.Errorf("text = %q", got)
	}
	s.ed.doc().back()
	if got := s.text(); got != "foo Foo\nfood foo" {
		t.Errorf("text after undo = %q", got)
	}
	s.Press(ui.KeyEscape, 0)
	s.Settle()
	s.Type("!")
	if got := s.text(); !strings.Contains(got, "!") {
		t.Errorf("typing went somewhere else: %q", got)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file.txt")
	if err := os.WriteFile(path, []byte("\xef\xbb\xbfa\r\nb"), 0o640); err != nil {
		t.Fatal(err)
	}
	s := start(t, small, path, filepath.Join(dir, "new.txt"), "file://"+path, dir, "http://example.org/x")
	if len(s.ed.docs) != 2 || len(s.ed.toasts) != 2 {
		t.Fatalf("%d documents, %d toasts; want 2 and 2", len(s.ed.docs), len(s.ed.toasts))
	}
	s.ed.turn(0)
	s.Settle()
	s.List()
	s.Settle()
	s.Type("x")
	s.Press('s', ui.Ctrl)
	s.until("saved", func() bool { return !s.ed.doc().buf.Modified() })
	if got, err := os.ReadFile(path); err != nil || string(got) != "\xef\xbb\xbfxa\r\nb" {
		t.Fatalf("file = %q, %v", got, err)
	}
	// Somebody else writes it.
	if err := os.WriteFile(path, []byte("theirs, longer"), 0o640); err != nil {
		t.Fatal(err)
	}
	s.Type("y")
	s.Press('s', ui.Ctrl)
	s.Settle()
	if s.ed.ask == nil {
		t.Fatal("nobody asks before the changes of others are lost")
	}
	s.press("Cancel")
	if got, err := os.ReadFile(path); err != nil || string(got) != "theirs, longer" {
		t.Fatalf("file = %q, %v", got, err)
	}
	s.ed.Focus(s.ed.w, true)
	if s.ed.doc().disk != changedOnDisk {
		t.Error("nobody says that the file has changed")
	}
	s.Press('s', ui.Ctrl)
	s.press("Replace")
	s.until("saved", func() bool { return !s.ed.doc().buf.Modified() })
	if got, err := os.ReadFile(path); err != nil || string(got) != "\xef\xbb\xbfxya\r\nb" {
		t.Fatalf("file = %q, %v", got, err)
	}
}

func TestClosing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	s := with(t, "")
	s.Type("text")
	if s.ed.Close(s.ed.w) {
		t.Fatal("closed with unsaved text")
	}
	s.press("Cancel")
	if s.ed.ending || s.ed.ask != nil {
		t.Error("cancelled, and still ending")
	}
	s.ed.choose = func(p rayapps.Pick, _ string) (string, error) {
		if !p.Save {
			t.Error("the picker opens")
		}
		return path, nil
	}
	s.ed.Close(s.ed.w)
	s.press("Save")
	s.until("saved and gone", func() bool { return s.ed.doc().blank() })
	if got, err := os.ReadFile(path); err != nil || string(got) != "text" {
		t.Errorf("file = %q, %v", got, err)
	}
	s = with(t, "")
	s.Type("more")
	s.ed.close(s.ed.doc(), nil)
	s.press("Discard")
	if !s.ed.Close(s.ed.w) {
		t.Error("kept with nothing to lose")
	}
	if data, err := s.ed.Save(); err != nil || strings.Contains(string(data), "Docs") {
		t.Errorf("Save() = %s, %v; want no documents after closing", data, err)
	}
}

func TestStateComesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("on disk"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := with(t, "")
	s.Type("unsaved \\")
	s.Event(&ui.Paste{Text: "\xff"})
	s.ed.openPath(path)
	s.until("read", func() bool { return s.ed.doc().job == nil })
	s.ed.doc().replace(7, 0, []byte("!"), buffer.Other)
	s.ed.doc().choose(3, 5)
	s.ed.prefs.Wrap = false
	saved, err := s.ed.Save()
	if err != nil {
		t.Fatal(err)
	}
	for _, alone := range []bool{true, false} {
		ed := New(nil)
		ed.alone = alone
		p := apptest.Preview(t, Options, ed, small)
		ed.saved = saved
		ed.restore(saved)
		if !alone {
			if again, _ := ed.Save(); len(ed.docs) != 1 || !ed.docs[0].blank() || string(again) != string(saved) {
				t.Error("a second editor has the state of the first")
			}
			continue
		}
		if err := ed.Start(ed.w); err != nil {
			t.Fatal(err)
		}
		two := &stand{p, t, ed}
		two.until("read", func() bool { return len(ed.docs) == 2 && ed.docs[1].job == nil })
		if ed.at != 1 || ed.prefs.Wrap {
			t.Errorf("document %d is shown, wrap %v; want 1 and false", ed.at, ed.prefs.Wrap)
		}
		two.want("on disk!", 3, 5)
		if ed.look(ed.doc()); ed.doc().disk != asIs {
			t.Error("a file that nobody has changed counts as changed")
		}
		if ed.at = 0; !ed.doc().buf.Modified() {
			t.Error("what was not saved counts as saved")
		}
		two.want("unsaved \\\xff", 10, 10)
	}
	for _, bad := range []string{"", "x", "{}", `{"At":9,"Docs":[{"Path":"rel"},{"Sel":{"Caret":-5}}]}`, `{"Docs":[{"Unsaved":true,"Tab":-1,"Top":-9,"Sel":{"Caret":99}}]}`} {
		ed := New(nil)
		ed.restore([]byte(bad))
		if len(ed.docs) == 0 || ed.at != 0 {
			t.Errorf("%q: %d documents, %d is shown", bad, len(ed.docs), ed.at)
		}
	}
	// Text that is too large isn't kept, and the state stays within its bounds.
	s.ed.doc().replace(0, 0, make([]byte, 2<<20), buffer.Other)
	if data, err := s.ed.Save(); err != nil || len(data) > rayapps.MaxState || !json.Valid(data) {
		t.Errorf("Save() = %d bytes, %v", len(data), err)
	}
}

func TestDrops(t *testing.T) {
	s := with(t, "one two three")
	d := s.ed.doc()
	at := func(off int64) geom.Point {
		keep := d.sel
		d.sel.Caret = off
		box, _ := d.caretBox()
		d.sel = keep
		return box.Min().Add(d.el.Bounds().Min()).Add(geom.Point{Y: 5})
	}
	if !s.ed.Drop(s.ed.w, rayapps.Drop{At: at(3), Text: " and"}) {
		t.Error("text isn't taken")
	}
	s.want("one and two three", 3, 7)
	// What comes from the same text moves.
	d.choose(0, 4)
	s.ed.dragged = d
	s.ed.Drop(s.ed.w, rayapps.Drop{At: at(12), Text: "one "})
	s.want("and two one three", 8, 12)
	d.back()
	s.want("one and two three", 0, 4)
	s.ed.dragged = nil
	if s.ed.Drop(s.ed.w, rayapps.Drop{At: geom.Point{X: 5, Y: 5}, Text: "x"}) {
		t.Error("text is taken beside the text")
	}
	path := filepath.Join(t.TempDir(), "dropped")
	if err := os.WriteFile(path, []byte("file"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.ed.Drop(s.ed.w, rayapps.Drop{Names: []string{"file://" + path}})
	s.until("it is read", func() bool { return s.ed.doc().job == nil })
	s.want("file", 0, 0)
}

func TestHandedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "handed")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := with(t, "")
	s.ed.OpenFile(s.ed.w, f, "handed", "")
	s.until("it is read", func() bool { return s.ed.doc().job == nil })
	s.List()
	s.Settle()
	s.Type("x")
	s.want("xabc", 1, 1)
	s.Press('s', ui.Ctrl)
	s.until("saved", func() bool { return !s.ed.doc().buf.Modified() })
	if got, err := os.ReadFile(path); err != nil || string(got) != "xabc" {
		t.Errorf("file = %q, %v", got, err)
	}
}

// What can't see the text is told what is around the caret.
func TestSemantics(t *testing.T) {
	s := with(t, "eins\nzwei")
	s.ed.doc().pick(5, 7)
	find := func() (text *ui.Info) {
		var walk func(i *ui.Info)
		walk = func(i *ui.Info) {
			if i.Role == ui.RoleText {
				text = i
			}
			for _, k := range i.Children {
				walk(k)
			}
		}
		walk(s.Root().Semantics())
		return text
	}
	i := find()
	if i == nil || i.Value != "eins\nzwei" || i.Anchor != 5 || i.Caret != 7 || i.Traits&(ui.IsMultiline|ui.IsFocused) != ui.IsMultiline|ui.IsFocused {
		t.Fatalf("the text is told as %+v", i)
	}
	if !s.Root().Do(i.ID, ui.DoSetValue, "drei") {
		t.Error("it can't be set")
	}
	s.want("drei", 4, 4)
	s.ed.doc().take(buffer.Bytes([]byte(strings.Repeat("0123456789\n", 100_000))), buffer.About{})
	s.ed.doc().choose(500_000, 500_003)
	i = find()
	if n := len(i.Value); n > 64<<10 || i.Value[i.Anchor:i.Caret] != string(s.ed.doc().text().Slice(500_000, 500_003)) {
		t.Errorf("%d bytes are told, %d to %d selected", n, i.Anchor, i.Caret)
	}
}

// Typing means the text, whatever button was pressed last.
func TestTypingAfterAButton(t *testing.T) {
	s := with(t, "")
	s.Type("a")
	s.press("Undo")
	s.Type("b")
	s.Press(keyF6, 0)
	s.Type("c")
	s.want("bc", 2, 2)
}

func TestGoToLine(t *testing.T) {
	s := with(t, strings.Repeat("12345\n", 500))
	s.Press('g', ui.Ctrl)
	s.Settle()
	s.Type("300:3")
	s.Press(ui.KeyEnter, 0)
	s.Settle()
	s.want(s.text(), 299*6+2, 299*6+2)
	if _, seen := s.ed.doc().caretBox(); !seen {
		t.Error("the line isn't to be seen")
	}
}

// A keystroke draws the line that it is in, and not the others.
func TestKeystrokeDrawsItsLine(t *testing.T) {
	s := with(t, strings.Repeat("some text in a line\n", 100))
	s.ed.doc().choose(45, 45)
	s.Root().Frame()
	s.ed.find.open = false
	s.Type("x")
	f := s.Root().Frame()
	box := s.ed.doc().el.Bounds()
	area := geom.RegionOf(box)
	area.Intersect(&f.Damage)
	if n, most := area.Area(), int64(box.W()*2*s.ed.doc().lineHeight()); n > most || n == 0 {
		t.Errorf("a keystroke damages %v of %v", area.Rects(), box)
	}
}

// A line of many megabytes is as quick as any other: what isn't seen isn't laid
// out.
func TestLongLine(t *testing.T) {
	s := with(t, strings.Repeat("0123456789abcdef", 1<<20))
	d := s.ed.doc()
	d.choose(8<<20, 8<<20)
	before := s.Root().Counts()
	s.Type("x")
	n := 0
	d.rows(func(r *row) bool {
		if n += len(r.text); len(r.text) > maxSegment {
			t.Errorf("%d bytes are laid out together", len(r.text))
		}
		return true
	})
	if n > 32*maxSegment {
		t.Errorf("%d bytes are laid out", n)
	}
	if d.sel.Caret != 8<<20+1 || s.Root().Counts() == before {
		t.Error("nothing was typed")
	}
}

func TestSegmentsMeet(t *testing.T) {
	raw := []byte(strings.Repeat("aé\xff漢", 4000) + "\r\nshort\n\n" + strings.Repeat("x", 2*maxSegment) + "\n")
	text := buffer.Bytes(raw)
	var list []segment
	at := int64(0)
	for s, ok := segmentAt(text, 0), true; ok; s, ok = s.after(text) {
		if s.start != at && s.start != s.from {
			t.Fatalf("segment %+v; want it to start at %d", s, at)
		}
		at = s.fin
		list = append(list, s)
		for off := s.start; off < s.fin; off++ {
			if got := segmentAt(text, off); got != s {
				t.Fatalf("segmentAt(%d) = %+v; want %+v", off, got, s)
			}
		}
	}
	if n := len(list); n != 7+1+1+2+1 {
		t.Errorf("%d segments", n)
	}
	for i := len(list) - 1; i > 0; i-- {
		if got, ok := list[i].before(text); !ok || got != list[i-1] {
			t.Fatalf("before %+v = %+v; want %+v", list[i], got, list[i-1])
		}
	}
}

// FuzzShown: offsets of the text and of what is shown lead to each other.
func FuzzShown(f *testing.F) {
	f.Add("a\tb\xff\x00é\u202e", "か", uint8(2))
	f.Fuzz(func(t *testing.T, s, pre string, at uint8) {
		if len(s) > maxSegment || strings.Contains(s, "\n") {
			t.Skip()
		}
		text := buffer.Bytes([]byte(s))
		r := show(text, segmentAt(text, 0), 4, pre, int64(at))
		last := 0
		for off := r.seg.start; off <= r.seg.fin; off++ {
			i := r.toShown(off)
			if i < last || i > len(r.text) {
				t.Fatalf("toShown(%d) = %d after %d of %d", off, i, last, len(r.text))
			}
			last = i
		}
		for i := range len(r.text) + 1 {
			if off := r.toRaw(i); off < r.seg.start || off > r.seg.fin {
				t.Fatalf("toRaw(%d) = %d of %d", i, off, r.seg.fin)
			}
		}
	})
}

const sample = `package main

// Größe und mehr, كلمة
func main() {
	for i := range 10 {
		println(i, "hello") // needle
	}
}
` + "\xff bad, \x01 control, <\u202e>\n\nneedle at the end of a line that is long enough to be wrapped into two rows, as many are, and then some more of it\n"

func TestPictures(t *testing.T) {
	for name, c := range map[string]struct {
		look     rayapps.Look
		language string
		set      func(*stand)
	}{
		"dark":  {look: small},
		"light": {look: rayapps.Look{Size: small.Size, Scheme: theme.Light, Scale: 180}},
		"rtl":   {look: rayapps.Look{Size: small.Size}, language: "ar"},
		"find": {look: small, set: func(s *stand) {
			s.ed.openFind(true)
			s.ed.find.query.Text = "needle"
			s.ed.find.anew(s.ed)
			s.until("counted", func() bool { return s.ed.find.counted })
			s.ed.next(true)
			s.until("found", func() bool { return !s.ed.find.busy })
		}},
		"find-de": {look: rayapps.Look{Size: small.Size, Scheme: theme.Light}, language: "de", set: func(s *stand) {
			s.ed.openFind(true)
			s.ed.find.query.Text = "nirgends"
			s.ed.find.anew(s.ed)
			s.until("counted", func() bool { return s.ed.find.counted })
		}},
		"tabs": {look: small, set: func(s *stand) {
			s.ed.open1()
			s.Settle()
			s.List()
			s.Settle()
			s.Type("hello")
			s.ed.doc().disk = changedOnDisk
			s.ed.doc().moved = 0
			s.ed.say("notes.txt was not saved: the disk is full.")
		}},
		"close": {look: small, set: func(s *stand) {
			s.Type("x")
			s.ed.Close(s.ed.w)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c.look = apptest.In(t, c.language, c.look)
			s := start(t, c.look)
			d := s.ed.doc()
			d.path = "/home/person/main.go"
			d.take(buffer.Bytes([]byte(sample)), buffer.About{})
			d.choose(30, 30)
			s.ed.w.Invalidate()
			s.List()
			s.Settle()
			if c.set != nil {
				c.set(s)
			} else {
				d.pick(60, 112)
			}
			s.ed.w.Invalidate()
			s.Settle()
			s.List()
			s.Settle()
			pixels, err := s.Picture()
			if err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, name, pixels)
		})
	}
}
