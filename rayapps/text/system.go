package text

import (
	"io"
	"log"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// system looks characters up in the fonts of the machine. Nothing is read until
// the first character that needs it; then their index is loaded, or made, by a
// goroutine of its own, because that can take seconds.
type system struct {
	started bool
	loaded  atomic.Pointer[index]
	index   *index // loaded, once it was seen
	faces   map[*font.Face]FaceID
}

// index is the fonts of the machine; fonts is nil where there are none.
type index struct {
	fonts *fontscan.FontMap
	err   error
}

// maxSystemFaces bounds the fonts of the machine that are open.
const maxSystemFaces = 64

// start loads the index in the background and calls changed when it is there.
func (s *system) start(folder string, changed func()) {
	if s.started {
		return
	}
	s.started = true
	go func() {
		s.loaded.Store(load(folder))
		if changed != nil {
			changed()
		}
	}()
}

func load(folder string) *index {
	if folder == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			base = os.TempDir()
		}
		folder = filepath.Join(base, "rayos")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return &index{err: err}
	}
	// The scanner reports each font that it can't use, which is nobody's
	// concern here.
	m := fontscan.NewFontMap(log.New(io.Discard, "", 0))
	if err := m.UseSystemFonts(folder); err != nil {
		return &index{err: err}
	}
	return &index{fonts: m}
}

// Generation changes when the fonts do, so that what was laid out before may
// look otherwise: when those of the machine have been found.
func (f *Fonts) Generation() uint64 {
	if f.system.index == nil {
		if f.system.index = f.system.loaded.Load(); f.system.index != nil && f.system.index.fonts != nil {
			f.generation++
			clear(f.chosen)
			f.layouts.Clear()
		}
	}
	return f.generation
}

// SystemError says why the fonts of the machine can't be used, if so.
func (f *Fonts) SystemError() error {
	if f.system.index == nil {
		return nil
	}
	return f.system.index.err
}

// fromSystem returns a font of the machine for a character.
func (f *Fonts) fromSystem(s *Style, r rune) (FaceID, bool) {
	if !f.opts.System {
		return 0, false
	}
	f.system.start(f.opts.IndexFolder, f.opts.Changed)
	if f.system.index == nil || f.system.index.fonts == nil {
		return 0, false
	}
	m := f.system.index.fonts
	q := fontscan.Query{Families: []string{fontscan.SansSerif}}
	if s.Family == Mono {
		q.Families[0] = fontscan.Monospace
	}
	if s.Weight == SemiBold {
		q.Aspect.Weight = font.WeightSemibold
	}
	m.SetQuery(q)
	m.SetScript(language.LookupScript(r))
	ft := m.ResolveFace(r)
	if ft == nil {
		return 0, false
	}
	// What is found may still lack the character, or have nothing to draw for it.
	g, ok := ft.NominalGlyph(r)
	if !ok {
		return 0, false
	}
	if !drawable(ft, g) {
		return 0, false
	}
	if id, ok := f.system.faces[ft]; ok {
		return id, true
	}
	if len(f.system.faces) >= maxSystemFaces {
		return 0, false
	}
	if f.system.faces == nil {
		f.system.faces = map[*font.Face]FaceID{}
	}
	id := FaceID(len(f.faces))
	f.faces = append(f.faces, newFace(ft))
	f.system.faces[ft] = id
	return id, true
}
