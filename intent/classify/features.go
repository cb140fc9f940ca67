package classify

import (
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// A line is three blocks of features. Each block has length 1 before the whole
// is normalised, so a long word doesn't outweigh the rest.
const (
	blockWords = iota // words, and words beside each other
	blockChars        // characters within words: what survives a typo
	blockPairs        // two words of the line in any order
	blocks
)

const (
	minGram = 2 // characters, with the boundary of the word as one
	maxGram = 5
	// pairReach is how far from each other the words of a pair are.
	pairReach = 20
)

// Kinds of features; each has hashes of its own.
const (
	kindWord = 1 + iota
	kindBeside
	kindGram
	kindPair
)

const fnvPrime = 1099511628211

// fnv begins an FNV-1a hash for features of a kind.
func fnv(kind uint64) uint64 { return (14695981039346656037 ^ kind) * fnvPrime }

func fnvBytes(h uint64, b []byte) uint64 {
	for _, c := range b {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return h
}

// key folds a hash to the 32 bits by which a feature is known. Two features
// of one key count as one; of 100,000 about one has a twin. It is never 0.
func key(h uint64) uint32 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	return max(uint32(h), 1)
}

// term is a feature of a line: its row in a space, and its value.
type term struct {
	row int32
	val float32
}

// scratch is what taking a line apart needs. It grows to the longest line and
// is used again.
type scratch struct {
	words   words
	hashes  []uint64         // of the words
	keys    [blocks][]uint32 // of the line's features, as often as they occur
	rows    []int32
	terms   []term
	sums    []int32
	margins []float32
}

// extract fills s.keys with the features of a line.
func (s *scratch) extract(line string) {
	for b := range s.keys {
		s.keys[b] = s.keys[b][:0]
	}
	w := &s.words
	w.split(line)
	s.hashes = s.hashes[:0]
	for i := range w.len() {
		s.hashes = append(s.hashes, fnvBytes(fnv(kindWord), w.word(i)))
	}
	last := fnv(kindBeside) // stands for the begin of the line
	for i, h := range s.hashes {
		s.keys[blockWords] = append(s.keys[blockWords], key(h), key(beside(last, h)))
		last = h
		for _, other := range s.hashes[i+1 : min(i+1+pairReach, len(s.hashes))] {
			s.keys[blockPairs] = append(s.keys[blockPairs], key(pair(h, other)))
		}
		s.grams(w.bounded(i))
	}
	if len(s.hashes) > 0 {
		s.keys[blockWords] = append(s.keys[blockWords], key(beside(last, fnv(kindBeside))))
	}
}

// beside hashes two words of which b follows a.
func beside(a, b uint64) uint64 { return (bits.RotateLeft64(a, 23)^b)*fnvPrime + kindBeside }

// pair hashes two words in any order.
func pair(a, b uint64) uint64 {
	a, b = min(a, b), max(a, b)
	return (bits.RotateLeft64(a, 29)^b)*fnvPrime + kindPair
}

// grams adds what a word has of character n-grams.
func (s *scratch) grams(b []byte) {
	for i := range b {
		if !utf8.RuneStart(b[i]) {
			continue
		}
		h, n := fnv(kindGram), 0
		for j := i; j < len(b); {
			h = (h ^ uint64(b[j])) * fnvPrime
			j++
			if j < len(b) && !utf8.RuneStart(b[j]) {
				continue
			}
			if n++; n >= minGram {
				s.keys[blockChars] = append(s.keys[blockChars], key(h))
			}
			if n == maxGram {
				break
			}
		}
	}
}

// space says which features count, and how much each.
type space struct {
	keys   []uint32  // ascending; the position is the row
	weight []float32 // the rarer, the more
	novel  float32   // of a feature that has no row: it only makes the others count less
	table  []int32   // open addressing: row+1, 0 is free
	shift  uint
}

// newSpace counts features in lines and keeps those that occur in at least
// least of them. The weight of a feature is the square root of its inverse
// document frequency ln((n+1)/(df+1))+1: frequent words tell less, but in
// lines of ten words less so than in documents.
func newSpace(lines []string, least int) *space {
	df := map[uint32]int{}
	var s scratch
	for _, line := range lines {
		s.extract(line)
		for b := range s.keys {
			slices.Sort(s.keys[b])
			for _, k := range slices.Compact(s.keys[b]) {
				df[k]++
			}
		}
	}
	sp := &space{}
	for k, n := range df {
		if n >= least {
			sp.keys = append(sp.keys, k)
		}
	}
	slices.Sort(sp.keys)
	sp.weight = make([]float32, len(sp.keys))
	sp.novel = float32(math.Sqrt(ln(float64(len(lines)+1))+1) / 2)
	for row, k := range sp.keys {
		idf := ln(float64(len(lines)+1)/float64(df[k]+1)) + 1
		sp.weight[row] = float32(math.Sqrt(idf))
	}
	sp.index()
	return sp
}

// only returns a space of some of the rows, ascending.
func (sp *space) only(rows []int) *space {
	few := &space{novel: sp.novel}
	for _, row := range rows {
		few.keys = append(few.keys, sp.keys[row])
		few.weight = append(few.weight, sp.weight[row])
	}
	few.index()
	return few
}

// index makes the table by which keys are found.
func (sp *space) index() {
	size := 1 << bits.Len(uint(2*len(sp.keys)))
	sp.table = make([]int32, size)
	sp.shift = uint(33 - bits.Len(uint(size)))
	for row, k := range sp.keys {
		i := sp.slot(k)
		for sp.table[i] != 0 {
			i = (i + 1) & (size - 1)
		}
		sp.table[i] = int32(row + 1)
	}
}

func (sp *space) slot(k uint32) int { return int((k * 0x9e3779b1) >> sp.shift) }

// row returns the row of a key, or -1.
func (sp *space) row(k uint32) int32 {
	for i := sp.slot(k); ; i = (i + 1) & (len(sp.table) - 1) {
		row := sp.table[i] - 1
		if row < 0 || sp.keys[row] == k {
			return row
		}
	}
}

// vector returns the terms of a line, rows ascending within a block. They
// belong to s.
func (sp *space) vector(s *scratch, line string) []term {
	s.extract(line)
	s.terms = s.terms[:0]
	for b := range s.keys {
		s.rows = s.rows[:0]
		unknown := 0
		for _, k := range s.keys[b] {
			if row := sp.row(k); row >= 0 {
				s.rows = append(s.rows, row)
			} else {
				unknown++
			}
		}
		slices.Sort(s.rows)
		from := len(s.terms)
		sum := float64(float64(unknown) * float64(sp.novel*sp.novel))
		for i := 0; i < len(s.rows); {
			row, n := s.rows[i], 0
			for ; i < len(s.rows) && s.rows[i] == row; i++ {
				n++
			}
			v := float32(math.Sqrt(float64(n))) * sp.weight[row]
			sum += float64(float64(v) * float64(v))
			s.terms = append(s.terms, term{row, v})
		}
		if from == len(s.terms) {
			continue
		}
		scale := float32(1 / math.Sqrt(sum))
		for i := range s.terms[from:] {
			s.terms[from+i].val *= scale
		}
	}
	// Each block counts a third, also one of which nothing is known: half a
	// line that nobody has ever said is half as certain.
	scale := float32(1 / math.Sqrt(blocks))
	for i := range s.terms {
		s.terms[i].val *= scale
	}
	return s.terms
}
