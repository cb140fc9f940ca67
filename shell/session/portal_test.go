package session

import (
	"slices"
	"testing"
	"time"

	"rayos/internal/bustest"
	"rayos/rayapps/portal"
)

// TestPortalTellsOfSettings: programs hear what is set, and ours begin with it.
func TestPortalTellsOfSettings(t *testing.T) {
	address := bustest.Bare(t)
	d := newDeskWith(t, Options{Bus: address})
	told, done := make(chan portal.Looks, 16), make(chan error, 1)
	go func() { done <- portal.Watch(t.Context(), address, "", func(l portal.Looks) { told <- l }) }()
	wait := func(holds func(portal.Looks) bool) {
		t.Helper()
		for late := time.Now().Add(time.Minute); time.Now().Before(late); d.pass(time.Millisecond) {
			select {
			case l := <-told:
				if holds(l) {
					return
				}
			case err := <-done:
				t.Fatal(err)
			default:
			}
		}
		t.Fatal("nothing like it is told")
	}
	wait(func(l portal.Looks) bool { return l.Scheme == portal.Dark && !l.Still && l.Accent != 0 })
	d.mustSet("appearance.scheme", "light")
	wait(func(l portal.Looks) bool { return l.Scheme == portal.Light })
	d.mustSet("appearance.accent", "#ff0000")
	accent := d.session.prefs.theme().Accent
	wait(func(l portal.Looks) bool { return l.Accent == accent })
	d.mustSet("appearance.motion", "reduced")
	wait(func(l portal.Looks) bool { return l.Still })
	has := func(v string) bool { return slices.Contains(d.session.environ(), v) }
	if !has("RAYOS_LOOKS="+d.session.portal.first()) || !has("RAYOS_THEME=") || !has("RAYOS_PORTAL="+d.session.portal.service.Name()) || has("RAYOS_THEME=light") {
		t.Errorf("apps that can follow are told %q", d.session.environ())
	}

	// Without the bus our apps are told for good.
	alone := newDesk(t)
	alone.mustSet("appearance.scheme", "light")
	if env := alone.session.environ(); !slices.Contains(env, "RAYOS_THEME=light") || !slices.Contains(env, "RAYOS_LOOKS=") {
		t.Errorf("apps that can't follow are told %q", env)
	}
}
