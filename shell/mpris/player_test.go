package mpris

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"
)

func props(status string, meta map[string]dbus.Variant, more ...string) map[string]dbus.Variant {
	p := map[string]dbus.Variant{"PlaybackStatus": dbus.MakeVariant(status), "Metadata": dbus.MakeVariant(meta)}
	for _, m := range more {
		p[m] = dbus.MakeVariant(true)
	}
	return p
}

func TestParse(t *testing.T) {
	const bus = "org.mpris.MediaPlayer2.vlc.instance7"
	v := dbus.MakeVariant
	for _, c := range []struct {
		name     string
		identity string
		props    map[string]dbus.Variant
		want     Player
	}{
		{"all", "VLC", props("Playing", map[string]dbus.Variant{
			"xesam:title": v("T"), "xesam:artist": v([]string{"A", "", "B"}), "xesam:album": v("L"), "mpris:artUrl": v("file:///x"),
		}, "CanPlay", "CanGoNext", "CanGoPrevious"), Player{
			Name: "VLC", Status: Playing, Title: "T", Artist: "A, B", Album: "L", Art: "file:///x", CanPlay: true, CanNext: true, CanPrevious: true,
		}},
		{"nothing", "", nil, Player{Name: "vlc"}},
		{"wrong types", "", map[string]dbus.Variant{
			"PlaybackStatus": v(1), "Metadata": v("x"), "CanPlay": v("yes"), "CanGoNext": v(1),
		}, Player{Name: "vlc"}},
		{"wrong types inside", "", props("Paused", map[string]dbus.Variant{
			"xesam:title": v([]string{"T"}), "xesam:artist": v("A"), "mpris:artUrl": v(7), "xesam:album": v(map[string]dbus.Variant{}),
		}), Player{Name: "vlc", Status: Paused, Artist: "A"}},
		{"no control", "", map[string]dbus.Variant{"CanControl": v(false), "CanPlay": v(true), "CanGoNext": v(true)}, Player{Name: "vlc"}},
		{"can only pause", "", map[string]dbus.Variant{"CanControl": v(true), "CanPause": v(true)}, Player{Name: "vlc", CanPlay: true}},
		{"control characters", "a\x1b[31m\u202eb\n", props("X", map[string]dbus.Variant{"xesam:title": v("one\ntwo\x00")}), Player{Name: "a[31mb ", Title: "one two"}},
		{"a long address of a picture", "", props("", map[string]dbus.Variant{"mpris:artUrl": v("file:///" + strings.Repeat("x", maxArt))}), Player{Name: "vlc"}},
	} {
		c.want.Bus = bus
		if got := parse(bus, c.identity, c.props); got != c.want {
			t.Errorf("%s: %+v; want %+v", c.name, got, c.want)
		}
	}
	huge := strings.Repeat("é", 1<<20)
	got := parse(bus, huge, props("Playing", map[string]dbus.Variant{"xesam:title": v(huge), "xesam:artist": v([]string{huge, huge, huge, huge, huge})}))
	if len(got.Name) > MaxText || len(got.Title) > MaxText || len(got.Artist) > MaxText {
		t.Errorf("%d, %d and %d bytes are kept", len(got.Name), len(got.Title), len(got.Artist))
	}
}

func TestCurrent(t *testing.T) {
	for _, c := range []struct {
		name string
		list []Player
		want string
	}{
		{"none", nil, ""},
		{"one", []Player{{Bus: "a"}}, "a"},
		{"the one that plays", []Player{{Bus: "a", Status: Paused, since: 9}, {Bus: "b", Status: Playing, since: 1}, {Bus: "c"}}, "b"},
		{"the one that began last", []Player{{Bus: "a", Status: Playing, since: 2}, {Bus: "b", Status: Playing, since: 3}, {Bus: "c", Status: Playing, since: 1}}, "b"},
		{"the one that played last", []Player{{Bus: "a", Status: Paused, since: 1}, {Bus: "b", since: 2}, {Bus: "c"}}, "b"},
	} {
		got := ""
		if p := Current(c.list); p != nil {
			got = p.Bus
		}
		if got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

// maker makes variants of bytes.
type maker struct{ b []byte }

func (m *maker) next() byte {
	if len(m.b) == 0 {
		return 0
	}
	c := m.b[0]
	m.b = m.b[1:]
	return c
}

func (m *maker) text() string {
	n := min(int(m.next()), len(m.b))
	s := string(m.b[:n])
	m.b = m.b[n:]
	if m.next()%8 == 0 {
		s = strings.Repeat(s, 300)
	}
	return s
}

func (m *maker) variant(depth int) dbus.Variant {
	switch k := m.next() % 9; {
	case k == 0:
		return dbus.MakeVariant(m.text())
	case k == 1:
		return dbus.MakeVariant(m.next()%2 == 0)
	case k == 2:
		return dbus.MakeVariant(int64(m.next()))
	case k == 3:
		var list []string
		for range m.next() % 8 {
			list = append(list, m.text())
		}
		return dbus.MakeVariant(list)
	case k == 4 && depth > 0:
		return dbus.MakeVariant(m.dict(depth - 1))
	case k == 5 && depth > 0:
		return dbus.MakeVariant(m.variant(depth - 1))
	case k == 6:
		return dbus.MakeVariant(dbus.ObjectPath("/x"))
	case k == 7:
		return dbus.Variant{}
	}
	return dbus.MakeVariant([]byte(m.text()))
}

var known = []string{
	"PlaybackStatus", "Metadata", "CanControl", "CanPlay", "CanPause", "CanGoNext", "CanGoPrevious",
	"xesam:title", "xesam:artist", "xesam:album", "mpris:artUrl",
}

func (m *maker) dict(depth int) map[string]dbus.Variant {
	d := map[string]dbus.Variant{}
	for range m.next() % 16 {
		d[known[int(m.next())%len(known)]] = m.variant(depth)
	}
	return d
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{8, 0, 0, 7, 'P', 'l', 'a', 'y', 'i', 'n', 'g', 1, 1, 4, 3, 7, 0, 3, 'a', 0xff, 'b', 0})
	f.Add([]byte{3, 1, 4, 5, 8, 3, 4, 2, 'x', 'y', 9, 2, 0x1b, '['})
	f.Fuzz(func(t *testing.T, b []byte) {
		m := &maker{b}
		bus := namePrefix + m.text()
		p := parse(bus, m.text(), m.dict(3))
		for _, s := range []string{p.Name, p.Title, p.Artist, p.Album} {
			if len(s) > MaxText || !utf8.ValidString(s) || strings.ContainsAny(s, "\n\x1b\x00\u202e") {
				t.Errorf("%q", s)
			}
		}
		if len(p.Art) > maxArt || p.Status > Playing || p.Bus != bus {
			t.Errorf("%+v", p)
		}
	})
}
