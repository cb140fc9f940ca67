package rayapps

import (
	"testing"

	"rayos/gpu/render"
	"rayos/rayapps/portal"
	"rayos/rayapps/ui/theme"
)

func TestSettings(t *testing.T) {
	light := portal.Looks{Scheme: portal.Light, Accent: 0xff102030, Contrast: true, Still: true}
	type want struct {
		scheme theme.Scheme
		accent render.Color
		still  bool
		rtl    bool
	}
	for _, c := range []struct {
		what          string
		env           map[string]string
		before, after want // the portal's word
	}{
		{"nothing", nil, want{}, want{scheme: theme.LightContrast, accent: 0xff102030, still: true}},
		{
			"all",
			map[string]string{"RAYOS_THEME": "light", "RAYOS_ACCENT": "#b8327a", "RAYOS_REDUCED_MOTION": "0", "LANG": "ar_EG.UTF-8"},
			want{scheme: theme.Light, accent: 0xffb8327a, rtl: true},
			want{scheme: theme.Light, accent: 0xffb8327a, rtl: true},
		},
		{
			"what makes no sense",
			map[string]string{"RAYOS_THEME": "pink", "RAYOS_ACCENT": "#12345g", "RAYOS_REDUCED_MOTION": "yes", "LANG": "argh"},
			want{},
			want{scheme: theme.LightContrast, accent: 0xff102030, still: true},
		},
		{"a part", map[string]string{"RAYOS_REDUCED_MOTION": "1"}, want{still: true}, want{scheme: theme.LightContrast, accent: 0xff102030, still: true}},
	} {
		s := environment(func(name string) string { return c.env[name] })
		check := func(when string, w want) {
			t.Helper()
			if got := (want{s.Scheme, s.Accent, s.Still, s.RTL}); got != w || s.theme().Scheme != w.scheme || s.theme().Still != w.still {
				t.Errorf("%s, %s the portal: %+v; want %+v", c.what, when, got, w)
			}
		}
		check("before", c.before)
		s.follow(light)
		check("after", c.after)
	}
}
