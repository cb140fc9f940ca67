package lang

import (
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"
)

// spoken is what the process speaks: its catalogs in the order in which they are
// asked.
type spoken struct {
	locale   Locale
	catalogs []*catalog
}

var now atomic.Pointer[spoken]

func init() { now.Store(&spoken{locale: Locale{Language: "en"}}) }

// Now returns what the process speaks.
func Now() Locale { return now.Load().locale }

// M marks a message that T is called on later. It returns it as it is.
func M(id string) string { return id }

// T returns a message in the person's language.
func T(id string) string { return C("", id) }

// C is T for a word that means different things in different places.
func C(context, id string) string {
	for _, c := range now.Load().catalogs {
		if m, ok := c.messages[key{context, id}]; ok {
			return m.forms[0]
		}
	}
	return id
}

// F is T with values in the place of {name}s: pairs are names and values.
func F(id string, pairs ...string) string { return fill(T(id), pairs) }

// N returns the form of a message for n things; {n} is their number.
func N(one, many string, n int, pairs ...string) string {
	return fill(strings.ReplaceAll(form(one, many, uint64(max(n, -n))), "{n}", Number(n)), pairs)
}

func form(one, many string, count uint64) string {
	for _, c := range now.Load().catalogs {
		if m, ok := c.messages[key{"", one}]; ok && m.plural == many {
			return m.forms[min(c.form(count), uint64(len(m.forms)-1))]
		}
	}
	if germanic(count) == 0 {
		return one
	}
	return many
}

// Number returns n in the digits of the locale.
func Number(n int) string { return Now().digits(strconv.Itoa(n)) }

// Digits returns s with its digits as the locale writes them.
func Digits(s string) string { return Now().digits(s) }

// Decimal returns v with so many places, or, for -1, as few as it needs, as the
// locale writes it.
func Decimal(v float64, places int) string {
	l := Now()
	return l.digits(strings.Replace(strconv.FormatFloat(v, 'f', places, 64), ".", l.decimal(), 1))
}

// fill puts values in the place of {name}s, in one pass: a value with braces in
// it stays as it is.
func fill(text string, pairs []string) string {
	if len(pairs) == 0 {
		return text
	}
	old := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		old = append(old, "{"+pairs[i]+"}", isolate(pairs[i+1]))
	}
	text = strings.NewReplacer(old...).Replace(text)
	if Now().RTL() && strings.HasPrefix(text, "\u2068") {
		// A value doesn't say how the sentence runs.
		text = "\u200f" + text
	}
	return text
}

// isolate keeps the direction of s to itself. In a sentence from left to right
// plain ASCII does so without help.
func isolate(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		case r == '\u2028', r == '\u2029', unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	if !Now().RTL() && !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return s
	}
	return "\u2068" + s + "\u2069"
}

// plain is fill for words of the catalog itself, which need no isolation.
func plain(text string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(text) }
