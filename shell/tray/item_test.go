package tray

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"
)

func vary(m map[string]any) map[string]dbus.Variant {
	out := map[string]dbus.Variant{}
	for k, v := range m {
		out[k] = dbus.MakeVariant(v)
	}
	return out
}

// picture is one of a(iiay), all of one colour.
func picture(w, h int32, argb ...byte) []any {
	return []any{w, h, []byte(strings.Repeat(string(argb), int(w*h)))}
}

func TestParse(t *testing.T) {
	i := parse("k", vary(map[string]any{
		"Id": "mixer", "Title": "Sound\n  mixer", "Status": "Active", "IconName": "audio-volume-high",
		"IconThemePath": "/usr/share/mixer", "Menu": dbus.ObjectPath("/menu"), "ItemIsMenu": true,
		"ToolTip": []any{"", [][]any{}, "Volume", "<b>40&nbsp;%</b> &lt;muted&gt;"},
	}), 20)
	want := Item{
		Key: "k", ID: "mixer", Title: "Sound mixer", Tip: "Volume: 40&nbsp;% <muted>", IconName: "audio-volume-high",
		ThemePath: "/usr/share/mixer", Menu: true, MenuOnly: true, menu: "/menu",
	}
	if !reflect.DeepEqual(i, want) {
		t.Errorf("%+v\nwant %+v", i, want)
	}
	// Wrong types, and names that lead somewhere else, are none.
	i = parse("k", vary(map[string]any{
		"Id": int32(1), "Title": []string{"x"}, "Status": "Other", "IconName": "../../secret", "IconThemePath": "relative",
		"Menu": "/menu", "ToolTip": "tip", "IconPixmap": "pixels",
	}), 20)
	if want := (Item{Key: "k"}); !reflect.DeepEqual(i, want) {
		t.Errorf("%+v\nwant %+v", i, want)
	}
	if i.Name() == "" {
		t.Error("an item without a name")
	}
}

func TestAttentionHasItsOwnIcon(t *testing.T) {
	p := map[string]any{"Status": "NeedsAttention", "IconName": "quiet", "AttentionIconName": "loud"}
	if got := parse("k", vary(p), 20).IconName; got != "loud" {
		t.Errorf("the icon is %q", got)
	}
	p["AttentionIconName"] = ""
	if got := parse("k", vary(p), 20).IconName; got != "quiet" {
		t.Errorf("without one of its own it is %q", got)
	}
	p["AttentionIconPixmap"] = [][]any{picture(2, 2, 255, 1, 2, 3)}
	if got := parse("k", vary(p), 20); got.IconName != "" || got.Icon == nil {
		t.Errorf("drawn: %+v", got)
	}
}

func TestTheBestPicture(t *testing.T) {
	list := [][]any{picture(8, 8, 255, 1, 2, 3), picture(64, 64, 255, 1, 2, 3), picture(24, 24, 128, 255, 100, 0), picture(16, 16, 255, 1, 2, 3)}
	for _, c := range []struct {
		size int
		want int32
	}{{4, 8}, {8, 8}, {20, 24}, {24, 24}, {30, 64}, {100, 64}} {
		if got := best(list, c.size); got == nil || got.W != c.want {
			t.Errorf("for %d: %v; want %d", c.size, got, c.want)
		}
	}
	// ARGB in network byte order becomes premultiplied, little-endian.
	if got := best(list[2:3], 20).Data[:4]; string(got) != string([]byte{0, 50, 128, 128}) {
		t.Errorf("a pixel is %v", got)
	}
	for name, bad := range map[string]any{
		"too large":   [][]any{{int32(MaxIcon + 1), int32(1), make([]byte, 4*(MaxIcon+1))}},
		"negative":    [][]any{{int32(-1), int32(-1), make([]byte, 4)}},
		"overflowing": [][]any{{int32(1 << 30), int32(1 << 30), []byte{}}},
		"too short":   [][]any{{int32(2), int32(2), make([]byte, 15)}},
		"misshapen":   [][]any{{int32(2), int32(2)}, {"2", int32(2), []byte{}}},
		"too many":    append(make([][]any, maxPictures), picture(8, 8, 1, 1, 1, 1)),
		"no list":     "pixels",
	} {
		if got := best(bad, 20); got != nil {
			t.Errorf("%s: %dx%d", name, got.W, got.H)
		}
	}
}

