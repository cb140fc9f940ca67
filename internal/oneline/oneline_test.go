package oneline

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestOf(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " a\t\n b\u2028c ": "a b c", "\x1b[31mred\x00": "[31mred", "a\u202eb\u2066c": "abc", "\xffa\xc3": "a",
		"می\u200cخواهم": "می\u200cخواهم", strings.Repeat("x", 9): strings.Repeat("x", 8) + "…", "12345678": "12345678",
	} {
		if got := Of(text, 8); got != want {
			t.Errorf("%q is %q; want %q", text, got, want)
		}
	}
	if long := strings.Repeat("ä ", 500) + "b"; Of(long, 0) != long {
		t.Error("without a limit something is missing")
	}
}

func FuzzOf(f *testing.F) {
	f.Add("a\u202e\n b", 3)
	f.Fuzz(func(t *testing.T, s string, most int) {
		most = max(0, min(most, 1000))
		got := Of(s, most)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || r == 0x202e || r == 0x2028 }) || Of(got, 0) != got {
			t.Errorf("%q is %q", s, got)
		}
		if n := utf8.RuneCountInString(got); most > 0 && n > 2*most+1 {
			t.Errorf("%q has %d characters; at most %d with spaces between", got, n, 2*most+1)
		}
	})
}
