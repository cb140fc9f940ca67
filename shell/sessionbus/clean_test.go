package sessionbus

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name, in string
		limit    int
		lines    bool
		want     string
	}{
		{"short", "hello", 5, false, "hello"},
		{"long", "hello", 4, false, "hell"},
		{"long, within a letter", "héllo", 2, false, "h"},
		{"nothing may be", "x", 0, false, ""},
		{"lines", "a\nb\tc", 9, false, "a b c"},
		{"lines that may be", "a\nb\tc\r", 9, true, "a\nb c"},
		{"control characters", "\x1b[31mred\x00\u0085", 99, true, "[31mred"},
		{"turned around", "a\u202eb\u2067c", 99, true, "abc"},
		{"bad bytes", "a\xffb", 99, false, "a\ufffdb"},
		{"bad bytes alone", strings.Repeat("\xff0", 8), 16, false, strings.Repeat("\ufffd0", 4)},
	} {
		if got := Clean(c.in, c.limit, c.lines); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\xff\u202e\n", 3, true)
	f.Fuzz(func(t *testing.T, s string, limit int, lines bool) {
		limit = min(max(limit, 0), 1<<16)
		got := Clean(s, limit, lines)
		if len(got) > limit || !utf8.ValidString(got) || !lines && strings.Contains(got, "\n") || strings.ContainsAny(got, "\x00\x1b\u202e\u2066") {
			t.Errorf("Clean(%q, %d, %v) = %q", s, limit, lines, got)
		}
	})
}
