package tray

import (
	"strings"

	"github.com/godbus/dbus/v5"
)

// Limits of menus.
const (
	MaxEntries = 400
	MaxDepth   = 5
)

// Entry is a line of a menu.
type Entry struct {
	ID        int32
	Text      string
	Separator bool
	Disabled  bool
	// Check says that the entry can be checked, Checked that it is.
	Check, Checked bool
	Danger         bool // by the program's own word
	// Entries are those of the menu below this line.
	Entries []Entry
}

// layout reads what GetLayout returns, (ia{sv}av): the entries below the root.
func layout(v any) []Entry {
	left := MaxEntries
	e, ok := entry(v, MaxDepth, &left)
	if !ok {
		return nil
	}
	return e.Entries
}

// entry reads one node of a menu. What isn't to be seen is left out.
func entry(v any, depth int, left *int) (Entry, bool) {
	f, ok := v.([]any)
	if !ok || len(f) != 3 || *left <= 0 {
		return Entry{}, false
	}
	id, ok1 := f[0].(int32)
	p, ok2 := f[1].(map[string]dbus.Variant)
	kids, ok3 := f[2].([]dbus.Variant)
	if !ok1 || !ok2 || !ok3 {
		return Entry{}, false
	}
	if shown, ok := p["visible"].Value().(bool); ok && !shown {
		return Entry{}, false
	}
	*left--
	e := Entry{ID: id, Text: label(p), Separator: text(p, "type") == "separator"}
	if on, ok := p["enabled"].Value().(bool); ok {
		e.Disabled = !on
	}
	switch text(p, "toggle-type") {
	case "checkmark", "radio":
		e.Check = true
		state, _ := p["toggle-state"].Value().(int32)
		e.Checked = state == 1
	}
	e.Danger = text(p, "disposition") == "alert"
	if depth == 0 {
		return e, true
	}
	for _, k := range kids {
		if c, ok := entry(k.Value(), depth-1, left); ok {
			e.Entries = append(e.Entries, c)
		}
	}
	e.Entries = tidy(e.Entries)
	return e, true
}

// label is an entry's text without the marks of access keys: one underscore
// before a letter; two are one.
func label(p map[string]dbus.Variant) string {
	s := text(p, "label")
	if !strings.Contains(s, "_") {
		return s
	}
	const kept = "\x00"
	s = strings.ReplaceAll(s, "__", kept)
	return strings.ReplaceAll(strings.ReplaceAll(s, "_", ""), kept, "_")
}

// tidy leaves out separators that separate nothing, and lines without a text.
func tidy(list []Entry) []Entry {
	out := list[:0]
	for _, e := range list {
		if e.Separator && (len(out) == 0 || out[len(out)-1].Separator) || !e.Separator && e.Text == "" {
			continue
		}
		out = append(out, e)
	}
	if n := len(out); n > 0 && out[n-1].Separator {
		out = out[:n-1]
	}
	return out
}
