package layer

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rayos/geom"
)

const (
	allEdges = Top | Bottom | Left | Right
	maxInt   = math.MaxInt32
	minInt   = math.MinInt32
)

var screen = geom.XYWH(100, 50, 1000, 800)

func TestArrange(t *testing.T) {
	bar := Item{Anchor: Top | Left | Right, Size: geom.Size{H: 30}, Zone: 30, Mapped: true}
	dock := Item{Anchor: Left | Top | Bottom, Size: geom.Size{W: 60}, Zone: 60, Mapped: true}
	wall := Item{Anchor: allEdges, Zone: -1, Mapped: true}
	note := Item{Anchor: Top | Right, Size: geom.Size{W: 200, H: 100}, Margin: Margin{Top: 10, Right: 20}, Mapped: true}
	with := func(it Item, edit func(*Item)) Item { edit(&it); return it }
	tests := []struct {
		name   string
		items  []Item
		spots  []geom.Rect // as placed at the size of the spot
		usable geom.Rect
	}{
		{"nothing", nil, nil, screen},
		{"a bar at the top", []Item{bar}, []geom.Rect{geom.XYWH(100, 50, 1000, 30)}, geom.XYWH(100, 80, 1000, 770)},
		{"zones in order", []Item{bar, dock}, []geom.Rect{geom.XYWH(100, 50, 1000, 30), geom.XYWH(100, 80, 60, 770)}, geom.XYWH(160, 80, 940, 770)},
		{"zones in the other order", []Item{dock, bar}, []geom.Rect{geom.XYWH(100, 50, 60, 800), geom.XYWH(160, 50, 940, 30)}, geom.XYWH(160, 80, 940, 770)},
		{"a background ignores zones", []Item{bar, wall}, []geom.Rect{geom.XYWH(100, 50, 1000, 30), screen}, geom.XYWH(100, 80, 1000, 770)},
		{"without a zone it stays clear of those of later items", []Item{note, bar}, []geom.Rect{geom.XYWH(880, 90, 200, 100), geom.XYWH(100, 50, 1000, 30)}, geom.XYWH(100, 80, 1000, 770)},
		{"no anchors is the middle", []Item{{Size: geom.Size{W: 100, H: 100}, Margin: Margin{Left: 500}}}, []geom.Rect{geom.XYWH(550, 400, 100, 100)}, screen},
		{
			"margins count at the zone",
			[]Item{with(bar, func(it *Item) { it.Margin = Margin{Top: 5, Left: 10, Right: 10, Bottom: 99} })},
			[]geom.Rect{geom.XYWH(110, 55, 980, 30)},
			geom.XYWH(100, 85, 1000, 765),
		},
		{"a zone at a corner has no edge", []Item{with(note, func(it *Item) { it.Zone = 50 })}, []geom.Rect{geom.XYWH(880, 60, 200, 100)}, screen},
		{"unless one is chosen", []Item{with(note, func(it *Item) { it.Zone, it.Edge = 50, Right })}, []geom.Rect{geom.XYWH(880, 60, 200, 100)}, geom.XYWH(100, 50, 930, 800)},
		{"unmapped items take nothing", []Item{with(bar, func(it *Item) { it.Mapped = false })}, []geom.Rect{geom.XYWH(100, 50, 1000, 30)}, screen},
		{"bottom and right", []Item{
			{Anchor: Bottom, Size: geom.Size{W: 300, H: 40}, Zone: 40, Mapped: true},
			{Anchor: Right, Size: geom.Size{W: 50, H: 100}, Zone: 50, Mapped: true},
		}, []geom.Rect{geom.XYWH(450, 810, 300, 40), geom.XYWH(1050, 380, 50, 100)}, geom.XYWH(100, 50, 950, 760)},
		{"a zone never takes all", []Item{with(bar, func(it *Item) { it.Zone = maxInt })}, []geom.Rect{geom.XYWH(100, 50, 1000, 30)}, geom.XYWH(100, 849, 1000, 1)},
		{"a negative margin may eat the zone", []Item{with(bar, func(it *Item) { it.Margin.Top = -40 })}, []geom.Rect{geom.XYWH(100, 10, 1000, 30)}, screen},
		{"margins that leave nothing", []Item{with(bar, func(it *Item) { it.Margin = Margin{Left: 900, Right: 900} })}, []geom.Rect{geom.XYWH(599, 50, 1, 30)}, geom.XYWH(100, 80, 1000, 770)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spots, usable := Arrange(nil, screen, tt.items)
			var got []geom.Rect
			for i, s := range spots {
				p := tt.items[i].Place(s.Bounds, s.Size)
				got = append(got, geom.XYWH(p.X, p.Y, s.Size.W, s.Size.H))
			}
			if !slices.Equal(got, tt.spots) {
				t.Errorf("spots %v; want %v", got, tt.spots)
			}
			if usable != tt.usable {
				t.Errorf("usable %v; want %v", usable, tt.usable)
			}
		})
	}
}

