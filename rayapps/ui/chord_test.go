package ui

import (
	"testing"

	"rayos/rayapps/lang"
)

// TestChords: keys are named as their caps are.
func TestChords(t *testing.T) {
	t.Cleanup(func() {
		if err := lang.Set(lang.Locale{Language: "en"}); err != nil {
			t.Error(err)
		}
	})
	for _, c := range []struct{ language, keys, want string }{
		{"en", "Ctrl+Shift+Z", "Ctrl+Shift+Z"},
		{"de", "Ctrl+Shift+Z", "Strg+Umschalt+Z"},
		{"de", "Super+Space", "Super+Leertaste"},
		{"de", "Ctrl++", "Strg++"},
		{"de", "Shift+Del", "Umschalt+Entf"},
		{"de", "", ""},
	} {
		if err := lang.Set(lang.Parse(c.language)); err != nil {
			t.Fatal(err)
		}
		if got := chord(c.keys); got != c.want {
			t.Errorf("%s: %s is %q; want %q", c.language, c.keys, got, c.want)
		}
	}
}
