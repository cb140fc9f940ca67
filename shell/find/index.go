package find

import (
	"cmp"
	"slices"
	"time"
)

// Item is a thing that can be found.
type Item struct {
	Key      string   // by which it is remembered; no two have the same
	Name     string   // as it is shown
	Also     string   // another name, as in another language; "" for none
	Keywords []string // other words for it, which count for less
	Weight   int      // for its kind: things that are wanted more often, -20..20
}

// Index has things to be found. It is not safe for use by several goroutines.
type Index struct {
	items []entry
	m     matcher
	words [][]rune
	found []Found
}

type entry struct {
	Item
	name     folded
	also     folded
	keywords []folded
}

// Limits of a query.
const (
	maxWords    = 8
	maxKeywords = 32
)

// Found is an item that fits.
type Found struct {
	Item  *Item // borrowed from the index until it is set again
	Score int
}

// Set replaces all items.
func (x *Index) Set(items []Item) {
	x.items = make([]entry, len(items))
	for i, it := range items {
		e := entry{Item: it, name: fold(it.Name), also: fold(it.Also)}
		for _, k := range it.Keywords[:min(len(it.Keywords), maxKeywords)] {
			e.keywords = append(e.keywords, fold(k))
		}
		x.items[i] = e
	}
}

// Len is the number of items.
func (x *Index) Len() int { return len(x.items) }

// Scores of what isn't the name.
const (
	exactly   = 40 // the whole name was typed
	byKeyword = -14
)

// Search returns up to n items that fit, the best first; equals keep the order
// of the index. An empty query fits every item, by use alone. h may be nil. The
// answer is borrowed until the next call.
func (x *Index) Search(query string, n int, h *History, now time.Time) []Found {
	q := fold(query)
	x.words = x.words[:0]
	for start, i := 0, 0; i <= len(q.letters); i++ {
		if i == len(q.letters) || q.letters[i] == ' ' {
			if i > start && len(x.words) < maxWords {
				x.words = append(x.words, q.letters[start:i])
			}
			start = i + 1
		}
	}
	x.found = x.found[:0]
	for i := range x.items {
		e := &x.items[i]
		score, ok := x.fit(e)
		if !ok {
			continue
		}
		if len(x.words) > 0 && (slices.Equal(q.letters, e.name.letters) || slices.Equal(q.letters, e.also.letters)) {
			score += exactly
		}
		if h != nil {
			score += h.bonus(e.Key, query, now)
		}
		x.found = append(x.found, Found{&e.Item, score + e.Weight})
	}
	slices.SortStableFunc(x.found, func(a, b Found) int { return cmp.Compare(b.Score, a.Score) })
	return x.found[:min(n, len(x.found))]
}

// fit scores an item: every word of the query must fit one of its
// names or a keyword.
func (x *Index) fit(e *entry) (int, bool) {
	total := 0
	for _, w := range x.words {
		best := x.m.score(w, e.name)
		if len(e.also.letters) > 0 {
			best = max(best, x.m.score(w, e.also))
		}
		for _, k := range e.keywords {
			// A keyword is a word: only its beginning counts.
			if len(w) <= len(k.letters) && slices.Equal(w, k.letters[:len(w)]) {
				best = max(best, x.m.score(w, k)+byKeyword)
			}
		}
		if best < poor*len(w) {
			return 0, false
		}
		total += best
	}
	// Of names that fit alike the shorter is meant.
	return total - len(e.name.letters)/2, true
}

// poor is the least score of a letter: below it a word fits by chance.
const poor = 8
