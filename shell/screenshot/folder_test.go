package screenshot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFolder(t *testing.T) {
	for _, c := range []struct{ dirs, want string }{
		{"", "/home/a/Pictures/Screenshots"},
		{"# XDG_PICTURES_DIR=\"/x\"\n  XDG_PICTURES_DIR=\"$HOME/Bilder\"\n", "/home/a/Bilder/Screenshots"},
		{"XDG_PICTURES_DIR=\"/data/pictures\"", "/data/pictures/Screenshots"},
		{"XDG_PICTURES_DIR=\"$HOME/\"", "/home/a/Pictures/Screenshots"},
		{"XDG_PICTURES_DIR=\"$HOMER/x\"", "/home/a/Pictures/Screenshots"},
		{"XDG_PICTURES_DIR=\"relative\"", "/home/a/Pictures/Screenshots"},
		{"XDG_PICTURES_DIR=\"", "/home/a/Pictures/Screenshots"},
		{"XDG_VIDEOS_DIR=\"/v\"", "/home/a/Pictures/Screenshots"},
	} {
		if got := Folder(Pictures, "/home/a", c.dirs); got != c.want {
			t.Errorf("%q: %s; want %s", c.dirs, got, c.want)
		}
	}
	if got := Folder(Videos, "/home/a", "XDG_VIDEOS_DIR=\"/v\""); got != "/v/Recordings" {
		t.Errorf("videos: %s", got)
	}
}

func FuzzFolder(f *testing.F) {
	f.Add("XDG_PICTURES_DIR=\"$HOME/Bilder\"")
	f.Add("XDG_PICTURES_DIR=\"/a\x00b\"\nXDG_PICTURES_DIR=\"\"")
	f.Fuzz(func(t *testing.T, dirs string) {
		got := Folder(Pictures, "/home/a", dirs)
		if !filepath.IsAbs(got) || strings.ContainsRune(got, 0) || got == "/home/a" {
			t.Errorf("%q: %q", dirs, got)
		}
	})
}

func TestSavedPicturesDoNotMeet(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	at := time.Date(2026, 11, 22, 9, 41, 0, 0, time.UTC)
	var files []string
	for i := range 3 {
		f, err := Save([]byte{byte(i)}, at)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Base(f))
		if b, err := os.ReadFile(f); err != nil || len(b) != 1 || b[0] != byte(i) {
			t.Errorf("%s has %v, %v", f, b, err)
		}
	}
	if files[0] != "Screenshot 2026-11-22 09-41-00.png" || files[2] != "Screenshot 2026-11-22 09-41-00 (3).png" {
		t.Errorf("%q", files)
	}
	if err := os.Chmod(filepath.Join(home, "Pictures/Screenshots"), 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := Save(nil, at); err == nil && os.Getuid() != 0 {
		t.Error("saved where nothing can be written")
	}
}
