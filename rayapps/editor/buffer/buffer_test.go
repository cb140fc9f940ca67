package buffer

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// check compares a text with the bytes that it should be.
func check(t *testing.T, got Text, want []byte) {
	t.Helper()
	if got.Len() != int64(len(want)) {
		t.Fatalf("Len() = %d; want %d", got.Len(), len(want))
	}
	if b := got.Slice(0, got.Len()); !bytes.Equal(b, want) {
		t.Fatalf("text = %.100q; want %.100q", b, want)
	}
	if n := int64(bytes.Count(want, lf)) + 1; got.Lines() != n {
		t.Fatalf("Lines() = %d; want %d", got.Lines(), n)
	}
	balanced(t, got.root)
	line, at := int64(0), 0
	for {
		if off := got.Line(line); off != int64(at) {
			t.Fatalf("Line(%d) = %d; want %d", line, off, at)
		}
		if n := got.LineOf(int64(at)); n != line {
			t.Fatalf("LineOf(%d) = %d; want %d", at, n, line)
		}
		i := bytes.IndexByte(want[at:], '\n')
		next, end := len(want), len(want)
		if i >= 0 {
			next, end = at+i+1, at+i
			if end > at && want[end-1] == '\r' {
				end--
			}
		}
		if a, b, c := got.Bounds(line); a != int64(at) || b != int64(end) || c != int64(next) {
			t.Fatalf("Bounds(%d) = %d, %d, %d; want %d, %d, %d", line, a, b, c, at, end, next)
		}
		if i < 0 {
			return
		}
		at, line = next, line+1
	}
}

func balanced(t *testing.T, n *node) {
	t.Helper()
	if n == nil {
		return
	}
	if d := n.left.high() - n.right.high(); d < -1 || d > 1 {
		t.Fatalf("heights %d and %d below one node", n.left.high(), n.right.high())
	}
	balanced(t, n.left)
	balanced(t, n.right)
}

