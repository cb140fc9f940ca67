package surfaces

import "testing"

func TestLifecycle(t *testing.T) {
	all := []Lifecycle{Empty, Ready, Presented, Hidden, Destroyed}
	allowed := map[[2]Lifecycle]bool{
		{Empty, Ready}: true, {Empty, Destroyed}: true,
		{Ready, Presented}: true, {Ready, Hidden}: true, {Ready, Empty}: true, {Ready, Destroyed}: true,
		{Presented, Hidden}: true, {Presented, Empty}: true, {Presented, Destroyed}: true,
		{Hidden, Presented}: true, {Hidden, Empty}: true, {Hidden, Destroyed}: true,
	}
	for _, from := range all {
		for _, to := range all {
			g := GuestSurface{ID: 7, state: from}
			err := g.SetState(to)
			ok := from == to || allowed[[2]Lifecycle{from, to}]
			if (err == nil) != ok {
				t.Errorf("%v to %v: error %v; want allowed %v", from, to, err, ok)
			}
			want := from
			if ok {
				want = to
			}
			if g.State() != want {
				t.Errorf("%v to %v: state %v; want %v", from, to, g.State(), want)
			}
			if g.AcceptsInput() != (want == Presented) {
				t.Errorf("%v accepts input: %v", want, g.AcceptsInput())
			}
		}
	}
}

func TestLifecycleErrorNamesTheStep(t *testing.T) {
	g := GuestSurface{ID: 7}
	err := g.SetState(Presented)
	if want := "surface 7 can't become presented: it is empty"; err == nil || err.Error() != want {
		t.Errorf("error = %v; want %s", err, want)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Hidden.String(), "hidden"},
		{KindVNC.String(), "vnc"},
		{KindPanel.String(), "panel"},
		{TrustSession.String(), "session"},
		{TrustUnknown.String(), "unknown"},
	} {
		if c.got != c.want {
			t.Errorf("name = %s; want %s", c.got, c.want)
		}
	}
}
