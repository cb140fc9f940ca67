// Package cache keeps values that can be made again, within a budget of bytes.
//
// A Cache has two generations. New values go into the young one; when that is
// full it becomes the old one and what was old is dropped. A value of the old
// generation that is asked for moves to the young one. So what is in use stays,
// without a list of uses, and looking up costs one map access or two.
//
//	c := cache.New[key, mask](1 << 20)
//	m, ok := c.Get(k)
//	if !ok {
//		m = draw(k)
//		c.Put(k, m, len(m.pix))
//	}
//
// A Cache is used by one goroutine.
package cache

// Cache maps keys to values. Both generations together take at most twice the
// budget.
type Cache[K comparable, V any] struct {
	young, old map[K]entry[V]
	bytes      int // of young
	budget     int
}

type entry[V any] struct {
	value V
	bytes int
}

// overhead is about what an entry costs beside its value.
const overhead = 64

// New returns a cache whose generations take budget bytes each.
func New[K comparable, V any](budget int) Cache[K, V] {
	return Cache[K, V]{budget: budget}
}

// Get returns the value of k.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	e, ok := c.young[k]
	if ok {
		return e.value, true
	}
	if e, ok = c.old[k]; ok {
		delete(c.old, k)
		c.put(k, e)
	}
	return e.value, ok
}

// Put sets the value of k, which takes about bytes of memory. A value larger
// than the budget isn't kept.
func (c *Cache[K, V]) Put(k K, v V, bytes int) {
	e := entry[V]{v, bytes + overhead}
	if e.bytes <= c.budget {
		delete(c.old, k)
		c.put(k, e)
	}
}

func (c *Cache[K, V]) put(k K, e entry[V]) {
	c.bytes -= c.young[k].bytes
	if c.young == nil || c.bytes+e.bytes > c.budget {
		c.old, c.young, c.bytes = c.young, make(map[K]entry[V]), 0
	}
	c.young[k] = e
	c.bytes += e.bytes
}

// Clear drops everything.
func (c *Cache[K, V]) Clear() { c.young, c.old, c.bytes = nil, nil, 0 }
