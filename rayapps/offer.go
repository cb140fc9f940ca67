package rayapps

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// offer is what another client has for this one: copied, selected or dragged.
type offer struct {
	types   []string
	receive func(mime string, fd int)
	destroy func()
}

// maxTypes bounds the types of an offer.
const maxTypes = 256

func (o *offer) add(mime string) {
	if len(o.types) < maxTypes {
		o.types = append(o.types, mime)
	}
}

// drop gives it back, if there is one.
func (o *offer) drop() {
	if o != nil {
		o.destroy()
	}
}

// first returns the first of the types that the offer has, "" for none.
func (o *offer) first(types ...string) string {
	if o != nil {
		for _, t := range types {
			if slices.Contains(o.types, t) {
				return t
			}
		}
	}
	return ""
}

// textTypes are what text is called, the best first.
var textTypes = []string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "TEXT", "STRING"}

// namesType is that of files and addresses.
const namesType = "text/uri-list"

// Limits of what is given and taken.
const (
	maxPaste    = 16 << 20 // bytes
	pasteWithin = 5 * time.Second
	maxMoves    = 16 // at a time, each way
)

// errPaste says that somebody wants to give too much.
var errPaste = fmt.Errorf("more than %d bytes", maxPaste)

// fetch asks an offer for data. Then is called on the window's goroutine when it
// is there, with no data if there is none to be had.
func (w *Window) fetch(o *offer, mime string, then func(data []byte)) {
	var fds [2]int
	if w.taking.Add(1) > maxMoves {
		w.taking.Add(-1)
		then(nil)
		return
	}
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		w.taking.Add(-1)
		w.opts.Log.Error("paste", "err", err)
		then(nil)
		return
	}
	// Who gives it expects an end that waits.
	_ = unix.SetNonblock(fds[1], false)
	o.receive(mime, fds[1])
	_ = unix.Close(fds[1])
	f := os.NewFile(uintptr(fds[0]), "selection")
	go func() {
		defer w.taking.Add(-1)
		data, err := readAll(f)
		if err != nil {
			w.opts.Log.Warn("paste", "err", err)
			data = nil
		}
		w.Post(func() { then(data) })
	}()
}

// readAll reads what is given, and closes f.
func readAll(f *os.File) ([]byte, error) {
	defer f.Close()
	if err := f.SetReadDeadline(time.Now().Add(pasteWithin)); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxPaste+1))
	if err == nil && len(data) > maxPaste {
		err = errPaste
	}
	return data, err
}

// give writes data to who wants it, and closes fd.
func (w *Window) give(fd int, data string) {
	w.giveMade(fd, func() ([]byte, error) { return []byte(data), nil })
}

// giveMade is give for data that is made on another goroutine.
func (w *Window) giveMade(fd int, data func() ([]byte, error)) {
	_ = unix.SetNonblock(fd, true) // what has no deadline is written without
	f := os.NewFile(uintptr(fd), "paste")
	if w.giving.Add(1) > maxMoves {
		w.giving.Add(-1)
		_ = f.Close() // nothing was written
		return
	}
	go func() {
		defer w.giving.Add(-1)
		defer f.Close()
		made, err := data()
		if err != nil {
			w.opts.Log.Warn("copy", "err", err)
			return
		}
		// Who pastes may leave at any time, and is the one who misses it.
		if err := f.SetWriteDeadline(time.Now().Add(pasteWithin)); err == nil || errors.Is(err, os.ErrNoDeadline) {
			_, _ = f.Write(made)
		}
	}()
}
