package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Limits of pdftotext. The shell sets those of memory (KiB) and CPU time
// (seconds) before it becomes the program.
const (
	maxPDFText = 16 << 20
	limits     = `ulimit -v 1048576 && ulimit -t 20 && ulimit -c 0 && exec "$0" -enc UTF-8 -nopgbrk - -`
)

var pdfTime = 30 * time.Second

// pdf gives the text of a PDF. The program reads the file that is open already,
// as its standard input: it gets no name that could mean another one.
func (in *Ingester) pdf(ctx context.Context, f *os.File) ([]byte, error) {
	program := in.PDF
	if program == "" {
		var err error
		if program, err = exec.LookPath("pdftotext"); err != nil {
			return nil, ErrNoPDF
		}
	}
	if _, err := f.Seek(0, 0); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, pdfTime)
	defer cancel()
	c := exec.CommandContext(ctx, "/bin/sh", "-c", limits, program)
	out, complaint := &bounded{limit: maxPDFText, full: cancel}, &bounded{limit: 4 << 10}
	c.Stdin, c.Stdout, c.Stderr = f, out, complaint
	c.Env = []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	c.Cancel = func() error {
		err := syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
	c.WaitDelay = time.Second // a child that left the group may hold the pipes
	err := c.Run()
	switch {
	case out.over:
		return nil, fmt.Errorf("pdftotext: %w of %d bytes of text", ErrTooLarge, maxPDFText)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("pdftotext took longer than %v: %w", pdfTime, ctx.Err())
	case err != nil:
		return nil, fmt.Errorf("pdftotext: %w: %.300q", err, strings.TrimSpace(complaint.kept.String()))
	}
	return bytes.ToValidUTF8(out.kept.Bytes(), []byte("\ufffd")), nil
}

// bounded keeps the first bytes that are written; full is called at the first
// that are too many.
type bounded struct {
	kept  bytes.Buffer // not embedded: its ReadFrom has no limit
	limit int
	over  bool
	full  func()
}

func (b *bounded) Write(p []byte) (int, error) {
	room := min(len(p), b.limit-b.kept.Len())
	b.kept.Write(p[:room])
	if room < len(p) {
		b.over = true
		if b.full != nil {
			b.full()
		}
	}
	return len(p), nil
}
