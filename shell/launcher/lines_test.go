package launcher

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rayos/shell/control/grammar"
)

func TestLinesFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "lines")
	h, err := LoadLines(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxLines + 50 {
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
	again, err := LoadLines(path)
	if err != nil || again.Len() != maxLines-1 || again.At(0) != "last" {
		t.Errorf("read %d lines, %v; want %d", again.Len(), err, maxLines-1)
	}
	if err := again.Save()(); err != nil { // nothing has changed
		t.Error(err)
	}
	if h, err := LoadLines(t.TempDir()); h == nil || err == nil {
		t.Error("a folder can be read as lines")
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("show linux desktop\nhide linux\r\n"))
	f.Add([]byte("a\u202eb\x00\n\n\xff\n" + strings.Repeat("€", 2000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var h Lines
		h.parse(data)
		for i := range h.Len() {
			if l := h.At(i); l == "" || len(l) > grammar.MaxLine || !utf8.ValidString(l) || strings.ContainsAny(l, "\n\r\x00\u202e") {
				t.Errorf("a line %q", l)
			}
		}
	})
}

func TestReasonsAreSentences(t *testing.T) {
	for _, op := range grammar.Ops() {
		for _, d := range op.Err {
			if text := Reason(string(d)); len(text) < 5 || !strings.HasSuffix(text, ".") && !strings.Contains(text, ": ") {
				t.Errorf("%s: %q", d, text)
			}
		}
	}
	for detail, want := range map[string]string{
		"failed:no disk": "No disk.", "denied:networking": "Policy forbids it: networking.", "odd_word": "Odd word.", "": "It failed.",
		"failed:étrange": "Étrange.",
	} {
		if got := Reason(detail); got != want {
			t.Errorf("reason(%q) = %q; want %q", detail, got, want)
		}
	}
}

func TestLongAnswersGoOnBelow(t *testing.T) {
	for in, want := range map[string][]string{
		"":                                     nil,
		"a\nb\n":                               {"a", "b"},
		strings.Repeat("x", outCols):           {strings.Repeat("x", outCols)},
		strings.Repeat("ü", outCols+2):         {strings.Repeat("ü", outCols), "üü"},
		strings.Repeat("x", outCols-1) + " yz": {strings.Repeat("x", outCols-1), "yz"},
		"a " + strings.Repeat("x", outCols-1):  {"a", strings.Repeat("x", outCols-1)},
	} {
		if got := output(in); !slices.Equal(got, want) {
			t.Errorf("%q: %q; want %q", in, got, want)
		}
	}
	if got := output(strings.Repeat("x", 9*outCols) + strings.Repeat("\ny", 9)); len(got) != maxOut {
		t.Errorf("%d lines", len(got))
	}
}
