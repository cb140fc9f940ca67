// Package oneline makes of somebody else's text one line that may be shown.
//
//	title := oneline.Of(untrusted, 160)
package oneline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Of returns a text as one line: runs of white space are a space, and what can't be
// seen, turns the order of what follows around, or isn't UTF-8, is left out, but for
// the joiners that scripts need. An ellipsis stands for what is behind the first
// most characters, or the first four times as many bytes; 0 is no limit.
func Of(untrusted string, most int) string {
	n, space, cut := 0, false, most > 0 && len(untrusted) > utf8.UTFMax*most
	if cut {
		untrusted = untrusted[:utf8.UTFMax*most]
	}
	var b strings.Builder
	for _, r := range untrusted {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d:
			continue
		}
		if n++; most > 0 && n > most {
			cut = true
			break
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if cut {
		b.WriteString("…")
	}
	return b.String()
}
