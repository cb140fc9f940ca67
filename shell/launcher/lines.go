package launcher

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
	"unicode"
	"unicode/utf8"

	"rayos/internal/atomicfile"
	"rayos/shell/control/grammar"
)

// Limits of the lines that are kept.
const (
	maxLines    = 500
	maxLineFile = 1 << 20 // bytes that are read of one
)

// Lines is the lines that were run, oldest first, each once. They are kept in a
// file of a line each.
type Lines struct {
	path  string // "" for lines that end with the session
	lines []keptLine
	dirty bool

	saves uint64 // that were asked for

	writing sync.Mutex // of the functions that Save returns
	written uint64     // the newest of saves that is in the file
}

type keptLine struct {
	text   string
	secret bool // it stays in memory
}

// LoadLines reads the lines in a file, which need not be there. Lines are
// returned with an error too: none, or what could be read.
func LoadLines(path string) (*Lines, error) {
	h := &Lines{path: path}
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
	data, err := io.ReadAll(io.LimitReader(f, maxLineFile))
	h.parse(data)
	h.dirty = false
	if err != nil {
		return h, fmt.Errorf("prompt history: %w", err)
	}
	return h, nil
}

// parse takes lines out of a file, whatever it has become.
func (h *Lines) parse(data []byte) {
	for line := range bytes.Lines(data) {
		h.Add(oneLine(string(line)), false)
	}
}

// oneLine is text as it can be typed: of bounded length, without what can't be
// seen or turns the order of text around.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d, r == 0x2028, r == 0x2029:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if len(s) > grammar.MaxLine {
		n := grammar.MaxLine
		for !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n]
	}
	return s
}

// Add puts a line at the end. A secret one never gets into the file.
func (h *Lines) Add(text string, secret bool) {
	text = strings.Trim(text, " ")
	if text == "" {
		return
	}
	h.lines = slices.DeleteFunc(h.lines, func(e keptLine) bool { return e.text == text })
	h.lines = append(h.lines, keptLine{text, secret})
	h.lines = h.lines[max(len(h.lines)-maxLines, 0):]
	h.dirty = h.dirty || !secret
}

// Len returns how many lines there are.
func (h *Lines) Len() int { return len(h.lines) }

// At returns a line, counted back from the newest, which is 0.
func (h *Lines) At(back int) string { return h.lines[len(h.lines)-1-back].text }

// Save returns a function that writes the lines if they have changed, and may
// run on any goroutine.
func (h *Lines) Save() func() error {
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
