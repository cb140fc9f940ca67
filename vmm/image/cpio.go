package image

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
)

// cpio writes an archive that Linux unpacks as its initramfs (format "newc",
// Documentation/driver-api/early-userspace/buffer-format.rst). Owner is root,
// times are zero, so the same content gives the same bytes.
type cpio struct {
	w   *bufio.Writer
	n   int64 // written
	ino uint32
	err error
}

func newCPIO(w io.Writer) *cpio { return &cpio{w: bufio.NewWriterSize(w, 1<<20)} }

// Unix file types.
const (
	typeDir  = 0o040000
	typeFile = 0o100000
	typeChar = 0o020000
)

func (c *cpio) dir(name string) { c.entry(name, typeDir|0o755, 0, 0, nil) }

func (c *cpio) file(name string, perm fs.FileMode, data []byte) {
	c.entry(name, typeFile|uint32(perm.Perm()), 0, 0, data)
}

func (c *cpio) charDevice(name string, perm fs.FileMode, major, minor uint32) {
	c.entry(name, typeChar|uint32(perm.Perm()), major, minor, nil)
}

func (c *cpio) entry(name string, mode, major, minor uint32, data []byte) {
	c.ino++
	links := 1
	if mode&0o170000 == typeDir {
		links = 2
	}
	c.printf("070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		c.ino, mode, 0, 0, links, 0, len(data), 0, 0, major, minor, len(name)+1, 0)
	c.write([]byte(name))
	c.write([]byte{0})
	c.pad()
	c.write(data)
	c.pad()
}

func (c *cpio) close() error {
	c.ino = 0
	c.entry("TRAILER!!!", 0, 0, 0, nil)
	if c.err == nil {
		c.err = c.w.Flush()
	}
	return c.err
}

func (c *cpio) printf(format string, args ...any) { c.write(fmt.Appendf(nil, format, args...)) }

func (c *cpio) write(b []byte) {
	if c.err != nil {
		return
	}
	var n int
	n, c.err = c.w.Write(b)
	c.n += int64(n)
}

func (c *cpio) pad() {
	for c.n%4 != 0 && c.err == nil {
		c.write([]byte{0})
	}
}
