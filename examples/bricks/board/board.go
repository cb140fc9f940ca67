// Package board holds the rules of bricks: what lies where on the board, and
// what a tick of a sixtieth of a second does. It knows no window and no clock.
//
//	b := board.New()
//	b.Tick(board.Input{Launch: true})
//
// The board is measured in units of its own, from its top left corner.
package board

import "math"

// Sizes of things, in units.
const (
	W, H = 800, 600

	Columns, Rows  = 10, 6
	BrickW, BrickH = 72, 24
	wallX, wallY   = 40, 80 // corner of the wall

	PaddleW, PaddleH = 120, 16
	PaddleY          = 550
	Radius           = 9 // of the ball
)

const (
	paddleSpeed = 9   // a tick
	startSpeed  = 5.0 // a tick
	topSpeed    = 11.0
	faster      = 1.01 // by each brick
	lives       = 3
)

// Phase says what the board waits for.
type Phase int

const (
	Ready   Phase = iota // the ball lies on the paddle
	Playing              // the ball flies
	Paused               // the ball stands still in its flight
	Won                  // no brick is left
	Lost                 // no ball is left
)

// Input is what the player does in a tick.
type Input struct {
	Steer  float64 // -1 to the left, 1 to the right
	Aim    float64 // where the middle of the paddle should be, if Aiming
	Aiming bool
	Launch bool // let the ball go, or begin anew
	Pause  bool // stop, or go on
}

// Board is the state of a game. Use New.
type Board struct {
	Phase  Phase
	Score  int
	Lives  int
	Paddle float64 // left edge
	X, Y   float64 // middle of the ball
	DX, DY float64 // of the ball, in a tick
	Bricks [Rows][Columns]bool
}

// New returns a board with a whole wall and the ball on the paddle.
func New() *Board {
	b := &Board{Lives: lives, Paddle: (W - PaddleW) / 2}
	for r := range b.Bricks {
		for c := range b.Bricks[r] {
			b.Bricks[r][c] = true
		}
	}
	b.serve()
	return b
}

// serve lays the ball on the paddle.
func (b *Board) serve() {
	b.Phase = Ready
	b.X, b.Y = b.Paddle+PaddleW/2, PaddleY-Radius
	b.DX, b.DY = startSpeed*math.Sin(0.4), -startSpeed*math.Cos(0.4)
}

// Tick advances the board by a sixtieth of a second.
func (b *Board) Tick(in Input) {
	switch {
	case in.Pause && b.Phase == Playing:
		b.Phase = Paused
	case in.Pause && b.Phase == Paused:
		b.Phase = Playing
	case in.Launch && b.Phase == Ready:
		b.Phase = Playing
	case in.Launch && (b.Phase == Won || b.Phase == Lost):
		*b = *New()
	}
	if b.Phase != Ready && b.Phase != Playing {
		return
	}
	b.steer(in)
	if b.Phase == Ready {
		b.X = b.Paddle + PaddleW/2
		return
	}
	// In steps shorter than the ball's radius the ball passes through nothing.
	steps := math.Ceil(math.Hypot(b.DX, b.DY) / (Radius / 2))
	for range int(steps) {
		b.fly(1 / steps)
		if b.Phase != Playing {
			return
		}
	}
}

func (b *Board) steer(in Input) {
	b.Paddle += in.Steer * paddleSpeed
	if in.Aiming {
		b.Paddle = in.Aim - PaddleW/2
	}
	b.Paddle = min(max(b.Paddle, 0), W-PaddleW)
}

// fly moves the ball by a part of a tick.
func (b *Board) fly(part float64) {
	b.X += b.DX * part
	b.Y += b.DY * part
	switch {
	case b.X < Radius:
		b.DX = math.Abs(b.DX)
	case b.X > W-Radius:
		b.DX = -math.Abs(b.DX)
	}
	if b.Y < Radius {
		b.DY = math.Abs(b.DY)
	}
	if b.Y > H+Radius {
		b.miss()
		return
	}
	if b.DY > 0 && b.touches(b.Paddle, PaddleY, PaddleW, PaddleH) {
		b.bounce()
	}
	b.hit()
}

func (b *Board) miss() {
	if b.Lives--; b.Lives == 0 {
		b.Phase = Lost
		return
	}
	b.serve()
}

// bounce sends the ball up from the paddle, the steeper the nearer it struck to
// the middle.
func (b *Board) bounce() {
	const steepest = math.Pi / 3
	off := (b.X - (b.Paddle + PaddleW/2)) / (PaddleW / 2)
	angle := min(max(off, -1), 1) * steepest
	speed := math.Hypot(b.DX, b.DY)
	b.DX, b.DY = speed*math.Sin(angle), -speed*math.Cos(angle)
}

// hit takes away the brick that the ball touches, if there is one.
func (b *Board) hit() {
	for r := range b.Bricks {
		for c, there := range b.Bricks[r] {
			x, y := BrickAt(r, c)
			if !there || !b.touches(x, y, BrickW, BrickH) {
				continue
			}
			b.Bricks[r][c] = false
			b.Score += 10 * (Rows - r)
			b.reflect(x, y)
			if speed := math.Hypot(b.DX, b.DY); speed < topSpeed {
				b.DX, b.DY = b.DX*faster, b.DY*faster
			}
			if b.Left() == 0 {
				b.Phase = Won
			}
			return
		}
	}
}

// reflect turns the ball around at the side of a brick that it went into the
// least.
func (b *Board) reflect(x, y float64) {
	left, right := b.X+Radius-x, x+BrickW-(b.X-Radius)
	above, below := b.Y+Radius-y, y+BrickH-(b.Y-Radius)
	switch min(left, right, above, below) {
	case above:
		b.DY = -math.Abs(b.DY)
	case below:
		b.DY = math.Abs(b.DY)
	case left:
		b.DX = -math.Abs(b.DX)
	case right:
		b.DX = math.Abs(b.DX)
	}
}

// touches reports whether the ball meets a rectangle.
func (b *Board) touches(x, y, w, h float64) bool {
	nx, ny := min(max(b.X, x), x+w), min(max(b.Y, y), y+h)
	return math.Hypot(b.X-nx, b.Y-ny) < Radius
}

// Left counts the bricks that are left.
func (b *Board) Left() int {
	n := 0
	for r := range b.Bricks {
		for _, there := range b.Bricks[r] {
			if there {
				n++
			}
		}
	}
	return n
}

// BrickAt returns the corner of a brick's place in the wall.
func BrickAt(row, column int) (x, y float64) {
	return wallX + float64(column)*BrickW, wallY + float64(row)*BrickH
}
