package host_test

import (
	"image"
	"maps"
	"strings"

	"rayos/internal/proctest"
)

// Size of a character on Linux' console, in pixels.
const (
	cellW = 8
	cellH = 16
)

// console reads the text on a guest's console. What its letters look like it
// learns from a line that it knows.
type console struct {
	glyphs map[rune]string
}

// cell is the bitmap of a place for a character: lit or not.
func cell(p proctest.Picture, col, row int) string {
	var b strings.Builder
	for y := range cellH {
		for x := range cellW {
			c := p.RGBAAt(p.Rect.Min.X+col*cellW+x, p.Rect.Min.Y+row*cellH+y)
			b.WriteByte("01"[min(int(c.R)+int(c.G)+int(c.B), 1)])
		}
	}
	return b.String()
}

// learn looks for a line on the screen by which letters in it are the same,
// and takes down what they look like. Letters known before must look as they
// did.
func (c *console) learn(p proctest.Picture, line string) (row int, ok bool) {
	for row := range p.Rect.Dy() / cellH {
		glyphs := map[rune]string{}
		maps.Copy(glyphs, c.glyphs)
		if fits(p, row, line, glyphs) {
			c.glyphs = glyphs
			return row, true
		}
	}
	return 0, false
}

func fits(p proctest.Picture, row int, line string, glyphs map[rune]string) bool {
	if len(line)*cellW >= p.Rect.Dx() {
		return false
	}
	blank := strings.Repeat("0", cellW*cellH)
	for col, r := range line {
		g := cell(p, col, row)
		if known, ok := glyphs[r]; ok && known != g || g == blank {
			return false
		}
		for other, known := range glyphs {
			if other != r && known == g {
				return false
			}
		}
		glyphs[r] = g
	}
	return cell(p, len(line), row) == blank
}

// sameScreen reports whether two pictures of a console differ in nothing but
// the blinking cursor.
func sameScreen(a, b proctest.Picture) bool {
	d := proctest.Diff(a, b)
	return d.Empty() || d.Dx() <= cellW && d.Dy() <= cellH && a.Rect == b.Rect
}

// content is the window's content in a screenshot of a session.
func content(s *proctest.Session, id uint32) proctest.Picture {
	w := s.Get(id)
	if w == nil {
		return proctest.Picture{RGBA: image.NewRGBA(image.Rect(0, 0, 1, 1))}
	}
	return s.Shoot(nil).Part(proctest.Bounds(w.Content))
}

// last is the last row with a line whose letters are known.
func (c *console) last(p proctest.Picture, line string) (row int, ok bool) {
	for row := p.Rect.Dy()/cellH - 1; row >= 0; row-- {
		if fits(p, row, line, maps.Clone(c.glyphs)) {
			return row, true
		}
	}
	return 0, false
}
