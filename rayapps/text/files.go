package text

import (
	"bytes"
	"os"

	"github.com/go-text/typesetting/font"
)

// fromFiles returns a font of Options.Files for a character.
func (f *Fonts) fromFiles(s *Style, r rune) (FaceID, bool) {
	if !f.opened {
		f.opened = true
		for weight, paths := range f.opts.Files {
			for _, path := range paths {
				f.open(weight, path)
			}
		}
	}
	for _, id := range f.files[s.Weight&1] {
		ft := f.faces[id].ft
		if g, ok := ft.NominalGlyph(r); ok && drawable(ft, g) {
			return id, true
		}
	}
	return 0, false
}

// open adds a font, if the file is one.
func (f *Fonts) open(weight int, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		return
	}
	ft, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		return
	}
	f.files[weight] = append(f.files[weight], FaceID(len(f.faces)))
	f.faces = append(f.faces, newFace(ft))
}
