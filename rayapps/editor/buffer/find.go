package buffer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// Query is what is looked for.
type Query struct {
	Text   string
	Regexp bool // Text is a regular expression of Go; ^ and $ match at lines
	Case   bool // capitals matter
	Words  bool // matches begin and end with words
}

// Match is where something was found.
type Match struct{ Start, End int64 }

// MaxMatch bounds a match of a regular expression, in bytes: of a longer one only
// a part may be found.
const MaxMatch = 64 << 10

// MaxQuery bounds what is looked for, in bytes.
const MaxQuery = 4 << 10

// window is how much is looked at together.
const window = 1 << 20

// margin is how much before a match is seen by what looks at its edges.
const margin = 4

// Errors of Compile.
var (
	ErrEmpty = errors.New("nothing to look for")
	ErrLong  = fmt.Errorf("what is looked for is longer than %d bytes", MaxQuery)
	// ErrText says that an expression speaks of the ends of the text, which what
	// looks at parts of it doesn't see.
	ErrText = errors.New(`use ^ and $ instead of \A and \z`)
)

// Pattern is a query that can be looked for. Goroutines may share it.
type Pattern struct {
	query   Query
	literal []byte
	fold    bool // literal is in lower case, and so has the text to be
	re      *regexp.Regexp
}

// Compile makes a query ready.
func Compile(q Query) (*Pattern, error) {
	switch {
	case q.Text == "":
		return nil, ErrEmpty
	case len(q.Text) > MaxQuery:
		return nil, ErrLong
	}
	p := &Pattern{query: q}
	if !q.Regexp && !utf8.ValidString(q.Text) {
		q.Case, p.query.Case = true, true // bytes have no capitals
	}
	if !q.Regexp && (q.Case || ascii(q.Text)) {
		p.literal, p.fold = []byte(q.Text), !q.Case
		if p.fold {
			p.literal = bytes.ToLower(p.literal)
		}
		return p, nil
	}
	expr, flags := q.Text, "(?m)"
	if !q.Regexp {
		expr = regexp.QuoteMeta(expr)
	}
	if !q.Case {
		flags = "(?mi)"
	}
	parsed, err := syntax.Parse(flags+expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	if ofText(parsed) {
		return nil, ErrText
	}
	p.re, err = regexp.Compile(flags + expr)
	return p, err
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// ofText reports whether an expression speaks of where the text begins or ends.
func ofText(re *syntax.Regexp) bool {
	if re.Op == syntax.OpBeginText || re.Op == syntax.OpEndText {
		return true
	}
	for _, sub := range re.Sub {
		if ofText(sub) {
			return true
		}
	}
	return false
}

// overlap is how far a match that begins in one window may go on.
func (p *Pattern) overlap() int64 {
	if p.re != nil {
		return MaxMatch
	}
	return int64(len(p.literal)) + margin
}

// Scan calls fn for each match between two offsets, in their order, until it
// returns false. The error is the context's, or one of reading.
func (p *Pattern) Scan(ctx context.Context, t Text, from, to int64, fn func(Match) bool) error {
	from, to = max(from, 0), min(to, t.Len())
	var buf, low []byte
	over, size := p.overlap(), int64(window/16) // the first one may be near
	end := from                                 // of the last match
	for from <= to {
		if err := ctx.Err(); err != nil {
			return err
		}
		begin := p.begin(t, from)
		stop := min(from+size+over, t.Len())
		if need := stop - begin; int64(cap(buf)) < need {
			buf = make([]byte, need)
		}
		win := buf[:stop-begin]
		if _, err := t.ReadAt(win, begin); err != nil && len(win) > 0 {
			return err
		}
		look := win
		if p.fold {
			low = lower(low, win)
			look = low
		}
		// Matches that begin behind limit are the next window's.
		limit := stop - over
		if stop >= t.Len() {
			limit = t.Len() + 1
		} else if i := bytes.LastIndexByte(win[max(from-begin, 0):limit-begin], '\n'); p.re != nil && i >= 0 {
			limit = from + int64(i) + 1
		}
		going := p.matches(look, int(from-begin), int(min(limit, to+1)-begin), func(a, b int) bool {
			m := Match{begin + int64(a), begin + int64(b)}
			if m.End > to || !p.stands(win, a, b) {
				return true
			}
			end = m.End
			return fn(m)
		})
		if !going {
			return nil
		}
		from, size = max(limit, end), window
	}
	return t.Err()
}

// begin returns where a window for matches from an offset on begins: where a
// line does, if that is near, so that what looks at the edges of words and lines
// sees them.
func (p *Pattern) begin(t Text, from int64) int64 {
	if p.re == nil {
		return max(from-margin, 0)
	}
	back := min(from, 4<<10)
	if i := bytes.LastIndexByte(t.Slice(from-back, from), '\n'); i >= 0 {
		return from - back + int64(i) + 1
	}
	return from - back
}

// matches calls fn for what is found in b and begins between two offsets.
func (p *Pattern) matches(b []byte, from, limit int, fn func(a, z int) bool) bool {
	if p.re == nil {
		for at := from; at < limit; {
			i := bytes.Index(b[at:], p.literal)
			if i < 0 || at+i >= limit {
				return true
			}
			a := at + i
			z := a + len(p.literal)
			if !fn(a, z) {
				return false
			}
			at = z
			if !p.stands(b, a, z) {
				at = a + 1
			}
		}
		return true
	}
	for _, m := range p.re.FindAllIndex(b, -1) {
		switch {
		case m[0] < from:
		case m[0] >= limit:
			return true
		case !fn(m[0], m[1]):
			return false
		}
	}
	return true
}

// stands reports whether a match is whole words, if it has to be.
func (p *Pattern) stands(b []byte, a, z int) bool {
	if !p.query.Words {
		return true
	}
	before, _ := utf8.DecodeLastRune(b[:a])
	first, _ := utf8.DecodeRune(b[a:z])
	last, _ := utf8.DecodeLastRune(b[a:z])
	after, _ := utf8.DecodeRune(b[z:])
	return !(inWord(before) && inWord(first)) && !(inWord(last) && inWord(after))
}

func inWord(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// lower returns b with its ASCII letters in lower case, in the memory of to.
func lower(to, b []byte) []byte {
	if cap(to) < len(b) {
		to = make([]byte, cap(b))
	}
	to = to[:len(b)]
	for i, c := range b {
		if c-'A' < 26 {
			c += 'a' - 'A'
		}
		to[i] = c
	}
	return to
}

// Next returns the first match from an offset on; without one there, the first
// of all.
func (p *Pattern) Next(ctx context.Context, t Text, from int64) (m Match, found bool, err error) {
	take := func(n Match) bool {
		m, found = n, true
		return false
	}
	if err = p.Scan(ctx, t, from, t.Len(), take); err == nil && !found {
		err = p.Scan(ctx, t, 0, min(from+p.overlap(), t.Len()), take)
	}
	return m, found, err
}

// Previous returns the last match that ends at or before an offset; without one
// there, the last of all.
func (p *Pattern) Previous(ctx context.Context, t Text, to int64) (m Match, found bool, err error) {
	for _, end := range [...]int64{to, t.Len()} {
		size := int64(window / 16)
		for lo, hi := end, end; lo > 0 && !found && err == nil; {
			lo = max(hi-size, 0)
			err = p.Scan(ctx, t, lo, end, func(n Match) bool {
				if n.Start < hi || hi == end {
					m, found = n, true
				}
				return n.Start < hi
			})
			hi, size = lo, window
		}
		if found || err != nil {
			break
		}
	}
	return m, found, err
}

// In returns the matches that lie between two offsets, at most most of them,
// for those that are shown.
func (p *Pattern) In(t Text, from, to int64, most int) []Match {
	var list []Match
	// Without an end to the context the only error is one of reading, which the
	// text keeps.
	_ = p.Scan(context.Background(), t, from, to, func(m Match) bool {
		list = append(list, m)
		return len(list) < most
	})
	return list
}

// Replacement returns what takes the place of a match: with as it is or, for a
// regular expression, with $1 and ${name} in it replaced by what groups matched.
func (p *Pattern) Replacement(t Text, m Match, with string) []byte {
	if p.re == nil || !p.query.Regexp {
		return []byte(with)
	}
	begin := p.begin(t, m.Start)
	// What follows is looked at too: the match would be another one without.
	b := t.Slice(begin, m.End+MaxMatch)
	for at := 0; ; {
		g := p.re.FindSubmatchIndex(b[at:])
		switch {
		case g == nil || begin+int64(at+g[0]) > m.Start:
			return []byte(with)
		case begin+int64(at+g[0]) == m.Start:
			return p.re.ExpandString(nil, with, string(b[at:]), g)
		}
		at += max(g[1], 1)
	}
}

// MaxReplaced bounds how many matches are replaced at once.
const MaxReplaced = 4 << 20

// ErrMany says that there are more.
var ErrMany = fmt.Errorf("there are more than %d matches", MaxReplaced)

// ReplaceAll returns the text with all matches replaced, how many there were, and
// how many bytes of memory the change takes. Progress, which may be nil, is told
// how far it is.
func (p *Pattern) ReplaceAll(ctx context.Context, t Text, with string, progress func(done, total int64)) (Text, int, int64, error) {
	var list []piece
	var cost, last int64
	n, plain := 0, p.re == nil || !p.query.Regexp
	same := pieces([]byte(with))
	take := func(to int64) {
		t.src.each(t.root, 0, last, to, func(q piece, a, b int64) bool {
			list = append(list, t.src.part(q, a, b))
			return true
		})
	}
	err := p.Scan(ctx, t, 0, t.Len(), func(m Match) bool {
		take(m.Start)
		last = m.End
		if plain {
			list = append(list, same...)
		} else {
			list = append(list, pieces(p.Replacement(t, m, with))...)
		}
		n++
		if progress != nil && n%4096 == 0 {
			progress(m.End, t.Len())
		}
		return n <= MaxReplaced
	})
	switch {
	case err != nil:
		return t, 0, 0, err
	case n > MaxReplaced:
		return t, 0, 0, ErrMany
	case n == 0:
		return t, 0, 0, nil
	}
	take(t.Len())
	for _, q := range list {
		cost += 128 + int64(len(q.data))
	}
	return Text{t.src, grow(list)}, n, cost, nil
}
