// Package hnsw finds the nearest of many embeddings: a graph of hierarchical small worlds (Malkov and Yashunin, "Efficient and robust approximate nearest
// neighbor search using Hierarchical Navigable Small World graphs", 2016), and an exact scan beside it that serves small collections and judges the graph.
//
//	ix, err := hnsw.New(hnsw.Config{Dim: 384, Quant: hnsw.SQ8})
//	err = ix.Add(id, embedding)
//	hits, err := ix.Search(query, 10, hnsw.Options{})                    // nearest first
//	hits, err = ix.Search(query, 10, hnsw.Options{Among: idsOfAFolder})  // only these
//	t, err := ix.Tune(ctx, hnsw.TuneOptions{Recall: .97})                // the ef that this collection needs
//	ix.SetEF(t.EF)
//
// # Model
//
// Each vector has a slot, a small number. Its embedding is a row of one arena, padded with zeros so that kernels of package vec read whole blocks; its
// links of level 0 are a row of another. Rows of SQ8 are 8-bit codes with one scale a vector; queries keep 16 bits a dimension.
//
// A search walks from the entry point down the levels, then keeps the ef best vectors seen, sorted, and expands them in order; the inner products of all new
// neighbours of a step are one call. Fewer than Config.ScanBelow vectors are scanned instead. A search restricted to
// less than 5 % or to fewer than 5,000 vectors scans these; else it walks, and steps over vectors that are not wanted to their neighbours (as ACORN-1 does:
// Patel et al., 2024).
//
// Deleting repairs the graph at once: everyone who pointed at the vector gets, in its place, those of its neighbours that the selection heuristic picks, and
// who would have become unreachable is linked anew. Nothing is left behind, and the slot serves the next Add.
//
// # Invariants
//
// A link names a slot in use that is present on the link's level; no list names a slot twice or its owner; the entry point is on the highest level.
// The same calls in the same order give the same graph for one seed and one kind of CPU, whatever the number of workers: vectors of a batch are planned beside each
// other against the graph before it, and against each other.
//
// Searches may run beside each other and beside one change; changes wait for each other. A search sees a vector with all its links or not at all, but one that is
// replaced may be missing for a moment. In steady state a search that is given room for its hits (Options.Into) allocates nothing.
package hnsw
