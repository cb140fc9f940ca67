package session

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// lineWriter writes lines on a goroutine of its own: whoever reads them may take
// as long as they like, and the session doesn't wait.
type lineWriter struct {
	lines chan string
	ended chan struct{}

	mu     sync.Mutex
	missed int // didn't fit
	closed bool
}

const (
	maxLines = 4096 // that wait
	// parting is how long the last lines may take when the session ends.
	parting = time.Second
)

// newLineWriter returns one that writes until close.
func newLineWriter(w io.Writer) *lineWriter {
	l := &lineWriter{lines: make(chan string, maxLines), ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		for line := range l.lines {
			// Nobody may be there to read it; then there is nobody to tell of it.
			_, _ = io.WriteString(w, line+"\n")
		}
	}()
	return l
}

// write takes a line, on any goroutine. What doesn't fit is counted, and said
// before the next line that does.
func (l *lineWriter) write(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	if l.missed > 0 {
		if len(l.lines)+1 >= cap(l.lines) {
			l.missed++
			return
		}
		l.lines <- fmt.Sprintf("%d lines are missing", l.missed)
		l.missed = 0
	}
	select {
	case l.lines <- line:
	default:
		l.missed++
	}
}

// close waits a moment for what is to be written.
func (l *lineWriter) close() {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.lines)
	}
	l.mu.Unlock()
	select {
	case <-l.ended:
	case <-time.After(parting):
	}
}
