package session

import (
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"rayos/shell/control/grammar"
	"rayos/surfaces/wayland"
)

// This file connects the prompt with the clipboard.

// textTypes are the names of plain text, the best first.
var textTypes = []string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "TEXT", "STRING"}

// Limits of the clipboard's owner when the prompt pastes: who is slow or has
// much gives what has come by then.
const (
	pasteWithin = 2 * time.Second
	maxPaste    = 4 * grammar.MaxLine
)

// paste asks the owner of the clipboard for its text. It is put into the line
// when it has come, if the panel is still there.
func (p *promptPanel) paste() {
	src := p.s.server.Selection()
	if src == nil || p.pending {
		return
	}
	mime := ""
	for _, t := range textTypes {
		if slices.Contains(src.MimeTypes(), t) {
			mime = t
			break
		}
	}
	if mime == "" {
		return
	}
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		p.s.log.Error("paste", "err", err)
		return
	}
	if err := unix.SetNonblock(fds[0], true); err != nil {
		p.s.log.Error("paste", "err", errors.Join(err, unix.Close(fds[0]), unix.Close(fds[1])))
		return
	}
	src.Send(mime, fds[1])
	p.pending = true
	r, loop := os.NewFile(uintptr(fds[0]), "clipboard"), p.s.loop
	go func() {
		text, err := readPaste(r)
		loop.Post(func() { p.pasted(text, err) })
	}()
}

// readPaste reads what has come until the owner's end is closed, time is up or
// it is too much. It closes r.
func readPaste(r *os.File) (string, error) {
	defer r.Close()
	if err := r.SetReadDeadline(time.Now().Add(pasteWithin)); err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxPaste))
	return string(data), err
}

func (p *promptPanel) pasted(text string, err error) {
	p.pending = false
	if err != nil {
		p.s.log.Warn("paste", "err", err)
	}
	if p.on && text != "" {
		p.model.Insert(text)
		p.draw()
	}
}

// copy puts the selected text on the clipboard. It reports whether there was
// any.
func (p *promptPanel) copy() bool {
	text := p.model.Selected()
	if text == "" {
		return false
	}
	p.s.server.SetSelection(&textSource{s: p.s, text: text})
	return true
}

// textSource is text of the session's own on the clipboard.
type textSource struct {
	s    *Session
	text string
}

var _ wayland.DataSource = (*textSource)(nil)

// MimeTypes implements wayland.DataSource.
func (t *textSource) MimeTypes() []string { return textTypes }

// Cancelled implements wayland.DataSource.
func (*textSource) Cancelled() {}

// Send implements wayland.DataSource. A reader that takes nothing is given up.
func (t *textSource) Send(_ string, fd int) {
	err := unix.SetNonblock(fd, true)
	f, s := os.NewFile(uintptr(fd), "paste"), t.s
	if err != nil {
		s.log.Error("copy", "err", errors.Join(err, f.Close()))
		return
	}
	go func() {
		err := f.SetWriteDeadline(time.Now().Add(pasteWithin))
		if err == nil {
			_, err = f.WriteString(t.text)
		}
		if err = errors.Join(err, f.Close()); err != nil {
			s.loop.Post(func() { s.log.Debug("copy", "err", err) })
		}
	}()
}
