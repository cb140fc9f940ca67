package lang_test

import (
	"fmt"
	"testing/fstest"

	"rayos/rayapps/lang"
)

// catalogs stands for //go:embed po of an app.
var catalogs = fstest.MapFS{"po/de/tally.po": {Data: []byte(`
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=n != 1;\n"

msgid "Count"
msgstr "Zählen"

msgid "{n} sheep"
msgid_plural "{n} sheep in all"
msgstr[0] "{n} Schaf"
msgstr[1] "{n} Schafe zusammen"
`)}}

// An app brings catalogs of its own; rayapps.Run calls Set.
func ExampleAdd() {
	if err := lang.Add(catalogs); err != nil {
		fmt.Println(err)
		return
	}
	say := func() {
		fmt.Println(lang.T("Count"), "·", lang.N("{n} sheep", "{n} sheep in all", 3), "·", lang.T("Close"))
	}
	say()
	if err := lang.Set(lang.Parse("de_AT")); err != nil {
		fmt.Println(err)
	}
	say()
	if err := lang.Set(lang.Parse("en")); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Count · 3 sheep in all · Close
	// Zählen · 3 Schafe zusammen · Schließen
}