func TestZoneEdge(t *testing.T) {
	for a, want := range map[Anchor]Anchor{
		0: 0, Top: Top, Bottom: Bottom, Left: Left, Right: Right, Top | Left | Right: Top, Bottom | Left | Right: Bottom,
		Left | Top | Bottom: Left, Right | Top | Bottom: Right, Top | Left: 0, Bottom | Right: 0, Top | Bottom: 0, Left | Right: 0, allEdges: 0,
	} {
		if got := (&Item{Anchor: a}).ZoneEdge(); got != want {
			t.Errorf("edge of %04b = %04b; want %04b", a, got, want)
		}
	}
}

func TestFits(t *testing.T) {
	for _, tt := range []struct {
		it   Item
		want bool
	}{
		{Item{}, false},
		{Item{Size: geom.Size{W: 1, H: 1}}, true},
		{Item{Anchor: Left | Right, Size: geom.Size{H: 1}}, true},
		{Item{Anchor: Left, Size: geom.Size{H: 1}}, false},
		{Item{Anchor: Top | Bottom, Size: geom.Size{W: 1}}, true},
		{Item{Anchor: Top, Size: geom.Size{W: 1}}, false},
		{Item{Anchor: allEdges}, true},
	} {
		if got := tt.it.Fits(); got != tt.want {
			t.Errorf("%+v fits = %v; want %v", tt.it, got, tt.want)
		}
	}
}

func TestAnchorBits(t *testing.T) {
	if !allEdges.Valid() || Anchor(16).Valid() || !Left.Single() || (Left | Top).Single() || Anchor(0).Single() {
		t.Error("edges are not told from other bits")
	}
}

// Whatever clients ask for, windows keep a piece of the output and sizes are
// positive.
func TestArrangeOfAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	value := func() int32 {
		switch r.IntN(5) {
		case 0:
			return maxInt
		case 1:
			return minInt
		}
		return r.Int32N(2000) - 1000
	}
	for range 5000 {
		items := make([]Item, r.IntN(6))
		for i := range items {
			items[i] = Item{
				Anchor: Anchor(r.IntN(16)), Size: geom.Size{W: max(value(), 0), H: max(value(), 0)}, Zone: value(),
				Edge: Anchor(1<<r.IntN(5)) & 15, Margin: Margin{value(), value(), value(), value()}, Mapped: r.IntN(2) == 0,
			}
		}
		spots, usable := Arrange(nil, screen, items)
		if usable.Empty() || !screen.Contains(usable) {
			t.Fatalf("%+v leave %v of %v", items, usable, screen)
		}
		for i, s := range spots {
			if s.Size.Empty() || s.Bounds.Empty() {
				t.Fatalf("item %d of %+v gets %+v", i, items, s)
			}
			items[i].Place(s.Bounds, s.Size)
		}
	}
}

func TestArrangeAllocatesNothing(t *testing.T) {
	items := []Item{{Anchor: Top | Left | Right, Size: geom.Size{H: 30}, Zone: 30, Mapped: true}, {Anchor: allEdges}}
	dst := make([]Spot, 0, 4)
	if n := testing.AllocsPerRun(100, func() { dst, _ = Arrange(dst[:0], screen, items) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
