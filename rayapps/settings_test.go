package rayapps

import (
	"testing"

	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/portal"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

func TestSettings(t *testing.T) {
	light := portal.Looks{Scheme: portal.Light, Accent: 0xff102030, Contrast: true, Still: true}
	type want struct {
		scheme theme.Scheme
		accent render.Color
		still  bool
		lang   lang.Locale
	}
	for _, c := range []struct {
		what          string
		env           map[string]string
		before, after want // the portal's word
	}{
		{"nothing", nil, want{}, want{scheme: theme.LightContrast, accent: 0xff102030, still: true}},
		{
			"all",
			map[string]string{"RAYOS_THEME": "light", "RAYOS_ACCENT": "#b8327a", "RAYOS_REDUCED_MOTION": "0", "LANG": "ar_EG.UTF-8", "RAYOS_LANGUAGE": ""},
			want{scheme: theme.Light, accent: 0xffb8327a, lang: lang.Locale{Language: "ar", Territory: "EG"}},
			want{scheme: theme.Light, accent: 0xffb8327a, lang: lang.Locale{Language: "ar", Territory: "EG"}},
		},
		{
			"what makes no sense",
			map[string]string{"RAYOS_THEME": "pink", "RAYOS_ACCENT": "#12345g", "RAYOS_REDUCED_MOTION": "yes", "LANG": "argh", "RAYOS_LANGUAGE": "../de"},
			want{},
			want{scheme: theme.LightContrast, accent: 0xff102030, still: true},
		},
		{
			"a beginning",
			map[string]string{"RAYOS_LOOKS": "light #5aa9ff pink #1 still", "RAYOS_ACCENT": "#b8327a"},
			want{scheme: theme.Light, accent: 0xffb8327a, still: true},
			want{scheme: theme.LightContrast, accent: 0xffb8327a, still: true},
		},
		{"a language", map[string]string{"RAYOS_LANGUAGE": "de_AT", "LC_ALL": "ar"}, want{lang: lang.Locale{Language: "de", Territory: "AT"}}, want{scheme: theme.LightContrast, accent: 0xff102030, still: true, lang: lang.Locale{Language: "de", Territory: "AT"}}},
		{"a part", map[string]string{"RAYOS_REDUCED_MOTION": "1"}, want{still: true}, want{scheme: theme.LightContrast, accent: 0xff102030, still: true}},
	} {
		s := environment(func(name string) string { return c.env[name] })
		check := func(when string, w want) {
			t.Helper()
			if w.lang == (lang.Locale{}) {
				w.lang.Language = "en"
			}
			if got := (want{s.Scheme, s.Accent, s.Still, s.Locale}); got != w || s.theme().Scheme != w.scheme || s.theme().Still != w.still {
				t.Errorf("%s, %s the portal: %+v; want %+v", c.what, when, got, w)
			}
		}
		check("before", c.before)
		s.follow(light)
		check("after", c.after)
	}
}

// TestLanguage: titles of options are translated, and the language tells the
// direction.
func TestLanguage(t *testing.T) {
	t.Cleanup(func() {
		if err := lang.Set(lang.Locale{Language: "en"}); err != nil {
			t.Error(err)
		}
	})
	for language, want := range map[string]struct {
		title string
		rtl   bool
	}{"en": {"Settings", false}, "de": {"Einstellungen", false}, "ar_MA": {"الإعدادات", true}, "xx": {"Settings", false}} {
		view := func(*Window) ui.Node { return ui.Label{Text: "x"} }
		p, err := NewPreview(Options{ID: "org.example.Said", Title: "Settings"}, &probe{view: view}, Look{Language: language})
		if err != nil {
			t.Fatal(err)
		}
		if p.w.title != want.title || p.Root().RTL() != want.rtl {
			t.Errorf("%s: %q, from right to left %v", language, p.w.title, p.Root().RTL())
		}
		if err := p.Window().Speak(lang.Locale{Language: "ar"}); err != nil || p.w.title != "الإعدادات" || !p.Root().RTL() {
			t.Errorf("from %s to Arabic: %q, from right to left %v, %v", language, p.w.title, p.Root().RTL(), err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}
