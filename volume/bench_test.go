package volume_test

import (
	"context"
	"os"
	"testing"

	"rayos/volume"
)

// A folder of text as people have it: RAYOS_VOLUME_FOLDER, or Go's own sources.
func benchFolder(b *testing.B) string {
	for _, dir := range []string{os.Getenv("RAYOS_VOLUME_FOLDER"), "/usr/local/go/src"} {
		if info, err := os.Stat(dir); dir != "" && err == nil && info.IsDir() {
			return dir
		}
	}
	b.Skip("RAYOS_VOLUME_FOLDER names no folder")
	return ""
}

func opened(b *testing.B, home string) *volume.Volume {
	v, err := volume.Open(context.Background(), volume.Options{Dir: home})
	if err != nil {
		b.Fatal(err)
	}
	return v
}

func BenchmarkFolder(b *testing.B) {
	ctx := context.Background()
	dir, home := benchFolder(b), b.TempDir()
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			if err := os.RemoveAll(home); err != nil {
				b.Fatal(err)
			}
			v := opened(b, home)
			index(b, v, dir)
			s := v.Stats()
			b.ReportMetric(float64(s.Chunks), "pieces")
			b.SetBytes(s.Bytes)
			shut(b, v)
		}
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			shut(b, opened(b, home))
		}
	})
	v := opened(b, home)
	defer shut(b, v)
	b.Run("same", func(b *testing.B) { // nothing has changed
		for b.Loop() {
			index(b, v, dir)
		}
	})
	b.Run("search", func(b *testing.B) {
		queries := []string{"how does the http client follow redirects", "garbage collector write barrier", "parse rfc3339 time", "tls handshake certificate", "map buckets grow"}
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			if _, err := v.Search(ctx, volume.Query{Text: queries[n%len(queries)]}); err != nil {
				b.Fatal(err)
			}
			n++
		}
	})
}
