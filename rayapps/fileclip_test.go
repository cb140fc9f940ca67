package rayapps

import (
	"fmt"
	"path/filepath"
	"testing"
)

func TestCopiedFiles(t *testing.T) {
	for _, c := range []struct {
		text    string
		special bool
		want    string
	}{
		{"cut\nfile:///a%20b\nfile:///c", true, "[/a b /c] true"},
		{"copy\nfile:///a", true, "[/a] false"},
		{"file:///a\r\n# x\r\nhttp://x/y\r\nfile://localhost/b", false, "[/a /b] false"},
		{"file:///a", true, "[] false"},
		{"", false, "[] false"},
		{"copy\nfile://host/a\nfile:///%00\nfile:a\n/a", true, "[] false"},
	} {
		paths, cut := parseClipped(c.text, c.special)
		if got := fmt.Sprint(paths, cut); got != c.want {
			t.Errorf("%q: %s; want %s", c.text, got, c.want)
		}
	}
	for _, p := range []string{"/a b/ü", "/100%", "/a\nb", "/\xff?#"} {
		if got := FilePath(FileURI(p)); got != p {
			t.Errorf("%q becomes %q by %s", p, got, FileURI(p))
		}
	}
}

func FuzzCopiedFiles(f *testing.F) {
	f.Add("cut\nfile:///a", true)
	f.Fuzz(func(t *testing.T, text string, special bool) {
		paths, _ := parseClipped(text, special)
		for _, p := range paths {
			if !filepath.IsAbs(p) || len(paths) > maxNames {
				t.Errorf("%q", p)
			}
		}
	})
}
