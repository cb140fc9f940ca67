package cache

import "testing"

func TestWhatIsUsedStays(t *testing.T) {
	c := New[int, string](10 * (overhead + 100))
	c.Put(-1, "used", 100)
	for i := range 1000 {
		c.Put(i, "new", 100)
		if v, ok := c.Get(-1); !ok || v != "used" {
			t.Fatalf("after %d others it is %q, %v", i+1, v, ok)
		}
	}
	if _, ok := c.Get(0); ok {
		t.Error("a value that nobody asked for is still there after 999 others")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	const budget = 10000
	c := New[int, int](budget)
	for i := range 1000 {
		c.Put(i%300, i, i%97*10)
		if i%3 == 0 {
			c.Get(i / 2)
		}
		sum := 0
		for _, e := range c.young {
			sum += e.bytes
		}
		if sum != c.bytes || sum > budget {
			t.Fatalf("step %d: %d bytes in the young generation, %d counted, %d allowed", i, sum, c.bytes, budget)
		}
		sum = 0
		for _, e := range c.old {
			sum += e.bytes
		}
		if sum > budget {
			t.Fatalf("step %d: %d bytes in the old generation", i, sum)
		}
	}
}

func TestLargeValuesAreNotKept(t *testing.T) {
	c := New[int, int](1000)
	c.Put(1, 1, 100)
	c.Put(2, 2, 1000)
	if _, ok := c.Get(2); ok {
		t.Error("a value as large as the budget was kept")
	}
	if _, ok := c.Get(1); !ok {
		t.Error("it drove out another")
	}
}

func TestLastValueWins(t *testing.T) {
	c := New[int, int](500)
	for i := range 20 {
		c.Put(1, i, 100)
		if v, _ := c.Get(1); v != i {
			t.Fatalf("value %d after putting %d", v, i)
		}
		c.Put(i+2, 0, 200)
	}
	c.Clear()
	if _, ok := c.Get(1); ok || c.bytes != 0 {
		t.Error("something is left after Clear")
	}
}

func TestLookingUpAllocatesNothing(t *testing.T) {
	c := New[int, int](1000)
	c.Put(1, 1, 1)
	if n := testing.AllocsPerRun(100, func() { c.Get(1); c.Get(2) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
