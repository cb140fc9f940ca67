package rayapps

import (
	"context"
	"strconv"
	"strings"

	"rayos/gpu/render"
	"rayos/internal/bus"
	"rayos/rayapps/portal"
	"rayos/rayapps/ui/theme"
)

// settings are how the person wants windows to look: what the environment says
// holds, the rest follows the desktop's portal.
type settings struct {
	Scheme theme.Scheme
	Accent render.Color // 0 is the scheme's
	Still  bool
	RTL    bool

	fixedScheme, fixedAccent, fixedStill bool
	made                                 *theme.Theme
}

// environment reads what RAYOS_THEME (dark, light, dark-contrast,
// light-contrast), RAYOS_ACCENT (#rrggbb) and RAYOS_REDUCED_MOTION (1, 0) say.
// What makes no sense is left out.
func environment(get func(string) string) settings {
	var s settings
	for c := range theme.Schemes {
		if get("RAYOS_THEME") == c.String() {
			s.Scheme, s.fixedScheme = c, true
		}
	}
	if hex, ok := strings.CutPrefix(get("RAYOS_ACCENT"), "#"); ok && len(hex) == 6 {
		if v, err := strconv.ParseUint(hex, 16, 32); err == nil {
			s.Accent, s.fixedAccent = render.Color(0xff000000|v), true
		}
	}
	if m := get("RAYOS_REDUCED_MOTION"); m == "1" || m == "0" {
		s.Still, s.fixedStill = m == "1", true
	}
	lang, _, _ := strings.Cut(get("LANG"), "_")
	s.RTL = lang == "ar" || lang == "he" || lang == "fa" || lang == "ur"
	return s
}

// follow takes over what the portal says.
func (s *settings) follow(l portal.Looks) {
	if !s.fixedScheme {
		s.Scheme = theme.Dark
		switch {
		case l.Scheme == portal.Light && l.Contrast:
			s.Scheme = theme.LightContrast
		case l.Scheme == portal.Light:
			s.Scheme = theme.Light
		case l.Contrast:
			s.Scheme = theme.DarkContrast
		}
	}
	if !s.fixedAccent {
		s.Accent = l.Accent
	}
	if !s.fixedStill {
		s.Still = l.Still
	}
	s.made = nil
}

func (s *settings) theme() *theme.Theme {
	if s.made == nil {
		s.made = theme.New(s.Scheme, s.Accent)
		s.made.Still = s.Still
	}
	return s.made
}

// followPortal looks as the portal says until the returned function is called.
func (w *Window) followPortal() (stop func()) {
	address := bus.Address()
	if address == "" || w.settings.fixedScheme && w.settings.fixedAccent && w.settings.fixedStill {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := portal.Watch(ctx, address, func(l portal.Looks) { w.Post(func() { w.look(l) }) })
		if err != nil {
			w.opts.Log.Info("settings portal", "err", err)
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// look changes colours and motion.
func (w *Window) look(l portal.Looks) {
	w.settings.follow(l)
	w.root.SetTheme(w.settings.theme())
}
