package progress

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

const within = 30 * time.Second

func variants(kv ...any) map[string]dbus.Variant {
	m := map[string]dbus.Variant{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i].(string)] = dbus.MakeVariant(kv[i+1])
	}
	return m
}

func TestTake(t *testing.T) {
	for _, c := range []struct {
		name string
		said map[string]dbus.Variant
		want Entry
	}{
		{"nothing", nil, Entry{Percent: 20, Working: true}},
		{"progress", variants("progress", 0.456, "progress-visible", true), Entry{Percent: 46, Working: true}},
		{"the end of it", variants("progress-visible", false), Entry{Percent: 20}},
		{"a count", variants("count", int64(3), "count-visible", true), Entry{Percent: 20, Working: true, Count: 3}},
		{"a count that isn't shown", variants("count", int64(3), "count-visible", false), Entry{Percent: 20, Working: true}},
		{"urgent", variants("urgent", true), Entry{Percent: 20, Working: true, Urgent: true}},
		{"other types", variants("progress", "x", "count", 3.5, "urgent", 1, "progress-visible", "no"), Entry{Percent: 20, Working: true}},
		{"no numbers", variants("progress", math.NaN(), "count", int64(-5)), Entry{Percent: 20, Working: true}},
		{"beyond", variants("progress", math.Inf(1), "count", int64(math.MaxInt64)), Entry{Percent: 100, Working: true, Count: maxCount}},
	} {
		e := entry{Entry: Entry{Percent: 20, Working: true}}
		if e.take(c.said); e.Entry != c.want {
			t.Errorf("%s: %+v; want %+v", c.name, e.Entry, c.want)
		}
	}
	for uri, want := range map[string]string{
		"application://org.gnome.Nautilus.desktop": "org.gnome.Nautilus", "application://foot": "foot", "foot.desktop": "", "": "",
		"application://" + strings.Repeat("x", 300): "",
	} {
		if got := appOf(uri); got != want {
			t.Errorf("appOf(%.40q) = %q; want %q", uri, got, want)
		}
	}
}

// program is a program on a bus.
type program struct {
	t    *testing.T
	conn *dbus.Conn
}

func newProgram(t *testing.T, address string) *program {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &program{t, conn}
}

func (p *program) say(app string, kv ...any) {
	p.t.Helper()
	if err := p.conn.Emit("/com/canonical/unity/launcherentry/1", entryName+".Update", "application://"+app+".desktop", variants(kv...)); err != nil {
		p.t.Fatal(err)
	}
}

func watch(t *testing.T, address string) chan []Entry {
	t.Helper()
	got := make(chan []Entry, 64)
	w, err := Watch(address, func(list []Entry) { got <- list })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return got
}

func await(t *testing.T, got chan []Entry, what string, ok func([]Entry) bool) {
	t.Helper()
	for end := time.After(within); ; {
		select {
		case list := <-got:
			if ok(list) {
				return
			}
		case <-end:
			t.Fatalf("%s: it doesn't come", what)
		}
	}
}

func TestProgramsSayHowFarTheyAre(t *testing.T) {
	address := bustest.New(t)
	got := watch(t, address)
	a, b := newProgram(t, address), newProgram(t, address)
	a.say("files", "progress", 0.5, "progress-visible", true)
	await(t, got, "progress", func(l []Entry) bool { return slices.Equal(l, []Entry{{App: "files", Working: true, Percent: 50}}) })
	b.say("mail", "count", int64(2), "count-visible", true)
	await(t, got, "a count", func(l []Entry) bool { return len(l) == 2 && l[1] == Entry{App: "mail", Count: 2} })
	a.say("files", "progress-visible", false)
	await(t, got, "its end", func(l []Entry) bool { return len(l) == 1 })
	b.conn.Close()
	await(t, got, "the end of a program", func(l []Entry) bool { return len(l) == 0 })
}

// TestHostilePrograms: one that says more than it may, and all the time, takes
// nobody's place.
func TestHostilePrograms(t *testing.T) {
	address := bustest.New(t)
	got := watch(t, address)
	bad, good := newProgram(t, address), newProgram(t, address)
	begun := time.Now()
	for i := range 3000 {
		bad.say(fmt.Sprint("app", i), "count", int64(i+1), "count-visible", true)
		bad.say("app0", "count", int64(i+1), "count-visible", true)
	}
	if err := bad.conn.Emit("/x", entryName+".Update", "application://y", int32(1)); err != nil {
		t.Fatal(err)
	}
	if err := bad.conn.Emit("/x", entryName+".Update"); err != nil {
		t.Fatal(err)
	}
	good.say("good", "urgent", true)
	calls := 0
	await(t, got, "the good one", func(l []Entry) bool {
		calls++
		if len(l) > maxOfOne+1 {
			t.Fatalf("%d entries of one program", len(l))
		}
		return slices.ContainsFunc(l, func(e Entry) bool { return e.App == "good" && e.Urgent })
	})
	if most := int(time.Since(begun)/pause) + 2; calls > most {
		t.Errorf("%d calls; want at most %d", calls, most)
	}
}

func FuzzAppOf(f *testing.F) {
	f.Add("application://org.gnome.Nautilus.desktop")
	f.Fuzz(func(t *testing.T, uri string) {
		if app := appOf(uri); len(app) > maxApp {
			t.Errorf("%d bytes", len(app))
		}
	})
}
