// Package volume is the person's semantic memory: folders that they name are
// kept as pieces of text that are found by their words and by what they are
// about.
//
//	v, err := volume.Open(ctx, volume.Options{})
//	report, err := v.Index(ctx, volume.Indexing{Folders: []string{"/home/me/notes"}})
//	found, err := v.Search(ctx, volume.Query{Text: "how do guests get memory back", N: 10})
//	for _, hit := range found.Hits {
//		show(hit.Path, hit.Line, hit.Snippet)
//	}
//
// # Model
//
// A file is divided into chunks by package ingest. Each is indexed by its words
// (BM25, package lexical) and by a vector (package hnsw), which comes from a
// model fitted on these very chunks (package lsa) or from an embedder that the
// person chose. Their rankings are fused by RRF. While there are no vectors, or
// not of all chunks, the words decide alone, and Found.Words says why.
//
// Vectors of different embedders are never compared: with a new model or another
// embedder every chunk gets a new vector, in an index of its own that takes the
// old one's place when it is whole.
//
// # Untrusted
//
// Texts of files are data. They are shown as snippets of one line without control
// characters and without those that turn the direction of what follows; nothing
// in them is carried out, whoever wrote it.
//
// # Goroutines
//
// All methods may be called from any goroutine. Changes wait for each other;
// searches run beside one change and wait only while a file's chunks are put in
// their place. A file that is replaced is found as it was or as it is.
package volume
