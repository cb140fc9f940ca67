package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
	"github.com/hajimehoshi/ebiten/v2/vector"
	"golang.org/x/image/font/gofont/goregular"

	"rayos/examples/bricks/board"
)

var (
	beside = color.RGBA{8, 10, 16, 255}
	ground = color.RGBA{20, 26, 44, 255}
	bright = color.RGBA{240, 242, 248, 255}
	dim    = color.RGBA{150, 160, 184, 255}
	plank  = color.RGBA{255, 176, 32, 255}
	ball   = color.RGBA{255, 255, 255, 255}

	brickColors = [board.Rows]color.RGBA{
		{226, 72, 86, 255},
		{232, 120, 58, 255},
		{224, 188, 64, 255},
		{94, 188, 98, 255},
		{66, 150, 222, 255},
		{144, 104, 218, 255},
	}
)

// messages tell the player what to do in a phase.
var messages = map[board.Phase]string{
	board.Ready:  "Space or a click lets the ball go",
	board.Paused: "Paused: P goes on",
	board.Won:    "The wall is gone! Space plays again",
	board.Lost:   "No ball is left. Space plays again",
}

// pen draws in pixels what is measured in units.
type pen struct {
	font   *text.GoTextFaceSource
	scale  float64 // pixels in a unit
	dx, dy float64 // the board's corner, in pixels
}

func newPen() (*pen, error) {
	font, err := text.NewGoTextFaceSource(bytes.NewReader(goregular.TTF))
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return &pen{font: font, scale: 1}, nil
}

// fit puts the board into the middle of a picture, as large as it goes.
func (p *pen) fit(w, h float64) {
	p.scale = min(w/board.W, h/board.H)
	p.dx, p.dy = math.Floor((w-board.W*p.scale)/2), math.Floor((h-board.H*p.scale)/2)
}

// unitX turns a pixel into a place on the board.
func (p *pen) unitX(x int) float64 { return (float64(x) - p.dx) / p.scale }

func (p *pen) draw(screen *ebiten.Image, b *board.Board) {
	screen.Fill(beside)
	p.rect(screen, 0, 0, board.W, board.H, ground)
	for r := range b.Bricks {
		for c, there := range b.Bricks[r] {
			if there {
				x, y := board.BrickAt(r, c)
				p.rect(screen, x+2, y+2, board.BrickW-4, board.BrickH-4, brickColors[r])
			}
		}
	}
	p.rect(screen, b.Paddle, board.PaddleY, board.PaddleW, board.PaddleH, plank)
	vector.DrawFilledCircle(screen, float32(p.dx+b.X*p.scale), float32(p.dy+b.Y*p.scale), float32(board.Radius*p.scale), ball, true)
	p.text(screen, fmt.Sprintf("Score %d", b.Score), 40, 28, 24, text.AlignStart, bright)
	p.text(screen, fmt.Sprintf("Balls %d", b.Lives), board.W-40, 28, 24, text.AlignEnd, bright)
	p.text(screen, messages[b.Phase], board.W/2, 380, 28, text.AlignCenter, dim)
}

// rect fills a rectangle whose edges lie between pixels.
func (p *pen) rect(screen *ebiten.Image, x, y, w, h float64, c color.Color) {
	x0, y0 := math.Round(p.dx+x*p.scale), math.Round(p.dy+y*p.scale)
	x1, y1 := math.Round(p.dx+(x+w)*p.scale), math.Round(p.dy+(y+h)*p.scale)
	vector.DrawFilledRect(screen, float32(x0), float32(y0), float32(x1-x0), float32(y1-y0), c, false)
}

// text writes a line in letters of the screen's own pixels.
func (p *pen) text(screen *ebiten.Image, line string, x, y, size float64, align text.Align, c color.Color) {
	face := &text.GoTextFace{Source: p.font, Size: size * p.scale}
	o := &text.DrawOptions{}
	o.PrimaryAlign = align
	o.GeoM.Translate(math.Round(p.dx+x*p.scale), math.Round(p.dy+y*p.scale))
	o.ColorScale.ScaleWithColor(c)
	text.Draw(screen, line, face, o)
}
