package sessionbus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes what a program says fit to be shown. It cuts it to a length in
// bytes, at a letter, and leaves valid UTF-8 without control characters, other
// than line ends if those may be, and without those that turn the direction of
// what follows.
func Clean(s string, limit int, lines bool) string {
	s = cut(s, limit) // before anything looks at all of it
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines:
			return r
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return cut(s, limit) // what stands for bad bytes is longer than they are
}

func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
