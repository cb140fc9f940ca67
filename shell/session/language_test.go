package session

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rayos/rayapps/lang"
)

// TestLanguageIsSet: what is shown speaks another language at once, and what is
// started is told.
func TestLanguageIsSet(t *testing.T) {
	t.Cleanup(func() {
		if err := lang.Set(lang.Parse("C")); err != nil {
			t.Error(err)
		}
	})
	d := newDeskWith(t, Options{Shell: true, Settings: filepath.Join(t.TempDir(), "settings.json"), Locale: lang.Parse("en_GB")})
	set := func(value string) {
		t.Helper()
		d.ctl.Preferences().Set("appearance.language", value, func(err error) {
			if err != nil {
				t.Errorf("%q: %v", value, err)
			}
		})
	}
	title := func(line string) string {
		d.session.prompt.model.Open(d.session.prompt.world())
		d.session.prompt.model.Type(line)
		return d.session.prompt.model.Title(0)
	}
	told := func() string {
		i := slices.IndexFunc(d.session.environ(), func(s string) bool { return strings.HasPrefix(s, "RAYOS_LANGUAGE=") })
		return d.session.environ()[i]
	}
	if got := title("lock the"); got != "Lock the session" || told() != "RAYOS_LANGUAGE=" {
		t.Errorf("before: %q, %s", got, told())
	}
	if err := d.ctl.Guard().AskLeave(true); err != nil {
		t.Fatal(err)
	}
	set("de")
	if got := d.session.leave.deeds()[0].Name; got != "Sperren" {
		t.Errorf("the dialog says %q", got)
	}
	for _, line := range []string{"lock the", "sitzung sperr"} {
		if got := title(line); got != "Die Sitzung sperren" {
			t.Errorf("%q finds %q", line, got)
		}
	}
	if told() != "RAYOS_LANGUAGE=de_GB" {
		t.Errorf("programs are told %s", told())
	}
	if newDeskWith(t, Options{Shell: true, Settings: d.session.opt.Settings}); lang.Now().Language != "de" {
		t.Errorf("the next session speaks %v", lang.Now())
	}
	set("ar")
	for _, q := range d.session.parts.panels {
		if !q.Root().RTL() {
			t.Error("a panel runs from left to right")
		}
	}
	if got := title("show notif"); got != "إظهار الإشعارات" {
		t.Errorf("in Arabic %q", got)
	}
	set("")
	if got := title("lock the"); got != "Lock the session" || lang.Now() != lang.Parse("en_GB") || d.session.opt.RTL {
		t.Errorf("at last %q, %v", got, lang.Now())
	}
	if err := func() (err error) {
		d.ctl.Preferences().Set("appearance.language", "tlh", func(e error) { err = e })
		return err
	}(); err == nil {
		t.Error("there is no such language")
	}
}
