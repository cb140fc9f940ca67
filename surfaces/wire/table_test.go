package wire

import (
	"math/rand/v2"
	"testing"
)

type dummy struct{ base }

func (*dummy) HandleMessage(uint16, *Args) {}

// TestTableAgainstMap compares the table with a map, over random uses that
// include an id space that only grows.
func TestTableAgainstMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var tab table
	model := map[uint32]Object{}
	var ids []uint32
	for step := range 20_000 {
		if len(ids) > 0 && rng.IntN(5) < 2+step/5000 {
			k := rng.IntN(len(ids))
			tab.clear(ids[k])
			tab.clear(ids[k])
			delete(model, ids[k])
			ids[k] = ids[len(ids)-1]
			ids = ids[:len(ids)-1]
		} else {
			i := tab.next
			if rng.IntN(2) == 0 {
				i = rng.Uint32N(tab.next + 1)
			}
			if ok := model[i] == nil; tab.accepts(i) != ok {
				t.Fatalf("accepts(%d) = %t; want %t", i, !ok, ok)
			} else if ok {
				model[i] = &dummy{}
				tab.put(i, model[i])
				ids = append(ids, i)
			}
		}
		if tab.live != len(model) {
			t.Fatalf("%d live; want %d", tab.live, len(model))
		}
	}
	if tab.accepts(tab.next+1) || tab.get(1<<31) != nil {
		t.Error("a slot past the end")
	}
	pages := 0
	for _, p := range tab.pages {
		if p != nil {
			pages++
		}
	}
	if pages > len(model) {
		t.Errorf("%d pages for %d objects", pages, len(model))
	}
	last := 0
	tab.each(func(o Object) {
		last++
		for i, m := range model {
			if m == o {
				tab.clear(i)
			}
		}
	})
	if last != len(model) || tab.live != 0 {
		t.Errorf("each visited %d of %d, %d left", last, len(model), tab.live)
	}
}