// open writes a file and opens it; large ones aren't read whole.
func open(t testing.TB, data []byte, large bool) (Text, About) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	text, about, err := Open(context.Background(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if large {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		s := &source{file: f, size: int64(len(data))}
		if _, err := s.index(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		text = Text{s, nil}
		if s.size > 0 {
			text.root = tree(nil, piece{n: s.size, lf: s.sums[len(s.sums)-1]}, nil)
		}
	}
	return text, about
}

// FuzzEdits makes edits, takes some back, and compares with plain bytes.
func FuzzEdits(f *testing.F) {
	f.Add([]byte("one\r\ntwo\n"), []byte("\x00\x01\x02abc\x01\x02\x03\x04\x03\x05\x04"), true)
	f.Add(bytes.Repeat([]byte("a line\n"), 12_000), []byte("\x00\x80\x10x\ny\x02\x01\xf0\xff\x04\x04\x05\x00\x00\x01z"), true)
	f.Fuzz(func(t *testing.T, start, ops []byte, large bool) {
		if len(start) > 1<<17 || len(ops) > 400 {
			t.Skip()
		}
		type state struct {
			data []byte
			sel  Selection
		}
		text := Bytes(start)
		if large && len(start) > 0 {
			s := &source{file: bytes.NewReader(start), size: int64(len(start))}
			if _, err := s.index(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
			text = Text{s, tree(nil, piece{n: s.size, lf: s.sums[len(s.sums)-1]}, nil)}
		}
		b := New(text)
		now := state{data: start}
		var undo, redo []state
		byteOf := func() int {
			if len(ops) == 0 {
				return 0
			}
			c := ops[0]
			ops = ops[1:]
			return int(c)
		}
		for len(ops) > 0 {
			op := byteOf()
			switch op % 6 {
			case 0, 1, 2:
				at := (byteOf()<<8 | byteOf()) * (len(now.data) + 1) >> 16
				n := 0
				if op%6 > 0 {
					n = min(byteOf(), len(now.data)-at)
				}
				var with []byte
				if op%6 < 2 {
					with = ops[:min(byteOf()%32, len(ops))]
				}
				if n == 0 && len(with) == 0 {
					continue
				}
				undo, redo = append(undo, now), nil
				sel := Selection{int64(at), int64(n)}
				undo[len(undo)-1].sel = sel
				b.Replace(int64(at), int64(n), with, sel, Other)
				now.data = append(append(bytes.Clone(now.data[:at]), with...), now.data[at+n:]...)
			case 3:
				if _, ok := b.Undo(Selection{}); ok != (len(undo) > 0) {
					t.Fatalf("Undo() = %v with %d steps", ok, len(undo))
				} else if ok {
					redo = append(redo, now)
					now, undo = undo[len(undo)-1], undo[:len(undo)-1]
				}
			case 4:
				if _, ok := b.Redo(Selection{}); ok != (len(redo) > 0) {
					t.Fatalf("Redo() = %v with %d steps", ok, len(redo))
				} else if ok {
					undo = append(undo, now)
					now, redo = redo[len(redo)-1], redo[:len(redo)-1]
				}
			case 5:
				var out bytes.Buffer
				if _, err := b.Text().WriteTo(&out); err != nil || !bytes.Equal(out.Bytes(), now.data) {
					t.Fatalf("wrote %.100q, %v; want %.100q", out.Bytes(), err, now.data)
				}
			}
			if got := b.Text(); got.Len() != int64(len(now.data)) {
				t.Fatalf("Len() = %d; want %d", got.Len(), len(now.data))
			}
		}
		check(t, b.Text(), now.data)
		check(t, text, start) // which nothing has changed
	})
}

func TestTypingIsUndoneByWords(t *testing.T) {
	b := New(Bytes([]byte("x")))
	for i, c := range []byte("one two") {
		b.Replace(int64(i), 0, []byte{c}, Selection{int64(i), int64(i)}, Typing)
	}
	check(t, b.Text(), []byte("one twox"))
	if n := len(b.undo); n != 2 {
		t.Errorf("%d steps; want 2", n)
	}
	if got := b.Text().root.size; b.Text().root.height > 2 || got != 8 {
		t.Errorf("typing made a tree of height %d", b.Text().root.height)
	}
	for _, want := range []struct {
		text string
		sel  int64
	}{{"one x", 4}, {"x", 0}} {
		if sel, ok := b.Undo(Selection{}); !ok || sel.Caret != want.sel {
			t.Errorf("Undo() = %v, %v; want the caret at %d", sel, ok, want.sel)
		}
		check(t, b.Text(), []byte(want.text))
	}
	if b.Modified() {
		t.Error("what was all undone counts as modified")
	}
	b.Redo(Selection{})
	b.Seal()
	b.Replace(4, 0, []byte("!"), Selection{}, Typing)
	if len(b.undo) != 2 || b.CanRedo() {
		t.Errorf("after another edit: %d steps, redo %v", len(b.undo), b.CanRedo())
	}
}

func TestErasingIsOneStep(t *testing.T) {
	b := New(Bytes([]byte("abcdef")))
	for at := int64(5); at > 2; at-- {
		b.Replace(at, 1, nil, Selection{at + 1, at + 1}, Erasing)
	}
	check(t, b.Text(), []byte("abc"))
	if sel, _ := b.Undo(Selection{}); sel.Caret != 6 {
		t.Errorf("caret = %d; want 6", sel.Caret)
	}
	check(t, b.Text(), []byte("abcdef"))
}

func TestHistoryIsBounded(t *testing.T) {
	b := New(Text{})
	for range MaxSteps + 10 {
		b.Replace(0, 0, []byte("x"), Selection{}, Other)
	}
	if len(b.undo) != MaxSteps {
		t.Errorf("%d steps; want %d", len(b.undo), MaxSteps)
	}
	for range 3 {
		b.Set(Bytes([]byte("y")), Selection{}, MaxKept/2)
	}
	if b.kept > MaxKept || len(b.undo) != 2 {
		t.Errorf("%d steps keep %d bytes; want at most %d", len(b.undo), b.kept, MaxKept)
	}
}

// A keystroke costs a path of the tree, however large the file is.
func TestEditsAreCheap(t *testing.T) {
	text, _ := open(t, bytes.Repeat([]byte("0123456789abcde\n"), 1<<16), true)
	b := New(text)
	for i := range int64(2000) { // many pieces
		b.Replace(i*500, 0, []byte("x"), Selection{}, Other)
	}
	at := text.Len() / 2
	b.Replace(at, 0, []byte("y"), Selection{}, Typing)
	n := testing.AllocsPerRun(1000, func() {
		at++
		b.Replace(at, 0, []byte("y"), Selection{}, Typing)
	})
	if h := b.Text().root.height; n > 120 || h > 18 {
		t.Errorf("%v allocations, height %d; want at most 120 and 18", n, h)
	}
}
