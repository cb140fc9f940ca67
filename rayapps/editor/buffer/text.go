package buffer

import (
	"bytes"
	"io"
)

// Text is bytes in lines, of any size. It is immutable; the zero value is empty.
type Text struct {
	src  *source
	root *node
}

// Bytes returns a text of bytes, which may not change any more.
func Bytes(data []byte) Text {
	return Text{root: grow(pieces(data[:len(data):len(data)]))}
}

// Len returns the length in bytes.
func (t Text) Len() int64 { return t.root.len() }

// Lines returns how many lines there are, at least one: what stands behind the
// last line feed is a line.
func (t Text) Lines() int64 { return t.root.feeds() + 1 }

// Same reports whether t and u are the same text because one was made of the
// other by no edit.
func (t Text) Same(u Text) bool { return t.root == u.root }

// Err returns the first error of reading the file, after which what was read is
// NULs.
func (t Text) Err() error { return t.src.failed() }

// Reads reports whether the text reads from the file that it was opened from: one
// that isn't held in memory.
func (t Text) Reads() bool { return t.src != nil && t.src.file != nil }

// ReadAt implements io.ReaderAt. What can't be read of the file is NULs: see
// Err.
func (t Text) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= t.Len() {
		return 0, io.EOF
	}
	n := 0
	t.src.each(t.root, 0, off, off+int64(len(p)), func(q piece, a, b int64) bool {
		if q.data != nil {
			n += copy(p[n:], q.data[a:b])
			return true
		}
		t.src.fill(p[n:n+int(b-a)], q.off+a)
		n += int(b - a)
		return true
	})
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Slice returns the bytes between two offsets, as a copy.
func (t Text) Slice(from, to int64) []byte {
	from, to = max(from, 0), min(to, t.Len())
	if from >= to {
		return nil
	}
	p := make([]byte, to-from)
	n, _ := t.ReadAt(p, from) // all there is, as it lies inside
	return p[:n]
}

// WriteTo implements io.WriterTo.
func (t Text) WriteTo(w io.Writer) (n int64, err error) {
	var buf []byte
	t.src.each(t.root, 0, 0, t.Len(), func(q piece, a, b int64) bool {
		for a < b && err == nil {
			k := b - a
			if q.data == nil {
				if buf == nil {
					buf = make([]byte, 1<<20)
				}
				k = min(k, int64(len(buf)))
				t.src.fill(buf[:k], q.off+a)
			}
			var wrote int
			if q.data == nil {
				wrote, err = w.Write(buf[:k])
			} else {
				wrote, err = w.Write(q.data[a:b])
			}
			n += int64(wrote)
			a += k
		}
		return err == nil
	})
	if err == nil {
		err = t.Err()
	}
	return n, err
}

// Line returns the offset at which line n starts, from 0; the end for lines that
// there are none of.
func (t Text) Line(n int64) int64 {
	if n <= 0 {
		return 0
	}
	if n > t.root.feeds() {
		return t.Len()
	}
	at := int64(0)
	for q := t.root; ; {
		l := q.left.feeds()
		switch {
		case n <= l:
			q = q.left
		case n <= l+q.piece.lf:
			at += q.left.len()
			if q.piece.data != nil {
				return at + int64(nth(q.piece.data, n-l))
			}
			return at + t.src.after(q.piece.off, n-l) - q.piece.off
		default:
			n -= l + q.piece.lf
			at += q.left.len() + q.piece.n
			q = q.right
		}
	}
}

// LineOf returns the number of the line that an offset lies in, from 0.
func (t Text) LineOf(off int64) int64 {
	n := int64(0)
	for q := t.root; q != nil; {
		l := q.left.len()
		if off <= l {
			q = q.left
			continue
		}
		n += q.left.feeds()
		off -= l
		if off <= q.piece.n {
			return n + t.src.part(q.piece, 0, off).lf
		}
		n += q.piece.lf
		off -= q.piece.n
		q = q.right
	}
	return n
}

// Bounds returns where line n starts, where its text ends, and where the next
// one starts. Between the last two stand a line feed, and the carriage return
// that is before it.
func (t Text) Bounds(n int64) (start, end, next int64) {
	start, next = t.Line(n), t.Line(n+1)
	end = next
	if n >= t.root.feeds() {
		return start, end, next
	}
	end--
	if end > start {
		var b [1]byte
		if _, _ = t.ReadAt(b[:], end-1); b[0] == '\r' {
			end--
		}
	}
	return start, end, next
}

// Replace returns the text with other bytes in the place of n at an offset. The
// bytes may not change any more.
func (t Text) Replace(at, n int64, with []byte) Text {
	l, r := t.src.split(t.root, at)
	if n > 0 {
		_, r = t.src.split(r, n)
	}
	for _, p := range pieces(with) {
		l = push(l, p)
	}
	return Text{t.src, concat(l, r)}
}

// IndexByte returns the offset of the first c from an offset on and before
// another, or -1.
func (t Text) IndexByte(c byte, from, to int64) int64 {
	var buf []byte
	at, found := from, int64(-1)
	t.src.each(t.root, 0, from, to, func(q piece, a, b int64) bool {
		for a < b {
			k := b - a
			var data []byte
			if q.data != nil {
				data = q.data[a:b]
			} else {
				if buf == nil {
					buf = make([]byte, block)
				}
				k = min(k, block)
				data = buf[:k]
				t.src.fill(data, q.off+a)
			}
			if i := bytes.IndexByte(data, c); i >= 0 {
				found = at + int64(i)
				return false
			}
			at, a = at+k, a+k
		}
		return true
	})
	return found
}
