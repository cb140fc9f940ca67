package proctest

import (
	"path/filepath"
	"testing"

	"rayos/internal/bustest"
	"rayos/rayapps/ui/theme"
)

// TestAppsFollowTheTheme: programs that run already, which the session has
// started or somebody else, look as the person sets.
func TestAppsFollowTheTheme(t *testing.T) {
	t.Parallel()
	bus := []string{"DBUS_SESSION_BUS_ADDRESS=" + bustest.New(t), "XDG_STATE_HOME=" + t.TempDir()}
	s := StartWith(t, Options{
		Env:  append(bus, "XDG_CONFIG_HOME="+t.TempDir()),
		Args: []string{"--headless", "--output", "1280x720", "--no-shell", "--", Binary("rayos-apps"), "counter"},
	})
	other := s.LaunchWith(t, append(bus, "XDG_STATE_HOME="+filepath.Join(t.TempDir(), "other")), Binary("rayos-apps"), "counter")
	other.Said(s, "RAYOS_GUI_APP_READY:counter\n")
	s.Until("both are there", func() bool { return len(s.Windows()) == 2 })
	all := func(sc theme.Scheme) func() bool {
		ground := uint32(theme.New(sc, 0).Surface1 & 0xffffff)
		return func() bool {
			for _, w := range s.Windows() {
				p := s.Shoot(Args{"window": w.ID})
				if _, n := p.Find(ground); n < p.Rect.Dx()*p.Rect.Dy()/4 {
					return false
				}
			}
			return len(s.Windows()) == 2
		}
	}
	s.Until("both are dark", all(theme.Dark))
	s.Rayctl("set", "appearance.scheme", "light")
	s.Until("both are light", all(theme.Light))
	s.Rayctl("set", "appearance.scheme", "dark")
	s.Until("both are dark again", all(theme.Dark))
}
