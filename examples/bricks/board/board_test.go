package board

import (
	"math"
	"testing"
)

// TestPerfectPlayerWins: a paddle that is always under the ball clears the
// wall, and the ball never leaves the board or gets stuck.
func TestPerfectPlayerWins(t *testing.T) {
	b := New()
	b.Tick(Input{Launch: true})
	for tick := range 60 * 60 * 20 {
		if b.Phase == Won {
			if want := 10 * Columns * (Rows * (Rows + 1) / 2); b.Score != want {
				t.Errorf("the score of a whole wall is %d; want %d", b.Score, want)
			}
			return
		}
		// Not quite the middle, ever elsewhere: the ball should not go round in
		// a circle.
		off := PaddleW / 2 * 0.9 * math.Sin(float64(tick)/97)
		b.Tick(Input{Aim: b.X + off, Aiming: true})
		if b.X < 0 || b.X > W || b.Y < 0 || b.Lives != lives {
			t.Fatalf("tick %d: ball at %v, %v with %d lives", tick, b.X, b.Y, b.Lives)
		}
		if speed := math.Hypot(b.DX, b.DY); speed < startSpeed-0.01 || speed > topSpeed*faster {
			t.Fatalf("tick %d: speed %v", tick, speed)
		}
	}
	t.Errorf("after 20 minutes %d bricks are left", b.Left())
}

func TestAbsentPlayerLoses(t *testing.T) {
	b := New()
	for range 60 * 60 {
		// Away from wherever the ball goes.
		b.Tick(Input{Launch: b.Phase == Ready, Aim: W - b.X, Aiming: b.Phase == Playing})
		if b.Phase == Lost {
			break
		}
	}
	if b.Phase != Lost || b.Lives != 0 {
		t.Fatalf("after a minute the phase is %d with %d lives; want Lost", b.Phase, b.Lives)
	}
	b.Tick(Input{Launch: true})
	if b.Phase != Ready || b.Lives != lives || b.Score != 0 || b.Left() != Rows*Columns {
		t.Errorf("a new game begins as %+v", b)
	}
}

func TestPauseStopsEverything(t *testing.T) {
	b := New()
	b.Tick(Input{Pause: true})
	if b.Phase != Ready {
		t.Errorf("a pause before the launch makes the phase %d", b.Phase)
	}
	b.Tick(Input{Launch: true})
	b.Tick(Input{Pause: true})
	before := *b
	for range 60 {
		b.Tick(Input{Steer: 1})
	}
	if *b != before {
		t.Errorf("in a pause the board became %+v; it was %+v", b, before)
	}
	b.Tick(Input{Pause: true})
	if b.Phase != Playing || b.X == before.X {
		t.Errorf("after the pause the board is %+v", b)
	}
}

func TestPaddleStaysOnBoard(t *testing.T) {
	b := New()
	for _, c := range []struct {
		in   Input
		want float64
	}{
		{Input{Aim: -1e9, Aiming: true}, 0},
		{Input{Steer: -1}, 0},
		{Input{Aim: 1e9, Aiming: true}, W - PaddleW},
		{Input{Steer: 1}, W - PaddleW},
		{Input{Steer: -1}, W - PaddleW - paddleSpeed},
	} {
		b.Tick(c.in)
		if b.Paddle != c.want {
			t.Errorf("after %+v the paddle is at %v; want %v", c.in, b.Paddle, c.want)
		}
		if b.X != b.Paddle+PaddleW/2 {
			t.Errorf("the ball at %v does not lie on the paddle at %v", b.X, b.Paddle)
		}
	}
}
