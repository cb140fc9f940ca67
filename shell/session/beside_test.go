package session

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBeside(t *testing.T) {
	bare, full := t.TempDir(), t.TempDir()
	if err := os.MkdirAll(filepath.Join(full, "share", "applications"), 0o755); err != nil {
		t.Fatal(err)
	}
	const usual = "/usr/local/share:/usr/share"
	for _, c := range []struct {
		dir, path, data    string
		wantPath, wantData string
	}{
		{bare, "/bin", "", "/bin:" + bare, usual},
		{full, "/bin", "", "/bin:" + full, usual + ":" + full + "/share"},
		{full, full + ":/bin", "/data", full + ":/bin", "/data:" + full + "/share"},
		{full, "", full + "/share", full, full + "/share"},
		{"/with:colon", "/bin", "", "/bin", usual},
	} {
		path, data := besideUs(c.dir, func(name string) string {
			return map[string]string{"PATH": c.path, "XDG_DATA_DIRS": c.data}[name]
		})
		if path != c.wantPath || data != c.wantData {
			t.Errorf("besideUs(%q) with PATH %q, XDG_DATA_DIRS %q = %q, %q; want %q, %q", c.dir, c.path, c.data, path, data, c.wantPath, c.wantData)
		}
	}
}
