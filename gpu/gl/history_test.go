package gl

import (
	"testing"

	"rayos/geom"
)

func TestHistory(t *testing.T) {
	var h history
	size := geom.Size{W: 100, H: 100}
	all := size.Rect()
	at := func(i int32) geom.Rect { return geom.XYWH(10*i, 0, 5, 5) }
	for i, c := range []struct {
		damage []geom.Rect
		age    int
		want   []geom.Rect
	}{
		{nil, 0, []geom.Rect{all}},
		{[]geom.Rect{at(1)}, 0, []geom.Rect{all}},
		{[]geom.Rect{at(2)}, 1, []geom.Rect{at(2)}},
		{[]geom.Rect{at(3)}, 2, []geom.Rect{at(2), at(3)}},
		{[]geom.Rect{at(4)}, 3, []geom.Rect{at(2), at(3), at(4)}},
		{[]geom.Rect{at(5)}, 4, []geom.Rect{all}}, // longer ago than is known
		{[]geom.Rect{geom.XYWH(90, 90, 50, 50)}, 1, []geom.Rect{geom.XYWH(90, 90, 10, 10)}},
		{[]geom.Rect{}, 1, nil},
	} {
		var damage *geom.Region
		if c.damage != nil {
			r := geom.RegionOf(c.damage...)
			damage = &r
		}
		want := geom.RegionOf(c.want...)
		if got := h.next(size, damage, c.age); !got.Equal(&want) {
			t.Errorf("frame %d: %v; want %v", i, got.Rects(), c.want)
		}
	}
	grown := geom.Size{W: 200, H: 100}
	none := geom.Region{}
	if got := h.next(grown, &none, 1); got.Extents() != grown.Rect() {
		t.Errorf("after a resize %v is copied", got.Rects())
	}
	h.clear()
	if got := h.next(grown, &none, 1); got.Extents() != grown.Rect() {
		t.Errorf("after an error %v is copied", got.Rects())
	}
}