func node(id int32, p map[string]any, kids ...any) []any {
	list := []dbus.Variant{}
	for _, k := range kids {
		list = append(list, dbus.MakeVariantWithSignature(k, dbus.ParseSignatureMust("(ia{sv}av)")))
	}
	return []any{id, vary(p), list}
}

func TestLayout(t *testing.T) {
	sep := map[string]any{"type": "separator"}
	got := layout(node(
		0, nil,
		node(1, sep), node(2, map[string]any{"label": "_Open"}), node(3, sep), node(4, sep),
		node(5, map[string]any{"label": "a__b", "enabled": false}), node(6, map[string]any{"label": "hidden", "visible": false}),
		node(7, map[string]any{"label": "Mute", "toggle-type": "checkmark", "toggle-state": int32(1)}),
		node(8, map[string]any{"label": "More", "children-display": "submenu"}, node(9, map[string]any{"label": "Quit", "disposition": "alert"})),
		node(10, nil), node(11, sep),
	))
	want := []Entry{
		{ID: 2, Text: "Open"},
		{ID: 3, Separator: true},
		{ID: 5, Text: "a_b", Disabled: true},
		{ID: 7, Text: "Mute", Check: true, Checked: true},
		{ID: 8, Text: "More", Entries: []Entry{{ID: 9, Text: "Quit", Danger: true}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func count(list []Entry) (n, depth int) {
	for _, e := range list {
		k, d := count(e.Entries)
		n, depth = n+1+k, max(depth, d+1)
	}
	return n, depth
}

func TestMenusEnd(t *testing.T) {
	deep := node(1, map[string]any{"label": "end"})
	for i := range int32(50) {
		deep = node(i, map[string]any{"label": "deeper"}, deep)
	}
	if _, d := count(layout(deep)); d != MaxDepth {
		t.Errorf("%d deep; want %d", d, MaxDepth)
	}
	var wide []any
	for i := range int32(3 * MaxEntries) {
		wide = append(wide, node(i, map[string]any{"label": "line"}))
	}
	if n, _ := count(layout(node(0, nil, wide...))); n != MaxEntries-1 {
		t.Errorf("%d lines; want %d", n, MaxEntries-1)
	}
}

// FuzzMessage reads what a program may answer: a body with properties, a
// tool tip, pictures and a menu.
func FuzzMessage(f *testing.F) {
	f.Add([]byte("Title\x00Some text"), int32(2), int32(2), uint8(3))
	f.Add([]byte("\xff\u202e<b>&lt;"), int32(-1), int32(1<<30), uint8(200))
	f.Fuzz(func(t *testing.T, data []byte, w, h int32, shape uint8) {
		s := string(data)
		menu := node(w, map[string]any{"label": s, "type": s, "toggle-type": s}, node(h, map[string]any{"label": s + s}))
		for range shape % 8 {
			menu = node(h, map[string]any{"label": s}, menu, menu)
		}
		for _, e := range layout(menu) {
			check(t, e.Text)
		}
		i := parse("k", vary(map[string]any{
			"Id": s, "Title": s, "Status": s, "IconName": s, "IconThemePath": s, "ToolTip": []any{s, [][]any{}, s, s},
			"IconPixmap": [][]any{{w, h, data}, {h, w, data}, {w}},
		}), int(shape))
		for _, s := range []string{i.ID, i.Title, i.Tip, i.Name(), i.IconName, i.ThemePath} {
			check(t, s)
		}
		if i.Icon != nil && (i.Icon.W > MaxIcon || i.Icon.H > MaxIcon || len(i.Icon.Data) < int(i.Icon.W*i.Icon.H*4)) {
			t.Errorf("an icon of %dx%d", i.Icon.W, i.Icon.H)
		}
	})
}

func check(t *testing.T, s string) {
	t.Helper()
	if len(s) > maxText || !utf8.ValidString(s) || strings.ContainsAny(s, "\n\x00\u202e") {
		t.Errorf("%q", s)
	}
}
