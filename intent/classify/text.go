package classify

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLine is the most of a line that is read, in bytes. What comes after it
// doesn't count.
const MaxLine = 1024

// maxWords is the most words of a line that count.
const maxWords = 256

// words is a line taken apart: lower case, without accents and punctuation.
type words struct {
	text  []byte // "_" word "_" word … "_"
	start []int  // where each word begins in text, after its "_"
}

func (w *words) reset() { w.text, w.start = w.text[:0], w.start[:0] }

func (w *words) len() int { return len(w.start) }

// word returns a word.
func (w *words) word(i int) []byte { b := w.bounded(i); return b[1 : len(b)-1] }

// bounded returns a word between its boundaries, each a "_".
func (w *words) bounded(i int) []byte {
	end := len(w.text)
	if i+1 < len(w.start) {
		end = w.start[i+1]
	}
	return w.text[w.start[i]-1 : end]
}

// split fills w with the words of a line. A word is a run of letters and
// digits; an apostrophe inside it is dropped, as people do. Bytes that are no
// UTF-8 end a word.
func (w *words) split(line string) {
	w.reset()
	w.text = append(w.text, '_')
	if len(line) > MaxLine {
		line = line[:MaxLine]
	}
	in := false
	end := func() {
		if in {
			w.text = append(w.text, '_')
			in = false
		}
	}
	for i := 0; i < len(line); {
		r, size := rune(line[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(line[i:])
		}
		at := i
		i += size
		if r < utf8.RuneSelf {
			switch {
			case 'A' <= r && r <= 'Z':
				r += 'a' - 'A'
			case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			case r == '\'' && in:
				continue
			default:
				end()
				continue
			}
			if !in {
				if len(w.start) == maxWords {
					return
				}
				in = true
				w.start = append(w.start, len(w.text))
			}
			w.text = append(w.text, byte(r))
			continue
		}
		switch {
		case r == '’' && in || unicode.Is(unicode.Mn, r):
			continue
		case r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		}
		if !in {
			if len(w.start) == maxWords {
				return
			}
			in = true
			w.start = append(w.start, len(w.text))
		}
		w.fold(line[at:i])
	}
	end()
}

// fold adds a letter in lower case without its accents.
func (w *words) fold(letter string) {
	parts := norm.NFKD.PropertiesString(letter).Decomposition()
	if parts == nil {
		r, _ := utf8.DecodeRuneInString(letter)
		w.text = utf8.AppendRune(w.text, unicode.ToLower(r))
		return
	}
	for i := 0; i < len(parts); {
		r, n := utf8.DecodeRune(parts[i:])
		if i += n; unicode.IsLetter(r) || unicode.IsDigit(r) {
			w.text = utf8.AppendRune(w.text, unicode.ToLower(r))
		}
	}
}
