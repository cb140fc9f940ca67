package logwindow

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/syslog"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)

func lines() []syslog.Entry {
	list := []syslog.Entry{
		{Level: slog.LevelInfo, Subsystem: syslog.Render, Text: "software renderer cores=2"},
		{Level: slog.LevelInfo, Subsystem: syslog.VMM, Text: "machine starts id=linux-desktop accel=tcg"},
		{Level: slog.LevelWarn, Subsystem: syslog.UI, Text: `keymap: the built-in us layout is used err="no such layout"`},
		{Level: slog.LevelError, Subsystem: syslog.Storage, Text: "control log err=\"no space left on device\""},
		{Level: slog.LevelDebug, Subsystem: syslog.Input, Text: "pointer moved"},
	}
	for i := range list {
		list[i].Seq, list[i].At = uint64(i+1), noon.Add(time.Duration(i)*1234*time.Millisecond)
	}
	return list
}

var small = geom.Size{W: 760, H: 240}

func TestPictures(t *testing.T) {
	for name, look := range map[string]rayapps.Look{
		"dark": {Size: small}, "light-rtl": {Scheme: theme.Light, RTL: true, Size: small}, "dark-narrow": {Size: Options.MinSize},
	} {
		l := New()
		l.add(lines())
		pixels, err := apptest.Preview(t, Options, l, look).Picture()
		if err != nil {
			t.Fatal(err)
		}
		golden.Pixels(t, name, pixels)
	}
}

func (l *Log) texts() string {
	var s []string
	for _, i := range l.shown {
		s = append(s, fmt.Sprint(l.lines[i].Seq))
	}
	return strings.Join(s, " ")
}

func TestFilters(t *testing.T) {
	l := New()
	l.add(lines())
	for _, c := range []struct {
		least, from int
		query, want string
	}{
		{0, 0, "", "1 2 3 4 5"},
		{2, 0, "", "3 4"},
		{3, 0, "", "4"},
		{1, 0, "", "1 2 3 4"},
		{0, 6, "", "1"},
		{0, 0, "NO ", "3 4"},
		{2, 9, "layout", "3"},
	} {
		l.least, l.from, l.query = c.least, c.from, c.query
		l.choose()
		if got := l.texts(); got != c.want {
			t.Errorf("%+v: lines %s", c, got)
		}
	}
}

func TestPauseHoldsLinesBack(t *testing.T) {
	l := New()
	l.pause(true)
	l.add(lines())
	if len(l.lines) != 0 || len(l.held) != 5 {
		t.Errorf("%d lines came while paused", len(l.lines))
	}
	l.pause(false)
	if len(l.lines) != 5 || len(l.held) != 0 {
		t.Errorf("%d lines are there afterwards", len(l.lines))
	}
}

func TestOldLinesGo(t *testing.T) {
	l := New()
	l.least = 1
	for i := range 3 * kept {
		l.add([]syslog.Entry{{Seq: uint64(i + 1), Level: slog.Level(4 * (i % 2)), Text: "x"}})
	}
	if n := len(l.lines); n > kept+kept/8+1 || n < kept {
		t.Errorf("%d lines are kept; want about %d", n, kept)
	}
	for _, i := range l.shown {
		if !l.fits(&l.lines[i]) {
			t.Fatal("the filters don't hold for what is left")
		}
	}
}

func TestSaved(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	l := New()
	l.add(lines())
	l.least = 3
	l.choose()
	p := apptest.Preview(t, Options, l, rayapps.Look{})
	i := apptest.Find(p.Root().Semantics(), "Save what is shown")
	p.Root().Do(i.ID, ui.DoActivate, "")
	files, err := filepath.Glob(home + "/rayos-log-*.txt")
	if err != nil || len(files) != 1 {
		t.Fatalf("files: %q, %v; it says %q", files, err, l.said)
	}
	data, err := os.ReadFile(files[0])
	if err != nil || !strings.HasSuffix(string(data), "ERROR STORAGE control log err=\"no space left on device\"\n") || strings.Count(string(data), "\n") != 1 {
		t.Errorf("%q %v", data, err)
	}
}

// TestLanguages shows the log in German and in Arabic, at its default size.
func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		name, language string
		look           rayapps.Look
	}{
		{"de-dark", "de", rayapps.Look{}},
		{"de-light-2x", "de", rayapps.Look{Scheme: theme.Light, Scale: 2 * geom.ScaleOne}},
		{"ar-dark-2x", "ar", rayapps.Look{Scale: 2 * geom.ScaleOne}},
		{"ar-light", "ar", rayapps.Look{Scheme: theme.Light}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := New()
			look := apptest.In(t, c.language, c.look)
			l.add(lines())
			l.pause(true)
			pixels, err := apptest.Preview(t, Options, l, look).Picture()
			if err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, c.name, pixels)
		})
	}
}

// TestSmallest shows no line in German in the smallest window.
func TestSmallest(t *testing.T) {
	look := apptest.In(t, "de", rayapps.Look{Size: Options.MinSize})
	pixels, err := apptest.Preview(t, Options, New(), look).Picture()
	if err != nil {
		t.Fatal(err)
	}
	golden.Pixels(t, "de-small", pixels)
}
