// Command module is what WLCS loads as a shared library: the session as a
// display server in the process of the conformance suite. It is built with
// -buildmode=c-shared and exports one symbol, wlcs_server_integration.
//
// WLCS makes a server for each of its tests. What it calls is in abi.c, which
// calls the functions below with the handle of a desk.Server.
package main

// #include "abi.h"
import "C"

import (
	"fmt"
	"os"
	"runtime/cgo"
	"sync"
	"unsafe"

	"rayos/geom"
	"rayos/internal/wlcs/desk"
)

func main() {}

func of(h C.uintptr_t) *desk.Server { return cgo.Handle(h).Value().(*desk.Server) }

// check ends the suite: a server that can't do what it is told has no results.
func check(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "rayos: %s: %v\n", what, err)
		os.Exit(2)
	}
}

func point(x, y C.int32_t) geom.FPoint {
	return geom.FPoint{X: geom.Fixed(x).Float(), Y: geom.Fixed(y).Float()}
}

//export rayosNew
func rayosNew() C.uintptr_t { return C.uintptr_t(cgo.NewHandle(desk.New())) }

//export rayosFree
func rayosFree(h C.uintptr_t) { cgo.Handle(h).Delete() }

//export rayosStart
func rayosStart(h C.uintptr_t) { check("start", of(h).Start()) }

//export rayosStop
func rayosStop(h C.uintptr_t) { check("stop", of(h).Stop()) }

//export rayosConnect
func rayosConnect(h C.uintptr_t) C.int {
	fd, err := of(h).Connect()
	check("connect", err)
	return C.int(fd)
}

//export rayosPlace
func rayosPlace(h C.uintptr_t, fd C.int, surface C.uint32_t, x, y C.int) {
	if err := of(h).Place(int(fd), uint32(surface), geom.Point{X: int32(x), Y: int32(y)}); err != nil {
		// The test will say what is missing.
		fmt.Fprintln(os.Stderr, "rayos: place:", err)
	}
}

// whole is a point for a finger: WLCS 1.5.0 passes whole numbers where its
// header says fixed point.
func whole(x, y C.int32_t) geom.FPoint { return geom.FPoint{X: float64(x), Y: float64(y)} }

//export rayosPointerTo
func rayosPointerTo(h C.uintptr_t, x, y C.int32_t) { of(h).PointerTo(point(x, y)) }

//export rayosPointerBy
func rayosPointerBy(h C.uintptr_t, dx, dy C.int32_t) { of(h).PointerBy(point(dx, dy)) }

//export rayosButton
func rayosButton(h C.uintptr_t, button, pressed C.int) { of(h).Button(uint32(button), pressed != 0) }

//export rayosNewFinger
func rayosNewFinger(h C.uintptr_t) C.int32_t { return C.int32_t(of(h).NewFinger()) }

//export rayosTouchDown
func rayosTouchDown(h C.uintptr_t, finger, x, y C.int32_t) {
	of(h).TouchDown(int32(finger), whole(x, y))
}

//export rayosTouchTo
func rayosTouchTo(h C.uintptr_t, finger, x, y C.int32_t) { of(h).TouchTo(int32(finger), whole(x, y)) }

//export rayosTouchUp
func rayosTouchUp(h C.uintptr_t, finger C.int32_t) { of(h).TouchUp(int32(finger)) }

// describe is made once: the list of globals is the same for all servers.
var describe = sync.OnceValue(func() *C.struct_descriptor {
	list, err := desk.Extensions()
	check("list globals", err)
	d := (*C.struct_descriptor)(C.calloc(1, C.sizeof_struct_descriptor))
	array := C.calloc(C.size_t(len(list)), C.sizeof_struct_extension)
	all := unsafe.Slice((*C.struct_extension)(array), len(list))
	for i, e := range list {
		all[i].name, all[i].version = C.CString(e.Name), C.uint32_t(e.Version)
	}
	d.version, d.num, d.extensions = 1, C.size_t(len(list)), (*C.struct_extension)(array)
	return d
})

//export rayosDescribe
func rayosDescribe() *C.struct_descriptor { return describe() }
