package lang

import (
	"strings"
	"testing"
	"time"
)

// in sets the language for a test.
func in(t *testing.T, locale string) {
	t.Helper()
	t.Cleanup(func() {
		if err := Set(Locale{Language: "en"}); err != nil {
			t.Error(err)
		}
	})
	if err := Set(Parse(locale)); err != nil {
		t.Fatal(err)
	}
}

func TestFromEnv(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want Locale
	}{
		{nil, Locale{"en", ""}},
		{map[string]string{"LANG": "de_AT.UTF-8"}, Locale{"de", "AT"}},
		{map[string]string{"LANG": "de_AT", "LC_MESSAGES": "ar_EG"}, Locale{"ar", "EG"}},
		{map[string]string{"LANG": "de_AT", "LC_MESSAGES": "ar_EG", "LC_ALL": "en_US"}, Locale{"en", "US"}},
		{map[string]string{"LANG": "en_US", "LANGUAGE": "xx:de"}, Locale{"de", "US"}},
		{map[string]string{"LANG": "C.UTF-8", "LANGUAGE": "de"}, Locale{"en", ""}},
		{map[string]string{"LANG": "../../etc"}, Locale{"en", ""}},
	} {
		if got := FromEnv(func(n string) string { return c.env[n] }); got != c.want {
			t.Errorf("%v: %v; want %v", c.env, got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 22, 21, 5, 0, 0, time.UTC)
	for _, c := range []struct{ locale, clock, date, short, month string }{
		{"C", "21:05", "Sunday 22 November 2026", "Sun 22 Nov", "November 2026"},
		{"en_US", "9:05\u00a0pm", "Sunday 22 November 2026", "Sun 22 Nov", "November 2026"},
		{"de_DE", "21:05", "Sonntag, 22. November 2026", "So. 22. Nov.", "November 2026"},
		{"ar_EG", "٩:٠٥\u00a0م", "الأحد، ٢٢ نوفمبر ٢٠٢٦", "الأحد ٢٢ نوفمبر", "نوفمبر ٢٠٢٦"},
		{"ar_MA", "21:05", "الأحد، 22 نوفمبر 2026", "الأحد 22 نوفمبر", "نوفمبر 2026"},
	} {
		in(t, c.locale)
		for _, g := range [][2]string{{Clock(at), c.clock}, {Date(at), c.date}, {ShortDate(at), c.short}, {Month(at), c.month}} {
			if g[0] != g[1] {
				t.Errorf("%s: %q; want %q", c.locale, g[0], g[1])
			}
		}
	}
	for d, want := range map[time.Duration]string{0: "0:00", 42 * time.Second: "0:42", 26*time.Hour + 61*time.Second: "26:01:01"} {
		in(t, "C")
		if got := Elapsed(d); got != want {
			t.Errorf("%v: %q; want %q", d, got, want)
		}
	}
	for locale, want := range map[string]time.Weekday{"de_DE": time.Monday, "en_US": time.Sunday, "ar_EG": time.Saturday, "ar": time.Monday} {
		if got := Parse(locale).FirstWeekday(); got != want {
			t.Errorf("%s begins on %v; want %v", locale, got, want)
		}
	}
}

// TestPlurals compares rules of catalogs with CLDR's forms.
func TestPlurals(t *testing.T) {
	for language, want := range map[string]map[uint64]uint64{
		"de": {0: 1, 1: 0, 2: 1, 101: 1},
		"ar": {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4},
	} {
		in(t, language)
		for n, form := range want {
			if got := now.Load().catalogs[0].form(n); got != form {
				t.Errorf("%s: %d is form %d; want %d", language, n, got, form)
			}
		}
	}
	for _, bad := range []string{"", "n=", "n ? 1", "(n", "m", "n n", strings.Repeat("(", 100) + "n"} {
		if _, err := parsePlural(bad); err == nil {
			t.Errorf("%q is a rule", bad)
		}
	}
}

func TestForms(t *testing.T) {
	in(t, "C")
	for n, want := range map[int]string{0: "0 things", 1: "1 thing", 2: "2 things"} {
		if got := N("{n} thing", "{n} things", n); got != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
	c, err := parse("msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=n>1;\\n\"\nmsgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"x\"\nmsgstr[1] \"{n} \"\n\"y\"\n#, fuzzy\nmsgid \"f\"\nmsgstr \"g\"\n")
	if err != nil {
		t.Fatal(err)
	}
	was := now.Load()
	t.Cleanup(func() { now.Store(was) })
	now.Store(&spoken{catalogs: []*catalog{c}})
	if got := N("a", "b", 0) + N("a", "b", 5) + T("f"); got != "x5 yf" {
		t.Errorf("%q", got)
	}
}

// TestNamesStayWhereTheyAre inserts what would reorder the sentence.
func TestNamesStayWhereTheyAre(t *testing.T) {
	for _, c := range []struct{ locale, name, want string }{
		{"C", "notes", "Close notes"},
		{"C", "{b}", "Close {b}"},
		{"C", "שלום", "Close \u2068שלום\u2069"},
		{"C", "a\u202eb\u2069\nc", "Close ab c"},
		{"ar", "notes", "Close \u2068notes\u2069"},
	} {
		in(t, c.locale)
		if got := F("Close {a}", "a", c.name, "b", "wrong"); got != c.want {
			t.Errorf("%s: %q; want %q", c.locale, got, c.want)
		}
	}
	in(t, "ar")
	if got, want := F("{a}: {b}", "a", "x", "b", "y"), "\u200f\u2068x\u2069: \u2068y\u2069"; got != want {
		t.Errorf("without a letter of its own: %q; want %q", got, want)
	}
}

// TestASentenceRunsAsItsLanguage: a value that it begins with doesn't turn it.
func TestASentenceRunsAsItsLanguage(t *testing.T) {
	for locale, want := range map[string]string{"C": "notes: 2", "ar": "\u200f\u2068notes\u2069: \u20682\u2069"} {
		in(t, locale)
		if got := F("{a}: {b}", "a", "notes", "b", "2"); got != want {
			t.Errorf("%s: %q; want %q", locale, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	day := time.Date(2026, 11, 3, 14, 5, 0, 0, time.UTC)
	for locale, want := range map[string][5]string{
		"C":     {"1.5", "2", "1024", "Tuesday, 3 November", "3 November 2026"},
		"de_DE": {"1,5", "2", "1024", "Dienstag, 3. November", "3. November 2026"},
		"de_CH": {"1.5", "2", "1024", "Dienstag, 3. November", "3. November 2026"},
		"ar_EG": {"١٫٥", "٢", "١٠٢٤", "الثلاثاء، ٣ نوفمبر", "٣ نوفمبر ٢٠٢٦"},
		"ar_MA": {"1,5", "2", "1024", "الثلاثاء، 3 نوفمبر", "3 نوفمبر 2026"},
	} {
		in(t, locale)
		if got := [5]string{Decimal(1.5, 1), Decimal(2, -1), Digits("1024"), Day(day), Written(day)}; got != want {
			t.Errorf("%s: %q; want %q", locale, got, want)
		}
	}
	for _, language := range append(Languages(), "en") {
		if Name(language) == language {
			t.Errorf("%s has no name", language)
		}
	}
}

func TestLookingUpAllocatesNothing(t *testing.T) {
	in(t, "de")
	var s string
	if n := testing.AllocsPerRun(100, func() { s = T("Calendar") + ""; s = C("short month", "Mar") }); n != 0 || s != "März" {
		t.Errorf("%v allocations for %q", n, s)
	}
}

func TestBadCatalogs(t *testing.T) {
	for _, bad := range []string{
		"msgid \"a\"", "msgstr \"a\"", "\"a\"", "msgid a", "what \"a\"",
		"msgid \"a\"\nmsgstr \"b\"\nmsgid \"a\"\nmsgstr \"c\"",
		"msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"",
		"msgid \"a\"\nmsgstr[1] \"c\"",
		"msgid \"\"\nmsgstr \"Plural-Forms: nplurals=9; plural=n\\n\"",
		strings.Repeat("\n", maxCatalog+1),
	} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%.60q is a catalog", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, l := range Languages() {
		text, err := read(files, l)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:strings.Index(text, "May")]) // long seeds take the fuzzer's time
	}
	f.Add("msgid \"{n} window\"\nmsgid_plural \"{n} windows\"\nmsgstr[0] \"a\"\nmsgstr[1] \"b\"\n\n#, fuzzy\nmsgctxt \"c\"\nmsgid \"\"\n\"d\\n\"\nmsgstr \"e\"\n")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parse(s)
		if err != nil {
			return
		}
		for n := range uint64(20) {
			c.form(n)
		}
	})
}
