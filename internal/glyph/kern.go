package glyph

// pairTables returns the pair adjustment subtables of a GPOS table's kern
// feature.
func pairTables(gpos table) []table {
	var out []table
	features, lookups := gpos.from(gpos.u16(6)), gpos.from(gpos.u16(8))
	seen := map[int]bool{}
	for i := range features.u16(0) {
		rec := 2 + 6*i
		if string(features.from(rec)) == "" || features.u32(rec) != tagKern {
			continue
		}
		feature := features.from(features.u16(rec + 4))
		for k := range feature.u16(2) {
			n := feature.u16(4 + 2*k)
			if seen[n] || n >= lookups.u16(0) {
				continue
			}
			seen[n] = true
			lookup := lookups.from(lookups.u16(2 + 2*n))
			for s := range lookup.u16(4) {
				sub, kind := lookup.from(lookup.u16(6+2*s)), lookup.u16(0)
				if kind == extension {
					kind, sub = sub.u16(2), sub.from(sub.u32(4))
				}
				if kind == pairAdjustment {
					out = append(out, sub)
				}
			}
		}
	}
	return out
}

const (
	tagKern        = 'k'<<24 | 'e'<<16 | 'r'<<8 | 'n'
	pairAdjustment = 2
	extension      = 9
	xAdvance       = 4 // bit of a value format
)

// kern returns the adjustment of the space between two glyphs.
func (f *openType) kern(a, b glyphID) int {
	for _, sub := range f.kerning {
		if v, ok := pairAdjust(sub, a, b); ok {
			return v
		}
	}
	return 0
}

// pairAdjust looks a pair up in one subtable. A class table answers for every
// first glyph that it covers, even with 0.
func pairAdjust(sub table, a, b glyphID) (int, bool) {
	covered, ok := coverage(sub.from(sub.u16(2)), a)
	if !ok {
		return 0, false
	}
	format1, format2 := sub.u16(4), sub.u16(6)
	size1 := 2 * bitCount(format1)
	record := size1 + 2*bitCount(format2)
	// The advance stands after the placements that are there.
	field := 2 * bitCount(format1&(xAdvance-1))
	value := func(t table, at int) int {
		if format1&xAdvance == 0 {
			return 0
		}
		return t.i16(at + field)
	}
	if sub.u16(0) == 1 {
		set := sub.from(sub.u16(10 + 2*covered))
		lo, hi := 0, set.u16(0)
		for lo < hi {
			mid := (lo + hi) / 2
			at := 2 + mid*(2+record)
			switch second := set.u16(at); {
			case second == int(b):
				return value(set, at+2), true
			case second < int(b):
				lo = mid + 1
			default:
				hi = mid
			}
		}
		return 0, false
	}
	class1, class2 := class(sub.from(sub.u16(8)), a), class(sub.from(sub.u16(10)), b)
	if class1 >= sub.u16(12) || class2 >= sub.u16(14) {
		return 0, false
	}
	return value(sub, 16+(class1*sub.u16(14)+class2)*record), true
}

func bitCount(v int) int {
	n := 0
	for ; v != 0; v &= v - 1 {
		n++
	}
	return n
}

// coverage returns the index of a glyph in a coverage table.
func coverage(t table, g glyphID) (int, bool) {
	size := 2
	if t.u16(0) == 2 {
		size = 6
	}
	lo, hi := 0, t.u16(2)
	for lo < hi {
		mid := (lo + hi) / 2
		at := 4 + mid*size
		start, end, base := t.u16(at), t.u16(at), mid
		if size == 6 {
			end, base = t.u16(at+2), t.u16(at+4)
		}
		switch {
		case int(g) < start:
			hi = mid
		case int(g) > end:
			lo = mid + 1
		default:
			return base + int(g) - start, true
		}
	}
	return 0, false
}

// class returns the class of a glyph, 0 if it has none.
func class(t table, g glyphID) int {
	if t.u16(0) == 1 {
		if i := int(g) - t.u16(2); i >= 0 && i < t.u16(4) {
			return t.u16(6 + 2*i)
		}
		return 0
	}
	lo, hi := 0, t.u16(2)
	for lo < hi {
		mid := (lo + hi) / 2
		at := 4 + 6*mid
		switch {
		case int(g) < t.u16(at):
			hi = mid
		case int(g) > t.u16(at+2):
			lo = mid + 1
		default:
			return t.u16(at + 4)
		}
	}
	return 0
}
