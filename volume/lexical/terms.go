package lexical

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxTerm is the length of the longest term, in bytes. What is longer is cut:
// it is data, and its head is enough to find it.
const MaxTerm = 48

// Terms appends the terms of text to dst, in their order, repeated as often as
// they occur. Bytes that are no UTF-8 separate words.
func Terms(dst []string, text string) []string {
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case unspaced(r):
			end := span(text, unspaced)
			dst = pairs(dst, text[:end])
			text = text[end:]
		case inWord(r, n):
			end := wordEnd(text)
			dst = word(dst, text[:end])
			text = text[end:]
		default:
			text = text[n:]
		}
	}
	return dst
}

func inWord(r rune, size int) bool {
	if r == utf8.RuneError && size <= 1 {
		return false
	}
	if r < utf8.RuneSelf {
		return r == '_' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// unspaced reports whether r is of a script that puts no spaces between words.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func span(s string, in func(rune) bool) int {
	for i, r := range s {
		if !in(r) {
			return i
		}
	}
	return len(s)
}

// wordEnd is where the word that s begins with ends. An apostrophe ends it
// together with what is behind it: "page's" is the word page.
func wordEnd(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !inWord(r, n) || unspaced(r) {
			return i
		}
		i += n
	}
	return len(s)
}

// word appends the terms of one word.
func word(dst []string, w string) []string {
	w = strings.Trim(w, "_")
	if w == "" || (len(w) == 1 && !isDigit(w[0])) {
		return dst // a letter alone, most often what an apostrophe cut off
	}
	if len(w) <= MaxTerm {
		if before := len(dst); compound(w) {
			dst = parts(dst, w)
			if len(dst)-before < 2 {
				dst = dst[:before]
			}
		}
	}
	return term(dst, w)
}

// term appends a word as a term: marks alone, which fold away, are none.
func term(dst []string, w string) []string {
	if t := stem(fold(w)); t != "" {
		dst = append(dst, t)
	}
	return dst
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// compound reports whether an identifier might have several words.
func compound(w string) bool {
	for i := 1; i < len(w); i++ {
		if w[i] == '_' || 'A' <= w[i] && w[i] <= 'Z' && w[i-1] >= 'a' {
			return true
		}
		if i+1 < len(w) && isUpper(w[i-1]) && isUpper(w[i]) && isLower(w[i+1]) {
			return true
		}
	}
	return false
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// parts appends the words of snake_case, camelCase and HTTPServer.
func parts(dst []string, w string) []string {
	from := 0
	flush := func(to int) {
		if p := strings.Trim(w[from:to], "_"); len(p) > 1 {
			dst = term(dst, p)
		}
		from = to
	}
	for i := 1; i < len(w); i++ {
		switch {
		case w[i] == '_',
			isUpper(w[i]) && w[i-1] >= 'a',
			i+1 < len(w) && isUpper(w[i-1]) && isUpper(w[i]) && isLower(w[i+1]):
			flush(i)
		}
	}
	flush(len(w))
	return dst
}

// fold makes a word lower case, without accents, at most MaxTerm bytes.
func fold(w string) string {
	ascii := true
	for i := 0; i < len(w) && ascii; i++ {
		ascii = w[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(w[:min(len(w), MaxTerm)])
	}
	if len(w) > 4*MaxTerm {
		w = w[:4*MaxTerm] // bounds the work below; the rest would be cut anyway
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(w) {
		if r == utf8.RuneError || unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if b.Len()+utf8.RuneLen(r) > MaxTerm {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// pairs appends the pairs of characters of a run, or its only character.
func pairs(dst []string, run string) []string {
	_, first := utf8.DecodeRuneInString(run)
	if first == len(run) {
		return append(dst, run)
	}
	for at := 0; at+first < len(run); {
		_, second := utf8.DecodeRuneInString(run[at+first:])
		dst = append(dst, run[at:at+first+second])
		at, first = at+first, second
	}
	return dst
}
