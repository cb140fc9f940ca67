package syslog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
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

func TestTheRingForgets(t *testing.T) {
	l := New(slog.DiscardHandler)
	for i := range 3 * Length {
		l.Add(slog.LevelInfo, App, fmt.Sprint(i), time.Time{})
	}
	list, _ := l.After(0)
	if n := len(list); n > Length || n < Length/2 || list[n-1].Text != fmt.Sprint(3*Length-1) {
		t.Errorf("%d lines are kept, the last %+v", n, list[n-1])
	}
	if list, _ = l.After(3*Length - 1); len(list) != 1 || list[0].Seq != 3*Length {
		t.Errorf("behind the last but one: %+v", list)
	}
	if list, _ = l.After(1 << 60); len(list) != 0 {
		t.Errorf("behind the end: %+v", list)
	}
}

func TestWait(t *testing.T) {
	l := New(slog.DiscardHandler)
	got := make(chan []Entry)
	go func() {
		list, err := l.Wait(t.Context(), 0)
		if err != nil {
			t.Error(err)
		}
		got <- list
	}()
	l.Add(slog.LevelInfo, App, "one", time.Time{})
	if list := <-got; len(list) != 1 {
		t.Errorf("%+v", list)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Wait(ctx, 1); err == nil {
		t.Error("a wait that nobody waits for any more goes on")
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
