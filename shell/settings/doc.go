// Package settings is what a person has set: a table of keys, and the file that
// keeps their values.
//
// The table is all there is. The settings window, rayctl and other programs show
// and change the same keys; the session applies them. A key has a page, a kind
// and a default; a value is text, checked by Check before it is taken.
//
// # File
//
// $XDG_CONFIG_HOME/rayos/settings.json is one object of keys and values, with
// only those that differ from their defaults. It is replaced whole. A key that
// isn't in the table, or a value that it doesn't allow, is an error that names
// it: the session begins with the defaults for those, says so, and doesn't
// write the file before somebody changes a setting; then it keeps a copy of what
// it couldn't read as settings.json.broken.
//
// A [Store] belongs to one goroutine.
package settings
