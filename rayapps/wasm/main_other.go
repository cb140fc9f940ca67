//go:build !wasip1

package wasm

import (
	"fmt"
	"os"
)

// Main says that the program was built for the machine: it is to be built with
// GOOS=wasip1 GOARCH=wasm and run by rayos-wasm.
func Main(Options, App) int {
	fmt.Fprintln(os.Stderr, "this app is a module: GOOS=wasip1 GOARCH=wasm go build -o app.wasm, then rayos-wasm app.wasm")
	return 2
}
