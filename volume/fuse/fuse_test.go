package fuse

import "testing"

func TestWhatBothRankIsBeforeWhatOneRanks(t *testing.T) {
	got := RRF(10, []uint64{7, 3, 5}, []uint64{9, 3, 3})
	want := []Hit{{3, 2.0 / 62}, {7, 1.0 / 61}, {9, 1.0 / 61}, {5, 1.0 / 63}}
	if len(got) != len(want) {
		t.Fatalf("RRF = %v; want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("rank %d = %v; want %v", i+1, got[i], want[i])
		}
	}
	if short := RRF(1, []uint64{7, 3}); len(short) != 1 || short[0].ID != 7 {
		t.Errorf("RRF(1) = %v; want 7 alone", short)
	}
	if none := RRF(-1, []uint64{7}); len(none) != 0 {
		t.Errorf("RRF(-1) = %v; want none", none)
	}
}
