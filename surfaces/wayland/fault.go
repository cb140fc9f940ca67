package wayland

import (
	"errors"
	"runtime"
	"runtime/debug"
)

// errTruncated is what touching client memory that is gone comes to.
var errTruncated = errors.New("the memory behind the buffer was truncated")

// guardFault runs fn, which touches client memory that may vanish, and turns a
// memory fault into an error. Any other panic goes on.
func guardFault(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch v := recover().(type) {
		case nil:
		case interface {
			runtime.Error
			Addr() uintptr
		}:
			err = errTruncated
		default:
			panic(v)
		}
	}()
	return fn()
}
