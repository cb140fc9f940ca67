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
	if len(s) > limit {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	return strings.Map(func(r rune) rune {
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
}
