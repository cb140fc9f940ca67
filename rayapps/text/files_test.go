package text

import (
	"os"
	"path/filepath"
	"testing"

	"rayos/assets"
)

// TestFontsOfFiles: what no embedded font has is written with the first file
// that has it; what is no font is left out.
func TestFontsOfFiles(t *testing.T) {
	dir := t.TempDir()
	torn, whole := filepath.Join(dir, "torn.ttf"), "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
	if err := os.WriteFile(torn, []byte(assets.InterRegular[:1000]), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(whole); err != nil {
		t.Skip(err)
	}
	f := NewFonts(Options{Files: [2][]string{Regular: {filepath.Join(dir, "none.ttf"), torn, whole}}})
	for _, c := range []struct {
		text   string
		weight Weight
		boxes  bool
	}{{"سلام", Regular, false}, {"سلام", SemiBold, true}, {"a", Regular, false}} {
		l := f.Layout(&Paragraph{Text: c.text, Style: Style{Size: Px(13), Weight: c.weight}})
		box := l.Runs()[0].Glyphs[0].ID == 0
		if box != c.boxes {
			t.Errorf("%q, weight %d: a box: %v; want %v", c.text, c.weight, box, c.boxes)
		}
	}
	if len(f.faces) != int(embedded)+1 {
		t.Errorf("%d fonts beyond the embedded ones; want one", len(f.faces)-int(embedded))
	}
}
