// Package syslog keeps the last lines of the session's log, for the person who
// looks at them in a window.
//
// A [Log] is a slog.Handler before the one that writes lines to their file: both
// get everything. What part of the session a line is from is taken from the code
// that logs, so no caller says it and none can say it wrong.
//
// All methods may be called from any goroutine. Handle doesn't wait for
// whoever reads.
package syslog

import (
	"context"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rayos/internal/tail"
)

// Limits.
const (
	Length   = 1024 // lines that are kept
	maxText  = 480  // bytes of a line
	maxValue = 160  // bytes of a value in it
)

// Entry is a line of the log.
type Entry struct {
	Seq       uint64     `json:"seq"` // counts from 1
	At        time.Time  `json:"at"`
	Level     slog.Level `json:"level"`
	Subsystem string     `json:"subsystem"`
	Text      string     `json:"text"` // one line
}

// Log is the last lines. It is made by New.
type Log struct {
	*tail.Tail[Entry]
	next   slog.Handler
	prefix string // attributes that all lines have
	group  string
}

// New returns an empty log that hands lines on to next.
func New(next slog.Handler) *Log {
	return &Log{Tail: tail.New[Entry](Length), next: next}
}

// Enabled implements slog.Handler: lines of slog.LevelInfo and above are kept
// whatever the next handler wants.
func (l *Log) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || l.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (l *Log) Handle(ctx context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Message)
	b.WriteString(l.prefix)
	r.Attrs(func(a slog.Attr) bool {
		write(&b, l.group, a)
		return b.Len() < maxText
	})
	l.Note(r.Level, subsystem(r.PC), b.String(), r.Time)
	if !l.next.Enabled(ctx, r.Level) {
		return nil
	}
	return l.next.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (l *Log) WithAttrs(attrs []slog.Attr) slog.Handler {
	var b strings.Builder
	b.WriteString(l.prefix)
	for _, a := range attrs {
		write(&b, l.group, a)
	}
	return &Log{Tail: l.Tail, next: l.next.WithAttrs(attrs), prefix: b.String(), group: l.group}
}

// WithGroup implements slog.Handler.
func (l *Log) WithGroup(name string) slog.Handler {
	return &Log{Tail: l.Tail, next: l.next.WithGroup(name), prefix: l.prefix, group: l.group + name + "."}
}

// write writes an attribute as " key=value", quoted where it has to be.
func write(b *strings.Builder, group string, a slog.Attr) {
	if a.Equal(slog.Attr{}) {
		return
	}
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		if a.Key != "" {
			group += a.Key + "."
		}
		for _, g := range v.Group() {
			write(b, group, g)
		}
		return
	}
	s := v.String()
	if len(s) > maxValue {
		s = cut(s, maxValue) + "…"
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '"' || !unicode.IsPrint(r) }) || s == "" {
		s = strconv.Quote(s)
	}
	b.WriteString(" " + group + a.Key + "=" + s)
}

// Note writes a line down that doesn't come by slog.
func (l *Log) Note(level slog.Level, subsystem, text string, at time.Time) {
	text = cut(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, cut(text, maxText)), maxText)
	l.Add(func(seq uint64) Entry {
		return Entry{Seq: seq, At: at.UTC(), Level: level, Subsystem: subsystem, Text: text}
	})
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Subsystems of lines.
const (
	App       = "APP"
	Guest     = "GUEST"
	Input     = "INPUT"
	Render    = "RENDER"
	Security  = "SECURITY"
	Storage   = "STORAGE"
	UI        = "UI"
	VMM       = "VMM"
	Conductor = "CONDUCTOR"
	AI        = "AI"
)

// Subsystems is all of them, sorted.
var Subsystems = []string{AI, App, Conductor, Guest, Input, Render, Security, Storage, UI, VMM}

// rooms says what the parts of the program are called; the first that fits
// counts.
var rooms = []struct{ path, subsystem string }{
	{"rayos/gpu/input", Input},
	{"rayos/gpu/", Render},
	{"rayos/surfaces/seat", Input},
	{"rayos/shell/vms", VMM},
	{"rayos/vmm", VMM},
	{"rayos/intent/conductor", Conductor},
	{"rayos/shell/control", Conductor},
	{"rayos/intent", AI},
	{"rayos/volume", Storage},
	{"rayos/shell/lockscreen", Security},
	{"rayos/shell/auth", Security},
	{"rayos/", UI},
}

// subsystem returns that of the code at a program counter. Code that isn't ours
// logs for programs.
func subsystem(pc uintptr) string {
	if pc == 0 {
		return App
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	for _, r := range rooms {
		if strings.HasPrefix(f.Function, r.path) {
			return r.subsystem
		}
	}
	return App
}
