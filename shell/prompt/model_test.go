package prompt

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"rayos/geom"
	"rayos/shell/control/grammar"
	"rayos/shell/theme"
)

// show writes the line with | as the caret and brackets around what is
// selected.
func (l *Line) show() string {
	from, to := l.Selection()
	marks := map[int]string{l.caret: "|"}
	if from != to {
		if l.caret == from {
			marks = map[int]string{from: "|[", to: "]"}
		} else {
			marks = map[int]string{from: "[", to: "]|"}
		}
	}
	var b strings.Builder
	for i := 0; i <= len(l.text); i++ {
		b.WriteString(marks[i])
		if i < len(l.text) {
			b.WriteByte(l.text[i])
		}
	}
	return b.String()
}

func TestLineEditing(t *testing.T) {
	left, right := Press{Key: Left}, Press{Key: Right}
	tests := []struct {
		name  string
		start string
		keys  []Press
		want  string
	}{
		{"type", "ab", []Press{left, {Text: "ü"}}, "aü|b"},
		{"a mark goes with its letter", "ae\u0301", []Press{left}, "a|e\u0301"},
		{"a mark is deleted with its letter", "ae\u0301", []Press{{Key: Backspace}}, "a|"},
		{"a mark joins the letter before the caret", "ab", []Press{left, {Text: "\u0301"}, {Text: "x"}}, "a\u0301x|b"},
		{"words", "one  two three", []Press{{Key: Left, Ctrl: true}, {Key: Left, Ctrl: true}}, "one  |two three"},
		{"words forth", "one  two", []Press{{Key: Home}, {Key: Right, Ctrl: true}}, "one  |two"},
		{"delete a word", "one two", []Press{{Key: Backspace, Ctrl: true}}, "one |"},
		{"delete the next word", "one two", []Press{{Key: Home}, {Key: Delete, Ctrl: true}}, "|two"},
		{"select and replace", "one two", []Press{{Key: Left, Ctrl: true, Shift: true}, {Text: "x"}}, "one x|"},
		{"select back", "abc", []Press{{Key: Left, Shift: true}, {Key: Left, Shift: true}}, "a|[bc]"},
		{"a step from a selection ends at its edge", "abc", []Press{{Key: Home}, {Key: End, Shift: true}, left}, "|abc"},
		{"a step to the right too", "abc", []Press{{Key: Home, Shift: true}, right}, "abc|"},
		{"select all", "abc", []Press{{Text: "a", Ctrl: true}}, "[abc]|"},
		{"delete to the start", "abc", []Press{left, {Text: "u", Ctrl: true}}, "|c"},
		{"delete to the end", "abc", []Press{{Key: Home}, right, {Text: "k", Ctrl: true}}, "a|"},
		{"keys at the ends do nothing", "", []Press{left, right, {Key: Backspace}, {Key: Delete}}, "|"},
	}
	for _, tt := range tests {
		m := open()
		m.Insert(tt.start)
		for _, p := range tt.keys {
			if e := m.Press(p); e != Changed {
				t.Errorf("%s: %+v = %v", tt.name, p, e)
			}
		}
		if got := m.line.show(); got != tt.want {
			t.Errorf("%s: %q; want %q", tt.name, got, tt.want)
		}
	}
}

func TestLinesHaveNothingThatCannotBeSeen(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb\tc":                 "a b c",
		"a\u202eb\u200bc\x07":     "abc",
		"\xff":                    "\ufffd",
		strings.Repeat("x", 2000): strings.Repeat("x", maxRunes),
		strings.Repeat("€", 500):  strings.Repeat("€", maxBytes/3),
	} {
		var l Line
		l.Insert(text)
		if l.Text() != want {
			t.Errorf("%.20q became %.40q; want %.40q", text, l.Text(), want)
		}
	}
}

func TestEffects(t *testing.T) {
	tests := []struct {
		line string
		p    Press
		want Effect
	}{
		{"show linux desktop", Press{Key: Enter}, Run},
		{"show linux des", Press{Key: Enter}, Changed},
		{"no command", Press{Key: Enter}, Changed},
		{"x", Press{Key: Escape}, Close},
		{"", Press{Text: "v", Ctrl: true}, Paste},
		{"", Press{Key: Insert, Shift: true}, Paste},
		{"", Press{Text: "c", Ctrl: true}, Copy},
		{"", Press{Text: "x", Ctrl: true}, Cut},
		{"", Press{Text: "z", Ctrl: true}, Nothing},
		{"", Press{Text: "q", Alt: true}, Nothing},
		{"", Press{Key: Insert}, Nothing},
		{"", Press{}, Nothing},
	}
	for _, tt := range tests {
		m := open().typed(tt.line)
		if got := m.Press(tt.p); got != tt.want {
			t.Errorf("%q, %+v: %v; want %v", tt.line, tt.p, got, tt.want)
		}
	}
}

