package main

import (
	"errors"
	"fmt"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	"rayos/examples/bricks/board"
)

// errQuit ends the game well.
var errQuit = errors.New("quit")

// game joins a board to a window.
type game struct {
	board  *board.Board
	pen    *pen
	cursor [2]int // where the mouse was, in pixels
}

// run plays until the window is closed.
func run() error {
	ebiten.SetWindowTitle("Bricks")
	ebiten.SetWindowSize(board.W, board.H)
	ebiten.SetWindowSizeLimits(board.W/4, board.H/4, -1, -1)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	pen, err := newPen()
	if err != nil {
		return err
	}
	g := &game{board: board.New(), pen: pen}
	g.cursor[0], g.cursor[1] = ebiten.CursorPosition()
	if err := ebiten.RunGame(g); err != nil && !errors.Is(err, errQuit) {
		return fmt.Errorf("run game: %w", err)
	}
	return nil
}

// Update is a tick.
func (g *game) Update() error {
	if inpututil.IsKeyJustPressed(ebiten.KeyEscape) || inpututil.IsKeyJustPressed(ebiten.KeyQ) {
		return errQuit
	}
	g.board.Tick(g.input())
	return nil
}

func (g *game) input() board.Input {
	in := board.Input{
		Launch: inpututil.IsKeyJustPressed(ebiten.KeySpace) || inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft),
		Pause:  inpututil.IsKeyJustPressed(ebiten.KeyP) || !ebiten.IsFocused() && g.board.Phase == board.Playing,
	}
	if held(ebiten.KeyArrowLeft, ebiten.KeyA) {
		in.Steer--
	}
	if held(ebiten.KeyArrowRight, ebiten.KeyD) {
		in.Steer++
	}
	// A mouse that rests leaves the paddle to the keys.
	x, y := ebiten.CursorPosition()
	if now := [2]int{x, y}; now != g.cursor {
		g.cursor = now
		in.Aim, in.Aiming = g.pen.unitX(x), true
	}
	return in
}

func held(keys ...ebiten.Key) bool {
	for _, k := range keys {
		if ebiten.IsKeyPressed(k) {
			return true
		}
	}
	return false
}

// Draw is a frame.
func (g *game) Draw(screen *ebiten.Image) { g.pen.draw(screen, g.board) }

// Layout is not called: Ebitengine prefers LayoutF.
func (g *game) Layout(w, h int) (int, int) { return w, h }

// LayoutF makes a pixel of the picture a pixel of the screen.
func (g *game) LayoutF(w, h float64) (float64, float64) {
	scale := ebiten.Monitor().DeviceScaleFactor()
	w, h = w*scale, h*scale
	g.pen.fit(w, h)
	return w, h
}
