package raster

import (
	"runtime/debug"
	"unsafe"

	"rayos/geom"
	"rayos/gpu/render"
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

// CopyRows copies the rectangle box of p to dst, row after row. It returns
// ErrFault if the memory of p is gone.
func CopyRows(dst []byte, p *render.Pixels, box geom.Rect) (err error) {
	defer debug.SetPanicOnFault(onFault())
	defer catch(&err, p.Data)
	bpp := int(p.Format.BytesPerPixel())
	n := int(box.W()) * bpp
	for y := box.Y0; y < box.Y1; y++ {
		from := int(y)*int(p.Stride) + int(box.X0)*bpp
		copy(dst[:n], p.Data[from:])
		dst = dst[n:]
	}
	return nil
}
