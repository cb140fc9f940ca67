// Command clockface is a clock as a WebAssembly module:
//
//	GOOS=wasip1 GOARCH=wasm go build -o clockface.wasm rayos/rayapps/examples/clockface
//	rayos-wasm clockface.wasm
package main

import (
	"os"

	"rayos/geom"
	"rayos/rayapps/examples/clockface/face"
	"rayos/rayapps/wasm"
)

func main() {
	os.Exit(wasm.Main(wasm.Options{Title: "Clock", Size: geom.Size{W: 320, H: 400}, MinSize: geom.Size{W: 200, H: 260}}, new(face.Clock)))
}
