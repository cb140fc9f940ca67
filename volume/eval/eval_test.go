package eval

import (
	"math"
	"testing"
)

func TestNDCG(t *testing.T) {
	relevant := map[uint64]float64{1: 1, 2: 1, 3: 3}
	for _, c := range []struct {
		ranking []uint64
		want    float64
	}{
		{[]uint64{3, 1, 2}, 1},
		{[]uint64{3, 2, 1, 9}, 1},
		{nil, 0},
		{[]uint64{9, 8, 7, 3}, 0},
		{[]uint64{9, 3}, 3 / math.Log2(3) / (3 + 1/math.Log2(3) + 1/math.Log2(4))},
		{[]uint64{1, 1, 1}, 1 / (3 + 1/math.Log2(3) + 1/math.Log2(4))},
	} {
		if got := NDCG(3, c.ranking, relevant); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("NDCG@3 of %v = %v; want %v", c.ranking, got, c.want)
		}
	}
}
