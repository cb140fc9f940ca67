package overview

import (
	"cmp"
	"slices"

	"rayos/geom"
	"rayos/shell/preview"
)

// What a card has around its picture, and the room between cards.
const (
	chromeW = 2 * preview.Pad
	chromeH = preview.Top + preview.Pad
	between = 16
)

// leastPicture is the smallest picture worth showing: there are no more rows
// than leave so much.
const leastPicture = 24

// Spread returns cards for windows that lie in frames, in the same order: all
// within area, none over another, all at one scale of at most 1, in rows that
// keep who is above or left of whom. Where even small cards find no room it
// returns nil.
func Spread(frames []geom.Rect, area geom.Rect) []geom.Rect {
	var best []row
	var scale float64
	for n := 1; n <= len(frames); n++ {
		rows := split(frames, n)
		if k := fitting(rows, frames, area); k > scale {
			best, scale = rows, k
		}
	}
	if best == nil {
		return nil
	}
	return lay(best, frames, area, scale)
}

// row is windows beside each other, as places in frames.
type row struct {
	list []int
	w, h int64 // of the pictures at scale 1
}

// split makes n rows of about the same width, from the top to the bottom.
func split(frames []geom.Rect, n int) []row {
	order := make([]int, len(frames))
	total := int64(0)
	for i := range frames {
		order[i] = i
		total += int64(frames[i].W()) + chromeW
	}
	centre := func(lo, hi int32) int64 { return int64(lo) + int64(hi) }
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(centre(frames[a].Y0, frames[a].Y1), centre(frames[b].Y0, frames[b].Y1))
	})
	rows := make([]row, 1, n)
	used := int64(0)
	for i, f := range order {
		w := int64(frames[f].W()) + chromeW
		r := &rows[len(rows)-1]
		// The next row begins where this one would go further beyond its
		// share than it falls short of it, or where the rest is needed to
		// fill the other rows.
		share := total * int64(len(rows)) / int64(n)
		short := n - len(rows)
		if len(r.list) > 0 && short > 0 && (used+w/2 > share || len(order)-i <= short) {
			rows = append(rows, row{})
			r = &rows[len(rows)-1]
		}
		r.list = append(r.list, f)
		r.w += int64(frames[f].W())
		r.h = max(r.h, int64(frames[f].H()))
		used += w
	}
	for i := range rows {
		slices.SortStableFunc(rows[i].list, func(a, b int) int {
			return cmp.Compare(centre(frames[a].X0, frames[a].X1), centre(frames[b].X0, frames[b].X1))
		})
	}
	return rows
}

// fitting returns the largest scale at which the rows have room, 0 for none.
func fitting(rows []row, frames []geom.Rect, area geom.Rect) float64 {
	scale := 1.0
	high, free := int64(0), int64(area.H())-int64(len(rows)-1)*between-int64(len(rows))*chromeH
	for i := range rows {
		n := int64(len(rows[i].list))
		room := int64(area.W()) - n*chromeW - (n-1)*between
		if room < n*leastPicture {
			return 0
		}
		scale = min(scale, float64(room)/float64(max(rows[i].w, 1)))
		high += rows[i].h
	}
	if free < int64(len(rows))*leastPicture {
		return 0
	}
	return min(scale, float64(free)/float64(max(high, 1)))
}

// lay places the cards, rows and what is in them in the middle.
func lay(rows []row, frames []geom.Rect, area geom.Rect, scale float64) []geom.Rect {
	size := func(f int) geom.Size {
		return geom.Size{W: max(int32(float64(frames[f].W())*scale), 1) + chromeW, H: max(int32(float64(frames[f].H())*scale), 1) + chromeH}
	}
	high := make([]int32, len(rows))
	total := int32(len(rows)-1) * between
	for i := range rows {
		for _, f := range rows[i].list {
			high[i] = max(high[i], size(f).H)
		}
		total += high[i]
	}
	out := make([]geom.Rect, len(frames))
	y := area.Y0 + (area.H()-total)/2
	for i := range rows {
		wide := int32(len(rows[i].list)-1) * between
		for _, f := range rows[i].list {
			wide += size(f).W
		}
		x := area.X0 + (area.W()-wide)/2
		for _, f := range rows[i].list {
			s := size(f)
			out[f] = geom.XYWH(x, y+(high[i]-s.H)/2, s.W, s.H)
			x += s.W + between
		}
		y += high[i] + between
	}
	return out
}
