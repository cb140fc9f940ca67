package raster

import (
	"runtime/debug"
	"unsafe"
)

// Faults on memory that belongs to somebody else are turned into panics with
//
//	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
//	defer catch(&err, memory)
//
// in the function that touches it.

// catch recovers from a fault inside memory and reports it as ErrFault. Any
// other panic goes on.
func catch(err *error, memory []byte) {
	v := recover()
	if v == nil {
		return
	}
	if !faultIn(v, memory) {
		panic(v)
	}
	*err = ErrFault
}

// faultIn reports whether the panic value v is a memory fault inside memory.
func faultIn(v any, memory []byte) bool {
	f, ok := v.(interface{ Addr() uintptr })
	if !ok || len(memory) == 0 {
		return false
	}
	base := uintptr(unsafe.Pointer(unsafe.SliceData(memory)))
	return f.Addr() >= base && f.Addr()-base < uintptr(len(memory))
}

// onFault makes faults on this goroutine panic and returns the old setting.
func onFault() (was bool) { return debug.SetPanicOnFault(true) }
