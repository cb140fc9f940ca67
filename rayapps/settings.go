package rayapps

import (
	"strconv"
	"strings"

	"rayos/gpu/render"
	"rayos/rayapps/ui/theme"
)

// settings are how the person wants windows to look.
type settings struct {
	Scheme theme.Scheme
	Accent render.Color // 0 is the scheme's
	Still  bool
	RTL    bool
	made   *theme.Theme
}

// environment reads what RAYOS_THEME (dark, light, dark-contrast,
// light-contrast), RAYOS_ACCENT (#rrggbb) and RAYOS_REDUCED_MOTION (1) say. What
// makes no sense is left out.
func environment(get func(string) string) settings {
	var s settings
	for c := range theme.Schemes {
		if get("RAYOS_THEME") == c.String() {
			s.Scheme = c
		}
	}
	if hex, ok := strings.CutPrefix(get("RAYOS_ACCENT"), "#"); ok && len(hex) == 6 {
		if v, err := strconv.ParseUint(hex, 16, 32); err == nil {
			s.Accent = render.Color(0xff000000 | v)
		}
	}
	s.Still = get("RAYOS_REDUCED_MOTION") == "1"
	lang, _, _ := strings.Cut(get("LANG"), "_")
	s.RTL = lang == "ar" || lang == "he" || lang == "fa" || lang == "ur"
	return s
}

func (s *settings) theme() *theme.Theme {
	if s.made == nil {
		s.made = theme.New(s.Scheme, s.Accent)
		s.made.Still = s.Still
	}
	return s.made
}
