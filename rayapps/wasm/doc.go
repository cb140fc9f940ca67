// Package wasm is for apps that are WebAssembly modules: an app is the same value
// with a method View as in package rayapps, and everything else is done for it.
//
//	GOOS=wasip1 GOARCH=wasm go build -o clock.wasm .
//	rayos-wasm clock.wasm
//
// A module can do nothing but show its window: it has no files, no network and no
// processes, on every kernel. It has a clock (time.Local is the
// person's), random numbers, and standard output
// and error, which go to the log of who has started it.
//
// # What is drawn
//
// Widgets are laid out inside of the module; the host gets a display list and what
// it means to a screen reader, and makes pixels of it. There are the fonts of the
// toolkit to measure by; scripts that they lack are drawn with those of the machine.
//
// # Goroutines
//
// A module has one thread, which sleeps while it waits for events: goroutines rest
// meanwhile, too. What takes long is done in parts, by a [Timer]. A callback that
// hasn't returned after two seconds ends the app.
package wasm
