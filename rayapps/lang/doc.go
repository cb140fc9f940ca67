// Package lang speaks the person's language: messages, plural forms, dates and
// numbers. It knows neither shell nor toolkit, so that both and every app can
// use it.
//
// # Messages
//
// The English text is the key. Calls take constant strings, which a test
// compares with the catalogs in po/:
//
//	lang.T("Previous month")
//	lang.C("weekday, two letters", "Mo")
//	lang.F("Close {window}", "window", title)
//	lang.N("{n} window", "{n} windows", len(windows))
//
// M marks text in a table that is made before the language is known; the view
// calls T on it. What has no translation is shown in English. Commands, answers
// to them, markers and logs are for machines and stay English.
//
// F and N isolate what they insert (UAX 9, FSI and PDI) and take the controls of
// direction out of it: a window's title can't reorder the sentence around it.
// T and C don't allocate.
//
// # Language
//
// A process speaks one language at a time: Set changes it, from any goroutine,
// and what is drawn next is in it. Before the first Set it is English.
//
// # Catalogs
//
// A catalog is the gettext PO files (GNU gettext manual, "The Format of PO
// Files") of a folder, embedded. To add a language is to add po/xx; the
// Plural-Forms line of its first file, common.po, says how it counts.
package lang
