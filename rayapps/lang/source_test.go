package lang

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// added gives a test catalogs of its own.
func added(t *testing.T, f fs.FS) error {
	t.Helper()
	was := sources.list
	t.Cleanup(func() { sources.list = was })
	return Add(f)
}

func po(files ...string) fstest.MapFS {
	f := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		f["po/"+files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return f
}

func TestAdd(t *testing.T) {
	in(t, "de")
	err := added(t, po(
		"de/app.po", "msgid \"Tea\"\nmsgstr \"Tee\"\nmsgid \"Close\"\nmsgstr \"Zumachen\"",
		"de/notes.txt", "no catalog",
		"fr/app.po", "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=n > 1;\\n\"\nmsgid \"{n} cup\"\nmsgid_plural \"{n} cups\"\nmsgstr[0] \"{n} tasse\"\nmsgstr[1] \"{n} tasses\"",
	))
	if err != nil {
		t.Fatal(err)
	}
	if got := T("Tea") + " " + T("Close") + " " + T("Copy"); got != "Tee Zumachen Kopieren" {
		t.Errorf("in German: %s", got)
	}
	if got := N("{n} cup", "{n} cups", 1); got != "1 cup" {
		t.Errorf("what the app's German lacks is %q", got)
	}
	if got := Languages(); !slices.Equal(got, []string{"ar", "de", "fr"}) {
		t.Errorf("there are %q", got)
	}
	in(t, "fr_CA")
	if got := N("{n} cup", "{n} cups", 0) + ", " + T("Close"); got != "0 tasse, Close" || Now() != (Locale{"fr", "CA"}) {
		t.Errorf("in French: %s; %v", got, Now())
	}
}

// TestAddAfterSet: what was asked for before there was a catalog is spoken then.
func TestAddAfterSet(t *testing.T) {
	in(t, "fr")
	if Now().Language != "en" {
		t.Fatalf("without a catalog it is %v", Now())
	}
	if err := added(t, po("fr/a.po", "msgid \"Tea\"\nmsgstr \"Thé\"")); err != nil || T("Tea") != "Thé" {
		t.Errorf("%q, %v", T("Tea"), err)
	}
}

func TestAddRefuses(t *testing.T) {
	in(t, "de")
	for want, f := range map[string]fs.FS{
		"po: file does not exist": fstest.MapFS{},
		"line 1":                  po("fr/a.po", "msgstr"),
		"no language":             po("french/a.po", ""),
		"twice":                   po("de/a.po", "msgid \"a\"\nmsgstr \"b\"", "de/b.po", "msgid \"a\"\nmsgstr \"c\""),
	} {
		if err := added(t, f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	if len(sources.list) != 1 || T("Copy") != "Kopieren" {
		t.Errorf("%d sources", len(sources.list))
	}
}
