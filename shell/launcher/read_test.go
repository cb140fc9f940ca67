package launcher

import "testing"

// reads understands every line as the same.
type reads Reading

func (r reads) Read(string, *World) (Reading, bool) { return Reading(r), true }

// TestOneOfSeveralStepsIsAskedAbout: what is asked about alone is asked about
// among others, whatever the reader says.
func TestOneOfSeveralStepsIsAskedAbout(t *testing.T) {
	m := open(t, desk(t))
	for _, c := range []struct {
		steps []Act
		facts int
	}{
		{[]Act{{Run, "", "hide linux desktop", ""}, {Perform, "Log out", "log-out", ""}}, 3},
		{[]Act{{Run, "", "shutdown linux desktop", ""}, {Perform, "See the log", "log", ""}}, 3},
		{[]Act{{Run, "", "hide linux desktop", ""}, {Perform, "See the log", "log", ""}}, 0},
	} {
		m.Reader = reads{Steps: c.steps, Sure: true}
		m.Type("do it " + c.steps[0].Of)
		chosen, ok := m.Enter(false)
		switch card := m.Asking(); {
		case c.facts == 0:
			if card != nil || !ok || len(chosen.Steps) != len(c.steps) || chosen.Steps[1].Name == "" {
				t.Errorf("%v: card %+v, chosen %+v", c.steps, card, chosen)
			}
		case card == nil || ok || len(card.Facts) != c.facts:
			t.Errorf("%v: card %+v, chosen %v", c.steps, card, ok)
		}
		m.Cancel()
	}
}