// TestNothingRunsUnseen: Enter on a line that is only begun completes it.
func TestNothingRunsUnseen(t *testing.T) {
	m := open().typed("shutd")
	if m.Press(Press{Key: Enter}) != Changed || m.Line() != "shutdown linux desktop" {
		t.Errorf("the line is %q", m.Line())
	}
	if m.Press(Press{Key: Enter}) != Run {
		t.Error("the second Enter doesn't run it")
	}
	m = open().typed("linux type")
	m.Press(Press{Key: Enter})
	if m.Line() != "linux type " || m.tried {
		t.Errorf("the line is %q", m.Line())
	}
}

func TestOffersAreChosen(t *testing.T) {
	m := open().typed("su")
	m.Press(Press{Key: Tab})
	m.Press(Press{Key: Tab})
	if e := m.Press(Press{Key: Enter}); e != Run || m.Line() != "suspend windows desktop" {
		t.Errorf("Tab, Tab, Enter: %v of %q", e, m.Line())
	}
	m = open().typed("su")
	if m.Press(Press{Key: Tab, Shift: true}); m.pick != 1 {
		t.Errorf("Shift+Tab chose %d; want the last", m.pick)
	}
	if m.Press(Press{Key: Escape}) != Changed || m.pick != -1 {
		t.Error("Escape leaves an offer chosen")
	}
	if e := m.Pick(0); e != Run || m.Line() != "suspend linux desktop" {
		t.Errorf("a click: %v of %q", e, m.Line())
	}
	if m.Pick(7) != Nothing || m.Pick(-1) != Nothing {
		t.Error("a click beside the offers does something")
	}
	m = open().typed("hide w")
	if m.Press(Press{Key: Right}); m.Line() != "hide windows desktop" {
		t.Errorf("Right at the end made %q", m.Line())
	}
	m = open().typed("hide w")
	if m.Press(Press{Key: Tab}); m.Line() != "hide windows desktop" {
		t.Errorf("Tab with one offer made %q", m.Line())
	}
}

func TestHistory(t *testing.T) {
	m := open()
	for _, line := range []string{"show linux desktop", "hide linux desktop", "suspend linux", "hide linux desktop"} {
		m.ran(line, grammar.Ack{Op: "X", OK: true}, 0)
	}
	up := func(want string) {
		t.Helper()
		if m.Press(Press{Key: Up}); m.Line() != want {
			t.Errorf("up: %q; want %q", m.Line(), want)
		}
	}
	down := func(want string) {
		t.Helper()
		if m.Press(Press{Key: Down}); m.Line() != want {
			t.Errorf("down: %q; want %q", m.Line(), want)
		}
	}
	up("hide linux desktop")
	up("suspend linux")
	up("show linux desktop")
	up("show linux desktop")
	down("suspend linux")
	down("hide linux desktop")
	down("")
	down("")
	m.typed("s")
	up("suspend linux")
	up("show linux desktop")
	down("suspend linux")
	down("s")
}

func TestHistoryFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "history")
	h, err := LoadHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxHistory + 50 {
		h.Add(fmt.Sprint("line ", i), false)
	}
	h.Add("linux type hunter2", true)
	older := h.Save()
	h.Add("last", false)
	if err := h.Save()(); err != nil {
		t.Fatal(err)
	}
	if err := older(); err != nil { // late, and without effect
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(data), "hunter2") || !strings.HasSuffix(string(data), "\nlast\n") {
		t.Errorf("the file: %v, %d bytes", err, len(data))
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", st.Mode(), err)
	}
	again, err := LoadHistory(path)
	if err != nil || again.Len() != maxHistory-1 || again.At(0) != "last" {
		t.Errorf("read %d lines, %v; want %d", again.Len(), err, maxHistory-1)
	}
	if err := again.Save()(); err != nil { // nothing has changed
		t.Error(err)
	}
	if h, err := LoadHistory(t.TempDir()); h == nil || err == nil {
		t.Error("a folder can be read as a history")
	}
}

func TestSubmitKeepsTypedTextOffTheDisk(t *testing.T) {
	m := open()
	m.ran("linux type hunter2", grammar.Ack{Op: "LINUX_SENDTEXT", OK: true, Detail: "sent"}, 0)
	m.ran("show linux desktop", grammar.Ack{Op: "SHOW_LINUX_DESKTOP", OK: true, Detail: "presented"}, 0)
	if !m.History.lines[0].secret || m.History.lines[1].secret {
		t.Errorf("history %+v", m.History.lines)
	}
}

