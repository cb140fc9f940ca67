package buffer

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// large makes a file of 1 GiB, or of 64 MiB with -short, of lines of 64 bytes.
func large(b *testing.B) (Text, About) {
	b.Helper()
	size := int64(1 << 30)
	if testing.Short() {
		size = 65 << 20
	}
	path := filepath.Join(b.TempDir(), "large")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	lines := strings.Repeat("The quick brown fox jumps over the lazy dog, again and again...\n", 1<<14)
	for n := int64(0); n < size; n += int64(len(lines)) {
		if _, err := io.WriteString(f, lines); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	t, about, err := Open(context.Background(), path, nil)
	if err != nil {
		b.Fatal(err)
	}
	return t, about
}

func BenchmarkOpen(b *testing.B) {
	_, about := large(b)
	b.SetBytes(about.Stamp.Size)
	for b.Loop() {
		if _, _, err := Open(context.Background(), about.Path, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// A keystroke in the middle, with the number of its line.
func BenchmarkKeystroke(b *testing.B) {
	t, _ := large(b)
	buf := New(t)
	at := t.Len() / 2
	b.ReportAllocs()
	for b.Loop() {
		buf.Replace(at, 0, []byte("x"), Selection{at, at}, Typing)
		at++
		buf.Text().LineOf(at)
	}
}

// A screenful of lines somewhere.
func BenchmarkLines(b *testing.B) {
	t, _ := large(b)
	n := int64(0)
	for b.Loop() {
		for i := range int64(50) {
			from, to, _ := t.Bounds(n + i)
			t.Slice(from, to)
		}
		n = (n + 104_729) % (t.Lines() - 50)
	}
}

func BenchmarkFind(b *testing.B) {
	t, _ := large(b)
	for name, q := range map[string]Query{
		"literal":  {Text: "no such words", Case: true},
		"anyCase":  {Text: "no such words"},
		"regexp":   {Text: "no [s]uch +words", Regexp: true, Case: true},
		"anyRunes": {Text: "kein Wörtchen"},
	} {
		b.Run(name, func(b *testing.B) {
			p, err := Compile(q)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(t.Len())
			for b.Loop() {
				if err := p.Scan(context.Background(), t, 0, t.Len(), func(Match) bool { return true }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
