package rayapps

import (
	"context"
	"os"
	"strconv"
	"strings"

	"rayos/gpu/render"
	"rayos/internal/bus"
	"rayos/rayapps/lang"
	"rayos/rayapps/portal"
	"rayos/rayapps/ui/theme"
)

// settings are how the person wants windows to look: what the environment says
// holds, the rest follows the desktop's portal.
type settings struct {
	Scheme theme.Scheme
	Accent render.Color // 0 is the scheme's
	Still  bool
	Locale lang.Locale
	RTL    bool // whatever the language is

	fixedScheme, fixedAccent, fixedStill bool
	made                                 *theme.Theme
}

// environment reads what RAYOS_THEME (dark, light, dark-contrast,
// light-contrast), RAYOS_ACCENT (#rrggbb) and RAYOS_REDUCED_MOTION (1, 0) say.
// What they leave open begins as RAYOS_LOOKS says: a theme, an accent and still,
// by spaces. RAYOS_LANGUAGE, as de or de_AT, is stronger than what POSIX and gettext
// have for the language. What makes no sense is left out.
func environment(get func(string) string) settings {
	var s settings
	s.begin(get("RAYOS_LOOKS"))
	if c, ok := scheme(get("RAYOS_THEME")); ok {
		s.Scheme, s.fixedScheme = c, true
	}
	if c, ok := colour(get("RAYOS_ACCENT")); ok {
		s.Accent, s.fixedAccent = c, true
	}
	if m := get("RAYOS_REDUCED_MOTION"); m == "1" || m == "0" {
		s.Still, s.fixedStill = m == "1", true
	}
	s.Locale = lang.FromEnv(get)
	if l := get("RAYOS_LANGUAGE"); l != "" {
		s.Locale = lang.Parse(l)
	}
	return s
}

// rtl reports whether windows run right to left.
func (s *settings) rtl() bool { return s.RTL || lang.Now().RTL() }

// begin takes over what a session says in words: a theme, an accent and still.
func (s *settings) begin(words string) {
	still := false
	for word := range strings.FieldsSeq(words) {
		if c, ok := scheme(word); ok && !s.fixedScheme {
			s.Scheme = c
		} else if c, ok := colour(word); ok && !s.fixedAccent {
			s.Accent = c
		}
		still = still || word == "still"
	}
	if !s.fixedStill {
		s.Still = still
	}
	s.made = nil
}

func scheme(name string) (theme.Scheme, bool) {
	for c := range theme.Schemes {
		if name == c.String() {
			return c, true
		}
	}
	return 0, false
}

// colour reads #rrggbb.
func colour(name string) (render.Color, bool) {
	hex, ok := strings.CutPrefix(name, "#")
	if !ok || len(hex) != 6 {
		return 0, false
	}
	v, err := strconv.ParseUint(hex, 16, 32)
	return render.Color(0xff000000 | v), err == nil
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
// RAYOS_PORTAL names the backend of the session that has started the app; without
// it the desktop's portal is asked.
func (w *Window) followPortal() (stop func()) {
	address := bus.Address()
	if address == "" || w.settings.fixedScheme && w.settings.fixedAccent && w.settings.fixedStill {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := portal.Watch(ctx, address, os.Getenv("RAYOS_PORTAL"), func(l portal.Looks) { w.Post(func() { w.look(l) }) })
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
