package find

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxName is how many letters of a name are looked at.
const maxName = 128

// place is where in a word a letter stands.
type place uint8

const (
	within   place = iota
	begins         // the first of a word
	camel          // a capital after a small letter, a digit after a letter
	outright       // the first of all
)

// folded is a name as it is compared.
type folded struct {
	letters []rune
	places  []place
}

// fold makes letters comparable: compatibility decomposition without marks, in
// lower case. Whatever is no letter, digit or sign is a gap between words.
func fold(s string) folded {
	var f folded
	previous := ' '
	for _, r := range norm.NFKD.String(clip(s)) {
		if len(f.letters) == maxName {
			break
		}
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			r = ' '
		}
		p := within
		switch {
		case len(f.letters) == 0:
			p = outright
		case !isWordLetter(previous) && isWordLetter(r):
			p = begins
		case unicode.IsLower(previous) && unicode.IsUpper(r), unicode.IsLetter(previous) && unicode.IsDigit(r):
			p = camel
		}
		previous = r
		f.letters = append(f.letters, unicode.ToLower(r))
		f.places = append(f.places, p)
	}
	return f
}

// clip cuts a string that is far too long before it is decomposed, and makes it
// UTF-8.
func clip(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), 8*maxName)], "\ufffd")
}

func isWordLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
