package userdirs

import (
	"fmt"
	"path/filepath"
	"testing"
)

func TestParse(t *testing.T) {
	got := fmt.Sprint(Parse([]byte("# x\nXDG_DOCUMENTS_DIR=\"$HOME/Papers\"\nXDG_MUSIC_DIR=relative\nXDG_DESKTOP_DIR=\"$HOME/\"\nXDG_A_DIR=\"/a/../b\"\nXDG_B_DIR=\"/b\"\nXDG_C_DIR=$HOMER/x\nY=/y\n"), "/h"))
	if want := "[{DOCUMENTS /h/Papers} {DESKTOP /h} {A /b}]"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("XDG_DOCUMENTS_DIR=\"$HOME/Papers\""))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, d := range Parse(text, "/h") {
			if !filepath.IsAbs(d.Path) || filepath.Clean(d.Path) != d.Path {
				t.Errorf("%q", d.Path)
			}
		}
	})
}
