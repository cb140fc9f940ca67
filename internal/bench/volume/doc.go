// Package volume measures the vector index (package hnsw) beside hnswlib, the C++ library of the authors of its method, with real embeddings: the words of an
// npm package, which Convert makes a file of.
//
// Both get the same vectors, M and efConstruction, hold them as float32 and answer the same held-out queries on one thread. What counts is that thread's CPU time at equal recall, so
// that neither a busy machine nor another trade of recall for speed bends the ratio. An exact scan says what is to be found.
package volume
