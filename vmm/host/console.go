package host

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"rayos/internal/atomicfile"
	"rayos/vmm/surfacelog"
)

// Limits of what a guest's console makes us do.
const (
	consoleLine  = 16 << 10 // bytes of a line; the rest of a longer one is passed over
	toldLine     = 200      // bytes of a line that is told
	toldAtOnce   = 64       // lines told without a pause
	toldEvery    = 100 * time.Millisecond
	surfaceEvery = 100 * time.Millisecond // between two files of the windows' registry
)

// console reads what a guest prints: lines that are markers are told, and those
// about windows kept in a registry. All of it is the guest's word and is
// believed nowhere.
type console struct {
	dir  string // of the registry's file, "" to keep none
	tell func(line string)
	log  *slog.Logger

	mu    sync.Mutex
	boot  uint64 // that the windows are of
	line  []byte
	skip  bool      // the line is too long
	left  int       // lines that may be told
	since time.Time // when left was counted

	windows surfacelog.Log
	writing *time.Timer // the registry's file, nil when it is up to date
}

func newConsole(dir string, tell func(string), log *slog.Logger) *console {
	c := &console{dir: dir, tell: tell, log: log, left: toldAtOnce}
	c.begin(0)
	return c
}

// begin is called for each connection with a guest; one that was booted anew
// has no windows yet.
func (c *console) begin(boot uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.line, c.skip = nil, false
	if boot != c.boot || c.windows.Save == nil {
		c.boot, c.windows = boot, surfacelog.Log{Save: c.save, Gone: c.drop}
	}
}

// Write takes what the guest prints. It never fails.
func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		part := p
		if end >= 0 {
			part = p[:end]
		}
		if len(c.line)+len(part) > consoleLine {
			c.skip = true
		}
		if !c.skip {
			c.line = append(c.line, part...)
		}
		if end < 0 {
			break
		}
		if !c.skip {
			c.whole(strings.TrimRight(string(c.line), "\r"))
		}
		c.line, c.skip, p = c.line[:0], false, p[end+1:]
	}
	return n, nil
}

// whole takes a line.
func (c *console) whole(line string) {
	changed, err := c.windows.Line(line)
	if err != nil {
		c.log.Debug("guest's windows", "err", err)
	}
	if changed && c.writing == nil && c.dir != "" {
		c.writing = time.AfterFunc(surfaceEvery, c.flush)
	}
	if isMarker(line) && c.may() {
		c.tell(line)
	}
}

// isMarker reports whether a line is of the form that guests' markers have:
// RAYOS_LINUX_ and a name, then anything printable. What looks like the
// session's own words is no marker of a guest's.
func isMarker(line string) bool {
	rest, ok := strings.CutPrefix(line, "RAYOS_LINUX_")
	if !ok || len(line) > toldLine || rest == "" || strings.Contains(rest, "RAYOS_") || strings.Contains(rest, "@ack") {
		return false
	}
	for i := range len(rest) {
		if rest[i] < ' ' || rest[i] > '~' {
			return false
		}
	}
	return rest[0] >= 'A' && rest[0] <= 'Z'
}

// may reports whether another line may be told: some at once, then one in a
// while. A guest that prints more is heard less.
func (c *console) may() bool {
	now := time.Now()
	if more := int(now.Sub(c.since) / toldEvery); more > 0 {
		c.left, c.since = min(c.left+more, toldAtOnce), now
	}
	if c.left == 0 {
		return false
	}
	c.left--
	return true
}

// flush writes the registry of windows down.
func (c *console) flush() {
	c.mu.Lock()
	c.writing = nil
	r := c.windows.Registry()
	c.mu.Unlock()
	b, err := r.JSON()
	if err == nil {
		err = c.write("registry.json", b)
	}
	if err != nil {
		c.log.Warn("guest's windows", "err", err)
	}
}

func (c *console) write(name string, data []byte) error {
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(path, data)
}

// save keeps a picture of a window beside the registry.
func (c *console) save(id uint32, seq uint64, ppm []byte) (string, error) {
	name := filepath.Join("frames", "surface-"+strconv.FormatUint(uint64(id), 10)+"-seq-"+strconv.FormatUint(seq, 10)+".ppm")
	if c.dir == "" {
		return "", nil
	}
	return name, c.write(name, ppm)
}

// maxSaid is the longest line that is said on a guest's console, in bytes.
const maxSaid = 256

// setLine makes a connection the one on which is said what people want said;
// nil for none.
func (h *Host) setLine(c net.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.line = c
}

// sayLine says a line on the guest's console. Whether anybody listens there
// shows in what the guest says.
func (h *Host) sayLine(text string) Answer {
	plain := func(r rune) bool { return r >= ' ' && r <= '~' }
	if text == "" || len(text) > maxSaid || strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) {
		return refuse(ErrBadRequest, "want a line of 1 to %d printable characters", maxSaid)
	}
	h.speaking.Lock()
	defer h.speaking.Unlock()
	h.mu.Lock()
	line, state := h.line, h.state
	h.mu.Unlock()
	if line == nil {
		return refuse(ErrState, "it is %s", state)
	}
	err := line.SetWriteDeadline(time.Now().Add(answerTime))
	if err == nil {
		_, err = io.WriteString(line, text+"\n")
	}
	if err != nil {
		return refuse(ErrFailed, "%v", err)
	}
	return done("%d bytes", len(text)+1)
}

func (c *console) drop(path string) {
	if err := os.Remove(filepath.Join(c.dir, path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.log.Warn("guest's windows", "err", err)
	}
}
