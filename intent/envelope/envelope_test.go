package envelope

import (
	"math"
	"testing"
)

func TestOnlyWhatIsSureIsDone(t *testing.T) {
	for _, c := range []struct {
		confidence  float32
		destructive bool
		want        Disposition
	}{
		{0.49, false, Chat},
		{0.5, false, Ask},
		{0.79, false, Ask},
		{0.8, false, Execute},
		{1, false, Execute},
		{0.49, true, Chat},
		{1, true, Ask},
		{float32(math.NaN()), false, Chat},
	} {
		e := Envelope{Intent: "window.close", Confidence: c.confidence}
		if got := e.Disposition(c.destructive); got != c.want {
			t.Errorf("%v, destructive %v: %v; want %v", c.confidence, c.destructive, got, c.want)
		}
	}
	if got := (Envelope{Confidence: 1}).Disposition(false); got != Chat {
		t.Errorf("no intent: %v", got)
	}
}

func TestNothingIsDoneWithoutAPlan(t *testing.T) {
	for from := Parsing; from <= Cancelled; from++ {
		e, err := Envelope{Status: from}.Next(Executing)
		if ok := err == nil; ok != (from == Planning) || !ok && e.Status != from {
			t.Errorf("from %v to %v: %v", from, e.Status, err)
		}
		for to := Parsing; to <= Cancelled; to++ {
			if _, err := (Envelope{Status: from}).Next(to); err == nil && from.Final() {
				t.Errorf("%v follows %v", to, from)
			}
		}
	}
}

func TestALoadedMachineServesTheUrgent(t *testing.T) {
	if Normal.Share(0.96) != 0 || Interactive.Share(0.96) == 0 || Idle.Share(0.5) != 0.3 || Realtime.Share(0.7) != 1.5*0.75 {
		t.Error("shares aren't those of the table")
	}
	for p := Realtime; p < Idle; p++ {
		if p.Deadline() >= (p+1).Deadline() || p.Share(0) <= (p+1).Share(0) {
			t.Errorf("%v isn't before %v", p, p+1)
		}
	}
}
