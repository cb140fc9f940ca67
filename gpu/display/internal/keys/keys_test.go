package keys

import "testing"

func TestSet(t *testing.T) {
	var s Set
	for i, c := range []struct {
		key  uint32
		down bool
		want bool
	}{
		{30, false, false},
		{30, true, true},
		{30, true, false},
		{0x2ff, true, true},
		{0x300, true, false},
		{0, true, false},
		{1 << 31, true, false},
		{30, false, true},
	} {
		if got := s.Change(c.key, c.down); got != c.want {
			t.Errorf("step %d: Change(%d, %v) = %v; want %v", i, c.key, c.down, got, c.want)
		}
	}
	if !s.Clear() || s.Clear() || s.Has(0x2ff) {
		t.Error("Clear of a set with one key, twice")
	}
}

func TestKeepAndRemove(t *testing.T) {
	var a, b, none Set
	for _, k := range []uint32{1, 64, 700} {
		a.Change(k, true)
	}
	b.Change(64, true)
	b.Change(65, true)
	kept, rest := a, a
	kept.Keep(&b)
	rest.Remove(&b)
	if !kept.Has(64) || kept.Has(1) || kept.Has(65) || rest.Has(64) || !rest.Has(1) || !rest.Has(700) {
		t.Errorf("kept %v, rest %v", kept, rest)
	}
	if a.Keep(&none); a.Clear() {
		t.Error("something was left")
	}
}
