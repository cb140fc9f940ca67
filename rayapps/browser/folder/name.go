package folder

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

func lower(r rune) rune { return unicode.ToLower(r) }

// maxShown bounds a name on the screen, in bytes; file systems allow 255.
const maxShown = 1024

// Shown is a name as it can be looked at: one line of valid text, in which what
// can't be seen, and what turns the direction of letters, is written out. It is
// never empty.
func Shown(name string) string {
	if len(name) > maxShown {
		name = name[:maxShown]
	}
	if plain(name) {
		return name
	}
	var b strings.Builder
	for name != "" {
		r, n := utf8.DecodeRuneInString(name)
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, name[0])
		case r == '\\':
			b.WriteString(`\\`) // so that no name is shown as another
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case !visible(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteString(name[:n])
		}
		name = name[n:]
	}
	s := b.String()
	// A name that begins or ends with space looks like another.
	if t := strings.TrimLeft(s, " "); len(t) < len(s) {
		s = strings.Repeat(`\u{20}`, len(s)-len(t)) + t
	}
	if t := strings.TrimRight(s, " "); len(t) < len(s) {
		s = t + strings.Repeat(`\u{20}`, len(s)-len(t))
	}
	if s == "" {
		return `\u{}`
	}
	return s
}

// plain reports whether a name is shown as it is.
func plain(s string) bool {
	if s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i, r := range s {
		if !visible(r) || r == '\\' || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			return false
		}
	}
	return true
}

// visible reports whether a letter shows itself and nothing else. Joiners stay:
// scripts and emoji need them.
func visible(r rune) bool {
	switch {
	case r == 0x200c || r == 0x200d:
		return true
	case r == ' ':
		return true
	case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
		return false
	case unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		return false
	}
	return true
}

// NameError is what speaks against a name that somebody wants to give.
type NameError uint8

// What is wrong with a name.
const (
	NameFine NameError = iota
	NameEmpty
	NameSlash // has a slash or a zero byte
	NameDots  // is . or ..
	NameLong  // over 255 bytes
)

// Check looks at a name for a file.
func Check(name string) NameError {
	switch {
	case name == "":
		return NameEmpty
	case name == "." || name == "..":
		return NameDots
	case strings.ContainsAny(name, "/\x00"):
		return NameSlash
	case len(name) > 255:
		return NameLong
	}
	return NameFine
}

// Stem is how much of a name stands before its ending: "report" of
// "report.tar.gz" in bytes, all of ".profile".
func Stem(name string) int {
	i := strings.IndexByte(strings.TrimLeft(name, "."), '.')
	if i < 0 {
		return len(name)
	}
	return i + len(name) - len(strings.TrimLeft(name, "."))
}

// Numbered is the n-th other name beside a name that is taken: "report (2).txt".
func Numbered(name string, n int) string {
	i := Stem(name)
	ending := fmt.Sprintf(" (%d)%s", n, name[i:])
	stem := name[:i]
	for len(stem) > 0 && len(stem)+len(ending) > 255 {
		_, k := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-k]
	}
	return stem + ending
}
