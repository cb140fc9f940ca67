package session

import (
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"rayos/rayapps/ui"
	"rayos/shell/control/grammar"
	"rayos/shell/panel"
	"rayos/surfaces/wayland"
)

// This file connects panels of the shell with the clipboard.

// textTypes are the names of plain text, the best first.
var textTypes = []string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "TEXT", "STRING"}

// Limits of the clipboard's owner when a panel pastes: who is slow or has
// much gives what has come by then.
const (
	pasteWithin = 2 * time.Second
	maxPaste    = 4 * grammar.MaxLine
)

// clipboard is the clipboard of a panel of the shell.
type clipboard struct {
	s *Session
	// panel is the one that takes what is pasted, nil if there is none any more.
	panel   func() *panel.Panel
	pending bool // the clipboard is being read
}

var _ ui.Clipboard = (*clipboard)(nil)

// Copy implements ui.Clipboard.
func (c *clipboard) Copy(text string) { c.s.copyText(text) }

// Request implements ui.Clipboard: it asks the owner of the clipboard for its
// text, which is pasted when it has come.
func (c *clipboard) Request() {
	src := c.s.server.Selection()
	if src == nil || c.pending {
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
		c.s.log.Error("paste", "err", err)
		return
	}
	if err := unix.SetNonblock(fds[0], true); err != nil {
		c.s.log.Error("paste", "err", errors.Join(err, unix.Close(fds[0]), unix.Close(fds[1])))
		return
	}
	src.Send(mime, fds[1])
	c.pending = true
	r, loop := os.NewFile(uintptr(fds[0]), "clipboard"), c.s.loop
	go func() {
		text, err := readPaste(r)
		loop.Post(func() { c.pasted(text, err) })
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

func (c *clipboard) pasted(text string, err error) {
	c.pending = false
	if err != nil {
		c.s.log.Warn("paste", "err", err)
	}
	if p := c.panel(); p != nil && text != "" {
		p.Paste(text)
	}
}

// copyText puts text on the clipboard.
func (s *Session) copyText(text string) { s.server.SetSelection(&textSource{s: s, text: text}) }

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
