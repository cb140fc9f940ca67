package files

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreFound(t *testing.T) {
	home := t.TempDir()
	file := func(name string) string { return filepath.Join(home, name) }
	write(t, file("Papers/report.txt"), "")
	write(t, file("Papers/2026/reports.pdf"), "")
	write(t, file("Papers/.secret/report.txt"), "")
	write(t, file("Papers/"+strings.Repeat("a/", 10)+"deep report"), "")
	write(t, file("elsewhere/old report.odt"), "")
	write(t, file("src/report.go"), "")
	write(t, file(".config/user-dirs.dirs"), "# x\nXDG_DOCUMENTS_DIR=\"$HOME/Papers\"\nXDG_TEMPLATES_DIR=\"$HOME/src\"\nXDG_DESKTOP_DIR=\"$HOME/\"\nXDG_MUSIC_DIR=relative\n")
	write(t, file(".local/share/recently-used.xbel"), fmt.Sprintf(
		"<xbel><bookmark href=\"file://%s\" visited=\"2026-01-02T00:00:00Z\"/><bookmark href=\"https://x/report\"/><bookmark href=\"file:///gone/report\"/>",
		strings.ReplaceAll(file("elsewhere/old report.odt"), " ", "%20")))
	if err := os.Symlink("/", file("Papers/root")); err != nil {
		t.Fatal(err)
	}
	c := FromEnv(func(name string) string { return map[string]string{"HOME": home}[name] })
	x := Read(context.Background(), c)
	var got []string
	x.Find("report", func(path string) bool {
		got = append(got, strings.TrimPrefix(path, home+"/"))
		return true
	})
	slices.Sort(got)
	want := []string{"Papers/2026/reports.pdf", "Papers/report.txt", "elsewhere/old report.odt"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q; want %q", got, want)
	}
	x.Find(" ", func(path string) bool { t.Errorf("nothing finds %s", path); return true })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if n := Read(ctx, c).Len(); n > 1 {
		t.Errorf("%d files after the end", n)
	}
	if n := Read(context.Background(), FromEnv(func(string) string { return "" })).Len(); n != 0 {
		t.Errorf("%d files of nobody", n)
	}
}

func FuzzRecent(f *testing.F) {
	f.Add([]byte(`<xbel><bookmark href="file:///a%20b" visited="2026"/><bookmark href="file:///%00"/></xbel>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		list := parseRecent(text)
		if len(list) > maxRecent {
			t.Errorf("%d files", len(list))
		}
		for _, p := range list {
			if !filepath.IsAbs(p) || strings.ContainsRune(p, 0) || p != filepath.Clean(p) {
				t.Errorf("a path %q", p)
			}
		}
	})
}
