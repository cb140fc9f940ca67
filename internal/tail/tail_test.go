package tail

import (
	"context"
	"slices"
	"testing"
)

func number(seq uint64) uint64 { return seq }

func TestTheLastAreKept(t *testing.T) {
	l := New[uint64](4)
	for _, c := range []struct {
		add   int
		after uint64
		want  []uint64
	}{{0, 0, nil}, {3, 0, []uint64{1, 2, 3}}, {0, 2, []uint64{3}}, {0, 3, nil}, {4, 0, []uint64{4, 5, 6, 7}}, {0, 6, []uint64{7}}, {0, 1 << 60, nil}} {
		for range c.add {
			l.Add(number)
		}
		if got, _ := l.After(c.after); !slices.Equal(got, c.want) {
			t.Errorf("behind %d: %v; want %v", c.after, got, c.want)
		}
	}
	if l.Last() != 7 {
		t.Errorf("the last is %d", l.Last())
	}
}

func TestWait(t *testing.T) {
	l := New[uint64](4)
	got := make(chan []uint64)
	go func() {
		list, err := l.Wait(t.Context(), 0)
		if err != nil {
			t.Error(err)
		}
		got <- list
	}()
	l.Add(number)
	if list := <-got; !slices.Equal(list, []uint64{1}) {
		t.Errorf("%v", list)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Wait(ctx, 1); err == nil {
		t.Error("a wait that nobody waits for any more goes on")
	}
}
