// Command rayos-wasm shows an app that is a WebAssembly module.
package main

import (
	"os"

	"rayos/rayapps/wasm/host"
)

func main() { os.Exit(host.Main(os.Args[1:], os.Stderr)) }
