package file

import (
	"os"
	"path/filepath"
	"testing"
)

// large writes a base of 100,000 vectors of 100 dimensions with its graph.
func large(b *testing.B) (path string, h Header, s []Section) {
	b.Helper()
	h = Header{Dim: 100, Count: 100_000, M: 16, EFC: 200, Embedder: "bench"}
	s = []Section{
		{Type: Ids, Data: make([]byte, 8*h.Count)},
		{Type: Vectors, Data: make([]byte, h.Count*RowBytes(h.Dim))},
		{Type: Links0, Data: make([]byte, h.Count*8*h.M)},
		{Type: Docs, Data: make([]byte, 100*h.Count)},
	}
	for i := range s {
		for j := range s[i].Data {
			s[i].Data[j] = byte(j * 31)
		}
	}
	path = filepath.Join(b.TempDir(), "v")
	if err := Write(path, h, s); err != nil {
		b.Fatal(err)
	}
	return path, h, s
}

// BenchmarkOpen opens 68 MB: the map alone, with the checksum of all sections,
// and with Verify; beside them the reading of the file.
func BenchmarkOpen(b *testing.B) {
	path, _, _ := large(b)
	run := func(name string, use func(f *File) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := Open(path)
				if err != nil {
					b.Fatal(err)
				}
				if err := use(f); err != nil {
					b.Fatal(err)
				}
				if err := f.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("map", func(*File) error { return nil })
	run("sections", func(f *File) error {
		for _, t := range f.Sections() {
			if _, err := f.Section(t); err != nil {
				return err
			}
		}
		return nil
	})
	run("verify", func(f *File) error { return f.Verify(b.Context()) })
	b.Run("readfile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := os.ReadFile(path); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	path, h, s := large(b)
	for b.Loop() {
		if err := Write(path, h, s); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAppend appends records of 500 bytes: each by itself, and with a sync
// for each hundred.
func BenchmarkAppend(b *testing.B) {
	for _, every := range []int{0, 100} {
		name := "alone"
		if every > 0 {
			name = "synced"
		}
		b.Run(name, func(b *testing.B) {
			l := openLog(b, filepath.Join(b.TempDir(), "log"), mark)
			payload := make([]byte, 500)
			b.ReportAllocs()
			for i := 1; b.Loop(); i++ {
				if err := l.Append(1, payload); err != nil {
					b.Fatal(err)
				}
				if l.Size() > MaxLog/2 {
					if err := l.Reset(l.Mark()); err != nil {
						b.Fatal(err)
					}
				}
				if every > 0 && i%every == 0 {
					if err := l.Sync(); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
