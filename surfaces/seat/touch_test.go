package seat

import (
	"testing"

	"rayos/geom"
)

func pt(x, y float64) geom.FPoint { return geom.FPoint{X: x, Y: y} }

func TestTouchPointsStayWithTheirFocus(t *testing.T) {
	d := newDesk(t)
	d.add("a", &client{}, 0, 0, 100, 100)
	d.add("b", &client{}, 100, 0, 100, 100)
	d.TouchDown(0, 1, pt(10, 10))
	d.TouchDown(0, 2, pt(110, 10))
	d.TouchFrame()
	d.expect("a touch down 1 at 10,10", "b touch down 2 at 10,10", "a touch frame", "b touch frame")
	d.TouchMotion(0, 1, pt(150, 20))
	d.TouchFrame()
	d.expect("a touch motion 1 at 150,20", "a touch frame")
	d.TouchUp(0, 1)
	d.TouchFrame()
	d.expect("a touch up 1", "a touch frame")
	d.TouchDown(0, 3, pt(120, 10))
	d.TouchUp(0, 2)
	d.TouchFrame()
	d.expect("b touch down 3 at 20,10", "b touch up 2", "b touch frame")
	d.TouchCancel()
	d.expect("b touch cancel")
	d.TouchUp(0, 3)
	d.TouchFrame()
	d.expect()
}

func TestTouchOnNothingAndTooManyFingers(t *testing.T) {
	d := newDesk(t)
	d.TouchDown(0, 1, pt(10, 10))
	d.add("a", &client{}, 0, 0, 100, 100)
	d.TouchMotion(0, 1, pt(11, 10))
	d.TouchUp(0, 1)
	d.TouchFrame()
	d.expect()
	for id := range int32(100) {
		d.TouchDown(0, id, pt(10, 10))
	}
	if got := len(d.log); got != maxTouchPoints {
		t.Errorf("%d fingers counted; want %d", got, maxTouchPoints)
	}
}

func TestClosedGateCancelsTouch(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 100, 100)
	d.TouchDown(0, 1, pt(10, 10))
	d.TouchFrame()
	d.forgetLog()
	a.closed = true
	d.Refocus()
	d.TouchMotion(0, 1, pt(11, 10))
	d.TouchFrame()
	d.expect("a touch cancel")
}

func TestTouchesOfWhatItsOwnerTookAwayGoUp(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 100, 100)
	d.add("b", &client{}, 100, 0, 100, 100)
	d.TouchDown(0, 1, pt(10, 10))
	d.TouchDown(0, 2, pt(110, 10))
	d.TouchDown(0, 3, pt(20, 10))
	d.TouchFrame()
	d.forgetLog()
	d.Withdraw(a)
	d.expect("a touch up 1", "a touch up 3", "a touch frame")
	d.Withdraw(a)
	d.Withdraw(nil)
	d.TouchMotion(0, 1, pt(11, 10))
	d.TouchUp(0, 1)
	d.TouchUp(0, 3)
	d.TouchFrame()
	d.expect()
	d.TouchUp(0, 2)
	d.TouchFrame()
	d.expect("b touch up 2", "b touch frame")
}
