// Package host shows WebAssembly apps: modules that draw by the surface ABI of
// package abi.
//
// A [Guest] is a running module. It has what WASI gives without files, network and
// environment: clocks, random numbers, and two streams of text. Its memory is
// bounded, and it is ended when it does not come back for its next message within
// the deadline, in whatever loop it is. [App] shows it in a window of package
// rayapps; machine code is compiled once and kept in a folder.
//
// The process is the wall around all of it: for an installed app the session starts
// rayos-wasm in the sandbox of every other app. What a module breaks is its own.
package host
