package slots

import (
	"strconv"
	"strings"
	"time"
)

var units = map[string]float64{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}

var tens = map[string]float64{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

var ordinals = map[string]float64{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
	"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10,
}

// digits reads a number in digits. It has at most 15 characters, so it is exact
// enough; "inf" and hexadecimal are none.
func digits(text string) (float64, bool) {
	if text == "" || len(text) > 15 || strings.Trim(text, "0123456789.-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// value reads a number of n words at i: 12, 2.5, seven, twenty-five, one hundred and ten.
func (s *scanner) value(i int) (v float64, n int) {
	if v, ok := digits(s.is(i)); ok {
		return v, 1
	}
	below := func(i int) (v float64, n int) { // below one hundred
		w := s.is(i)
		if a, b, ok := strings.Cut(w, "-"); ok && tens[a] > 0 && units[b] > 0 && units[b] < 10 {
			return tens[a] + units[b], 1
		}
		if v, ok := units[w]; ok {
			return v, 1
		}
		if v, ok := tens[w]; ok {
			if u := units[s.is(i+1)]; u > 0 && u < 10 {
				return v + u, 2
			}
			return v, 1
		}
		return 0, 0
	}
	v, n = below(i)
	if n == 0 && s.is(i) == "a" && (s.is(i+1) == "hundred" || s.is(i+1) == "thousand") {
		v, n = 1, 1
	}
	if n == 0 {
		return 0, 0
	}
	for _, m := range []struct {
		word string
		by   float64
	}{{"thousand", 1000}, {"hundred", 100}} {
		if s.is(i+n) != m.word {
			continue
		}
		v *= m.by
		n++
		and := 0
		if s.is(i+n) == "and" {
			and = 1
		}
		if rest, k := below(i + n + and); k > 0 {
			v, n = v+rest, n+and+k
		}
		break
	}
	return v, n
}

func (s *scanner) numbers() {
	for i := 0; i < len(s.words); i++ {
		if v, n := s.value(i); n > 0 {
			s.take(i, n, Slot{Kind: Number, Number: v})
		} else if v, ok := ordinals[s.is(i)]; ok {
			s.take(i, 1, Slot{Kind: Number, Number: v})
		}
	}
}

// sizes takes 800x600, 800 x 600, 800 by 600.
func (s *scanner) sizes() {
	pixels := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 32767 {
			return 0
		}
		return n
	}
	for i := range s.words {
		w, h, _ := strings.Cut(strings.ReplaceAll(s.is(i), "×", "x"), "x")
		if a, b := pixels(w), pixels(h); a > 0 && b > 0 {
			s.take(i, 1, Slot{Kind: Size, Width: a, Height: b})
			continue
		}
		if by := s.is(i + 1); by != "x" && by != "×" && by != "by" {
			continue
		}
		if a, b := pixels(s.is(i)), pixels(s.is(i+2)); a > 0 && b > 0 {
			s.take(i, 3, Slot{Kind: Size, Width: a, Height: b})
		}
	}
}

// percents takes 40%, 40 percent, forty per cent, half.
func (s *scanner) percents() {
	for i := range s.words {
		if text, ok := strings.CutSuffix(s.is(i), "%"); ok {
			if v, ok := digits(text); ok {
				s.take(i, 1, Slot{Kind: Percent, Number: v})
				continue
			}
		}
		if v, n := s.value(i); n > 0 {
			switch next := s.is(i + n); {
			case next == "%" || next == "percent" || next == "pct":
				s.take(i, n+1, Slot{Kind: Percent, Number: v})
			case next == "per" && s.is(i+n+1) == "cent":
				s.take(i, n+2, Slot{Kind: Percent, Number: v})
			}
			continue
		}
		if s.is(i) == "half" && (s.is(i-1) == "to" || s.is(i-1) == "at" || len(s.words) == 1) {
			s.take(i, 1, Slot{Kind: Percent, Number: 50})
		}
	}
}

var spans = map[string]time.Duration{
	"s": time.Second, "sec": time.Second, "secs": time.Second, "second": time.Second, "seconds": time.Second,
	"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"day": 24 * time.Hour, "days": 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour,
}

// maxSpan bounds durations: a year.
const maxSpan = 366 * 24 * time.Hour

// durations takes ten minutes, 5s, 1h30m, an hour, half an hour.
func (s *scanner) durations() {
	for i := range s.words {
		w := s.is(i)
		if w == "half" && (s.is(i+1) == "an" || s.is(i+1) == "a") && spans[s.is(i+2)] > 0 {
			s.take(i, 3, Slot{Kind: Duration, Span: spans[s.is(i+2)] / 2})
			continue
		}
		if next := s.is(i + 1); (w == "an" || w == "a") && len(next) > 2 && spans[next] > 0 && next != "second" {
			s.take(i, 2, Slot{Kind: Duration, Span: spans[next]})
			continue
		}
		if v, n := s.value(i); n > 0 {
			if d := spans[s.is(i+n)]; d > 0 && v >= 0 && v <= float64(maxSpan/d) {
				s.take(i, n+1, Slot{Kind: Duration, Span: time.Duration(v * float64(d))})
			}
			continue
		}
		if w == "" || w[0] < '0' || w[0] > '9' {
			continue
		}
		w = strings.TrimSuffix(strings.TrimSuffix(w, "in"), "ins") // 10min is 10m
		if d, err := time.ParseDuration(w); err == nil && d >= 0 && d <= maxSpan && strings.Trim(w, "0123456789.hms") == "" {
			s.take(i, 1, Slot{Kind: Duration, Span: d})
		}
	}
}

// times takes 7:30, 7pm, 7:30 pm, seven o'clock, half past seven, quarter to eight, noon.
func (s *scanner) times() {
	at := func(i, n int, h, m float64) {
		if h >= 0 && h < 24 && h == float64(int(h)) && m > -60 && m < 60 {
			d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
			if d < 0 {
				d += 24 * time.Hour
			}
			s.take(i, n, Slot{Kind: Time, Span: d})
		}
	}
	for i := range s.words {
		switch w := s.is(i); w {
		case "":
			continue
		case "noon":
			at(i, 1, 12, 0)
			continue
		case "midnight":
			at(i, 1, 0, 0)
			continue
		case "half", "quarter":
			m := map[string]float64{"half": 30, "quarter": 15}[w]
			h, n := s.value(i + 2)
			switch to := s.is(i + 1); {
			case n > 0 && to == "past" && h <= 12:
				at(i, 2+n, h, m)
			case n > 0 && to == "to" && w == "quarter" && h <= 12:
				at(i, 2+n, h, -m)
			}
			continue
		}
		h, m, n, ok := s.clock(i)
		if ok {
			at(i, n, h, m)
		}
	}
}

// clock reads an hour, its minutes and am or pm, of n words at i.
func (s *scanner) clock(i int) (h, m float64, n int, ok bool) {
	text, half := s.is(i), ""
	for _, end := range []string{"am", "pm"} {
		if t, cut := strings.CutSuffix(text, end); cut && t != "" {
			text, half = t, end
		}
	}
	n = 1
	if hours, minutes, colon := strings.Cut(text, ":"); colon {
		var okH, okM bool
		h, okH = digits(hours)
		m, okM = digits(minutes)
		if ok = okH && okM && len(minutes) == 2 && m >= 0 && m < 60; !ok {
			return 0, 0, 0, false
		}
	} else if v, isNumber := digits(text); isNumber {
		h = v
	} else if h, n = s.value(i); n == 0 {
		return 0, 0, 0, false
	}
	if half == "" {
		switch s.is(i + n) {
		case "am", "a.m":
			half, n = "am", n+1
		case "pm", "p.m":
			half, n = "pm", n+1
		case "o'clock", "oclock":
			ok, n = true, n+1
		}
	}
	if half == "" {
		return h, m, n, ok
	}
	if h < 1 || h > 12 {
		return 0, 0, 0, false
	}
	if h == 12 {
		h = 0
	}
	if half == "pm" {
		h += 12
	}
	return h, m, n, true
}

var relative = map[string]string{"next": "next", "previous": "previous", "last": "last", "other": "other", "another": "other", "this": "this", "current": "this"}

// workspaces takes workspace 3, desktop two, the third workspace, the next workspace.
func (s *scanner) workspaces() {
	for i := range s.words {
		w := s.is(i)
		if w != "workspace" && w != "desktop" {
			continue
		}
		from := i + 1
		if s.is(from) == "number" {
			from++
		}
		if v, n := s.value(from); n > 0 && v == float64(int(v)) && v >= 0 && v < 1000 {
			s.take(i, from-i+n, Slot{Kind: Workspace, Number: v})
		} else if v, ok := ordinals[s.is(i-1)]; ok {
			s.take(i-1, 2, Slot{Kind: Workspace, Number: v})
		} else if name := relative[s.is(i-1)]; name != "" {
			s.take(i-1, 2, Slot{Kind: Workspace, Name: name})
		}
	}
}
