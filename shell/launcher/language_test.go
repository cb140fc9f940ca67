package launcher

import (
	"strings"
	"testing"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
)

func speak(t *testing.T, locale string) {
	t.Helper()
	if err := lang.Set(lang.Parse(locale)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lang.Set(lang.Parse("C")); err != nil {
			t.Error(err)
		}
	})
}

// TestEitherLanguageFinds: what has been translated is found by its English words
// too, and keys by which it is remembered don't change.
func TestEitherLanguageFinds(t *testing.T) {
	speak(t, "de")
	w := desk(t)
	w.Commands = []CommandInfo{{Name: "windows", Usage: "windows", Help: "list the windows, top first"}, {Name: "close", Usage: "close WINDOW", Help: "close a window"}}
	m := open(t, w)
	for _, c := range []struct{ line, title, key string }{
		{"show the system", "Das Systemprotokoll anzeigen", "deed:log"},
		{"systemprotokoll", "Das Systemprotokoll anzeigen", "deed:log"},
		{"workspace 2", "Arbeitsfläche 2", "workspace:1"},
		{"arbeitsfläche", "Arbeitsfläche 2", "workspace:1"},
		{":win", "windows", "shell:windows"},
		{":fenster auflisten", "windows", "shell:windows"},
		{":list the", "windows", "shell:windows"},
		{":schließen", "close WINDOW", "shell:close"},
	} {
		m.Type(c.line)
		if p := m.picked(); p == nil || p.Title != c.title || p.Key != c.key {
			t.Errorf("%q finds %+v; want %q", c.line, p, c.title)
		}
	}
	m.Type("shutdown linux desktop")
	if _, ok := m.Enter(false); ok || m.card == nil || m.card.Title != "Linux desktop herunterfahren?" || m.card.Do != "Herunterfahren" {
		t.Errorf("the card is %+v", m.card)
	}
	if line := m.picked().Acts[0].Of; line != "shutdown linux desktop" {
		t.Errorf("what runs is %q", line)
	}
}

// TestTitlesBeginWithACapital, whatever stands first in a language.
func TestTitlesBeginWithACapital(t *testing.T) {
	c := grammar.Command{Verb: grammar.Show}
	for locale, want := range map[string]string{"C": "Show a machine", "de": "Eine Maschine anzeigen", "ar": "إظهار \u2068آلة\u2069"} {
		speak(t, locale)
		if got := Deed(&c, lang.T("a machine")); got != want {
			t.Errorf("%s: %q; want %q", locale, got, want)
		}
	}
	speak(t, "de")
	if got := Deed(&c, "über"); got != "\u2068Über\u2069 anzeigen" {
		t.Errorf("%q", got)
	}
	if strings.Contains(Deed(&c, "a\u202eb"), "\u202e") {
		t.Error("a name turns the sentence")
	}
}
