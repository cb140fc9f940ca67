package slots

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var known = Known{
	Apps:     Names{"foot": "foot", "text editor": "org.rayos.Editor", "editor": "org.rayos.Editor", "top": "top"},
	Machines: Names{"linux": "linux-desktop", "linux desktop": "linux-desktop", "lab vm": "lab"},
	Windows:  Names{"main.go": "w7"},
	Files:    Names{"holiday photos": "/home/p/Holiday"},
}

// told writes slots as a test compares them.
func told(list []Slot) string {
	var parts []string
	for _, s := range list {
		v := s.Name
		switch s.Kind {
		case Quoted, Path:
			v = s.Text
		case Number, Percent:
			v = fmt.Sprint(s.Number)
		case Workspace:
			if v == "" {
				v = fmt.Sprint(s.Number)
			}
		case Time, Duration:
			v = s.Span.String()
		case Size:
			v = fmt.Sprintf("%dx%d", s.Width, s.Height)
		}
		parts = append(parts, strings.TrimSpace(s.Kind.String()+" "+v))
	}
	return strings.Join(parts, ", ")
}

func TestLinesHaveSlots(t *testing.T) {
	for line, want := range map[string]string{
		"put that window on the left half":                "deictic that, side left",
		"close everything on workspace 3":                 "deictic all, workspace 3",
		"type \"hello, 3 worlds\" into the Linux desktop": "quoted hello, 3 worlds, machine linux-desktop",
		"run vnc lab:1":                        "host lab:1",
		"connect to 10.0.0.5:5901, please":     "host 10.0.0.5:5901",
		"[fe80::1]:5900":                       "",
		"open foot on the third workspace":     "app foot, workspace 3",
		"open the text editor":                 "app org.rayos.Editor",
		"focus main.go":                        "window w7",
		"find report.pdf in ~/Documents":       "file, path ~/Documents",
		"where are my Holiday Photos?":         "file /home/p/Holiday",
		"set the volume to forty-five percent": "percent 45",
		"volume 35%":                           "percent 35",
		"brightness to half":                   "percent 50",
		"move it to the top right corner":      "deictic it, side top-right",
		"show top":                             "side top",
		"top shows processes":                  "app top",
		"resize this one to 800x600":           "deictic this, size 800x600",
		"make it 1280 by 720":                  "deictic it, size 1280x720",
		"lock in ten minutes":                  "duration 10m0s",
		"quiet for half an hour":               "duration 30m0s",
		"wait 1h30m":                           "duration 1h30m0s",
		"wake it at 7:30 pm":                   "deictic it, time 19h30m0s",
		"at quarter to eight":                  "time 7h45m0s",
		"at seven o'clock":                     "time 7h0m0s",
		"12am and 12pm":                        "time 0s, time 12h0m0s",
		"at noon":                              "time 12h0m0s",
		"send it to the next workspace":        "deictic it, workspace next",
		"one hundred and twenty windows":       "number 120",
		"don't say 'it' to the lab VM":         "quoted it, machine lab",
		"„foot“ «editor»":                      "quoted foot, quoted editor",
		"an unclosed \"quote for foot":         "app foot",
		"2 \"x\" seconds":                      "number 2, quoted x",
		"3/4 of it":                            "deictic it",
		"99999 by 99999":                       "number 99999, number 99999",
		"":                                     "",
	} {
		got, err := Extract(line, known)
		if err != nil {
			t.Errorf("Extract(%q): %v", line, err)
		}
		if s := told(got); s != want {
			t.Errorf("Extract(%q) = %s; want %s", line, s, want)
		}
	}
}

func TestSlotsKnowTheirPlace(t *testing.T) {
	line := "put foot on workspace three"
	got, err := Extract(line, known)
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	if a, b := line[got[0].Start:got[0].End], line[got[1].Start:got[1].End]; a != "foot" || b != "workspace three" {
		t.Errorf("%q, %q", a, b)
	}
}

func TestHostileLinesAreRefused(t *testing.T) {
	if _, err := Extract(strings.Repeat("a", MaxLine+1), known); !errors.Is(err, ErrTooLong) {
		t.Errorf("a long line: %v", err)
	}
	if _, err := Extract("open \xff", known); !errors.Is(err, ErrUTF8) {
		t.Errorf("no UTF-8: %v", err)
	}
}

func FuzzExtract(f *testing.F) {
	for _, line := range []string{
		"put that window on the left half", "type \"x\" 'y' „z“ into linux desktop at 7:30pm", "1h30m 99% 800×600 lab:1 ~/a /b ../c", "a hundred and and twenty-one o'clock half past 1e9", "’’‘",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		got, err := Extract(line, known)
		if (err != nil) != (len(line) > MaxLine || !utf8.ValidString(line)) {
			t.Fatalf("Extract(%q): %v", line, err)
		}
		end := 0
		for _, s := range got {
			if s.Start < end || s.End <= s.Start || s.End > len(line) || !utf8.ValidString(s.Text) || !strings.Contains(line[s.Start:s.End], s.Text) {
				t.Fatalf("Extract(%q): %+v behind byte %d", line, s, end)
			}
			if s.Span < 0 || s.Span > maxSpan || s.Kind == Time && s.Span >= 24*time.Hour {
				t.Fatalf("Extract(%q): %+v", line, s)
			}
			end = s.End
		}
	})
}
