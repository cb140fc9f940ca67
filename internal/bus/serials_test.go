package bus

import (
	"math"
	"testing"
)

func TestSerialsLeaveOutZero(t *testing.T) {
	var s Serials
	s.last.Store(math.MaxUint32 - 1)
	for _, want := range []uint32{math.MaxUint32, 1, 2} {
		if n := s.GetSerial(); n != want {
			t.Errorf("the next serial is %d; want %d", n, want)
		}
	}
}
