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
