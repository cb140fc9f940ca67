package lang

import (
	"slices"
	"strings"
	"time"
)

// Locale is a language (ISO 639) and a territory (ISO 3166), which may be empty.
type Locale struct{ Language, Territory string }

// Name is what a language calls itself; one that isn't known is its code.
func Name(language string) string {
	switch language {
	case "ar":
		return "العربية"
	case "de":
		return "Deutsch"
	case "en":
		return "English"
	}
	return language
}

// FromEnv finds the person's locale as POSIX and gettext do: LC_ALL, LC_MESSAGES
// and LANG in this order, and the first of LANGUAGE that has a catalog where
// they don't say C.
func FromEnv(getenv func(string) string) Locale {
	l := Locale{}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			l = Parse(v)
			break
		}
	}
	if l == (Locale{}) || l.Language == "en" && l.Territory == "" {
		return Locale{Language: "en"}
	}
	for v := range strings.SplitSeq(getenv("LANGUAGE"), ":") {
		if w := Parse(v); v != "" && (w.Language == "en" || slices.Contains(Languages(), w.Language)) {
			if w.Territory == "" {
				w.Territory = l.Territory
			}
			return w
		}
	}
	return l
}

// Parse reads "de_AT.UTF-8@euro" and "de-AT"; C and POSIX are English, as is
// what can't be read.
func Parse(s string) Locale {
	s, _, _ = strings.Cut(s, "@")
	s, _, _ = strings.Cut(s, ".")
	language, territory, _ := strings.Cut(strings.ReplaceAll(s, "-", "_"), "_")
	l := Locale{strings.ToLower(language), strings.ToUpper(territory)}
	if n := len(l.Language); n < 2 || n > 3 || strings.Trim(l.Language, "abcdefghijklmnopqrstuvwxyz") != "" {
		return Locale{Language: "en"}
	}
	if len(l.Territory) != 2 {
		l.Territory = ""
	}
	return l
}

// String returns the locale as LANG has it: "de_AT".
func (l Locale) String() string {
	if l.Territory == "" {
		return l.Language
	}
	return l.Language + "_" + l.Territory
}

// RTL reports whether the language is written from right to left.
func (l Locale) RTL() bool {
	return slices.Contains([]string{"ar", "dv", "fa", "he", "ps", "ur", "yi"}, l.Language)
}

// What territories have in common, from CLDR's supplemental data.
const (
	sundays   = "AU BR CA CO IL IN JP KR MX PE PH SA US YE ZA"
	saturdays = "AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY"
	halfDays  = "AE AU BD BH CA DJ EG IN IQ JO KW LY NZ OM PH PK QA SA SD SY US YE"
	latin     = "AE DZ EH LY MA TN" // Arabic in digits from 0 to 9
)

func (l Locale) among(territories string) bool {
	return slices.Contains(strings.Fields(territories), l.Territory)
}

// FirstWeekday is the day that a week begins with.
func (l Locale) FirstWeekday() time.Weekday {
	switch {
	case l.among(saturdays):
		return time.Saturday
	case l.among(sundays):
		return time.Sunday
	}
	return time.Monday
}

// HalfDays reports whether clocks count to twelve.
func (l Locale) HalfDays() bool { return l.among(halfDays) }

// decimal is what stands before tenths, from CLDR.
func (l Locale) decimal() string {
	switch {
	case l.Language == "en", l.Language == "de" && l.Territory == "CH":
		return "."
	case l.Language == "ar" && !l.among(latin):
		return "٫"
	}
	return ","
}

// digits writes ASCII digits as the locale does.
func (l Locale) digits(s string) string {
	if l.Language != "ar" || l.among(latin) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '٠'
		}
		return r
	}, s)
}
