package prompt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"rayos/internal/atomicfile"
)

// Limits of the history.
const (
	maxHistory     = 500
	maxHistoryFile = 1 << 20 // bytes that are read of one
)

// History is the lines that were run, oldest first, each once. It is kept in a
// file of a line each.
type History struct {
	path  string // "" for a history that ends with the session
	lines []entry
	dirty bool

	saves uint64 // that were asked for

	writing sync.Mutex // of the functions that Save returns
	written uint64     // the newest of saves that is in the file
}

type entry struct {
	text   string
	secret bool // it stays in memory
}

// LoadHistory reads the history in a file, which need not be there. A history
// is returned with an error too: an empty one, or what could be read.
func LoadHistory(path string) (*History, error) {
	h := &History{path: path}
	if path == "" {
		return h, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, fmt.Errorf("prompt history: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxHistoryFile))
	h.parse(data)
	h.dirty = false
	if err != nil {
		return h, fmt.Errorf("prompt history: %w", err)
	}
	return h, nil
}

// parse takes lines out of a file, whatever it has become.
func (h *History) parse(data []byte) {
	for line := range bytes.Lines(data) {
		var l Line
		l.Set(strings.TrimRight(string(line), "\r\n"))
		h.Add(l.Text(), false)
	}
}

// Add puts a line at the end. A secret one never gets into the file.
func (h *History) Add(text string, secret bool) {
	text = strings.Trim(text, " ")
	if text == "" {
		return
	}
	h.lines = slices.DeleteFunc(h.lines, func(e entry) bool { return e.text == text })
	h.lines = append(h.lines, entry{text, secret})
	h.lines = h.lines[max(len(h.lines)-maxHistory, 0):]
	h.dirty = h.dirty || !secret
}

// Len returns how many lines there are.
func (h *History) Len() int { return len(h.lines) }

// At returns a line, counted back from the newest, which is 0.
func (h *History) At(back int) string { return h.lines[len(h.lines)-1-back].text }

// Save returns a function that writes the history if it has changed, and may
// run on any goroutine.
func (h *History) Save() func() error {
	if h.path == "" || !h.dirty {
		return func() error { return nil }
	}
	h.dirty = false
	h.saves++
	n := h.saves
	var b strings.Builder
	for _, e := range h.lines {
		if !e.secret {
			b.WriteString(e.text + "\n")
		}
	}
	return func() error {
		h.writing.Lock()
		defer h.writing.Unlock()
		if n < h.written {
			return nil // a newer one was faster
		}
		h.written = n
		err := os.MkdirAll(filepath.Dir(h.path), 0o700)
		if err == nil {
			err = atomicfile.Write(h.path, []byte(b.String()))
		}
		if err != nil {
			return fmt.Errorf("prompt history: %w", err)
		}
		return nil
	}
}
