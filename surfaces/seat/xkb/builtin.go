package xkb

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed builtin_us.xkb
var builtinText string

// Builtin returns the us keymap that works without any files.
var Builtin = sync.OnceValue(func() *Keymap {
	km, err := Parse(builtinText)
	if err != nil {
		panic("built-in keymap: " + err.Error()) // a test parses it
	}
	return km
})

// builtinSection returns the braces of a section of the built-in keymap.
func builtinSection(kind string) string {
	_, after, _ := strings.Cut(builtinText, kind)
	return after[strings.IndexByte(after, '{'):]
}
