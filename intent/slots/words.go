package slots

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a run without spaces, without the punctuation around it.
type word struct {
	start, end int
	folded     string // in lower case
}

// split returns the words of a line.
func split(line string) []word {
	var list []word
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		end := len(line)
		if k := strings.IndexFunc(line[i:], unicode.IsSpace); k >= 0 {
			end = i + k
		}
		start := i
		i = end
		// A dot or a tilde may begin a path, the rest is punctuation.
		for start < end {
			r, n := utf8.DecodeRuneInString(line[start:end])
			if !strings.ContainsRune(`,;:!?()[]<>"'“”„«»‘’`, r) {
				break
			}
			start += n
		}
		for start < end {
			r, n := utf8.DecodeLastRuneInString(line[start:end])
			if !strings.ContainsRune(`.,;:!?()[]<>"'“”„«»‘’`, r) {
				break
			}
			end -= n
		}
		if start < end {
			list = append(list, word{start, end, strings.ReplaceAll(strings.ToLower(line[start:end]), "’", "'")})
		}
	}
	return list
}

// quotes are pairs of them.
var quotes = []struct{ open, end string }{{`"`, `"`}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"‘", "’"}, {"'", "'"}}

// quoted takes what stands between quotes. A single quote opens only before a
// word and closes only behind one: the others are apostrophes.
func (s *scanner) quoted() {
	var words []word
	rest := s.words
	for i := 0; i < len(s.line); {
		start, length, inner := quoteAt(s.line, i)
		if length == 0 {
			break
		}
		i = start + length
		for len(rest) > 0 && rest[0].end <= start {
			words, rest = append(words, rest[0]), rest[1:]
			s.taken = append(s.taken, false)
		}
		for len(rest) > 0 && rest[0].start < i {
			rest = rest[1:]
		}
		// The quote is one word, so that those around it are no neighbours.
		words = append(words, word{start: start, end: i})
		s.taken = append(s.taken, true)
		s.slots = append(s.slots, Slot{Kind: Quoted, Start: start, End: i, Text: inner})
	}
	s.words = append(words, rest...)
	s.taken = append(s.taken, make([]bool, len(rest))...)
}

// quoteAt returns the next quoted text from i on.
func quoteAt(line string, i int) (start, length int, inner string) {
	for ; i < len(line); i++ {
		for _, q := range quotes {
			if !strings.HasPrefix(line[i:], q.open) {
				continue
			}
			single := q.open == "'" || q.open == "‘"
			if before, _ := utf8.DecodeLastRuneInString(line[:i]); single && i > 0 && !unicode.IsSpace(before) {
				continue
			}
			from := i + len(q.open)
			for k := from; k < len(line); k++ {
				if !strings.HasPrefix(line[k:], q.end) {
					continue
				}
				after, n := utf8.DecodeRuneInString(line[k+len(q.end):])
				if single && n > 0 && (unicode.IsLetter(after) || unicode.IsDigit(after)) {
					continue
				}
				return i, k + len(q.end) - i, line[from:k]
			}
		}
	}
	return 0, 0, ""
}
