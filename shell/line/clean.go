package line

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxRunes is how long a cleaned string can be, and so how much there is to draw.
const MaxRunes = 512

// maxMarks is how many combining marks may follow one another.
const maxMarks = 2

// Clean returns untrusted as a single line that is safe to show: at most
// MaxRunes characters, white space and control characters as single spaces,
// invalid UTF-8 as U+FFFD, and no characters that change direction, join, or
// can't be seen.
func Clean(untrusted string) string {
	if clean(untrusted) {
		return untrusted
	}
	var b strings.Builder
	n, marks, space := 0, 0, false
	for _, r := range untrusted {
		if n == MaxRunes {
			break
		}
		switch {
		case unicode.IsControl(r) || unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case invisible(r):
			continue
		case unicode.Is(unicode.M, r):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		if space {
			b.WriteByte(' ')
			space = false
			if n++; n == MaxRunes {
				break
			}
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimRight(b.String(), " ")
}

// clean reports whether s is printable ASCII that needs no work.
func clean(s string) bool {
	if len(s) > MaxRunes {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= utf8.RuneSelf-1 || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// invisible reports whether r has no picture of its own: formatting characters
// (with the direction and zero-width ones), variation selectors, tags, fillers
// and surrogates.
func invisible(r rune) bool {
	switch {
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r),
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r),
		unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		return true
	}
	return r == 0x2800 || r >= 0xe0000
}