func TestAnswersFindTheirLine(t *testing.T) {
	m := open()
	var ids []uint64
	for i := range 10 {
		m.typed("show linux desktop")
		m.Press(Press{Key: Enter})
		_, id := m.Submit()
		ids = append(ids, id)
		_ = i
	}
	r := grammar.Parse("show linux desktop", m.world.Env)
	m.Answer(ids[0], r, grammar.Ack{Op: "A", OK: true}, 0) // off the panel
	m.Answer(ids[9], r, grammar.Ack{Op: "A", OK: true, Detail: "presented"}, 5*time.Millisecond)
	m.Answer(ids[5], r, grammar.Ack{Op: "A", Detail: "timeout"}, time.Minute)
	m.Answer(ids[6], grammar.Parse(":help", m.world.Env), grammar.Ack{}, 0)
	got := m.Asked()
	if len(got) != maxAsked || got[7].Progress != OK || got[7].Took != 5*time.Millisecond ||
		got[3].Progress != Failed || got[3].Why != "Nothing has come of it in time." ||
		got[4].Why != "There is no shell behind the colon in this session." || got[0].Progress != Starting {
		t.Errorf("asked %+v", got)
	}
}

func TestReasonsAreSentences(t *testing.T) {
	for _, op := range grammar.Ops() {
		for _, d := range op.Err {
			if text := reason(string(d)); len(text) < 5 || !strings.HasSuffix(text, ".") && !strings.Contains(text, ": ") {
				t.Errorf("%s: %q", d, text)
			}
		}
	}
	for detail, want := range map[string]string{
		"failed:no disk": "No disk.", "denied:networking": "Policy forbids it: networking.", "odd_word": "Odd word.", "": "It failed.",
		"failed:étrange": "Étrange.",
	} {
		if got := reason(detail); got != want {
			t.Errorf("reason(%q) = %q; want %q", detail, got, want)
		}
	}
}

func TestViewFitsItsRoom(t *testing.T) {
	m := panels()["asked"]
	for h := int32(0); h < 700; h += 7 {
		v := m.View(geom.Size{W: 300, H: h})
		if v.Size.H > max(h, inputH) {
			t.Fatalf("in %d pixels it takes %d", h, v.Size.H)
		}
		for i := range v.bands {
			if b := &v.bands[i]; i > 0 && b.y0 != v.bands[i-1].y1 || b.y1 <= b.y0 {
				t.Fatalf("bands %+v", v.bands)
			}
		}
	}
}

// TestPanelSurvivesEverything presses keys at random.
func TestPanelSurvivesEverything(t *testing.T) {
	texts := []string{"s", "show ", "linux", " ", "ü", "e\u0301", "\u202e", ":", "@", "\"", "type ", "click ", strings.Repeat("w", 300)}
	rapid.Check(t, func(rt *rapid.T) {
		m := open()
		var c Canvas
		for range rapid.IntRange(1, 40).Draw(rt, "keys") {
			p := Press{
				Key:  Key(rapid.IntRange(0, int(Insert)).Draw(rt, "key")),
				Ctrl: rapid.Bool().Draw(rt, "ctrl"), Shift: rapid.Bool().Draw(rt, "shift"),
			}
			if p.Key == Char {
				p.Text = rapid.SampledFrom(texts).Draw(rt, "text")
				if p.Ctrl {
					p.Text = rapid.SampledFrom([]string{"a", "w", "u", "k", "e", "c"}).Draw(rt, "letter")
				}
			}
			if m.Press(p) == Run {
				line, id := m.Submit()
				m.Answer(id, grammar.Parse(line, m.world.Env), grammar.Ack{Op: "X", OK: true}, 0)
			}
			l := &m.line
			if !utf8.ValidString(l.text) || len(l.text) > maxBytes || l.caret < 0 || l.caret > len(l.text) ||
				boundaryAfter(l.text, l.caret) != l.caret || boundaryAfter(l.text, l.anchor) != l.anchor || m.pick >= len(m.offers) {
				rt.Fatalf("after %+v: %q caret %d anchor %d pick %d of %d", p, l.text, l.caret, l.anchor, m.pick, len(m.offers))
			}
		}
		v := m.View(geom.Size{W: 320, H: 400})
		c.Draw(v, v.Size, geom.ScaleOne, theme.Dark)
		for x := -50.0; x < 400; x += 17 {
			if o := c.Offset(x); boundaryAfter(m.line.text, o) != o {
				rt.Fatalf("a click at %v leads into a character", x)
			}
		}
	})
}

// FuzzHistory reads files that somebody has damaged.
func FuzzHistory(f *testing.F) {
	f.Add([]byte("show linux desktop\n\n\xff\x00\u202e\nlast"))
	f.Add([]byte(strings.Repeat("x", 5000) + "\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		h := &History{}
		h.parse(data)
		if h.Len() > maxHistory {
			t.Fatalf("%d lines", h.Len())
		}
		for i := range h.Len() {
			if s := h.At(i); s == "" || !utf8.ValidString(s) || len(s) > maxBytes || strings.ContainsAny(s, "\r\n\x00\u202e") {
				t.Fatalf("line %q", s)
			}
		}
	})
}
