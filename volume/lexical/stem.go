package lexical

import "strings"

// stem cuts the endings of English that change a word's form and hardly what
// it is about. It is lighter than Porter's, so that terms stay words and other
// languages are hardly touched.
func stem(w string) string {
	if len(w) < 4 || !plain(w) {
		return w
	}
	w = inflected(singular(w))
	for _, suffix := range derived {
		if cut, ok := strings.CutSuffix(w, suffix); ok && len(cut) >= 4 {
			return cut
		}
	}
	return w
}

// derived are suffixes that make another kind of word, as ending spells them.
var derived = []string{"ment", "ness", "iti", "ical", "al", "ic", "iv", "abl", "ibl"}

// inflected cuts -ing, -ed and -ly.
func inflected(w string) string {
	if cut, ok := strings.CutSuffix(w, "ing"); ok && vowelIn(cut) && len(cut) > 2 {
		return ending(cut)
	}
	if cut, ok := strings.CutSuffix(w, "ed"); ok && vowelIn(cut) && len(cut) > 2 {
		return ending(cut)
	}
	if cut, ok := strings.CutSuffix(w, "ly"); ok && len(cut) > 3 {
		return ending(cut)
	}
	return ending(w)
}

// plain reports whether w is letters of ASCII alone.
func plain(w string) bool {
	for i := 0; i < len(w); i++ {
		if !isLower(w[i]) {
			return false
		}
	}
	return true
}

func vowelIn(w string) bool { return strings.ContainsAny(w, "aeiouy") }

// singular cuts an s of a plural or of a verb.
func singular(w string) string {
	n := len(w)
	switch {
	case w[n-1] != 's':
		return w
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	case strings.HasSuffix(w, "ies") && n > 4:
		return w[:n-3] + "y"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "zzes"):
		return w[:n-2]
	}
	return w[:n-1]
}

// ending gives the forms of a word one spelling: an e at its end goes, a
// doubled consonant becomes one, y becomes i.
func ending(w string) string {
	n := len(w)
	if n < 4 {
		return w
	}
	switch last := w[n-1]; {
	case last == 'e':
		return w[:n-1]
	case last == 'y' && !strings.ContainsRune("aeiou", rune(w[n-2])):
		return w[:n-1] + "i"
	case last == w[n-2] && !strings.ContainsRune("aeioulsz", rune(last)):
		return w[:n-1]
	}
	return w
}

// Common reports whether a term is one of those that nearly every English text
// has: it says nothing of what a text is about.
func Common(term string) bool { return common[term] }

var common = func() map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(`a about above after again all also am an and any are as at be because been before being
		between both but by can cannot could did do does doing done down during each either few for from further had has have having
		he her here hers him his how however i if in into is it its itself just many may me might more most much must my neither no nor
		not now of off on once only or other our out over own per shall she should so some such than that the their theirs them then
		there therefore these they this those through thus to too under until up upon us very was we were what when where whether which
		while who whom whose why will with within without would yes yet you your`) {
		set[stem(w)] = true
	}
	return set
}()
