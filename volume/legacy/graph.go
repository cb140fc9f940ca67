package legacy

// Graph is an index.bin: for each document of an embeddings.bin the numbers of
// some near it.
type Graph struct {
	m     int
	entry uint32
	links []uint32 // m for each document, none for a place without one
	count int
}

const (
	none       = 0xFFFFFFFF
	maxM       = 16
	expansions = 64
)

// ParseGraph reads an index.bin: "HNS0", version 1, the number of documents, M
// (1 to 16), the document at which searches start, 32 bits each; then M numbers
// of documents for each, 0xFFFFFFFF for none.
func ParseGraph(b []byte) (*Graph, error) {
	c := cursor{rest: b}
	if err := c.header("HNS0"); err != nil {
		return nil, err
	}
	n, m, entry := c.u32(), c.u32(), c.u32()
	switch {
	case c.bad || m < 1 || m > maxM:
		return nil, wrong("%d neighbours; 1 to %d are known", m, maxM)
	case uint64(len(c.rest)) != 4*uint64(m)*uint64(n):
		return nil, wrong("%d rows of %d neighbours aren't %d bytes", n, m, len(c.rest))
	case n > 0 && entry >= n || n == 0 && entry != 0 && entry != none:
		return nil, wrong("searches start at document %d of %d", entry, n)
	}
	g := &Graph{m: int(m), entry: entry, links: make([]uint32, uint64(n)*uint64(m)), count: int(n)}
	for i := range g.links {
		to := c.u32()
		if to != none && to >= n {
			return nil, wrong("document %d has the neighbour %d of %d", i/g.m, to, n)
		}
		g.links[i] = to
	}
	return g, nil
}

// Len is the number of documents.
func (g *Graph) Len() int { return g.count }

// Search walks the graph, best first, through 64 documents at most, and gives the
// k best it met. indexed is false when all were compared instead: the graph is of
// another set, or led to fewer than k.
func (g *Graph) Search(d *Docs, q []float32, k int) (hits []Hit, indexed bool) {
	k = min(k, d.Len())
	if g == nil || g.count != d.Len() || len(q) != d.dim || k <= 0 {
		return d.Nearest(q, k), false
	}
	seen := map[uint32]bool{g.entry: true}
	limit := expansions * (maxM + 1) // all that can be met
	entry := d.score(q, int(g.entry))
	met, open := d.keep(nil, int(g.entry), entry, k), d.keep(nil, int(g.entry), entry, limit)
	for n := 0; n < expansions && len(open) > 0; n++ {
		from := open[0].Doc
		open = open[1:]
		for _, to := range g.links[from*g.m : (from+1)*g.m] {
			if to == none || seen[to] {
				continue
			}
			seen[to] = true
			score := d.score(q, int(to))
			met, open = d.keep(met, int(to), score, k), d.keep(open, int(to), score, limit)
		}
	}
	if len(met) < k {
		return d.Nearest(q, k), false
	}
	return met, true
}
