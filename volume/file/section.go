package file

import "fmt"

// Type says what is in a section.
type Type uint32

// The types of version 2.0, with what they hold for Count vectors of Dim
// dimensions. Numbers are little endian.
const (
	Embedder Type = 1  // SHA-256 of the embedder and its name: Write makes it of the Header
	Ids      Type = 2  // Count × uint64
	Vectors  Type = 3  // Count rows of float32, padded to RowBytes
	Codes    Type = 4  // Count rows of int8 with their scale at the end, padded to CodeBytes
	Levels   Type = 5  // Count × uint8, the highest level of each
	Links0   Type = 6  // Count × 2·M × uint32, links of level 0
	LinksUp  Type = 7  // M × uint32 for each level above 0 of each
	Entry    Type = 8  // one uint32, where searches start
	Free     Type = 9  // uint32s, rows that are not used
	Docs     Type = 10 // what the vectors are of: their owner's form
	Lexical  Type = 11 // the index of words: its own form
	Model    Type = 12 // the fitted embedder: its own form
	Meta     Type = 13 // what else their owner keeps
)

// types are the known ones. Sizes are not more than 2⁵³, so nothing overflows.
var types = map[Type]struct {
	name      string
	derivable bool
	fits      func(h *Header, n uint64) bool // nil: any length does
}{
	Embedder: {"embedder", false, func(_ *Header, n uint64) bool { return n >= 32 && n <= 32+maxName }},
	Ids:      {"ids", false, func(h *Header, n uint64) bool { return n == 8*uint64(h.Count) }},
	Vectors:  {"vectors", false, func(h *Header, n uint64) bool { return n == uint64(h.Count)*uint64(RowBytes(h.Dim)) }},
	Codes:    {"codes", false, func(h *Header, n uint64) bool { return n == uint64(h.Count)*uint64(CodeBytes(h.Dim)) }},
	Levels:   {"levels", true, func(h *Header, n uint64) bool { return n == uint64(h.Count) }},
	Links0:   {"links0", true, func(h *Header, n uint64) bool { return n == uint64(h.Count)*8*uint64(h.M) }},
	LinksUp:  {"linksup", true, func(h *Header, n uint64) bool { return n == 0 || h.M > 0 && n%(4*uint64(h.M)) == 0 }},
	Entry:    {"entry", true, func(_ *Header, n uint64) bool { return n == 4 }},
	Free:     {"free", false, func(h *Header, n uint64) bool { return n%4 == 0 && n <= 4*uint64(h.Count) }},
	Docs:     {"docs", false, nil},
	Lexical:  {"lexical", true, nil},
	Model:    {"model", true, nil},
	Meta:     {"meta", false, nil},
}

func (t Type) String() string {
	if k, ok := types[t]; ok {
		return k.name
	}
	return fmt.Sprintf("type %d", uint32(t))
}

// Derivable reports whether such a section can be made anew from the others:
// the graph from the vectors, the index of words and the model from the texts.
func (t Type) Derivable() bool { return types[t].derivable }

// RowBytes is the length of a row of Vectors: dim float32, padded with zeros to
// a multiple of 64 bytes.
func RowBytes(dim int) int { return (4*dim + 63) &^ 63 }

// CodeBytes is the length of a row of Codes: dim int8, zeros, and the scale, a
// float32, as its last four bytes; a multiple of 32.
func CodeBytes(dim int) int { return (dim + 4 + 31) &^ 31 }

// Section is a part of a file on its way there.
type Section struct {
	Type Type
	Data []byte
	More [][]byte // written behind Data, so that a large arena needs no copy
}

func (s *Section) parts(each func(b []byte) error) error {
	if err := each(s.Data); err != nil {
		return err
	}
	for _, b := range s.More {
		if err := each(b); err != nil {
			return err
		}
	}
	return nil
}
