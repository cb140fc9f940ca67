package wasm

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"
	"unsafe"

	"rayos/rayapps/wasm/abi"
)

// Main runs an app until its window is closed, and returns what to leave the
// process with: 1 after an error, which it prints.
func Main(o Options, a App) int {
	start := time.Now()
	if err := run(o, a, &host{buf: make([]byte, abi.MaxToGuest)}, func() time.Duration { return time.Since(start) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

//go:wasmimport rayos_surface wait
func wait(buffer unsafe.Pointer, size uint32, timeout int64) int32

//go:wasmimport rayos_surface send
func send(message unsafe.Pointer, size uint32)

// host is the port of a module.
type host struct{ buf []byte }

func (h *host) wait(timeout time.Duration) ([]byte, error) {
	n := wait(unsafe.Pointer(unsafe.SliceData(h.buf)), uint32(len(h.buf)), int64(timeout))
	runtime.KeepAlive(h.buf)
	if n <= 0 {
		return nil, nil
	}
	return h.buf[:n], nil
}

var errLarge = errors.New("what is to be shown is too large for the host")

func (h *host) send(message []byte) error {
	if len(message) > abi.MaxToHost {
		return errLarge
	}
	send(unsafe.Pointer(unsafe.SliceData(message)), uint32(len(message)))
	runtime.KeepAlive(message)
	return nil
}
