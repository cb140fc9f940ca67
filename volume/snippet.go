package volume

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rayos/internal/oneline"
	"rayos/volume/lexical"
)

// Sizes of snippets, in bytes of the text.
const (
	long   = 240
	before = 60 // of it that lie before the first word that was asked for
)

// snippet is the part of a text with the most different of the terms that were
// asked for, as it may be shown, and where it begins.
func snippet(text string, asked map[string]bool) (string, int) {
	type place struct {
		at   int
		term string
	}
	var places []place
	var terms []string
	for at, word := range wordsOf(text) {
		terms = lexical.Terms(terms[:0], word)
		for _, t := range terms {
			if asked[t] {
				places = append(places, place{at, t})
			}
		}
	}
	begin, most := 0, 0
	seen := make(map[string]int)
	last := 0
	for first := range places {
		for last < len(places) && places[last].at < places[first].at+long-before {
			seen[places[last].term]++
			last++
		}
		if len(seen) > most {
			begin, most = places[first].at, len(seen)
		}
		if t := places[first].term; seen[t] == 1 {
			delete(seen, t)
		} else {
			seen[t]--
		}
	}
	from := back(text, max(0, begin-before))
	if begin < before {
		from = 0
	}
	to := len(text)
	if to > from+long {
		to = back(text, from+long)
	}
	s := oneline.Of(text[from:to], 0)
	if from > 0 {
		s = "… " + s
	}
	if to < len(text) {
		s += " …"
	}
	return s, from
}

// back is the end of the last white space before a place in a text, or the
// beginning of the character there if that is far.
func back(text string, at int) int {
	if i := strings.LastIndexAny(text[:at], " \t\n\r"); i >= 0 && at-i < 40 {
		return i + 1
	}
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// wordsOf goes through the runs of letters, digits and underscores of a text with
// the places of their first bytes.
func wordsOf(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		from := -1
		for i, r := range text {
			if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
				if from < 0 {
					from = i
				}
				continue
			}
			if from >= 0 && !yield(from, text[from:i]) {
				return
			}
			from = -1
		}
		if from >= 0 {
			yield(from, text[from:])
		}
	}
}

// telling are the terms of a document that say most of what it is about. mu is
// held.
func (v *Volume) telling(d *doc) []string {
	weights := make(map[int]float64)
	for id := range d.ids() {
		for _, c := range v.words.Counts(id) {
			weights[c.Term()] += float64(c.N()) * lexical.IDF(v.words.Len(), v.words.DF(c.Term()))
		}
	}
	type weighted struct {
		term   int
		weight float64
	}
	list := make([]weighted, 0, len(weights))
	for t, w := range weights {
		if !lexical.Common(v.words.Term(t)) {
			list = append(list, weighted{t, w})
		}
	}
	slices.SortFunc(list, func(a, b weighted) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term)) })
	var terms []string
	for _, w := range list[:min(len(list), 24)] {
		terms = append(terms, v.words.Term(w.term))
	}
	return terms
}
