package syslog

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLines(t *testing.T) {
	var file bytes.Buffer
	l := New(slog.NewTextHandler(&file, &slog.HandlerOptions{Level: slog.LevelWarn}))
	log := slog.New(l)
	log.Debug("nobody wants it")
	log.Info("kept", "n", 3)
	log.With("output", "A 1").WithGroup("g").Warn("two\nlines", "err", errors.New(`no "luck"`), slog.Group("h", "x", 1))
	list, _ := l.After(0)
	if len(list) != 2 {
		t.Fatalf("%d lines: %+v", len(list), list)
	}
	want := `two lines output="A 1" g.err="no \"luck\"" g.h.x=1`
	if e := list[1]; e.Text != want || e.Level != slog.LevelWarn || e.Seq != 2 || e.Subsystem != UI {
		t.Errorf("%+v\nwant %s", e, want)
	}
	if got := file.String(); strings.Contains(got, "kept") || !strings.Contains(got, "luck") {
		t.Errorf("the file has %q", got)
	}
}

func FuzzLine(f *testing.F) {
	f.Add("text\x00\n", "key", "va\u202elue\xff")
	f.Fuzz(func(t *testing.T, text, key, value string) {
		l := New(slog.DiscardHandler)
		slog.New(l).With(key, value).Info(text, key, value, slog.Group(key, key, value))
		list, _ := l.After(0)
		s := list[0].Text
		if len(s) > maxText || strings.ContainsAny(s, "\n\x00\u202e") || !utf8.ValidString(s) {
			t.Errorf("%q", s)
		}
	})
}
